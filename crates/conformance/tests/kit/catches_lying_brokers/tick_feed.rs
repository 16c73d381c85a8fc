use super::told::{EPOCH, LIMIT, Reader};
use crate::catching::catches;
use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::poll_fn;
use std::sync::{Arc, Mutex, Weak};
use tradeport_conformance::fixtures::{moment, symbol};
use tradeport_conformance::tick_feed::Harness;
use tradeport_kernel::{Price, Symbol, Timestamp};
use tradeport_market_data::{Following, Mid, Print, Quote, Tick, TickFeed, TickFeedError, TickKind};

catches! { tick_feed, tick_feed_conformance:
    SwapsNeighbours: ticks_arrive_in_the_order_in_which_the_source_sent_them,
    KeepsOneOfAMoment: several_ticks_of_one_moment_all_arrive,
    TellsEveryKind: only_the_kind_asked_for_arrives,
    FeedsTheLatestAlone: two_followers_of_the_same_ticks_both_receive_them,
    FollowsAnything: an_unknown_instrument_is_unknown_symbol,
    OffersEverything: a_kind_that_the_instrument_does_not_have_is_not_offered,
    DropsWithoutAWord: a_slow_reader_is_told_of_what_it_missed_by_a_gap,
    KeepsLines: a_follower_that_is_dropped_takes_no_line_at_the_source,
    EndsWithoutAWord: a_lost_link_ends_the_stream_with_epoch_lost,
}

struct One {
    kind: TickKind,
    last: Option<Timestamp>,
    reader: Reader<Tick>,
}

struct Scripted {
    fault: Fault,
    followers: Mutex<Vec<Weak<Mutex<One>>>>,
    kept: Mutex<Vec<Arc<Mutex<One>>>>,
}

impl Scripted {
    fn all(&self) -> Vec<Arc<Mutex<One>>> {
        self.followers.lock().unwrap().iter().filter_map(Weak::upgrade).collect()
    }

    fn tell(&self, tick: &Tick) {
        let mut all = self.all();
        if self.fault == Fault::FeedsTheLatestAlone {
            all.drain(..all.len().saturating_sub(1));
        }
        for one in all {
            let mut one = one.lock().unwrap();
            let wanted = self.fault == Fault::TellsEveryKind || tick.is_of(one.kind);
            let again = self.fault == Fault::KeepsOneOfAMoment && one.last == Some(tick.at());
            if wanted && !again && one.reader.symbol == tick.symbol() {
                one.last = Some(tick.at());
                let (silent, swaps) =
                    (self.fault == Fault::DropsWithoutAWord, self.fault == Fault::SwapsNeighbours);
                one.reader.take(tick.clone(), silent, swaps);
            }
        }
    }
}

#[async_trait]
impl TickFeed for Scripted {
    async fn follow(&self, of: Symbol, kind: TickKind) -> Result<Following<Tick>, TickFeedError> {
        let is_known = ["AAPL", "MSFT", "EUR.USD"].contains(&of.as_str());
        if !is_known && self.fault != Fault::FollowsAnything {
            return Err(TickFeedError::UnknownSymbol(of));
        }
        if of.as_str() == "EUR.USD" && kind.is_of_prints() && self.fault != Fault::OffersEverything {
            return Err(TickFeedError::NotOffered { symbol: of, kind });
        }
        let one = Arc::new(Mutex::new(One { kind, last: None, reader: Reader::of(of) }));
        self.followers.lock().unwrap().push(Arc::downgrade(&one));
        if self.fault == Fault::KeepsLines {
            self.kept.lock().unwrap().push(Arc::clone(&one));
        }
        let events = poll_fn(move |_| one.lock().unwrap().reader.next()).boxed();
        Ok(Following { epoch: EPOCH, events })
    }
}

struct Fixture<const FAULT: usize>(Scripted);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Feed = Scripted;
    async fn fresh() -> Self {
        Self(Scripted { fault: FAULTS[FAULT], followers: Mutex::default(), kept: Mutex::default() })
    }
    fn feed(&self) -> &Scripted {
        &self.0
    }
    fn symbols(&self) -> [Symbol; 2] {
        ["AAPL", "MSFT"].map(symbol)
    }
    fn without_prints(&self) -> Symbol {
        symbol("EUR.USD")
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn reader_limit(&self) -> usize {
        LIMIT
    }
    async fn publish(&self, quote: &Quote) {
        self.0.tell(&Tick::Quote(*quote));
        let (symbol, at) = (quote.symbol(), quote.at());
        self.0.tell(&Tick::Mid(Mid { symbol, at, price: quote.mid().unwrap() }));
    }
    async fn print(&self, of: Symbol, price: Price) {
        self.0.tell(&Tick::Print(Print::new(of, moment(1), price, None)));
    }
    async fn lines(&self) -> usize {
        self.0.all().len()
    }
    async fn drop_link(&self) {
        for one in self.0.all() {
            one.lock().unwrap().reader.end(self.0.fault == Fault::EndsWithoutAWord);
        }
    }
    async fn settle(&self) {}
}
