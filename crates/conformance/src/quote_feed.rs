//! The promises of [`QuoteFeed`].

use crate::fixtures::{moment, quantity};
use crate::hearing::{Heard, drain, hear_until};
use crate::same::assert_same;
use std::future::Future;
use tradeport_kernel::{Decimal, Price, Symbol};
use tradeport_market_data::{FeedError, FeedEvent, GapCause, Level, Quote, QuoteFeed, Subscription};

/// What feeds differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// One quote can be had without a subscription.
    pub snapshots: bool,
}

impl Claims {
    /// Everything.
    pub const ALL: Self = Self { snapshots: true };
}

/// What a team supplies to test its feed: one with a link, a source whose quotes the case decides, and levers.
pub trait Harness: Sized {
    /// The feed under test.
    type Feed: QuoteFeed + ?Sized;
    /// What it claims to do.
    const CLAIMS: Claims;

    /// A feed with a link, isolated from every other; nothing was quoted yet.
    fn fresh() -> impl Future<Output = Self>;
    /// The feed.
    fn feed(&self) -> &Self::Feed;
    /// Two instruments that the source knows, and of which nothing was quoted yet.
    fn symbols(&self) -> [Symbol; 2];
    /// An instrument that the source does not know.
    fn unknown_symbol(&self) -> Symbol;
    /// How many quotes a reader may fall behind before it loses some; at least 50.
    fn reader_limit(&self) -> usize;

    /// Lever: the source sends this quote. Its moment may be replaced by the source's own.
    fn publish(&self, quote: &Quote) -> impl Future<Output = ()>;
    /// How many instruments are subscribed to at the source now.
    fn subscribed(&self) -> impl Future<Output = usize>;
    /// Lever: the link is lost.
    fn drop_link(&self) -> impl Future<Output = ()>;
    /// Lets everything that is under way arrive: moves virtual time, or waits for a moment.
    fn settle(&self) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    quote_feed, quote_feed_conformance:
    quotes_of_one_instrument_arrive_in_the_order_in_which_the_source_sent_them [] =
        "quotes of one instrument arrive in the order in which the source sent them",
    only_the_instruments_asked_for_arrive [] = "only the instruments asked for arrive",
    an_unknown_instrument_is_unknown_symbol_and_subscribes_to_nothing [] =
        "an unknown instrument is `UnknownSymbol` and subscribes to nothing",
    two_subscriptions_of_one_instrument_both_receive_its_quotes [] =
        "two subscriptions of one instrument both receive its quotes",
    a_slow_reader_is_told_of_what_it_missed_by_a_gap [] = "a slow reader is told of what it missed by a gap",
    a_lost_link_ends_the_stream_with_epoch_lost [] = "a lost link ends the stream with `EpochLost`",
    an_unknown_instrument_is_unknown_symbol [snapshots] = "an unknown instrument is `UnknownSymbol`",
    an_instrument_without_a_quote_is_no_data_never_a_zero [snapshots] =
        "an instrument without a quote is `NoData`, never a zero",
}

/// The bid says which quote it is; what the source sends keeps its prices, whatever its clock says.
fn numbered(symbol: Symbol, number: u32) -> Quote {
    let at = |cents: i64| Price::new(Decimal::new(cents, 2)).expect("a small price");
    let bid = 10_000 + i64::from(number);
    let level = |cents| Some(Level::new(at(cents), Some(quantity("100"))));
    Quote::new(symbol, moment(i64::from(number)), level(bid), level(bid + 2)).expect("both sides are there")
}

fn shown(quote: &Quote) -> (Symbol, Option<Level>, Option<Level>) {
    (quote.symbol(), quote.bid(), quote.ask())
}

fn quotes(heard: &Heard<FeedEvent>) -> Vec<(Symbol, Option<Level>, Option<Level>)> {
    let quote = |event: &FeedEvent| match event {
        FeedEvent::Quote(quote) => Some(shown(quote)),
        _ => None,
    };
    heard.items.iter().filter_map(quote).collect()
}

async fn subscribe<H: Harness>(harness: &H, symbols: &[Symbol]) -> Subscription {
    harness.feed().subscribe(symbols).await.expect("a linked feed takes subscriptions of known instruments")
}

/// Publishes quotes one to `count` of each symbol in turn; what was sent of them.
async fn publish<H: Harness>(harness: &H, symbols: &[Symbol], count: u32) -> Vec<Quote> {
    let mut sent = Vec::new();
    for number in 1..=count {
        for symbol in symbols {
            let quote = numbered(*symbol, number * 7 % 100);
            harness.publish(&quote).await;
            sent.push(quote);
        }
    }
    sent
}

async fn hear<H: Harness>(harness: &H, subscription: &mut Subscription, count: usize) -> Heard<FeedEvent> {
    let settle = async || harness.settle().await;
    let mut heard = hear_until(&mut subscription.events, settle, |events| events.len() >= count).await;
    harness.settle().await;
    let more = drain(&mut subscription.events);
    heard.items.extend(more.items);
    Heard { ended: heard.ended || more.ended, ..heard }
}

/// Promise: quotes of one instrument arrive in the order in which the source sent them.
pub async fn quotes_of_one_instrument_arrive_in_the_order_in_which_the_source_sent_them<H: Harness>() {
    let harness = H::fresh().await;
    let symbols = harness.symbols();
    let mut subscription = subscribe(&harness, &symbols).await;
    let sent = publish(&harness, &symbols, 20).await;
    let found = quotes(&hear(&harness, &mut subscription, sent.len()).await);
    for symbol in symbols {
        let wanted: Vec<_> = sent.iter().filter(|quote| quote.symbol() == symbol).map(shown).collect();
        let found: Vec<_> = found.iter().filter(|(of, ..)| *of == symbol).copied().collect();
        assert_same(&found, &wanted, &format!("quotes of {symbol}"));
    }
}

/// Promise: only the instruments asked for arrive.
pub async fn only_the_instruments_asked_for_arrive<H: Harness>() {
    let harness = H::fresh().await;
    let [wanted, other] = harness.symbols();
    let mut subscription = subscribe(&harness, &[wanted]).await;
    let mut both = subscribe(&harness, &[wanted, other]).await;
    publish(&harness, &[other, wanted], 5).await;
    let found = hear(&harness, &mut subscription, 5).await;
    let foreign: Vec<_> = quotes(&found).into_iter().filter(|(symbol, ..)| *symbol != wanted).collect();
    assert_eq!(foreign, [], "only {wanted} was asked for");
    assert_eq!(quotes(&found).len(), 5, "what was asked for arrives");
    assert_eq!(quotes(&hear(&harness, &mut both, 10).await).len(), 10, "both were asked for");
}

/// Promise: an unknown instrument is `UnknownSymbol` and subscribes to nothing.
pub async fn an_unknown_instrument_is_unknown_symbol_and_subscribes_to_nothing<H: Harness>() {
    let harness = H::fresh().await;
    let ([known, other], unknown) = (harness.symbols(), harness.unknown_symbol());
    for symbols in [vec![unknown], vec![known, unknown, other]] {
        let answer = harness.feed().subscribe(&symbols).await;
        assert!(
            matches!(&answer, Err(FeedError::UnknownSymbol(found)) if *found == unknown),
            "{unknown} is not known, and the feed says {answer:?}"
        );
        harness.settle().await;
        assert_eq!(harness.subscribed().await, 0, "a refused subscription left some standing: {symbols:?}");
    }
}

/// Promise: two subscriptions of one instrument both receive its quotes.
pub async fn two_subscriptions_of_one_instrument_both_receive_its_quotes<H: Harness>() {
    let harness = H::fresh().await;
    let [symbol, _] = harness.symbols();
    let (mut first, mut second) =
        (subscribe(&harness, &[symbol]).await, subscribe(&harness, &[symbol]).await);
    let sent = publish(&harness, &[symbol], 5).await;
    let wanted: Vec<_> = sent.iter().map(shown).collect();
    assert_eq!(quotes(&hear(&harness, &mut first, 5).await), wanted, "the first");
    assert_eq!(quotes(&hear(&harness, &mut second, 5).await), wanted, "the second");
    drop(first);
    let sent = publish(&harness, &[symbol], 3).await;
    let wanted: Vec<_> = sent.iter().map(shown).collect();
    assert_eq!(quotes(&hear(&harness, &mut second, 3).await), wanted, "the second, when the first has gone");
}

/// Promise: a slow reader is told of what it missed by a gap.
pub async fn a_slow_reader_is_told_of_what_it_missed_by_a_gap<H: Harness>() {
    let harness = H::fresh().await;
    let [symbol, _] = harness.symbols();
    let mut subscription = subscribe(&harness, &[symbol]).await;
    let count = u32::try_from(harness.reader_limit()).expect("a limit far below four thousand million") + 50;
    for number in 0..count {
        harness.publish(&numbered(symbol, number % 100)).await;
    }
    harness.settle().await;
    let mut heard = drain(&mut subscription.events);
    // A gap may be told only once there is room for it: with the next quote.
    harness.publish(&numbered(symbol, 0)).await;
    heard.items.extend(hear(&harness, &mut subscription, 1).await.items);
    let missed = |event: &FeedEvent| match event {
        FeedEvent::Gap(gap) if gap.symbol == symbol => match gap.cause {
            GapCause::Dropped { count } => count,
            _ => 0,
        },
        _ => 0,
    };
    let missed: u64 = heard.items.iter().map(missed).sum();
    let received = u64::try_from(quotes(&heard).len()).expect("a count of what is in memory");
    assert!(
        missed > 0,
        "{count} quotes and no reader: none missed, so the limit is not what the harness says"
    );
    assert_eq!(received + missed, u64::from(count) + 1, "{received} received, {missed} told as missed");
}

/// Promise: a lost link ends the stream with `EpochLost`.
pub async fn a_lost_link_ends_the_stream_with_epoch_lost<H: Harness>() {
    let harness = H::fresh().await;
    let [symbol, _] = harness.symbols();
    let mut subscription = subscribe(&harness, &[symbol]).await;
    publish(&harness, &[symbol], 3).await;
    let before = hear(&harness, &mut subscription, 3).await;
    assert!(!before.ended, "the link stands, and the stream has ended");
    harness.drop_link().await;
    let heard = hear(&harness, &mut subscription, usize::MAX).await;
    let last = heard.items.last();
    assert_eq!(last, Some(&FeedEvent::EpochLost(subscription.epoch)), "the last word names the epoch");
    assert!(heard.ended, "nothing of the subscription follows, so the stream ends");
}

/// Promise: an unknown instrument is `UnknownSymbol`.
pub async fn an_unknown_instrument_is_unknown_symbol<H: Harness>() {
    let harness = H::fresh().await;
    let unknown = harness.unknown_symbol();
    let answer = harness.feed().snapshot(unknown).await;
    assert!(
        matches!(&answer, Err(FeedError::UnknownSymbol(found)) if *found == unknown),
        "{unknown} is not known, and the feed says {answer:?}"
    );
}

/// Promise: an instrument without a quote is `NoData`, never a zero.
pub async fn an_instrument_without_a_quote_is_no_data_never_a_zero<H: Harness>() {
    let harness = H::fresh().await;
    let [symbol, other] = harness.symbols();
    harness.publish(&numbered(other, 3)).await;
    harness.settle().await;
    let answer = harness.feed().snapshot(symbol).await;
    assert!(
        matches!(&answer, Err(FeedError::NoData(found)) if *found == symbol),
        "nothing was quoted of {symbol}, and the feed says {answer:?}"
    );
    let quoted = harness.feed().snapshot(other).await.expect("a quoted instrument has a quote");
    assert_eq!(shown(&quoted), shown(&numbered(other, 3)));
}
