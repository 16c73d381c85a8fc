//! Accounts: figures, positions, gains and losses.

use super::super::scenario::Halt;
use super::super::stage::Stage;
use super::words;
use std::collections::BTreeSet;
use tradeport_kernel::{Currency, Decimal, Money};
use tradeport_portfolio::{PnlEvent, Position};

pub(super) async fn summary(stage: &mut Stage) -> Result<(), Halt> {
    let feed = stage.broker().accounts();
    let managed = feed.accounts().await?;
    let account = stage.account().clone();
    stage.check("the account is managed here", words::listed(&managed), managed.contains(&account));
    let summary = feed.summary(&account).await?;
    let (net, cash, held) = (summary.net_liquidation, summary.cash, summary.positions_value);
    let sum = cash.plus(held)?;
    // Brokers round, and count dividends and interest that are on their way.
    let apart = (net.amount() - sum.amount()).abs();
    let allowed = (net.amount().abs() / Decimal::ONE_HUNDRED).max(Decimal::ONE);
    stage.check(
        "net liquidation is cash plus positions, within 1 %",
        format!("{net}, and {cash} + {held}"),
        apart <= allowed,
    );
    stage.check(
        "buying power is not below zero",
        summary.buying_power,
        summary.buying_power.amount() >= Decimal::ZERO,
    );
    Ok(())
}

pub(super) async fn positions(stage: &mut Stage) -> Result<(), Halt> {
    let feed = stage.broker().accounts();
    let held = feed.positions(stage.account()).await?;
    let symbols: BTreeSet<_> = held.rows().iter().map(|it| it.symbol()).collect();
    stage.check(
        "each instrument once",
        format!("{} positions", held.rows().len()),
        symbols.len() == held.rows().len(),
    );
    let flat = held.rows().iter().filter(|it| it.quantity().as_decimal().is_zero()).count();
    stage.check("none of nothing", format!("{flat} flat"), flat == 0);
    let portfolio = stage.desk().portfolio(stage.account()).await;
    let words_of = |it: &Position| format!("{} {}", it.quantity().as_decimal().normalize(), it.symbol());
    let told: BTreeSet<String> = held.rows().iter().map(words_of).collect();
    let known: BTreeSet<String> = portfolio.iter().flat_map(|it| it.held().map(words_of)).collect();
    stage.check(
        format!("the desk holds the same: {}", words::listed(&told)),
        words::listed(&known),
        known == told,
    );
    Ok(())
}

pub(super) async fn pnl(stage: &mut Stage) -> Result<(), Halt> {
    let feed = stage.broker().accounts();
    let first = feed.summary(stage.account()).await?;
    stage.tick().await?;
    let second = feed.summary(stage.account()).await?;
    let seen = format!("{} realized, {} unrealized", second.realized_pnl, second.unrealized_pnl);
    let alike = first.realized_pnl.currency() == second.realized_pnl.currency() && second.at >= first.at;
    stage.check("realized and unrealized gains in one currency, never older than before", seen, alike);
    Ok(())
}

pub(super) async fn gains(stage: &mut Stage) -> Result<(), Halt> {
    let summary = stage.broker().accounts().summary(stage.account()).await?;
    let mut stream = stage.broker().gains().of_account(stage.account()).await?;
    let Some(PnlEvent::Stands(told)) = stage.next(&mut stream).await? else {
        return Err(anyhow::anyhow!("the broker tells nothing of the account's gains").into());
    };
    let account = stage.account().clone();
    stage.same("of the account", &account, &told.account);
    let text = |amount: Option<Money>| amount.map_or_else(|| "not told".to_owned(), |it| it.to_string());
    let (daily, unrealized) = (told.gains.daily, told.gains.unrealized);
    stage.check("the gain of the day", text(daily), daily.is_some());
    // Two of the broker's windows, a moment apart: each has its own hours and its own view of commissions.
    let allowed = (summary.net_liquidation.amount().abs() / Decimal::ONE_HUNDRED).max(Decimal::ONE_HUNDRED);
    let near = unrealized.is_some_and(|it| (it.amount() - summary.unrealized_pnl.amount()).abs() <= allowed);
    stage.check(format!("the gain of what is open, near {}", summary.unrealized_pnl), text(unrealized), near);
    let told = [daily, unrealized, told.gains.realized].into_iter().flatten();
    let currencies: BTreeSet<Currency> = told.map(|it| it.currency()).collect();
    let own = summary.net_liquidation.currency();
    let seen = words::listed(&currencies);
    stage.check(format!("in the account's currency: {own}"), seen, currencies.iter().all(|it| *it == own));
    Ok(())
}
