//! From what was typed to an intent: what is wrong in itself is told before anything is opened, then the contracts that it
//! names are looked up.

use super::repeat::{Meant, account_meant};
use crate::Session;
use crate::cli::{Heading, Known, OrderArgs, OrderOptions, Spec};
use crate::fault::Fault;
use crate::wiring::{Ordered, Platform};
use tradeport_contracts::{Contract, Instrument};
use tradeport_kernel::{AccountId, Currency, OrderKey, Symbol};
use tradeport_orders::validation::validate;
use tradeport_orders::{OrderIntent, OrderSize, Side};

/// Random characters of a key that nobody chose.
const KEY_CHANCE: usize = 8;

/// An order whose words fit together.
pub(super) struct Worded {
    pub(super) heading: Heading,
    order: OrderArgs,
}

impl Worded {
    /// Refuses words that do not fit together.
    pub(super) fn of(side: Side, order: OrderArgs, session: &Session) -> anyhow::Result<Self> {
        let heading = heading(&order.options, order.symbol.symbol(), side, session);
        Self::under(heading, order)
    }

    /// The same for an order that is not sent: nobody needs to know a key that was made for it.
    pub(super) fn unsent(side: Side, order: OrderArgs, session: &Session) -> anyhow::Result<Self> {
        let heading = unsent(&order.options, order.symbol.symbol(), side, session);
        Self::under(heading, order)
    }

    fn under(heading: Heading, order: OrderArgs) -> anyhow::Result<Self> {
        let worded = Self { heading, order };
        worded.worded(&worded.heading, &Known::default())?;
        Ok(worded)
    }

    /// The intent, with the contracts that it names. Errors: what surely would not be taken.
    pub(super) async fn intent(&self, platform: &Platform, session: &Session) -> anyhow::Result<OrderIntent> {
        if let Some(before) = platform.desk().order(&self.heading.key).await {
            let account = account_of(&self.order.options, platform);
            if let Some(intent) = self.as_before(before.intent(), account)? {
                return Ok(intent);
            }
        }
        let (intent, ordered) = self.found(platform).await?;
        check(&intent, &ordered.sent, platform, session).await?;
        Ok(intent)
    }

    /// What these words come to now that an order was placed under their key: its instrument has the name that it had then, and
    /// nobody needs to be asked for it. `None` where only the broker can say which contracts are meant.
    fn as_before(&self, before: &OrderIntent, account: AccountId) -> anyhow::Result<Option<OrderIntent>> {
        if !is_named(self.order.symbol.instrument(), before) || self.order.specs().next().is_some() {
            return Ok(None);
        }
        let heading = self.heading.clone().ordered_before(before, account);
        self.worded(&heading, &Known::default()).map(Some)
    }

    /// What they mean where no broker can be asked.
    pub(super) fn meant_by(&self, before: &OrderIntent, session: &Session) -> anyhow::Result<Meant> {
        let account = account_meant(self.order.options.account.as_ref(), before, session);
        let meant = self.as_before(before, account)?;
        Ok(meant.map_or(Meant::OnlyTheBrokerKnows, |meant| Meant::that_if(meant == *before)))
    }

    /// The intent, and what it is for.
    pub(super) async fn found(&self, platform: &Platform) -> anyhow::Result<(OrderIntent, Ordered)> {
        let known = known(self.order.specs(), platform).await?;
        let ordered = platform.to_order(self.order.symbol.instrument()).await?;
        let heading = self.heading.clone().of(&ordered, account_of(&self.order.options, platform));
        let intent = self.worded(&heading, &known)?;
        Ok((intent, ordered))
    }

    fn worded(&self, heading: &Heading, known: &Known) -> anyhow::Result<OrderIntent> {
        let command = format!("order {}", heading.side);
        let draft = self.order.draft(heading.clone(), known).map_err(|words| usage(words, &command))?;
        Ok(draft.check().map_err(|error| usage(error.to_string(), &command))?)
    }
}

/// Wrong usage of a command, with its help as advice.
pub(super) fn usage(problem: String, command: &str) -> Fault {
    Fault::usage(problem, format!("tradeport {command} --help"))
}

impl Heading {
    /// The same for what was found, and for whom.
    pub(super) fn of(self, ordered: &Ordered, account: AccountId) -> Self {
        let Ordered { contract, route, .. } = ordered;
        let (symbol, currency) = (contract.symbol(), contract.currency());
        Self { symbol, currency, account, route: *route, ..self }
    }

    /// The same for what was ordered before, and for whom.
    pub(super) fn ordered_before(self, before: &OrderIntent, account: AccountId) -> Self {
        let currency = match before.size() {
            OrderSize::Cash(money) => money.currency(),
            _ => self.currency,
        };
        Self { symbol: before.symbol(), currency, account, route: before.route(), ..self }
    }
}

/// Does what was typed name what this order is for, whatever the broker would say of it now?
pub(super) fn is_named(instrument: &Instrument, order: &OrderIntent) -> bool {
    order.ordered().is_some_and(|ordered| ordered.symbol() == instrument.symbol())
}

/// Key and account, given or made.
pub(super) fn heading(options: &OrderOptions, symbol: Symbol, side: Side, session: &Session) -> Heading {
    let key = options.key.clone().unwrap_or_else(|| new_key(session));
    let account = account(options.account.clone(), session);
    Heading { key, account, symbol, side, route: None, currency: Currency::USD }
}

/// Key and account of an order that is not sent: a key that was made for it is not said.
pub(super) fn unsent(options: &OrderOptions, symbol: Symbol, side: Side, session: &Session) -> Heading {
    let key = options.key.clone().unwrap_or_else(|| made_key(session));
    let account = account(options.account.clone(), session);
    Heading { key, account, symbol, side, route: None, currency: Currency::USD }
}

/// What surely would not be taken is wrong usage, of which nothing is kept. An order that was placed under this key stands
/// as it is, whatever would be said of it now.
pub(super) async fn check(
    intent: &OrderIntent,
    contract: &Contract,
    platform: &Platform,
    session: &Session,
) -> anyhow::Result<()> {
    if platform.desk().order(intent.key()).await.is_some() {
        return Ok(());
    }
    let found = validate(intent, contract, session.clock().now());
    match found.verdict() {
        Ok(_) => Ok(()),
        Err(refusals) => {
            let advice = format!("tradeport contract show \"{}\" tells what it takes", contract.symbol());
            Err(Fault::usage(refusals.to_string(), advice).into())
        }
    }
}

/// The contracts that an order names besides its own.
pub(super) async fn known(specs: impl Iterator<Item = &Spec>, platform: &Platform) -> anyhow::Result<Known> {
    let mut known = Known::default();
    for spec in specs {
        known.note(spec, &platform.find(spec.instrument()).await?);
    }
    Ok(known)
}

/// The account as far as it is known before the broker is asked.
fn account(given: Option<AccountId>, session: &Session) -> AccountId {
    given.unwrap_or_else(|| session.config().account().clone())
}

/// The account that was given, or the one for which orders are when nobody says so.
pub(super) fn account_of(options: &OrderOptions, platform: &Platform) -> AccountId {
    options.account.clone().unwrap_or_else(|| platform.broker().account().clone())
}

/// A key that nobody chose. It is said before anything is sent: whatever happens then, the order can be asked for.
pub(super) fn new_key(session: &Session) -> OrderKey {
    let key = made_key(session);
    session.output().say(&format!("key {key}"));
    key
}

/// The time, so that keys sort, and chance, so that two of one moment differ.
fn made_key(session: &Session) -> OrderKey {
    const LETTERS: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let now = session.clock().now().to_utc();
    let chance: String =
        (0..KEY_CHANCE).map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())])).collect();
    let (date, time) = (now.date(), now.time());
    let moment = format!(
        "{:04}{:02}{:02}-{:02}{:02}{:02}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    );
    OrderKey::new(&format!("{moment}-{chance}")).expect("digits, small letters and hyphens make a key")
}
