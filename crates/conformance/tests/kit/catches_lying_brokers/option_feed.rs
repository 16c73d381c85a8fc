use super::told::{EPOCH, LIMIT, Reader};
use crate::catching::catches;
use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::poll_fn;
use std::sync::{Arc, Mutex, Weak};
use tradeport_conformance::fixtures::{decimal, moment, price, symbol};
use tradeport_conformance::option_feed::Harness;
use tradeport_kernel::{Price, Symbol};
use tradeport_market_data::{
    Following, OptionBasis, OptionComputation, OptionComputations, OptionFeed, OptionFeedError, OptionValues,
};

catches! { option_feed, option_feed_conformance:
    SwapsNeighbours: computations_of_one_price_arrive_in_the_order_in_which_the_source_sent_them,
    NamesAnotherPrice: every_computation_names_the_price_it_began_with,
    PassesMarks: what_is_not_computed_is_none_never_a_sentinel,
    UnknownIsNoOption: an_unknown_option_is_unknown_symbol,
    SharesAreOptions: what_is_no_option_is_not_an_option,
    DropsWithoutAWord: a_slow_reader_is_told_by_a_gap_that_it_missed_some,
    KeepsLines: a_follower_that_is_dropped_takes_no_line_at_the_source,
    EndsWithoutAWord: a_lost_link_ends_the_stream_with_epoch_lost,
    KeepsTheFirst: the_snapshot_has_the_last_computation_of_each_price,
    NothingIsAnAnswer: an_option_without_any_computation_is_no_data,
    SnapshotsKeepLines: a_snapshot_takes_no_line_once_it_is_answered,
}

const CALL: &str = "AAPL 20270115C150";

type Line = Arc<Mutex<Reader<OptionComputation>>>;

struct Scripted {
    fault: Fault,
    followers: Mutex<Vec<Weak<Mutex<Reader<OptionComputation>>>>>,
    kept: Mutex<Vec<Line>>,
    last: Mutex<OptionComputations>,
}

impl Scripted {
    fn all(&self) -> Vec<Line> {
        self.followers.lock().unwrap().iter().filter_map(Weak::upgrade).collect()
    }

    fn line(&self, keeps: bool) -> Line {
        let line = Arc::new(Mutex::new(Reader::of(symbol(CALL))));
        self.followers.lock().unwrap().push(Arc::downgrade(&line));
        if keeps {
            self.kept.lock().unwrap().push(Arc::clone(&line));
        }
        line
    }

    fn check(&self, option: Symbol) -> Result<(), OptionFeedError> {
        match option.as_str() {
            CALL => Ok(()),
            "AAPL" if self.fault == Fault::SharesAreOptions => Ok(()),
            "AAPL" => Err(OptionFeedError::NotAnOption(option)),
            _ if self.fault == Fault::UnknownIsNoOption => Err(OptionFeedError::NotAnOption(option)),
            _ => Err(OptionFeedError::UnknownSymbol(option)),
        }
    }

    fn tell(&self, basis: OptionBasis, of: Price) {
        let computed = OptionValues {
            implied_volatility: Some(decimal("0.3")),
            delta: Some(decimal("0.7")),
            underlying_price: Some(price("180")),
            ..OptionValues::default()
        };
        let values = match basis {
            OptionBasis::Model => computed,
            _ if self.fault == Fault::PassesMarks => {
                OptionValues { delta: Some(decimal("-2")), ..OptionValues::default() }
            }
            _ => OptionValues::default(),
        };
        let basis = match basis {
            OptionBasis::Bid if self.fault == Fault::NamesAnotherPrice => OptionBasis::Ask,
            OptionBasis::Ask if self.fault == Fault::NamesAnotherPrice => OptionBasis::Bid,
            basis => basis,
        };
        let values = OptionValues { price: Some(of), ..values };
        let told = OptionComputation { symbol: symbol(CALL), at: moment(0), basis, values };
        let mut last = self.last.lock().unwrap();
        if self.fault != Fault::KeepsTheFirst || last.of(basis).is_none() {
            last.note(&told);
        }
        for line in self.all() {
            let swaps = self.fault == Fault::SwapsNeighbours && basis == OptionBasis::Bid;
            let silent = self.fault == Fault::DropsWithoutAWord;
            line.lock().unwrap().take(told, silent, swaps);
        }
    }
}

#[async_trait]
impl OptionFeed for Scripted {
    async fn follow(&self, option: Symbol) -> Result<Following<OptionComputation>, OptionFeedError> {
        self.check(option)?;
        let line = self.line(self.fault == Fault::KeepsLines);
        Ok(Following { epoch: EPOCH, events: poll_fn(move |_| line.lock().unwrap().next()).boxed() })
    }

    async fn snapshot(&self, option: Symbol) -> Result<OptionComputations, OptionFeedError> {
        self.check(option)?;
        self.line(self.fault == Fault::SnapshotsKeepLines);
        let last = *self.last.lock().unwrap();
        if last.model.is_none() && self.fault != Fault::NothingIsAnAnswer {
            return Err(OptionFeedError::NoData(option));
        }
        Ok(last)
    }
}

struct Fixture<const FAULT: usize>(Scripted);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Feed = Scripted;
    async fn fresh() -> Self {
        let last = Mutex::new(OptionComputations::none_of(symbol(CALL), moment(0)));
        let (followers, kept) = (Mutex::default(), Mutex::default());
        Self(Scripted { fault: FAULTS[FAULT], followers, kept, last })
    }
    fn feed(&self) -> &Scripted {
        &self.0
    }
    fn option(&self) -> Symbol {
        symbol(CALL)
    }
    fn share(&self) -> Symbol {
        symbol("AAPL")
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn reader_limit(&self) -> usize {
        LIMIT
    }
    async fn quote(&self, bid: Price, ask: Price) {
        self.0.tell(OptionBasis::Bid, bid);
        self.0.tell(OptionBasis::Ask, ask);
        self.0.tell(OptionBasis::Model, price("40"));
    }
    async fn compute_nothing(&self) {
        *self.0.last.lock().unwrap() = OptionComputations::none_of(symbol(CALL), moment(0));
    }
    async fn lines(&self) -> usize {
        self.0.all().len()
    }
    async fn drop_link(&self) {
        for line in self.0.all() {
            line.lock().unwrap().end(self.0.fault == Fault::EndsWithoutAWord);
        }
    }
    async fn settle(&self) {}
}
