//! The same words under the same key: what they leave to the market comes to something else a moment later, and what was placed
//! does not.

use super::super::repeat::Meant;
use super::super::worded::usage;
use crate::cli::{ExpiryText, Known, LegText, SpreadArgs, SpreadCommand, StrikeText};
use crate::wiring::Broker;
use tradeport_contracts::LegAction;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Quantity};
use tradeport_orders::strategy::units_in_combo;
use tradeport_orders::{OrderDraft, OrderIntent, OrderKind, Side};

/// What a command leaves to the market.
#[derive(Clone, Copy)]
pub(super) struct LeftToTheMarket {
    price: bool,
    /// Is a day counted, rather than given?
    days: bool,
    /// Is a strike?
    strikes: bool,
}

impl LeftToTheMarket {
    pub(super) fn by(strategy: &SpreadCommand, price: bool) -> Self {
        Self { price, days: counts_days(strategy), strikes: counts_strikes(strategy) }
    }

    /// The order that was placed by these words before; `None` for another one.
    pub(super) async fn as_placed(
        self,
        now: &OrderIntent,
        placed: &OrderIntent,
        broker: &Broker,
    ) -> Option<OrderIntent> {
        let (mut draft, then) = (now.to_draft(), placed.to_draft());
        if self.price && draft.kind.name() == then.kind.name() {
            draft.kind = then.kind;
        }
        if (self.days || self.strikes)
            && underlying_of(now) == underlying_of(placed)
            && sides_in(now) == sides_in(placed)
            && self.may_be(now, placed, broker).await
        {
            (draft.symbol, draft.instrument) = (then.symbol, then.instrument);
        }
        draft.check().ok().filter(|intent| intent == placed)
    }

    /// Do the legs say the same, beside what is left to the market? What nobody can name any more, such as an option that has
    /// expired, may be anything.
    async fn may_be(self, now: &OrderIntent, placed: &OrderIntent, broker: &Broker) -> bool {
        match (self.said_of(now, broker).await, self.said_of(placed, broker).await) {
            (Some(now), Some(placed)) => now == placed,
            _ => true,
        }
    }

    /// What words said of each leg.
    async fn said_of(self, intent: &OrderIntent, broker: &Broker) -> Option<Vec<String>> {
        let legs = intent.ordered()?.description().legs.clone();
        let mut said = Vec::with_capacity(legs.len());
        for leg in legs {
            let contract = broker.catalog().by_id(leg.contract()).await.ok()?;
            let of = contract.instrument().description();
            let (strike, day) = (of.strike.filter(|_| !self.strikes), of.expiry.filter(|_| !self.days));
            said.push(format!("{:?} {} {:?} {strike:?} {day:?}", leg.action(), leg.ratio(), of.right));
        }
        said.sort_unstable();
        Some(said)
    }
}

/// `combo:AAPL`, of what is named `combo:AAPL;leg=…`.
fn underlying_of(intent: &OrderIntent) -> Option<String> {
    intent.symbol().as_str().split_once(';').map(|(underlying, _)| underlying.to_owned())
}

/// How many legs are bought and how many sold.
fn sides_in(intent: &OrderIntent) -> (usize, usize) {
    let legs = intent.ordered().map(|it| it.description().legs.clone()).unwrap_or_default();
    let bought = legs.iter().filter(|leg| leg.action() == LegAction::Buy).count();
    (bought, legs.len() - bought)
}

/// What the words mean where nobody can ask what is listed: which contracts their strikes and days are only the broker knows,
/// unless these were counted in what was listed then.
pub(super) fn meant_by(
    command: &SpreadArgs,
    key: &OrderKey,
    account: AccountId,
    before: &OrderIntent,
) -> anyhow::Result<Meant> {
    let typed = command.strategy.symbol().instrument().description().symbol.clone();
    let placed = before.ordered().and_then(|it| it.description().symbol.clone());
    if typed.is_none() || typed != placed {
        return Ok(Meant::OnlyTheBrokerKnows);
    }
    let wrong = |problem| anyhow::Error::from(usage(problem, "order spread"));
    let options = &command.options;
    let Some(kind) = kind_meant(command, before).map_err(wrong)? else { return Ok(Meant::Another) };
    let units = options.quantity.as_decimal().checked_mul(units_meant(&command.strategy).into());
    let Some(quantity) = units.and_then(|units| Quantity::new(units).ok()) else { return Ok(Meant::Another) };
    let draft = OrderDraft::new(key.clone(), account, before.symbol(), Side::Buy, quantity, kind);
    let mut draft = OrderDraft { instrument: before.to_draft().instrument, ..draft };
    draft.strategy.clone_from(&options.options.strategy);
    options.time.say(&mut draft).map_err(wrong)?;
    let meant = draft.check().map_err(|error| wrong(error.to_string()))?;
    Ok(if meant != *before || sides_meant(command) != sides_in(before) {
        Meant::Another
    } else if counts(&command.strategy) {
        Meant::ThatOrder
    } else {
        Meant::OnlyTheBrokerKnows
    })
}

/// Its kind, at the price of one combo; a price that was left to the market is the one it had then. `None` for none of that order.
fn kind_meant(command: &SpreadArgs, before: &OrderIntent) -> Result<Option<OrderKind>, String> {
    let options = &command.options;
    let Some(given) = options.price() else {
        let kind =
            options.terms(Price::new(Decimal::ONE).expect("one is a price")).order_kind(&Known::default())?;
        let is_same = kind.name() == before.kind().name();
        let is_limited = options.is_limited();
        return Ok(if is_limited && is_same {
            Some(*before.kind())
        } else {
            Some(kind).filter(|_| !is_limited)
        });
    };
    let paid = if options.side() == Side::Sell { -given.as_decimal() } else { given.as_decimal() };
    let one = paid.checked_div(units_meant(&command.strategy).into());
    let one = one.and_then(|price| Price::new(price.normalize()).ok());
    one.map(|one| options.terms(one).order_kind(&Known::default())).transpose()
}

/// What the ratios of its legs have in common: those that have a name have nothing.
fn units_meant(strategy: &SpreadCommand) -> u32 {
    match strategy {
        SpreadCommand::Of { strategy, .. } => strategy.strategy().units_in_combo(),
        SpreadCommand::Custom { leg, .. } => units_in_combo(leg.iter().map(ratio_of)),
        _ => 1,
    }
}

const fn ratio_of(leg: &LegText) -> u32 {
    match leg {
        LegText::Shares(_, ratio) | LegText::Option { ratio, .. } => *ratio,
    }
}

/// How many legs are bought and how many sold.
fn sides_meant(command: &SpreadArgs) -> (usize, usize) {
    use SpreadCommand as It;
    let of = |sides: Vec<Side>| {
        let bought = sides.iter().filter(|side| **side == Side::Buy).count();
        (bought, sides.len() - bought)
    };
    let (bought, sold) = match &command.strategy {
        It::Vertical { .. } | It::Calendar { .. } | It::Diagonal { .. } | It::CoveredCall { .. } => (1, 1),
        It::Straddle { .. } | It::Strangle { .. } => (2, 0),
        It::Butterfly { .. } | It::Collar { .. } => (2, 1),
        It::IronCondor { .. } | It::IronButterfly { .. } => (2, 2),
        It::Custom { leg, .. } => of(leg.iter().map(side_of).collect()),
        It::Of { strategy, .. } => of(strategy.strategy().legs().iter().map(|leg| leg.side()).collect()),
    };
    if command.options.side() == Side::Sell { (sold, bought) } else { (bought, sold) }
}

const fn side_of(leg: &LegText) -> Side {
    match leg {
        LegText::Shares(side, _) | LegText::Option { side, .. } => *side,
    }
}

/// Does it count a strike or a day, rather than give all of them?
fn counts(strategy: &SpreadCommand) -> bool {
    counts_days(strategy) || counts_strikes(strategy)
}

fn counts_days(strategy: &SpreadCommand) -> bool {
    use SpreadCommand as It;
    let is_counted = |day: &ExpiryText| matches!(day, ExpiryText::Days(_));
    match strategy {
        It::Calendar { near, far, .. } | It::Diagonal { near, far, .. } => {
            is_counted(near) || is_counted(far)
        }
        It::Vertical { expiry, .. }
        | It::Straddle { expiry, .. }
        | It::CoveredCall { expiry, .. }
        | It::Strangle { expiry, .. }
        | It::Collar { expiry, .. }
        | It::Butterfly { expiry, .. }
        | It::IronButterfly { expiry, .. }
        | It::IronCondor { expiry, .. } => is_counted(expiry),
        It::Custom { leg, .. } => {
            leg.iter().any(|leg| matches!(leg, LegText::Option { expiry, .. } if is_counted(expiry)))
        }
        It::Of { .. } => false,
    }
}

fn counts_strikes(strategy: &SpreadCommand) -> bool {
    use SpreadCommand as It;
    let is_counted = |strikes: &[&StrikeText]| strikes.iter().any(|it| matches!(it, StrikeText::Steps(_)));
    match strategy {
        It::Vertical { long, short, .. } => is_counted(&[long, short]),
        It::Calendar { strike, .. } | It::Straddle { strike, .. } | It::CoveredCall { strike, .. } => {
            is_counted(&[strike])
        }
        It::Diagonal { near_strike, far_strike, .. } => is_counted(&[near_strike, far_strike]),
        It::Strangle { put, call, .. } | It::Collar { put, call, .. } => is_counted(&[put, call]),
        It::Butterfly { low, middle, high, .. } | It::IronButterfly { low, middle, high, .. } => {
            is_counted(&[low, middle, high])
        }
        It::IronCondor { put_long, put_short, call_short, call_long, .. } => {
            is_counted(&[put_long, put_short, call_short, call_long])
        }
        It::Custom { leg, .. } => {
            leg.iter().any(|leg| matches!(leg, LegText::Option { strike, .. } if is_counted(&[strike])))
        }
        It::Of { .. } => false,
    }
}
