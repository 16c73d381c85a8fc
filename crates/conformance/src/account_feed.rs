//! The promises of [`AccountFeed`].

use crate::fixtures::{decimal, quantity};
use crate::hearing::hear_until;
use std::future::Future;
use tradeport_kernel::{AccountId, Decimal, Quantity, Symbol};
use tradeport_orders::Side;
use tradeport_portfolio::{AccountEvent, AccountFeed, AccountFeedError, AccountSummary, Balances, Position};

/// What account feeds differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Changes are told as they happen.
    pub tells_changes: bool,
    /// Cash is told by currency.
    pub tells_balances: bool,
}

impl Claims {
    /// Everything.
    pub const ALL: Self = Self { tells_changes: true, tells_balances: true };
}

/// What a team supplies to test its account feed: one with a link, an account with money, and levers.
pub trait Harness: Sized {
    /// The feed under test.
    type Feed: AccountFeed + ?Sized;
    /// What it claims to do.
    const CLAIMS: Claims;

    /// A feed with a link and accounts that hold nothing but cash, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The feed.
    fn feed(&self) -> &Self::Feed;
    /// Two instruments that can be traded now, in the own currency of the accounts.
    fn symbols(&self) -> [Symbol; 2];
    /// An account that is not ours.
    fn unknown_account(&self) -> AccountId;

    /// Lever: an order of the first account fills completely, at the market.
    fn fill(&self, symbol: Symbol, side: Side, quantity: Quantity) -> impl Future<Output = ()>;
    /// Lever: the link is lost in the middle of the next answer to a question, after its first row.
    fn cut_next_answer(&self) -> impl Future<Output = ()>;
    /// Lever: the link is made again, in a new epoch.
    fn reconnect(&self) -> impl Future<Output = ()>;
    /// Lets everything that is under way arrive: moves virtual time, or waits for a moment.
    fn settle(&self) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    account_feed, account_feed_conformance:
    at_least_one_account_each_once_in_the_same_order_every_time [] =
        "at least one account, each once, in the same order every time",
    an_account_that_is_not_ours_is_unknown_account [] = "an account that is not ours is `UnknownAccount`",
    net_liquidation_is_cash_plus_positions [] = "net liquidation is cash plus positions",
    balances_come_to_the_cash_at_their_rates [tells_balances] = "balances come to the cash at their rates",
    a_fill_moves_the_balance_of_its_own_currency [tells_balances] =
        "a fill moves the balance of its own currency",
    the_snapshot_is_whole_or_an_error [] = "the snapshot is whole or an error",
    nothing_held_is_an_empty_snapshot [] = "nothing held is an empty snapshot",
    a_filled_order_shows_in_the_position [] = "a filled order shows in the position",
    flat_positions_are_left_out [] = "flat positions are left out",
    a_fill_brings_the_new_position_and_new_figures [tells_changes] =
        "a fill brings the new position and new figures",
}

async fn ours<H: Harness>(harness: &H) -> AccountId {
    let accounts = harness.feed().accounts().await.expect("a linked feed tells its accounts");
    accounts.into_iter().next().expect("at least one account")
}

async fn fill<H: Harness>(harness: &H, symbol: Symbol, side: Side, units: &str) {
    harness.fill(symbol, side, quantity(units)).await;
    harness.settle().await;
}

async fn summary<H: Harness>(harness: &H, account: &AccountId) -> AccountSummary {
    harness.feed().summary(account).await.expect("a linked feed tells the figures")
}

async fn held<H: Harness>(harness: &H, account: &AccountId) -> Vec<(Symbol, Decimal)> {
    let snapshot = harness.feed().positions(account).await.expect("a linked feed tells the positions");
    amounts(snapshot.rows())
}

fn amounts(positions: &[Position]) -> Vec<(Symbol, Decimal)> {
    let mut amounts: Vec<_> =
        positions.iter().map(|position| (position.symbol(), position.quantity().as_decimal())).collect();
    amounts.sort();
    amounts
}

/// Promise: at least one account, each once, in the same order every time.
pub async fn at_least_one_account_each_once_in_the_same_order_every_time<H: Harness>() {
    let harness = H::fresh().await;
    let accounts = harness.feed().accounts().await.expect("a linked feed tells its accounts");
    assert!(!accounts.is_empty(), "there is no account at all");
    let mut different = accounts.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), accounts.len(), "an account comes twice: {accounts:?}");
    fill(&harness, harness.symbols()[0], Side::Buy, "1").await;
    for _ in 0..3 {
        assert_eq!(harness.feed().accounts().await.ok().as_ref(), Some(&accounts));
    }
}

/// Promise: an account that is not ours is `UnknownAccount`.
pub async fn an_account_that_is_not_ours_is_unknown_account<H: Harness>() {
    let harness = H::fresh().await;
    let foreign = harness.unknown_account();
    let figures = harness.feed().summary(&foreign).await;
    assert!(
        matches!(&figures, Err(AccountFeedError::UnknownAccount(found)) if *found == foreign),
        "{foreign} is not ours, and its figures are {figures:?}"
    );
    let positions = harness.feed().positions(&foreign).await;
    assert!(
        matches!(&positions, Err(AccountFeedError::UnknownAccount(found)) if *found == foreign),
        "{foreign} is not ours, and its positions are {positions:?}"
    );
}

/// Promise: net liquidation is cash plus positions.
pub async fn net_liquidation_is_cash_plus_positions<H: Harness>() {
    let harness = H::fresh().await;
    let account = ours(&harness).await;
    let [first, second] = harness.symbols();
    let mut cash = Vec::new();
    for (symbol, side, units) in
        [(first, Side::Buy, "10"), (second, Side::Buy, "3"), (first, Side::Sell, "4")]
    {
        fill(&harness, symbol, side, units).await;
        let figures = summary(&harness, &account).await;
        assert_eq!(figures.account, account);
        let sum = figures.cash.plus(figures.positions_value).expect("all figures are in one currency");
        assert_eq!(sum, figures.net_liquidation, "after trading {units} {symbol}");
        cash.push(figures.cash.amount());
    }
    assert!(cash[1] < cash[0] && cash[2] > cash[1], "buying costs cash, selling brings some: {cash:?}");
}

fn balances(figures: &AccountSummary) -> &Balances {
    figures.balances.as_ref().expect("a feed that claims balances tells them")
}

/// Promise: balances come to the cash at their rates.
pub async fn balances_come_to_the_cash_at_their_rates<H: Harness>() {
    let harness = H::fresh().await;
    let account = ours(&harness).await;
    let [first, second] = harness.symbols();
    for (symbol, units) in [(first, "10"), (second, "3")] {
        fill(&harness, symbol, Side::Buy, units).await;
        let figures = summary(&harness, &account).await;
        let own = figures.cash.currency();
        // Rates are rounded, and so is each amount: to a cent, and to a millionth of it.
        let (mut sum, mut slack) = (Decimal::ZERO, decimal("0.01"));
        for balance in balances(&figures).iter() {
            let rate = match balance.currency() {
                currency if currency == own => Some(Decimal::ONE),
                currency => figures.rates.get(&currency).copied(),
            };
            let counted = rate.expect("each balance has its rate") * balance.amount();
            sum += counted;
            slack += decimal("0.01") + counted.abs() * decimal("0.000001");
        }
        let apart = (sum - figures.cash.amount()).abs();
        assert!(apart <= slack, "balances come to {sum}, and the cash is {}: {figures:?}", figures.cash);
    }
}

/// Promise: a fill moves the balance of its own currency.
pub async fn a_fill_moves_the_balance_of_its_own_currency<H: Harness>() {
    let harness = H::fresh().await;
    let account = ours(&harness).await;
    let [symbol, _] = harness.symbols();
    for (side, units) in [(Side::Buy, "10"), (Side::Sell, "4")] {
        let before = summary(&harness, &account).await;
        fill(&harness, symbol, side, units).await;
        let after = summary(&harness, &account).await;
        let own = after.cash.currency();
        let moved = |of: &AccountSummary| balances(of).of(own).amount() - of.cash.amount();
        let (was, is) = (moved(&before), moved(&after));
        assert!((was - is).abs() < decimal("0.01"), "{own} did not move as the cash did: {was}, {is}");
        assert_ne!(balances(&before).of(own), balances(&after).of(own), "{units} {symbol} were paid");
        let others =
            |of: &AccountSummary| balances(of).iter().filter(|it| it.currency() != own).collect::<Vec<_>>();
        assert_eq!(others(&before), others(&after), "nothing was paid in another currency");
    }
}

/// Promise: the snapshot is whole or an error.
pub async fn the_snapshot_is_whole_or_an_error<H: Harness>() {
    let harness = H::fresh().await;
    let account = ours(&harness).await;
    for symbol in harness.symbols() {
        fill(&harness, symbol, Side::Buy, "10").await;
    }
    let whole = held(&harness, &account).await;
    assert_eq!(whole.len(), 2, "two instruments are held");
    harness.cut_next_answer().await;
    match harness.feed().positions(&account).await {
        Ok(snapshot) => {
            assert_eq!(amounts(snapshot.rows()), whole, "an interrupted answer passes for a whole one");
        }
        Err(error) => assert!(
            matches!(error, AccountFeedError::EpochLost(_) | AccountFeedError::Unavailable(_)),
            "an interrupted answer is a matter of the link: {error}"
        ),
    }
    harness.reconnect().await;
    harness.settle().await;
    assert_eq!(held(&harness, &account).await, whole, "after the link is back");
}

/// Promise: nothing held is an empty snapshot.
pub async fn nothing_held_is_an_empty_snapshot<H: Harness>() {
    let harness = H::fresh().await;
    for account in harness.feed().accounts().await.expect("a linked feed tells its accounts") {
        assert_eq!(held(&harness, &account).await, [], "{account} holds nothing");
    }
}

/// Promise: a filled order shows in the position.
pub async fn a_filled_order_shows_in_the_position<H: Harness>() {
    let harness = H::fresh().await;
    let account = ours(&harness).await;
    let [first, second] = harness.symbols();
    fill(&harness, first, Side::Buy, "10").await;
    assert_eq!(held(&harness, &account).await, [(first, decimal("10"))]);
    fill(&harness, second, Side::Buy, "2").await;
    fill(&harness, first, Side::Sell, "3").await;
    let mut wanted = [(first, decimal("7")), (second, decimal("2"))];
    wanted.sort();
    assert_eq!(held(&harness, &account).await, wanted);
}

/// Promise: flat positions are left out.
pub async fn flat_positions_are_left_out<H: Harness>() {
    let harness = H::fresh().await;
    let account = ours(&harness).await;
    let [first, second] = harness.symbols();
    fill(&harness, first, Side::Buy, "10").await;
    fill(&harness, second, Side::Buy, "1").await;
    fill(&harness, first, Side::Sell, "10").await;
    assert_eq!(held(&harness, &account).await, [(second, decimal("1"))], "{first} is flat");
    fill(&harness, second, Side::Sell, "1").await;
    assert_eq!(held(&harness, &account).await, [], "everything is flat");
}

/// Promise: a fill brings the new position and new figures.
pub async fn a_fill_brings_the_new_position_and_new_figures<H: Harness>() {
    let harness = H::fresh().await;
    let account = ours(&harness).await;
    let [symbol, _] = harness.symbols();
    let mut events = harness.feed().events().await.expect("a linked feed tells events");
    for (side, units, held) in [(Side::Buy, "10", "10"), (Side::Sell, "4", "6"), (Side::Sell, "6", "0")] {
        let before = summary(&harness, &account).await;
        fill(&harness, symbol, side, units).await;
        let is_position = |event: &AccountEvent| {
            matches!(event, AccountEvent::Position { account: whose, position }
                if *whose == account && position.symbol() == symbol
                    && position.quantity().as_decimal() == decimal(held))
        };
        let is_summary = |event: &AccountEvent| {
            matches!(event, AccountEvent::Summary(figures)
                if figures.account == account && figures.cash != before.cash)
        };
        let both = |heard: &[AccountEvent]| heard.iter().any(is_position) && heard.iter().any(is_summary);
        let heard = hear_until(&mut events, async || harness.settle().await, both).await.items;
        assert!(heard.iter().any(is_position), "a position of {held} {symbol} was not told: {heard:?}");
        assert!(heard.iter().any(is_summary), "new figures were not told: {heard:?}");
    }
}
