//! Whatever happens, the sums that are kept up to date say what adding everything up says.

mod made;

use super::super::exposure::Supposing;
use super::super::pricing::Prices;
use super::super::state::DeskState;
use super::super::viewing::Asked;
use super::{Quotes, Sum, plus_exactly};
use crate::reconciliation::BrokerView;
use made::{combo, contract, id, intent, listed, price, quantity, stock, symbol};
use proptest::prelude::*;
use std::time::Duration;
use tradeport_contracts::{Combo, ComboLeg, ContractId, CorporateAction, LegAction};
use tradeport_kernel::{
    AccountId, ConnectionEpoch, Currency, Decimal, Money, OrderKey, PermId, SignedQuantity, Snapshot, Symbol,
    Timestamp,
};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{
    BrokerPhase, BrokerStatus, ExecutedPart, Execution, ExecutionId, JournalEntry, OrderChange, OrderInput,
    OrderIntent, Side,
};
use tradeport_portfolio::{Portfolio, PortfolioError, Position};
use tradeport_risk::{RiskPolicy, RiskView};

const LIMIT: Duration = Duration::from_secs(60);
const NAMES: [&str; 4] = ["A", "B", "C", "D"];
const ACCOUNTS: [&str; 2] = ["DU1", "DU2"];

#[derive(Clone, Debug)]
enum Step {
    /// A quote, so many seconds old; one-sided when its spread is zero.
    Quoted {
        name: usize,
        cents: i64,
        spread: i64,
        age: u64,
    },
    /// So many seconds go by; below zero the clock is put back.
    Later(i64),
    /// An order of one of the instruments or, beyond them, of the combo.
    Ordered {
        account: usize,
        name: usize,
        buys: bool,
        units: u32,
        parent: Option<usize>,
        group: Option<u8>,
    },
    Filled {
        order: usize,
        units: u32,
        cents: i64,
    },
    /// By a word that counts so many, whether executions have told them or not.
    Ended {
        order: usize,
        filled: u32,
    },
    Asked {
        order: usize,
        units: u32,
    },
    Changed {
        order: usize,
        units: u32,
    },
    /// Somebody else traded, in one of the accounts.
    Foreign {
        account: usize,
        name: usize,
        buys: bool,
        units: u32,
        cents: i64,
    },
    /// The broker lists these orders of others, and no more.
    Listed {
        orders: Vec<(usize, usize, bool, Option<u32>)>,
    },
    Split {
        name: usize,
        new: u32,
    },
    /// The broker's word on an account takes the place of ours.
    Read {
        account: usize,
        name: usize,
        units: i64,
        foreign: bool,
        /// What the other currency is worth, in hundredths, where that is told.
        rate: Option<u32>,
    },
    Known {
        name: usize,
        multiplier: i64,
    },
    /// What would be judged now: alone, in the place of an order, or beside another.
    Judged {
        account: usize,
        name: usize,
        without: Option<usize>,
        with: Option<usize>,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let (name, either, account, order) = (0..4_usize, 0..5_usize, 0..2_usize, 0..12_usize);
    let (units, cents) = (1..50_u32, 1..20_000_i64);
    prop_oneof![
        6 => (name.clone(), cents.clone(), 0..4_i64, prop_oneof![Just(0), 0..90_u64])
            .prop_map(|(name, cents, spread, age)| Step::Quoted { name, cents, spread, age }),
        3 => prop_oneof![0..20_i64, 50..70_i64, -70..0_i64].prop_map(Step::Later),
        6 => (account.clone(), either.clone(), any::<bool>(), units.clone(),
              proptest::option::of(order.clone()), proptest::option::of(0..2_u8))
            .prop_map(|(account, name, buys, units, parent, group)| Step::Ordered {
                account, name, buys, units, parent, group
            }),
        3 => (order.clone(), units.clone(), cents.clone())
            .prop_map(|(order, units, cents)| Step::Filled { order, units, cents }),
        1 => (order.clone(), prop_oneof![Just(0), 0..60_u32])
            .prop_map(|(order, filled)| Step::Ended { order, filled }),
        1 => (order.clone(), units.clone()).prop_map(|(order, units)| Step::Asked { order, units }),
        1 => (order.clone(), units.clone()).prop_map(|(order, units)| Step::Changed { order, units }),
        1 => (account.clone(), name.clone(), any::<bool>(), units, cents)
            .prop_map(|(account, name, buys, units, cents)| Step::Foreign { account, name, buys, units, cents }),
        1 => proptest::collection::vec(
                (account.clone(), either.clone(), any::<bool>(), proptest::option::weighted(0.9, 1..50_u32)), 0..3)
            .prop_map(|orders| Step::Listed { orders }),
        1 => (name.clone(), 1..4_u32).prop_map(|(name, new)| Step::Split { name, new }),
        1 => (account.clone(), name.clone(), -30..30_i64, proptest::bool::weighted(0.2), proptest::option::of(0..200_u32))
            .prop_map(|(account, name, units, foreign, rate)| Step::Read { account, name, units, foreign, rate }),
        1 => (either.clone(), 1..3_i64).prop_map(|(name, multiplier)| Step::Known { name, multiplier }),
        8 => (account, either, proptest::option::of(order.clone()), proptest::option::of(0..5_usize))
            .prop_map(|(account, name, without, with)| Step::Judged { account, name, without, with }),
    ]
}

/// A desk's knowledge, without the desk.
struct World {
    state: DeskState,
    quotes: Quotes,
    now: Timestamp,
    orders: Vec<OrderIntent>,
    executions: u32,
}

impl World {
    fn new() -> Self {
        let mut state = DeskState::default();
        for account in ACCOUNTS {
            state.adopt(Portfolio::new(id(account), Money::new(100_000.into(), Currency::USD)));
        }
        (0..NAMES.len()).for_each(|name| state.know(stock(name, 1)));
        let now = Timestamp::from_seconds(1_000_000);
        Self { state, quotes: Quotes::default(), now, orders: Vec::new(), executions: 0 }
    }

    fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match *step {
            Step::Quoted { name, cents, spread, age } => self.quote(name, cents, spread, age),
            Step::Later(seconds) => {
                let by = Duration::from_secs(seconds.unsigned_abs());
                self.now = if seconds < 0 { self.now.before(by) } else { self.now.after(by) };
            }
            Step::Ordered { account, name, buys, units, parent, group } => {
                let parent = parent.and_then(|at| self.orders.get(at)).map(|parent| parent.key().clone());
                let key = format!("order-{}", self.orders.len());
                let intent = intent(&key, account, name, buys, units, (parent, group));
                self.entry(JournalEntry::intended(intent.clone(), self.now));
                self.entry(JournalEntry::happened(intent.key().clone(), OrderInput::Sent, self.now));
                self.orders.push(intent);
            }
            Step::Filled { order, units, cents } => self.fill(order, units, cents),
            Step::Ended { order, filled } => {
                let (phase, filled) = (BrokerPhase::Cancelled, Decimal::from(filled));
                self.input(
                    order,
                    OrderInput::Status {
                        status: BrokerStatus { phase, filled, perm_id: None, reason: None },
                    },
                );
            }
            Step::Asked { order, units } => {
                let change = OrderChange::to_quantity(quantity(units));
                self.input(order, OrderInput::ChangeRequested { change });
            }
            Step::Changed { order, units } => {
                let change = OrderChange::to_quantity(quantity(units));
                self.input(order, OrderInput::Changed { change });
            }
            Step::Foreign { account, name, buys, units, cents } => {
                let execution =
                    self.execution(None, (id(ACCOUNTS[account]), symbol(name)), buys, units, cents);
                self.state.foreign_trade(&execution);
            }
            Step::Listed { ref orders } => {
                let rows =
                    orders.iter().map(|(account, name, buys, units)| listed(*account, *name, *buys, *units));
                let open = Snapshot::complete(ConnectionEpoch::new(0), self.now, rows.collect());
                self.state.note_others(&BrokerView::default().with_open(open), &Default::default());
            }
            Step::Split { name, new } => {
                self.quotes.forget(symbol(name));
                let action = CorporateAction::split(symbol(name), self.now, new, 2).unwrap();
                let split = self.state.split(&action, price(100));
                prop_assert!(matches!(split, Ok(()) | Err(PortfolioError::NoRate { .. })), "{:?}", split);
            }
            Step::Read { account, name, units, foreign, rate } => {
                let held = SignedQuantity::new(units.into()).unwrap();
                let euro: Currency = "EUR".parse().unwrap();
                let currency = if foreign { euro } else { Currency::USD };
                let rates = rate.map(|rate| (euro, Decimal::new(rate.into(), 2))).into_iter().collect();
                let nothing = Money::zero(currency);
                let position = Position::reported(symbol(name), held, nothing, Decimal::ONE, nothing);
                let cash = Money::new(50_000.into(), Currency::USD);
                let portfolio = Portfolio::reported(id(ACCOUNTS[account]), cash, vec![position]);
                self.state.adopt(portfolio.with_rates(rates));
            }
            Step::Known { name, multiplier } if name < NAMES.len() => {
                self.state.know(stock(name, multiplier))
            }
            Step::Known { .. } => self.state.know(combo()),
            Step::Judged { account, name, without, with } => self.judge(account, name, without, with)?,
        }
        Ok(())
    }

    fn quote(&mut self, name: usize, cents: i64, spread: i64, age: u64) {
        let at = self.now.before(Duration::from_secs(age));
        let level = |cents| Some(Level::new(price(cents), None));
        let ask = level(cents + spread).filter(|_| spread > 0);
        self.quotes.note(Quote::new(symbol(name), at, level(cents), ask).unwrap(), self.now);
    }

    fn fill(&mut self, order: usize, units: u32, cents: i64) {
        let Some(intent) = self.orders.get(order).cloned() else { return };
        let of = (intent.account().clone(), intent.symbol());
        let buys = intent.side() == Side::Buy;
        let execution = self.execution(Some(intent.key()), of, buys, units, cents);
        self.input(order, OrderInput::Executed { execution });
    }

    fn execution(
        &mut self,
        key: Option<&OrderKey>,
        (account, symbol): (AccountId, Symbol),
        buys: bool,
        units: u32,
        cents: i64,
    ) -> Execution {
        self.executions += 1;
        Execution {
            id: ExecutionId::new(&format!("e{}", self.executions), 1),
            key: key.cloned(),
            perm_id: PermId::new(7),
            account,
            symbol,
            side: if buys { Side::Buy } else { Side::Sell },
            quantity: quantity(units),
            price: price(cents),
            at: self.now,
            part: ExecutedPart::Whole,
        }
    }

    fn input(&mut self, order: usize, input: OrderInput) {
        if let Some(intent) = self.orders.get(order) {
            self.entry(JournalEntry::happened(intent.key().clone(), input, self.now));
        }
    }

    fn entry(&mut self, entry: JournalEntry) {
        let applied = self.state.apply(self.state.last() + 1, &entry).unwrap();
        self.state.settle(&entry, &applied);
    }

    fn judge(
        &mut self,
        account: usize,
        name: usize,
        without: Option<usize>,
        with: Option<usize>,
    ) -> Result<(), TestCaseError> {
        self.quotes.follow(&mut self.state);
        prop_assert!(!self.state.is_touched());
        let judged = intent("judged", account, name, true, 5, (None, None));
        let with: Vec<OrderIntent> =
            with.map(|name| intent("beside", account, name, false, 7, (None, None))).into_iter().collect();
        let without = without.and_then(|at| self.orders.get(at)).map(OrderIntent::key);
        let supposing = Supposing { without, with: &with };
        let asked = Asked::by(&RiskPolicy::default(), &judged);
        let (board, sums) = self.quotes.at(&self.state, self.now, LIMIT);
        let prices = Prices { board, state: &self.state, now: self.now, limit: LIMIT };
        let of = sums.of(judged.account());
        prop_assert!(of.is_some_and(|of| of.worth().is_ok()), "nothing here is beyond an exact sum");
        let kept = self.state.view(&judged, supposing, asked, &prices, Some(sums));
        let added_up = self.state.view(&judged, supposing, asked, &prices, None);
        prop_assert_eq!(told(&kept), told(&added_up));
        Ok(())
    }
}

fn told(view: &RiskView) -> (Option<Money>, Option<Decimal>) {
    (view.portfolio_value, view.other_exposure)
}

proptest! {
    #[test]
    fn sums_that_are_kept_up_to_date_are_what_adding_up_gives(steps in proptest::collection::vec(step(), 1..120)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step)?;
        }
        let last = [0, 1].into_iter().flat_map(|account| (0..5).map(move |name| (account, name)));
        for (account, name) in last {
            world.judge(account, name, None, None)?;
        }
    }
}

impl World {
    /// An order of the first instrument on the sums as they are, and with everything added up.
    fn views(&mut self) -> (RiskView, RiskView) {
        let judged = intent("judged", 0, 0, true, 5, (None, None));
        let asked = Asked::by(&RiskPolicy::default(), &judged);
        let (board, sums) = self.quotes.at(&self.state, self.now, LIMIT);
        let prices = Prices { board, state: &self.state, now: self.now, limit: LIMIT };
        let view = |sums| self.state.view(&judged, Supposing::default(), asked, &prices, sums);
        (view(Some(sums)), view(None))
    }
}

#[test]
fn what_changed_since_the_sums_were_made_is_added_up_anew() {
    let changes: [fn(&mut World); 3] = [
        |world| {
            let execution = world.execution(None, (id("DU1"), symbol(1)), true, 10, 100);
            world.state.foreign_trade(&execution);
        },
        |world| world.state.know(stock(1, 2)),
        |world| {
            let cash = Money::new(7.into(), Currency::USD);
            world.state.adopt(Portfolio::new(id("DU1"), cash));
        },
    ];
    for change in changes {
        let mut world = World::new();
        world.quote(1, 500, 2, 0);
        let execution = world.execution(None, (id("DU1"), symbol(1)), true, 3, 100);
        world.state.foreign_trade(&execution);
        world.quotes.follow(&mut world.state);
        let (kept, added_up) = world.views();
        assert_eq!(told(&kept), told(&added_up));
        change(&mut world);
        let (changed, added_up) = world.views();
        assert_eq!(told(&changed), told(&added_up));
        assert_ne!(told(&changed), told(&kept));
    }
}

#[test]
fn an_order_of_what_is_not_held_yet_is_at_stake_for_the_others() {
    let mut world = World::new();
    world.quote(1, 500, 2, 0);
    let ordered = intent("other", 0, 1, true, 10, (None, None));
    world.entry(JournalEntry::intended(ordered, world.now));
    world.quotes.follow(&mut world.state);
    let at_stake = Some(Decimal::new(5_010, 2));
    let (kept, added_up) = world.views();
    assert_eq!((kept.other_exposure, added_up.other_exposure), (at_stake, at_stake));
}

/// Nothing of it is held, nor on order: only the broker has counted it.
#[test]
fn what_is_counted_and_not_told_is_at_stake_wherever_it_is_added_up() {
    let mut world = World::new();
    world.quote(1, 500, 2, 0);
    let ended = |order| Step::Ended { order, filled: 10 };
    let ordered =
        |account| Step::Ordered { account, name: 1, buys: true, units: 20, parent: None, group: None };
    for step in [ordered(0), ordered(1), ended(0), ended(1)] {
        world.take(&step).unwrap();
    }
    world.quotes.follow(&mut world.state);
    let at_stake = Some(Decimal::new(5_010, 2));
    let (kept, added_up) = world.views();
    assert_eq!((kept.other_exposure, added_up.other_exposure), (at_stake, at_stake));
}

#[test]
fn what_is_forgotten_has_no_price_until_it_is_quoted_again() {
    let mut world = World::new();
    let execution = world.execution(None, (id("DU1"), symbol(1)), true, 10, 100);
    world.state.foreign_trade(&execution);
    world.quote(1, 500, 2, 0);
    let at_stake = |world: &mut World| {
        world.quotes.follow(&mut world.state);
        let (kept, added_up) = world.views();
        assert_eq!(told(&kept), told(&added_up));
        kept.other_exposure
    };
    assert_eq!(at_stake(&mut world), Some(Decimal::new(5_010, 2)));
    world.quotes.forget(symbol(1));
    assert_eq!(at_stake(&mut world), None);
    world.quote(1, 400, 2, 30);
    assert_eq!(
        at_stake(&mut world),
        Some(Decimal::new(4_010, 2)),
        "an older quote than the one that is forgotten"
    );
}

#[test]
fn a_combo_that_goes_takes_no_other_ones_price_along() {
    let leg = |id, action| ComboLeg::new(ContractId::new(id), 1, action).unwrap();
    let legs = vec![leg(100, LegAction::Buy), leg(102, LegAction::Sell)];
    let other = contract(201, Combo::new("A,C", legs).unwrap().into(), 1);
    let mut world = World::new();
    for combo in [combo(), other.clone()] {
        let execution = world.execution(None, (id("DU1"), combo.symbol()), true, 1, 100);
        world.state.know(combo);
        world.state.foreign_trade(&execution);
    }
    (0..3).for_each(|name| world.quote(name, 500, 2, 0));
    let same = |world: &mut World| {
        world.quotes.follow(&mut world.state);
        let (kept, added_up) = world.views();
        assert_eq!(told(&kept), told(&added_up));
        assert!(kept.other_exposure.is_some());
    };
    same(&mut world);
    let execution = world.execution(None, (id("DU1"), combo().symbol()), false, 1, 100);
    world.state.foreign_trade(&execution);
    same(&mut world);
    world.quote(0, 900, 2, 0);
    same(&mut world);
    world.quotes.forget(other.symbol());
    same(&mut world);
}

#[test]
fn a_price_that_has_grown_too_old_is_not_in_a_sum() {
    let mut world = World::new();
    let execution = world.execution(None, (id("DU1"), symbol(1)), true, 10, 100);
    world.state.foreign_trade(&execution);
    world.quote(1, 500, 2, 0);
    let worth = |world: &mut World| {
        world.quotes.follow(&mut world.state);
        let (_, sums) = world.quotes.at(&world.state, world.now, LIMIT);
        sums.of(&id("DU1")).unwrap().worth().unwrap()
    };
    assert_eq!(worth(&mut world), Some(Decimal::new(5_010, 2)));
    world.now = world.now.after(LIMIT);
    assert_eq!(worth(&mut world), Some(Decimal::new(5_010, 2)), "as old as it may be");
    world.now = world.now.after(Duration::from_nanos(1));
    assert_eq!(worth(&mut world), None, "older");
    world.quote(1, 500, 2, 0);
    assert_eq!(worth(&mut world), Some(Decimal::new(5_010, 2)), "the same price again");
}

#[test]
fn a_sum_that_would_lose_a_digit_is_not_told() {
    let tiny = Decimal::new(1, 20);
    let huge = Decimal::from(1_000_000_000_000_000_i64);
    assert_eq!(plus_exactly(huge, tiny), None);
    assert_eq!(plus_exactly(tiny, huge), None);
    assert_eq!(plus_exactly(Decimal::ONE, tiny), Some(Decimal::ONE + tiny));
    let mut sum = Sum::default();
    sum.exchange(Some(Decimal::ZERO), Some(huge));
    assert_eq!(sum.told().unwrap(), Some(huge));
    sum.exchange(Some(Decimal::ZERO), Some(tiny));
    assert!(sum.told().is_err());
}
