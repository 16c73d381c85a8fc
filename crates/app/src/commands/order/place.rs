//! Sending orders, through the desk and nowhere else.

use super::outcome::{report, report_nothing};
use super::preview;
use super::repeat::{Meant, account_meant, told_before};
use super::settle::{after_closing, close, conclude};
use super::view::OrderView;
use super::worded::{Worded, account_of, is_named, new_key, usage};
use crate::Session;
use crate::cli::{OrderArgs, TargetArgs};
use crate::exit::Exit;
use crate::wiring::{Ordered, Platform};
use tradeport_kernel::Symbol;
use tradeport_orders::{Order, OrderIntent, Side};
use tradeport_trading::{DeskError, OnItsWay, Placed, ShownOrder};

/// Buys or sells.
pub(super) async fn trade(side: Side, order: OrderArgs, session: &Session) -> anyhow::Result<Exit> {
    let worded = Worded::of(side, order, session)?;
    let key = worded.heading.key.clone();
    let platform = match Platform::open(session).await {
        Ok(platform) => platform,
        Err(error) => {
            let meant_by = |before: &OrderIntent| worded.meant_by(before, session);
            let (placed, stopper) = told_before(&key, error, session, meant_by).await?;
            return report(&placed, stopper, session);
        }
    };
    let (intent, platform) = match worded.intent(&platform, session).await {
        Ok(intent) => (intent, platform),
        Err(error) => return Err(after_closing(error, platform).await),
    };
    let placed = platform.desk().submit(intent).await;
    conclude(placed, &key, platform, session).await
}

/// Says what an order would cost, and whether it would go.
pub(super) async fn look_ahead(side: Side, order: OrderArgs, session: &Session) -> anyhow::Result<Exit> {
    let worded = Worded::unsent(side, order, session)?;
    let platform = Platform::open(session).await?;
    let previewed = preview::of_one(&worded, &platform).await;
    let preview = match previewed {
        Ok(preview) => preview,
        Err(error) => return Err(after_closing(error, platform).await),
    };
    platform.close().await?;
    preview::report(&preview, session)
}

/// Trades until an instrument is a share of the portfolio.
pub(super) async fn target(target: TargetArgs, session: &Session) -> anyhow::Result<Exit> {
    if target.options.strategy.is_some() {
        let problem = "a target is a share of the whole account, whoever traded it: leave out --strategy";
        return Err(usage(problem.to_owned(), "order target-percent").into());
    }
    let platform = match Platform::open(session).await {
        Ok(platform) => platform,
        Err(error) => {
            // One that nobody chose was never used.
            let Some(key) = &target.options.key else { return Err(error) };
            let meant_by = |before: &OrderIntent| Ok(target_meant(&target, before, session));
            let (placed, stopper) = told_before(key, error, session, meant_by).await?;
            return report(&placed, stopper, session);
        }
    };
    let key = target.options.key.clone().unwrap_or_else(|| new_key(session));
    let account = account_of(&target.options, &platform);
    let is_it = |order: &Order| {
        is_named(target.symbol.instrument(), order.intent()) && *order.intent().account() == account
    };
    // What was placed by this name has its answer, whether anybody can be asked for the name now or not.
    if let Some(before) = platform.desk().order(&key).await.filter(is_it) {
        return conclude(Ok(Placed::before(before)), &key, platform, session).await;
    }
    let found = platform.to_order(target.symbol.instrument()).await.and_then(by_itself);
    let (symbol, platform) = match found {
        Ok(symbol) => (symbol, platform),
        Err(error) => return Err(after_closing(error, platform).await),
    };
    let desk = platform.desk();
    // What the target comes to changes with the market; what was placed under this key does not.
    let placed = match desk.order(&key).await {
        Some(order) if order.intent().symbol() == symbol && *order.intent().account() == account => {
            Ok(Some(Placed::before(order)))
        }
        Some(_) => Err(DeskError::KeyReused(key.clone())),
        None => {
            let rules = &session.config().targets;
            desk.target(key.clone(), &account, symbol, target.fraction, rules).await
        }
    };
    match placed.transpose() {
        Some(placed) => conclude(placed, &key, platform, session).await,
        None => {
            let open = desk.on_its_way(&account, symbol, target.fraction, &session.config().targets).await;
            close(platform).await;
            report_nothing(&open?.iter().map(in_words).collect::<Vec<_>>(), session)
        }
    }
}

/// What the words of a target mean where nobody can ask the broker: what they come to changes with the market, so whatever was
/// placed for their instrument and account is that.
fn target_meant(target: &TargetArgs, before: &OrderIntent, session: &Session) -> Meant {
    if !is_named(target.symbol.instrument(), before) {
        return Meant::OnlyTheBrokerKnows;
    }
    let account = account_meant(target.options.account.as_ref(), before, session);
    Meant::that_if(account == *before.account())
}

/// `stop, sell 50 AAPL STP 80 (working)`.
fn in_words(open: &OnItsWay) -> String {
    match open {
        OnItsWay::Ours(order) => {
            format!("{}, {} ({})", order.intent().key(), OrderView::of(order).words(), order.state())
        }
        OnItsWay::Theirs(ShownOrder { origin, perm_id, side, size, symbol, .. }) => {
            let number =
                perm_id.map_or_else(|| "no number yet".to_owned(), |number| format!("number {number}"));
            format!("an order of others ({origin}, {number}), {side} {size} {symbol}")
        }
    }
}

/// A target goes where its instrument goes by itself.
fn by_itself(ordered: Ordered) -> anyhow::Result<Symbol> {
    let Ordered { contract, route, .. } = ordered;
    let Some(route) = route else { return Ok(contract.symbol()) };
    let symbol = contract.symbol();
    let problem = format!("a target says no exchange: {symbol} in place of {symbol} at {route}");
    Err(usage(problem, "order target-percent").into())
}
