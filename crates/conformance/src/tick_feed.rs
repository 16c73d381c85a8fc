//! The promises of [`TickFeed`].

use crate::fixtures::{moment, quantity};
use crate::hearing::{Heard, drain, hear_until};
use crate::same::assert_same;
use std::future::Future;
use tradeport_kernel::{Decimal, Price, Symbol};
use tradeport_market_data::{
    Following, GapCause, Level, Quote, Tick, TickEvent, TickFeed, TickFeedError, TickKind, Told,
};

/// What a team supplies to test its feed: one with a link, a source whose market the case decides, and levers.
pub trait Harness: Sized {
    /// The feed under test.
    type Feed: TickFeed + ?Sized;

    /// A feed with a link, isolated from every other; nothing was quoted or traded yet.
    fn fresh() -> impl Future<Output = Self>;
    /// The feed.
    fn feed(&self) -> &Self::Feed;
    /// Two instruments that have every kind of ticks, and of which nothing was quoted yet.
    fn symbols(&self) -> [Symbol; 2];
    /// An instrument that is quoted and has no prints.
    fn without_prints(&self) -> Symbol;
    /// An instrument that the source does not know.
    fn unknown_symbol(&self) -> Symbol;
    /// How many ticks a reader may fall behind before it loses some; at least 50.
    fn reader_limit(&self) -> usize;

    /// Lever: the source quotes this. Its moment may be replaced by the source's own.
    fn publish(&self, quote: &Quote) -> impl Future<Output = ()>;
    /// Lever: others trade at this price, on the price step of a cent. The source may quote it before that.
    fn print(&self, symbol: Symbol, price: Price) -> impl Future<Output = ()>;
    /// How many lines the source has for this feed now.
    fn lines(&self) -> impl Future<Output = usize>;
    /// Lever: the link is lost.
    fn drop_link(&self) -> impl Future<Output = ()>;
    /// Lets everything that is under way arrive; nothing is quoted or traded meanwhile.
    fn settle(&self) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    tick_feed, tick_feed_conformance:
    ticks_arrive_in_the_order_in_which_the_source_sent_them [] =
        "ticks arrive in the order in which the source sent them",
    several_ticks_of_one_moment_all_arrive [] = "several ticks of one moment all arrive",
    only_the_kind_asked_for_arrives [] = "only the kind asked for arrives",
    two_followers_of_the_same_ticks_both_receive_them [] = "two followers of the same ticks both receive them",
    an_unknown_instrument_is_unknown_symbol [] = "an unknown instrument is `UnknownSymbol`",
    a_kind_that_the_instrument_does_not_have_is_not_offered [] =
        "a kind that the instrument does not have is `NotOffered`",
    a_slow_reader_is_told_of_what_it_missed_by_a_gap [] = "a slow reader is told of what it missed by a gap",
    a_follower_that_is_dropped_takes_no_line_at_the_source [] =
        "a follower that is dropped takes no line at the source",
    a_lost_link_ends_the_stream_with_epoch_lost [] = "a lost link ends the stream with `EpochLost`",
}

fn cents(cents: i64) -> Price {
    Price::new(Decimal::new(cents, 2)).expect("a small price")
}

/// The bid says which quote it is. The spread is even, so the middle is on a step.
fn numbered(symbol: Symbol, number: u32) -> Quote {
    let bid = 10_000 + i64::from(number);
    let level = |price| Some(Level::new(cents(price), Some(quantity("100"))));
    Quote::new(symbol, moment(0), level(bid), level(bid + 2)).expect("both sides are there")
}

/// What of a tick its source decides, whatever its clock says.
fn shown(tick: &Tick) -> (Symbol, Vec<Option<Price>>) {
    let prices = match tick {
        Tick::Print(print) => vec![Some(print.price())],
        Tick::Mid(mid) => vec![Some(mid.price)],
        Tick::Quote(quote) => [quote.bid(), quote.ask()].map(|side| side.map(|it| it.price())).to_vec(),
    };
    (tick.symbol(), prices)
}

fn ticks(heard: &Heard<TickEvent>) -> Vec<Tick> {
    let tick = |event: &TickEvent| match event {
        Told::Datum(tick) => Some(tick.clone()),
        _ => None,
    };
    heard.items.iter().filter_map(tick).collect()
}

async fn follow<H: Harness>(harness: &H, symbol: Symbol, kind: TickKind) -> Following<Tick> {
    harness.feed().follow(symbol, kind).await.expect("a linked feed follows known instruments")
}

/// Something of this kind happens; what a follower is told of it.
async fn happens<H: Harness>(
    harness: &H,
    symbol: Symbol,
    kind: TickKind,
    number: u32,
) -> (Symbol, Vec<Option<Price>>) {
    let quote = numbered(symbol, number);
    if kind.is_of_prints() {
        let price = cents(10_000 + i64::from(number));
        harness.print(symbol, price).await;
        return (symbol, vec![Some(price)]);
    }
    harness.publish(&quote).await;
    let shown = match kind {
        TickKind::Mids => vec![quote.mid()],
        _ => shown(&Tick::Quote(quote)).1,
    };
    (symbol, shown)
}

async fn hear<H: Harness>(harness: &H, following: &mut Following<Tick>, count: usize) -> Heard<TickEvent> {
    let settle = async || harness.settle().await;
    let mut heard = hear_until(&mut following.events, settle, |events| events.len() >= count).await;
    harness.settle().await;
    let more = drain(&mut following.events);
    heard.items.extend(more.items);
    Heard { ended: heard.ended || more.ended, ..heard }
}

/// Promise: ticks arrive in the order in which the source sent them.
pub async fn ticks_arrive_in_the_order_in_which_the_source_sent_them<H: Harness>() {
    for kind in TickKind::ALL {
        let harness = H::fresh().await;
        let [symbol, _] = harness.symbols();
        let mut following = follow(&harness, symbol, kind).await;
        let mut sent = Vec::new();
        for number in 1..=12 {
            sent.push(happens(&harness, symbol, kind, number * 7 % 100).await);
        }
        let found: Vec<_> =
            ticks(&hear(&harness, &mut following, sent.len()).await).iter().map(shown).collect();
        assert_same(&found, &sent, &format!("{kind} of {symbol}"));
    }
}

/// Promise: several ticks of one moment all arrive.
pub async fn several_ticks_of_one_moment_all_arrive<H: Harness>() {
    let harness = H::fresh().await;
    let [symbol, _] = harness.symbols();
    let mut following = follow(&harness, symbol, TickKind::Quotes).await;
    let mut sent = Vec::new();
    for number in [5, 4, 9, 4, 1, 8] {
        sent.push(happens(&harness, symbol, TickKind::Quotes, number).await);
    }
    let told = ticks(&hear(&harness, &mut following, sent.len()).await);
    let found: Vec<_> = told.iter().map(shown).collect();
    assert_same(&found, &sent, "quotes that were sent at once");
    let seconds: Vec<_> = told.iter().map(|tick| tick.at().nanos().div_euclid(1_000_000_000)).collect();
    assert!(
        seconds.windows(2).any(|pair| pair[0] == pair[1]),
        "no two of one second, so nothing is shown: {seconds:?}"
    );
}

/// Promise: only the kind asked for arrives.
pub async fn only_the_kind_asked_for_arrives<H: Harness>() {
    let harness = H::fresh().await;
    let [symbol, other] = harness.symbols();
    let mut all = Vec::new();
    for kind in TickKind::ALL {
        all.push((kind, follow(&harness, symbol, kind).await));
    }
    for number in 1..=3 {
        for of in [other, symbol] {
            happens(&harness, of, TickKind::Quotes, 10 * number).await;
            happens(&harness, of, TickKind::Prints, 10 * number + 5).await;
        }
    }
    for (kind, following) in &mut all {
        let told = ticks(&hear(&harness, following, 3).await);
        assert!(told.len() >= 3, "three {kind} at least, and there are {told:?}");
        let foreign: Vec<_> =
            told.iter().filter(|tick| !tick.is_of(*kind) || tick.symbol() != symbol).collect();
        assert!(foreign.is_empty(), "only {kind} of {symbol} were asked for: {foreign:?}");
    }
}

/// Promise: two followers of the same ticks both receive them.
pub async fn two_followers_of_the_same_ticks_both_receive_them<H: Harness>() {
    for kind in [TickKind::AllPrints, TickKind::Quotes] {
        let harness = H::fresh().await;
        let [symbol, _] = harness.symbols();
        let mut first = follow(&harness, symbol, kind).await;
        let mut second = follow(&harness, symbol, kind).await;
        let mut sent = Vec::new();
        for number in 1..=4 {
            sent.push(happens(&harness, symbol, kind, number).await);
        }
        for (following, which) in [(&mut first, "first"), (&mut second, "second")] {
            let found: Vec<_> = ticks(&hear(&harness, following, 4).await).iter().map(shown).collect();
            assert_same(&found, &sent, &format!("{kind} of the {which}"));
        }
        drop(first);
        let sent = [happens(&harness, symbol, kind, 9).await];
        let found: Vec<_> = ticks(&hear(&harness, &mut second, 1).await).iter().map(shown).collect();
        assert_same(&found, &sent, &format!("{kind} of the second, when the first has gone"));
    }
}

/// Promise: an unknown instrument is `UnknownSymbol`.
pub async fn an_unknown_instrument_is_unknown_symbol<H: Harness>() {
    let harness = H::fresh().await;
    let unknown = harness.unknown_symbol();
    for kind in TickKind::ALL {
        let answer = harness.feed().follow(unknown, kind).await;
        assert!(
            matches!(&answer, Err(TickFeedError::UnknownSymbol(found)) if *found == unknown),
            "{unknown} is not known, and the feed says {answer:?}"
        );
    }
    harness.settle().await;
    assert_eq!(harness.lines().await, 0, "what was refused takes no line");
}

/// Promise: a kind that the instrument does not have is `NotOffered`.
pub async fn a_kind_that_the_instrument_does_not_have_is_not_offered<H: Harness>() {
    let harness = H::fresh().await;
    let quoted = harness.without_prints();
    for wanted in [TickKind::Prints, TickKind::AllPrints] {
        let answer = harness.feed().follow(quoted, wanted).await;
        assert!(
            matches!(&answer, Err(TickFeedError::NotOffered { symbol, kind }) if (*symbol, *kind) == (quoted, wanted)),
            "{quoted} has no {wanted}, and the feed says {answer:?}"
        );
    }
    let mut following = follow(&harness, quoted, TickKind::Quotes).await;
    let sent = [happens(&harness, quoted, TickKind::Quotes, 1).await];
    let found: Vec<_> = ticks(&hear(&harness, &mut following, 1).await).iter().map(shown).collect();
    assert_same(&found, &sent, "what it has");
}

/// Promise: a slow reader is told of what it missed by a gap.
pub async fn a_slow_reader_is_told_of_what_it_missed_by_a_gap<H: Harness>() {
    let harness = H::fresh().await;
    let [symbol, _] = harness.symbols();
    let mut following = follow(&harness, symbol, TickKind::Quotes).await;
    let count = u32::try_from(harness.reader_limit()).expect("a limit far below four thousand million") + 50;
    for number in 0..count {
        harness.publish(&numbered(symbol, number % 100)).await;
    }
    harness.settle().await;
    let mut heard = drain(&mut following.events);
    // A gap may be told only once there is room for it: with the next tick.
    harness.publish(&numbered(symbol, 50)).await;
    heard.items.extend(hear(&harness, &mut following, 1).await.items);
    let missed = |event: &TickEvent| match event {
        Told::Gap(gap) if gap.symbol == symbol => match gap.cause {
            GapCause::Dropped { count } => count,
            _ => 0,
        },
        _ => 0,
    };
    let missed: u64 = heard.items.iter().map(missed).sum();
    let received = u64::try_from(ticks(&heard).len()).expect("a count of what is in memory");
    assert!(
        missed > 0,
        "{count} quotes and no reader: none missed, so the limit is not what the harness says"
    );
    assert_eq!(received + missed, u64::from(count) + 1, "{received} received, {missed} told as missed");
}

/// Promise: a follower that is dropped takes no line at the source.
pub async fn a_follower_that_is_dropped_takes_no_line_at_the_source<H: Harness>() {
    let harness = H::fresh().await;
    let [symbol, other] = harness.symbols();
    let mut kept = Vec::new();
    for (of, kind) in [(symbol, TickKind::Prints), (symbol, TickKind::Quotes), (other, TickKind::Mids)] {
        kept.push(follow(&harness, of, kind).await);
    }
    harness.settle().await;
    assert!(harness.lines().await > 0, "what is followed takes a line");
    drop(kept);
    for _ in 0..100 {
        if harness.lines().await == 0 {
            return;
        }
        harness.settle().await;
    }
    assert_eq!(harness.lines().await, 0, "nobody follows any more");
}

/// Promise: a lost link ends the stream with `EpochLost`.
pub async fn a_lost_link_ends_the_stream_with_epoch_lost<H: Harness>() {
    for kind in [TickKind::AllPrints, TickKind::Quotes, TickKind::Mids] {
        let harness = H::fresh().await;
        let [symbol, _] = harness.symbols();
        let mut following = follow(&harness, symbol, kind).await;
        happens(&harness, symbol, kind, 1).await;
        let before = hear(&harness, &mut following, 1).await;
        assert!(!before.ended, "the link stands, and the stream has ended");
        harness.drop_link().await;
        let heard = hear(&harness, &mut following, usize::MAX).await;
        let last = heard.items.last();
        assert_eq!(last, Some(&Told::EpochLost(following.epoch)), "{kind}: the last word names the epoch");
        assert!(heard.ended, "nothing of the subscription follows, so the stream ends");
    }
}
