//! One thing that happens.

use crate::house::{House, account, key, price, symbol, units};
use crate::line::Death;
use proptest::prelude::*;
use std::time::Duration;
use tradeport_fake_broker::{Fault, WayFault};
use tradeport_kernel::{Decimal, OrderKey, Price};
use tradeport_orders::{
    Bracket, CancelTag, OcaEffect, OcaGroup, OrderChange, OrderDraft, OrderIntent, OrderKind, Side, TrailBy,
};
use tradeport_risk::SwitchReason;

/// Every key that can be, entries before their exits.
pub(crate) const KEYS: [&str; 21] = [
    "a",
    "a.target1",
    "a.stop1",
    "b",
    "b.target1",
    "b.target2",
    "b.stop1",
    "c1",
    "c2",
    "out",
    "d1",
    "d2",
    "late",
    "t",
    "t.target1",
    "t.stop1",
    "e1",
    "e2",
    "f1",
    "f2",
    "b.stop2",
];

/// How many there are of what may be wanted: see [`wanted`].
const WANTED: usize = 9;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// The first bracket, the second, and so on.
    Want(usize),
    Reprice(usize, i32),
    Resize(usize, u32),
    Cancel(usize),
    CancelAll,
    Hear,
    Reconcile,
    Quote {
        cents: u32,
        bid_units: u32,
        ask_units: u32,
    },
    /// Somebody trades with one order and with no other.
    Trade(usize, u32),
    CorrectPrice(usize),
    Bust(usize),
    Repeat(usize),
    AtExchange(u32),
    OnTheWay(WayFault),
    Die(Death),
    Kill,
    Resume,
    CutAnswer,
    LoseLink,
    Link,
    Pass(u64),
    Restart {
        at_checkpoint: bool,
    },
}

pub(crate) fn act() -> impl Strategy<Value = Act> {
    let of = 0..KEYS.len();
    let ways = prop_oneof![Just(WayFault::NotSent), Just(WayFault::AnswerLost), Just(WayFault::RequestLost)];
    prop_oneof![
        8 => (0..WANTED).prop_map(Act::Want),
        3 => (of.clone(), -60..60_i32).prop_map(|(of, by)| Act::Reprice(of, by)),
        1 => (of.clone(), 1..60_u32).prop_map(|(of, units)| Act::Resize(of, units)),
        2 => of.clone().prop_map(Act::Cancel),
        1 => Just(Act::CancelAll),
        4 => Just(Act::Hear),
        1 => Just(Act::Reconcile),
        6 => (9_880..10_120_u32, 1..40_u32, 1..40_u32)
            .prop_map(|(cents, bid_units, ask_units)| Act::Quote { cents, bid_units, ask_units }),
        5 => (of.clone(), 1..25_u32).prop_map(|(of, units)| Act::Trade(of, units)),
        1 => of.clone().prop_map(Act::CorrectPrice),
        1 => of.clone().prop_map(Act::Bust),
        1 => of.prop_map(Act::Repeat),
        2 => (0..4_u32).prop_map(Act::AtExchange),
        4 => ways.prop_map(Act::OnTheWay),
        2 => prop_oneof![Just(Death::Before), Just(Death::After)].prop_map(Act::Die),
        1 => Just(Act::Kill),
        2 => Just(Act::Resume),
        1 => Just(Act::CutAnswer),
        1 => Just(Act::LoseLink),
        3 => Just(Act::Link),
        2 => (1..40_u64).prop_map(Act::Pass),
        2 => any::<bool>().prop_map(|at_checkpoint| Act::Restart { at_checkpoint }),
    ]
}

/// Brackets, whose orders go together; and orders that go one by one: two ways in of which one is to trade, a way out, two of
/// which one is to trade, and a stop that comes late for an entry.
fn wanted(which: usize) -> (Vec<OrderIntent>, bool) {
    let limit = |limit| OrderKind::Limit { limit: price(limit) };
    let stop = |stop| OrderKind::Stop { stop: price(stop) };
    let bracket = |bracket: Bracket| (bracket.build().unwrap(), true);
    let alone = |drafts: Vec<OrderDraft>| (drafts.into_iter().map(|it| it.check().unwrap()).collect(), false);
    match which {
        0 => bracket(Bracket::around(entry("a", 40)).target(price("100.50")).stop_by(stop("99.50"))),
        1 => bracket(
            Bracket::around(entry("b", 30))
                .target_for(units(10), price("100.40"))
                .target_for(units(20), price("100.80"))
                .stop_by(stop("99.50")),
        ),
        2 => alone(
            ["99.80", "99.60"]
                .iter()
                .zip(["c1", "c2"])
                .map(|(price, name)| grouped(order(name, Side::Buy, 20, limit(price)), "in"))
                .collect(),
        ),
        3 => alone(vec![order("out", Side::Sell, 10, limit("100.20"))]),
        4 => alone(vec![
            grouped(order("d1", Side::Sell, 15, limit("100.30")), "way-out"),
            grouped(order("d2", Side::Sell, 15, stop("99.40")), "way-out"),
        ]),
        5 => {
            alone(vec![OrderDraft { parent: Some(key("a")), ..order("late", Side::Sell, 10, stop("99.20")) }])
        }
        6 => bracket(
            Bracket::around(entry("t", 20))
                .target(price("101"))
                .stop_by(OrderKind::Trail { by: TrailBy::Amount(Decimal::new(50, 2)), stop: None }),
        ),
        7 => alone(vec![
            of_effect(order("e1", Side::Buy, 12, limit("99.90")), "one", OcaEffect::CancelWithBlock),
            of_effect(order("e2", Side::Buy, 12, stop("100.20")), "one", OcaEffect::CancelWithBlock),
        ]),
        _ => alone(vec![
            of_effect(order("f1", Side::Sell, 5, limit("100.10")), "loose", OcaEffect::ReduceWithoutBlock),
            of_effect(order("f2", Side::Sell, 5, stop("99.60")), "loose", OcaEffect::ReduceWithoutBlock),
        ]),
    }
}

fn order(name: &str, side: Side, number: u32, kind: OrderKind) -> OrderDraft {
    OrderDraft::new(key(name), account(), symbol(), side, units(number), kind)
}

fn entry(name: &str, number: u32) -> OrderDraft {
    order(name, Side::Buy, number, OrderKind::Limit { limit: price("100") })
}

fn grouped(draft: OrderDraft, group: &str) -> OrderDraft {
    of_effect(draft, group, OcaEffect::ReduceWithBlock)
}

fn of_effect(draft: OrderDraft, group: &str, effect: OcaEffect) -> OrderDraft {
    OrderDraft { oca: Some(OcaGroup::new(key(group)).with_effect(effect)), ..draft }
}

/// The same kind, by so many cents elsewhere.
fn moved(kind: OrderKind, cents: i32) -> Option<OrderKind> {
    let by = |price: Price| Price::new(price.as_decimal() + Decimal::new(cents.into(), 2)).ok();
    match kind {
        OrderKind::Limit { limit } => Some(OrderKind::Limit { limit: by(limit)? }),
        OrderKind::Stop { stop } => Some(OrderKind::Stop { stop: by(stop)? }),
        OrderKind::Trail { by: TrailBy::Amount(_), stop } => {
            Some(OrderKind::Trail { by: TrailBy::Amount(Decimal::new(i64::from(cents.abs()) + 1, 2)), stop })
        }
        _ => None,
    }
}

fn at_exchange(which: u32) -> Fault {
    match which {
        0 => Fault::RefuseNext { count: 1, reason: "not today".to_owned() },
        1 => Fault::DelayStatus { by: Duration::from_secs(5) },
        2 => Fault::Silent,
        _ => Fault::RepeatExecutions,
    }
}

impl House {
    pub(crate) fn act(&mut self, act: Act) {
        let named = |of: usize| key(KEYS[of]);
        match act {
            Act::Want(which) => self.want(which),
            Act::Reprice(of, by) => self.reprice(&named(of), by),
            Act::Resize(of, number) => self.change(&named(of), OrderChange::to_quantity(units(number))),
            Act::Cancel(of) => self.cancel(&named(of)),
            Act::CancelAll => {
                self.with_desk(async |desk| drop(desk.cancel_all(None, CancelTag::default()).await))
            }
            Act::Hear => self.hear(),
            Act::Reconcile => self.with_desk(async |desk| drop(desk.reconcile(None).await)),
            Act::Die(death) => self.line.arm(Some(death)),
            Act::Kill => {
                self.with_desk(async |desk| drop(desk.kill("storm", SwitchReason::of_words("storm")).await))
            }
            Act::Resume => {
                self.with_desk(async |desk| {
                    drop(desk.resume_switch("storm", SwitchReason::of_words("calm")).await)
                });
            }
            Act::Quote { cents, bid_units, ask_units } => self.quote(cents, bid_units, ask_units),
            Act::Trade(of, number) => self.broker.trade_with(&named(of), units(number)),
            Act::CorrectPrice(of) => self.broker.correct_execution(&named(of), price("99.99")),
            Act::Bust(of) => {
                self.broker.bust_execution(&named(of), Some(units(1)));
                self.busted.insert(named(of));
            }
            Act::Repeat(of) => self.broker.repeat_execution(&named(of)),
            Act::AtExchange(which) => self.broker.arm(at_exchange(which)),
            Act::OnTheWay(fault) => self.broker.arm_way(fault),
            Act::CutAnswer => self.broker.cut_next_answer(),
            Act::LoseLink => self.lose_link(),
            Act::Link => self.link(),
            Act::Pass(seconds) => self.pass(Duration::from_secs(seconds)),
            Act::Restart { at_checkpoint } => self.restart(at_checkpoint),
        }
    }

    fn want(&mut self, which: usize) {
        let (orders, together) = wanted(which);
        self.with_desk(async |desk| {
            if together {
                drop(desk.submit_family(orders).await);
                return;
            }
            for order in orders {
                drop(desk.submit(order).await);
            }
        });
    }

    fn reprice(&mut self, key: &OrderKey, by: i32) {
        self.with_desk(async |desk| {
            let kind = desk.order(key).await.and_then(|order| moved(*order.kind(), by));
            if let Some(kind) = kind {
                drop(desk.change(key, OrderChange::to_kind(kind)).await);
            }
        });
    }

    /// Refused where it cannot be; what it says is then in the order.
    fn change(&mut self, key: &OrderKey, change: OrderChange) {
        self.with_desk(async |desk| drop(desk.change(key, change).await));
    }

    fn cancel(&mut self, key: &OrderKey) {
        self.with_desk(async |desk| drop(desk.cancel(key, CancelTag::default()).await));
    }

    fn restart(&mut self, at_checkpoint: bool) {
        if at_checkpoint {
            self.with_desk(async |desk| drop(desk.checkpoint().await));
        }
        self.open();
    }
}
