//! The promises of [`OptionFeed`].

use crate::fixtures::price;
use crate::hearing::{Heard, drain, hear_until};
use futures::future::{Either, select};
use std::future::Future;
use std::pin::pin;
use tradeport_kernel::{Decimal, Price, Symbol};
use tradeport_market_data::{
    Following, OptionBasis, OptionComputation, OptionComputations, OptionEvent, OptionFeed, OptionFeedError,
    OptionValues, Told,
};

/// What a team supplies to test its feed: one with a link, a source that computes what the case quotes, and levers.
pub trait Harness: Sized {
    /// The feed under test.
    type Feed: OptionFeed + ?Sized;

    /// A feed with a link, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The feed.
    fn feed(&self) -> &Self::Feed;
    /// A call whose underlying costs at least ten more than its strike.
    fn option(&self) -> Symbol;
    /// An instrument that is known, and no option.
    fn share(&self) -> Symbol;
    /// An instrument that the source does not know.
    fn unknown_symbol(&self) -> Symbol;
    /// How many computations a reader may fall behind before it loses some.
    fn reader_limit(&self) -> usize;

    /// Lever: the source quotes the option, and computes it anew.
    fn quote(&self, bid: Price, ask: Price) -> impl Future<Output = ()>;
    /// Lever: from now on the source computes nothing, and it has forgotten what it had.
    fn compute_nothing(&self) -> impl Future<Output = ()>;
    /// How many lines the source has for this feed now.
    fn lines(&self) -> impl Future<Output = usize>;
    /// Lever: the link is lost.
    fn drop_link(&self) -> impl Future<Output = ()>;
    /// Lets everything that is under way arrive, and a second pass.
    fn settle(&self) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    option_feed, option_feed_conformance:
    computations_of_one_price_arrive_in_the_order_in_which_the_source_sent_them [] =
        "computations of one price arrive in the order in which the source sent them",
    every_computation_names_the_price_it_began_with [] = "every computation names the price it began with",
    what_is_not_computed_is_none_never_a_sentinel [] = "what is not computed is `None`, never a sentinel",
    an_unknown_option_is_unknown_symbol [] = "an unknown option is `UnknownSymbol`",
    what_is_no_option_is_not_an_option [] = "what is no option is `NotAnOption`",
    a_slow_reader_is_told_by_a_gap_that_it_missed_some [] =
        "a slow reader is told by a gap that it missed some",
    a_follower_that_is_dropped_takes_no_line_at_the_source [] =
        "a follower that is dropped takes no line at the source",
    a_lost_link_ends_the_stream_with_epoch_lost [] = "a lost link ends the stream with `EpochLost`",
    the_snapshot_has_the_last_computation_of_each_price [] =
        "the snapshot has the last computation of each price",
    an_option_without_any_computation_is_no_data [] = "an option without any computation is `NoData`",
    a_snapshot_takes_no_line_once_it_is_answered [] = "a snapshot takes no line once it is answered",
}

/// Far below what the option pays at once: no volatility means such a price.
const TOO_CHEAP: &str = "0.05";

/// Far above what the option pays at once, whatever its underlying costs.
fn dear(cents: i64) -> Price {
    Price::new(Decimal::new(5_000_000 + cents, 2)).expect("a price")
}

async fn follow<H: Harness>(harness: &H) -> Following<OptionComputation> {
    harness.feed().follow(harness.option()).await.expect("a linked feed follows known options")
}

async fn hear<H: Harness>(
    harness: &H,
    following: &mut Following<OptionComputation>,
    enough: impl Fn(&[OptionComputation]) -> bool,
) -> Vec<OptionComputation> {
    let settle = async || harness.settle().await;
    let enough = |events: &[OptionEvent]| enough(&computations(events));
    let heard = hear_until(&mut following.events, settle, enough).await;
    computations(&heard.items)
}

fn computations(events: &[OptionEvent]) -> Vec<OptionComputation> {
    let of = |event: &OptionEvent| match event {
        Told::Datum(computation) => Some(*computation),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

fn prices(told: &[OptionComputation], basis: OptionBasis) -> Vec<Price> {
    let mut prices: Vec<Price> =
        told.iter().filter(|it| it.basis == basis).filter_map(|it| it.values.price).collect();
    // The same price may be computed again, since time passes.
    prices.dedup();
    prices
}

/// Promise: computations of one price arrive in the order in which the source sent them.
pub async fn computations_of_one_price_arrive_in_the_order_in_which_the_source_sent_them<H: Harness>() {
    let harness = H::fresh().await;
    let mut following = follow(&harness).await;
    let sent: Vec<Price> = [3, 1, 4, 2, 5].map(|number| dear(number * 10)).into();
    let mut told = Vec::new();
    for bid in &sent {
        harness.quote(*bid, dear(1_000)).await;
        // Whoever reads as it comes misses nothing.
        told.extend(computations(&drain(&mut following.events).items));
    }
    let last = sent.last().copied();
    let is_last = |told: &[OptionComputation]| prices(told, OptionBasis::Bid).last().copied() == last;
    if !is_last(&told) {
        told.extend(hear(&harness, &mut following, is_last).await);
    }
    let told = prices(&told, OptionBasis::Bid);
    let begun = told.iter().position(|price| Some(price) == sent.first()).unwrap_or(0);
    assert_eq!(told[begun..], sent, "bids of {}", harness.option());
}

/// Promise: every computation names the price it began with.
pub async fn every_computation_names_the_price_it_began_with<H: Harness>() {
    let harness = H::fresh().await;
    let (bid, ask) = (dear(10), dear(20));
    harness.quote(bid, ask).await;
    let mut following = follow(&harness).await;
    harness.quote(bid, ask).await;
    let there = |told: &[OptionComputation], basis| told.iter().any(|it| it.basis == basis);
    let all = |told: &[OptionComputation]| {
        [OptionBasis::Bid, OptionBasis::Ask, OptionBasis::Model].iter().all(|basis| there(told, *basis))
    };
    let told = hear(&harness, &mut following, all).await;
    assert!(all(&told), "bid, ask and model are computed, and {told:?} was told");
    for it in &told {
        assert_eq!(it.symbol, harness.option());
        let wanted = match it.basis {
            OptionBasis::Bid => Some(bid),
            OptionBasis::Ask => Some(ask),
            OptionBasis::Last | OptionBasis::Model => continue,
        };
        assert_eq!(it.values.price, wanted, "{:?}", it.basis);
    }
}

fn is_uncomputed(values: &OptionValues) -> bool {
    let numbers = [values.delta, values.gamma, values.vega, values.theta];
    values.implied_volatility.is_none() && numbers.iter().all(Option::is_none)
}

/// Promise: what is not computed is `None`, never a sentinel.
pub async fn what_is_not_computed_is_none_never_a_sentinel<H: Harness>() {
    let harness = H::fresh().await;
    let mut following = follow(&harness).await;
    let cheap = price(TOO_CHEAP);
    harness.quote(cheap, dear(10)).await;
    let of_it = |it: &&OptionComputation| it.basis == OptionBasis::Bid && it.values.price == Some(cheap);
    let told = hear(&harness, &mut following, |told| told.iter().any(|it| of_it(&it))).await;
    let bid = told.iter().find(of_it).expect("the bid is computed as far as it can be");
    assert!(is_uncomputed(&bid.values), "no volatility means {cheap}: {:?}", bid.values);
    for it in &told {
        let numbers = [it.values.implied_volatility, it.values.delta, it.values.gamma, it.values.vega];
        let marks = [Decimal::NEGATIVE_ONE, Decimal::from(-2)];
        let marked = numbers.iter().flatten().any(|number| marks.contains(number));
        assert!(!marked, "a mark for nothing came through: {it:?}");
    }
}

/// Promise: an unknown option is `UnknownSymbol`.
pub async fn an_unknown_option_is_unknown_symbol<H: Harness>() {
    let harness = H::fresh().await;
    let unknown = harness.unknown_symbol();
    let is_it =
        |error: &OptionFeedError| matches!(error, OptionFeedError::UnknownSymbol(found) if *found == unknown);
    let (stream, snapshot) = (harness.feed().follow(unknown).await, harness.feed().snapshot(unknown).await);
    assert!(stream.as_ref().is_err_and(is_it), "{unknown} is not known, and the feed says {stream:?}");
    assert!(snapshot.as_ref().is_err_and(is_it), "{unknown} is not known, and the feed says {snapshot:?}");
    assert_eq!(harness.lines().await, 0, "what was refused takes no line");
}

/// Promise: what is no option is `NotAnOption`.
pub async fn what_is_no_option_is_not_an_option<H: Harness>() {
    let harness = H::fresh().await;
    let share = harness.share();
    let is_it =
        |error: &OptionFeedError| matches!(error, OptionFeedError::NotAnOption(found) if *found == share);
    let (stream, snapshot) = (harness.feed().follow(share).await, harness.feed().snapshot(share).await);
    assert!(stream.as_ref().is_err_and(is_it), "{share} is no option, and the feed says {stream:?}");
    assert!(snapshot.as_ref().is_err_and(is_it), "{share} is no option, and the feed says {snapshot:?}");
}

/// Promise: a slow reader is told by a gap that it missed some.
pub async fn a_slow_reader_is_told_by_a_gap_that_it_missed_some<H: Harness>() {
    let harness = H::fresh().await;
    let mut following = follow(&harness).await;
    let count = i64::try_from(harness.reader_limit()).expect("a limit far below eight million million") + 50;
    for number in 0..count {
        harness.quote(dear(number % 100), dear(1_000)).await;
    }
    harness.settle().await;
    let mut heard = drain(&mut following.events);
    // A gap may be told only once there is room for it: with what comes next.
    harness.quote(dear(500), dear(1_000)).await;
    harness.settle().await;
    heard.items.extend(drain(&mut following.events).items);
    let option = harness.option();
    let is_gap = |event: &OptionEvent| matches!(event, Told::Gap(gap) if gap.symbol == option);
    assert!(heard.items.iter().any(is_gap), "{count} quotes and no reader, and no gap is told");
    let newest = prices(&computations(&heard.items), OptionBasis::Bid).last().copied();
    assert_eq!(newest, Some(dear(500)), "what comes after a gap is told");
}

async fn no_line_is_left<H: Harness>(harness: &H) {
    for _ in 0..100 {
        if harness.lines().await == 0 {
            return;
        }
        harness.settle().await;
    }
    assert_eq!(harness.lines().await, 0, "nobody asks any more");
}

/// Promise: a follower that is dropped takes no line at the source.
pub async fn a_follower_that_is_dropped_takes_no_line_at_the_source<H: Harness>() {
    let harness = H::fresh().await;
    let following = follow(&harness).await;
    harness.settle().await;
    assert!(harness.lines().await > 0, "what is followed takes a line");
    drop(following);
    no_line_is_left(&harness).await;
}

/// Promise: a lost link ends the stream with `EpochLost`.
pub async fn a_lost_link_ends_the_stream_with_epoch_lost<H: Harness>() {
    let harness = H::fresh().await;
    let mut following = follow(&harness).await;
    harness.quote(dear(10), dear(20)).await;
    hear(&harness, &mut following, |told| !told.is_empty()).await;
    harness.drop_link().await;
    let settle = async || harness.settle().await;
    let heard: Heard<OptionEvent> = hear_until(&mut following.events, settle, |_| false).await;
    assert_eq!(heard.items.last(), Some(&Told::EpochLost(following.epoch)), "the last word names the epoch");
    assert!(heard.ended, "nothing of the subscription follows, so the stream ends");
}

/// The answer of a snapshot, while time passes.
async fn snapshot<H: Harness>(harness: &H) -> Result<OptionComputations, OptionFeedError> {
    let passing = async {
        loop {
            harness.settle().await;
        }
    };
    match select(pin!(harness.feed().snapshot(harness.option())), pin!(passing)).await {
        Either::Left((answer, _)) => answer,
        Either::Right((never, _)) => never,
    }
}

/// Promise: the snapshot has the last computation of each price.
pub async fn the_snapshot_has_the_last_computation_of_each_price<H: Harness>() {
    let harness = H::fresh().await;
    for cents in [10, 30] {
        let (bid, ask) = (dear(cents), dear(cents + 5));
        harness.quote(bid, ask).await;
        let all = snapshot(&harness).await.expect("a computed option has computations");
        assert_eq!(all.symbol, harness.option());
        assert_eq!(all.bid.and_then(|it| it.price), Some(bid), "{all:?}");
        assert_eq!(all.ask.and_then(|it| it.price), Some(ask), "{all:?}");
        let model = all.model.expect("the model has a price of its own");
        let delta = model.delta.expect("the model is computed");
        assert!(delta > Decimal::ZERO && delta <= Decimal::ONE, "the delta of a call: {model:?}");
        assert!(model.implied_volatility.is_some_and(|it| it > Decimal::ZERO), "{model:?}");
        assert!(model.underlying_price.is_some(), "{model:?}");
    }
}

/// Promise: an option without any computation is `NoData`.
pub async fn an_option_without_any_computation_is_no_data<H: Harness>() {
    let harness = H::fresh().await;
    harness.compute_nothing().await;
    let (answer, option) = (snapshot(&harness).await, harness.option());
    assert!(
        matches!(&answer, Err(OptionFeedError::NoData(found)) if *found == option),
        "nothing is computed, and the feed says {answer:?}"
    );
}

/// Promise: a snapshot takes no line once it is answered.
pub async fn a_snapshot_takes_no_line_once_it_is_answered<H: Harness>() {
    let harness = H::fresh().await;
    harness.quote(dear(10), dear(20)).await;
    snapshot(&harness).await.expect("a computed option has computations");
    no_line_is_left(&harness).await;
}
