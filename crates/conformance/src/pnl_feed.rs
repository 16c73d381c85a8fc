//! The promises of [`PnlFeed`].

use crate::fixtures::{decimal, quantity};
use crate::hearing::{drain, hear_until};
use std::future::Future;
use tradeport_kernel::{AccountId, Decimal, Money, Price, Quantity, Symbol};
use tradeport_orders::Side;
use tradeport_portfolio::{AccountPnl, Gains, PnlEvent, PnlFeed, PnlFeedError, PnlStream, PositionPnl};

/// What a team supplies to test its feed: one with a link, an account with money, and levers.
pub trait Harness: Sized {
    /// The feed under test.
    type Feed: PnlFeed + ?Sized;

    /// A feed with a link and an account that holds nothing but cash, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The feed.
    fn feed(&self) -> &Self::Feed;
    /// The account.
    fn account(&self) -> AccountId;
    /// Two instruments that can be traded now, one unit of price worth one unit of money.
    fn symbols(&self) -> [Symbol; 2];
    /// An account that is not ours.
    fn unknown_account(&self) -> AccountId;
    /// An instrument that the broker does not know.
    fn unknown_symbol(&self) -> Symbol;

    /// Lever: an instrument is quoted so that positions in it are valued at this price.
    fn quote(&self, symbol: Symbol, price: Price) -> impl Future<Output = ()>;
    /// Lever: an order of the account fills completely, at the market: within a unit of money of the last quote.
    fn fill(&self, symbol: Symbol, side: Side, quantity: Quantity) -> impl Future<Output = ()>;
    /// Lever: the link is lost.
    fn drop_link(&self) -> impl Future<Output = ()>;
    /// Lets everything that is under way arrive: moves virtual time, or waits for a moment.
    fn settle(&self) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    pnl_feed, pnl_feed_conformance:
    the_first_word_tells_how_it_stands_now [] = "the first word tells how it stands now",
    gains_follow_the_price [] = "gains follow the price",
    what_is_sold_is_realized [] = "what is sold is realized",
    a_slow_reader_is_told_the_newest_figures [] = "a slow reader is told the newest figures",
    an_account_that_is_not_ours_is_unknown_account [] = "an account that is not ours is `UnknownAccount`",
    a_lost_link_ends_the_stream_with_epoch_lost [] = "a lost link ends the stream with `EpochLost`",
    the_positions_gains_are_told_with_its_quantity_and_value [] =
        "the position's gains are told with its quantity and value",
    of_one_instrument_alone [] = "of one instrument alone",
    what_is_not_held_is_zero_units [] = "what is not held is zero units",
    an_instrument_that_is_not_known_is_unknown_symbol [] =
        "an instrument that is not known is `UnknownSymbol`",
}

/// What a purchase and a sale may cost besides their price, spread included.
const COSTS: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

fn whole(price: i64) -> Price {
    Price::new(Decimal::from(price)).expect("a small price")
}

/// A bought position of ten at 100 in the first instrument.
async fn bought<H: Harness>(harness: &H) -> Symbol {
    let [symbol, _] = harness.symbols();
    harness.quote(symbol, whole(100)).await;
    harness.fill(symbol, Side::Buy, quantity("10")).await;
    harness.settle().await;
    symbol
}

async fn account<H: Harness>(harness: &H) -> PnlStream<AccountPnl> {
    harness.feed().of_account(&harness.account()).await.expect("a linked feed tells our gains")
}

async fn position<H: Harness>(harness: &H, symbol: Symbol) -> PnlStream<PositionPnl> {
    harness.feed().of_position(&harness.account(), symbol).await.expect("a linked feed tells our gains")
}

/// The last of what is told until it is enough; nothing when nothing comes.
async fn stands<H: Harness, T: Clone>(
    harness: &H,
    stream: &mut PnlStream<T>,
    enough: impl Fn(&T) -> bool,
) -> Option<T> {
    let last = |events: &[PnlEvent<T>]| match events.last() {
        Some(PnlEvent::Stands(it)) => Some(it.clone()),
        _ => None,
    };
    let settle = async || harness.settle().await;
    let heard = hear_until(stream, settle, |events| last(events).is_some_and(|it| enough(&it))).await;
    last(&heard.items)
}

fn amount(of: Option<Money>) -> Decimal {
    of.expect("the broker tells it").amount()
}

fn is_about(found: Decimal, wanted: &str) -> bool {
    (found - decimal(wanted)).abs() <= COSTS
}

/// Promise: the first word tells how it stands now.
pub async fn the_first_word_tells_how_it_stands_now<H: Harness>() {
    let harness = H::fresh().await;
    let symbol = bought(&harness).await;
    harness.quote(symbol, whole(120)).await;
    harness.settle().await;
    let first = stands(&harness, &mut account(&harness).await, |_| true).await.expect("a first word");
    assert_eq!(first.account, harness.account());
    assert!(is_about(amount(first.gains.unrealized), "200"), "ten at 100 are worth 120 each: {first:?}");
    let first =
        stands(&harness, &mut position(&harness, symbol).await, |_| true).await.expect("a first word");
    assert!(is_about(amount(first.gains.unrealized), "200"), "ten at 100 are worth 120 each: {first:?}");
}

/// Promise: gains follow the price.
pub async fn gains_follow_the_price<H: Harness>() {
    let harness = H::fresh().await;
    let symbol = bought(&harness).await;
    let mut stream = account(&harness).await;
    let mut before: Option<Gains> = None;
    for price in [100, 107, 95] {
        harness.quote(symbol, whole(price)).await;
        let wanted = Decimal::from((price - 100) * 10);
        let near =
            |it: &AccountPnl| it.gains.unrealized.is_some_and(|it| (it.amount() - wanted).abs() <= COSTS);
        let told = stands(&harness, &mut stream, near).await.expect("a word");
        assert!(near(&told), "at {price} the gain is about {wanted}: {told:?}");
        if let Some(before) = before {
            let moved = |of: fn(&Gains) -> Option<Money>| amount(of(&told.gains)) - amount(of(&before));
            assert_eq!(moved(|it| it.daily), moved(|it| it.unrealized), "the day moves with what is open");
            assert_eq!(moved(|it| it.realized), Decimal::ZERO, "nothing was closed");
        }
        before = Some(told.gains);
    }
}

/// Promise: what is sold is realized.
pub async fn what_is_sold_is_realized<H: Harness>() {
    let harness = H::fresh().await;
    let symbol = bought(&harness).await;
    harness.quote(symbol, whole(130)).await;
    let (mut whole_account, mut single) = (account(&harness).await, position(&harness, symbol).await);
    harness.fill(symbol, Side::Sell, quantity("4")).await;
    let sold = |gains: &Gains| gains.realized.is_some_and(|it| !it.amount().is_zero());
    let told = stands(&harness, &mut whole_account, |it| sold(&it.gains)).await.expect("a word");
    assert!(is_about(amount(told.gains.realized), "120"), "four earned 30 each: {told:?}");
    assert!(is_about(amount(told.gains.unrealized), "180"), "six are left: {told:?}");
    let told = stands(&harness, &mut single, |it| sold(&it.gains)).await.expect("a word");
    assert!(is_about(amount(told.gains.realized), "120"), "four earned 30 each: {told:?}");
    assert_eq!(told.quantity.as_decimal(), decimal("6"));
}

/// Promise: a slow reader is told the newest figures.
pub async fn a_slow_reader_is_told_the_newest_figures<H: Harness>() {
    let harness = H::fresh().await;
    let symbol = bought(&harness).await;
    let mut stream = account(&harness).await;
    for price in 0..60 {
        harness.quote(symbol, whole(100 + price)).await;
        harness.settle().await;
    }
    harness.quote(symbol, whole(300)).await;
    harness.settle().await;
    let told = stands(&harness, &mut stream, |it| is_about(amount(it.gains.unrealized), "2000")).await;
    let told = told.expect("a word");
    assert!(is_about(amount(told.gains.unrealized), "2000"), "the newest price is 300: {told:?}");
}

/// Promise: an account that is not ours is `UnknownAccount`.
pub async fn an_account_that_is_not_ours_is_unknown_account<H: Harness>() {
    let harness = H::fresh().await;
    let (foreign, [symbol, _]) = (harness.unknown_account(), harness.symbols());
    let is_it =
        |error: &PnlFeedError| matches!(error, PnlFeedError::UnknownAccount(found) if *found == foreign);
    let of_account = harness.feed().of_account(&foreign).await.map(drop);
    assert!(of_account.as_ref().is_err_and(is_it), "{foreign} is not ours, and the feed says {of_account:?}");
    let of_position = harness.feed().of_position(&foreign, symbol).await.map(drop);
    assert!(
        of_position.as_ref().is_err_and(is_it),
        "{foreign} is not ours, and the feed says {of_position:?}"
    );
}

/// Promise: a lost link ends the stream with `EpochLost`.
pub async fn a_lost_link_ends_the_stream_with_epoch_lost<H: Harness>() {
    let harness = H::fresh().await;
    let mut stream = account(&harness).await;
    stands(&harness, &mut stream, |_| true).await.expect("a first word");
    drain(&mut stream);
    harness.drop_link().await;
    let settle = async || harness.settle().await;
    let heard = hear_until(&mut stream, settle, |_| false).await;
    let lost = matches!(heard.items.last(), Some(PnlEvent::EpochLost(_)));
    assert!(lost && heard.ended, "the last word says that the link was lost: {:?}", heard.items.last());
}

/// Promise: the position's gains are told with its quantity and value.
pub async fn the_positions_gains_are_told_with_its_quantity_and_value<H: Harness>() {
    let harness = H::fresh().await;
    let symbol = bought(&harness).await;
    let mut stream = position(&harness, symbol).await;
    for price in [110, 90] {
        harness.quote(symbol, whole(price)).await;
        let value = Decimal::from(price * 10);
        let is_it = |it: &PositionPnl| it.value.is_some_and(|it| it.amount() == value);
        let told = stands(&harness, &mut stream, is_it).await.expect("a word");
        assert!(is_it(&told), "ten at {price} are worth {value}: {told:?}");
        assert_eq!((&told.account, told.symbol), (&harness.account(), symbol));
        assert_eq!(told.quantity.as_decimal(), decimal("10"));
        assert!(
            is_about(amount(told.gains.unrealized), &(value - Decimal::ONE_THOUSAND).to_string()),
            "{told:?}"
        );
    }
}

/// Promise: of one instrument alone.
pub async fn of_one_instrument_alone<H: Harness>() {
    let harness = H::fresh().await;
    let symbol = bought(&harness).await;
    let [_, other] = harness.symbols();
    harness.quote(other, whole(50)).await;
    harness.fill(other, Side::Buy, quantity("7")).await;
    let mut stream = position(&harness, symbol).await;
    harness.quote(other, whole(80)).await;
    harness.quote(symbol, whole(101)).await;
    let told = stands(&harness, &mut stream, |it| it.value.is_some_and(|it| it.amount() == decimal("1010")));
    let told = told.await.expect("a word");
    assert_eq!((told.symbol, told.quantity.as_decimal()), (symbol, decimal("10")));
    assert_eq!(told.value.map(|it| it.amount()), Some(decimal("1010")), "{told:?}");
    assert!(is_about(amount(told.gains.unrealized), "10"), "{other} is another matter: {told:?}");
    let of_both = stands(&harness, &mut account(&harness).await, |_| true).await.expect("a word");
    assert!(is_about(amount(of_both.gains.unrealized), "220"), "the account has both: {of_both:?}");
}

/// Promise: what is not held is zero units.
pub async fn what_is_not_held_is_zero_units<H: Harness>() {
    let harness = H::fresh().await;
    bought(&harness).await;
    let [_, other] = harness.symbols();
    let told = stands(&harness, &mut position(&harness, other).await, |_| true).await.expect("a word");
    assert!(told.symbol == other && told.quantity.is_flat(), "{told:?}");
    let gained = told.gains.unrealized.map_or(Decimal::ZERO, |it| it.amount());
    assert_eq!(gained, Decimal::ZERO, "nothing gains nothing: {told:?}");
}

/// Promise: an instrument that is not known is `UnknownSymbol`.
pub async fn an_instrument_that_is_not_known_is_unknown_symbol<H: Harness>() {
    let harness = H::fresh().await;
    let unknown = harness.unknown_symbol();
    let answer = harness.feed().of_position(&harness.account(), unknown).await.map(drop);
    assert!(
        matches!(&answer, Err(PnlFeedError::UnknownSymbol(found)) if *found == unknown),
        "{unknown} is not known, and the feed says {answer:?}"
    );
}
