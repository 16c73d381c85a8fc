use crate::catching::catches;
use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::{BoxStream, poll_fn};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use tradeport_conformance::fixtures::{account, moment, symbol};
use tradeport_conformance::pnl_feed::Harness;
use tradeport_kernel::{
    AccountId, ConnectionEpoch, Currency, Decimal, Money, Price, Quantity, SignedQuantity, Symbol,
};
use tradeport_orders::Side;
use tradeport_portfolio::{AccountPnl, Gains, PnlEvent, PnlFeed, PnlFeedError, PnlStream, PositionPnl};

catches! { pnl_feed, pnl_feed_conformance:
    TellsChangesAlone: the_first_word_tells_how_it_stands_now,
    IgnoresPrices: gains_follow_the_price,
    ForgetsSales: what_is_sold_is_realized,
    KeepsTheOldest: a_slow_reader_is_told_the_newest_figures,
    TakesAnyAccount: an_account_that_is_not_ours_is_unknown_account,
    EndsWithoutAWord: a_lost_link_ends_the_stream_with_epoch_lost,
    LeavesOutTheValue: the_positions_gains_are_told_with_its_quantity_and_value,
    MixesInstruments: of_one_instrument_alone,
    HoldsOneOfEverything: what_is_not_held_is_zero_units,
    KnowsEverySymbol: an_instrument_that_is_not_known_is_unknown_symbol,
}

const EPOCH: ConnectionEpoch = ConnectionEpoch::new(1);
/// An honest reader has room for one, a dishonest one for so many.
const OLDEST: usize = 10;

#[derive(Clone, Copy, Default)]
struct Held {
    units: Decimal,
    cost: Decimal,
    realized: Decimal,
    price: Decimal,
}

struct Watcher {
    /// `None` for the whole account.
    of: Option<Symbol>,
    events: VecDeque<PnlEvent<PositionPnl>>,
    ended: bool,
}

#[derive(Default)]
struct State {
    held: BTreeMap<Symbol, Held>,
    watchers: Vec<Arc<Mutex<Watcher>>>,
}

struct Scripted {
    fault: Fault,
    state: Mutex<State>,
}

fn usd(amount: Decimal) -> Money {
    Money::new(amount, Currency::USD)
}

impl Scripted {
    fn stands(&self, state: &State, of: Option<Symbol>) -> PositionPnl {
        let wanted = |it: &&Symbol| of.is_none_or(|of| of == **it) || self.fault == Fault::MixesInstruments;
        let mut sum = Held::default();
        let (mut value, mut units) = (Decimal::ZERO, Decimal::ZERO);
        for held in state.held.iter().filter(|(symbol, _)| wanted(symbol)).map(|(_, held)| held) {
            let price = if self.fault == Fault::IgnoresPrices { Decimal::ONE_HUNDRED } else { held.price };
            (value, units) = (value + held.units * price, units + held.units);
            (sum.cost, sum.realized) = (sum.cost + held.cost, sum.realized + held.realized);
        }
        if units.is_zero() && self.fault == Fault::HoldsOneOfEverything {
            units = Decimal::ONE;
        }
        let (unrealized, realized) = (value - sum.cost, sum.realized);
        let told = |amount| Some(usd(amount));
        PositionPnl {
            account: account("DU1"),
            symbol: of.unwrap_or(symbol("ALL")),
            at: moment(0),
            quantity: SignedQuantity::new(units).unwrap(),
            gains: Gains {
                daily: told(unrealized + realized),
                unrealized: told(unrealized),
                realized: told(realized),
            },
            value: told(value).filter(|_| self.fault != Fault::LeavesOutTheValue),
        }
    }

    fn tell(&self, state: &State) {
        for watcher in &state.watchers {
            let mut watcher = watcher.lock().unwrap();
            let event = PnlEvent::Stands(self.stands(state, watcher.of));
            if self.fault == Fault::KeepsTheOldest {
                if watcher.events.len() < OLDEST {
                    watcher.events.push_back(event);
                }
            } else {
                watcher.events = VecDeque::from([event]);
            }
        }
    }

    fn watch(&self, of: Option<Symbol>) -> BoxStream<'static, PnlEvent<PositionPnl>> {
        let mut state = self.state.lock().unwrap();
        let first = PnlEvent::Stands(self.stands(&state, of));
        let events = if self.fault == Fault::TellsChangesAlone { VecDeque::new() } else { [first].into() };
        let watcher = Arc::new(Mutex::new(Watcher { of, events, ended: false }));
        state.watchers.push(Arc::clone(&watcher));
        poll_fn(move |_| {
            let mut watcher = watcher.lock().unwrap();
            match watcher.events.pop_front() {
                Some(event) => Poll::Ready(Some(event)),
                None if watcher.ended => Poll::Ready(None),
                None => Poll::Pending,
            }
        })
        .boxed()
    }

    fn check(&self, whose: &AccountId) -> Result<(), PnlFeedError> {
        if whose.as_str() == "DU1" || self.fault == Fault::TakesAnyAccount {
            return Ok(());
        }
        Err(PnlFeedError::UnknownAccount(whose.clone()))
    }
}

#[async_trait]
impl PnlFeed for Scripted {
    async fn of_account(&self, whose: &AccountId) -> Result<PnlStream<AccountPnl>, PnlFeedError> {
        self.check(whose)?;
        let whole = |event| match event {
            PnlEvent::Stands(PositionPnl { account, at, gains, .. }) => {
                PnlEvent::Stands(AccountPnl { account, at, gains })
            }
            PnlEvent::EpochLost(epoch) => PnlEvent::EpochLost(epoch),
        };
        Ok(self.watch(None).map(whole).boxed())
    }

    async fn of_position(
        &self,
        whose: &AccountId,
        of: Symbol,
    ) -> Result<PnlStream<PositionPnl>, PnlFeedError> {
        self.check(whose)?;
        if !["AAPL", "MSFT"].contains(&of.as_str()) && self.fault != Fault::KnowsEverySymbol {
            return Err(PnlFeedError::UnknownSymbol(of));
        }
        Ok(self.watch(Some(of)))
    }
}

struct Fixture<const FAULT: usize>(Scripted);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Feed = Scripted;
    async fn fresh() -> Self {
        Self(Scripted { fault: FAULTS[FAULT], state: Mutex::default() })
    }
    fn feed(&self) -> &Scripted {
        &self.0
    }
    fn account(&self) -> AccountId {
        account("DU1")
    }
    fn symbols(&self) -> [Symbol; 2] {
        ["AAPL", "MSFT"].map(symbol)
    }
    fn unknown_account(&self) -> AccountId {
        account("DU999")
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    async fn quote(&self, of: Symbol, price: Price) {
        let mut state = self.0.state.lock().unwrap();
        state.held.entry(of).or_default().price = price.as_decimal();
        self.0.tell(&state);
    }
    async fn fill(&self, of: Symbol, side: Side, quantity: Quantity) {
        let mut state = self.0.state.lock().unwrap();
        let held = state.held.entry(of).or_default();
        let units = quantity.as_decimal();
        if side == Side::Buy {
            (held.units, held.cost) = (held.units + units, held.cost + units * held.price);
        } else if self.0.fault != Fault::ForgetsSales {
            let share = held.cost * units / held.units;
            held.realized += units * held.price - share;
            (held.units, held.cost) = (held.units - units, held.cost - share);
        }
        self.0.tell(&state);
    }
    async fn drop_link(&self) {
        for watcher in &self.0.state.lock().unwrap().watchers {
            let mut watcher = watcher.lock().unwrap();
            watcher.ended = true;
            if self.0.fault != Fault::EndsWithoutAWord {
                watcher.events.push_back(PnlEvent::EpochLost(EPOCH));
            }
        }
    }
    async fn settle(&self) {}
}
