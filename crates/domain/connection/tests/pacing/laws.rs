//! Random lives of a budget: no rule is ever broken as the receiver counts, and every ticket ends once.

use crate::checker::Allowed;
use crate::driver::{Asking, Driver, Fate, PRIORITIES, at, large, limits, request, small};
use proptest::prelude::*;
use tradeport_connection::NoticeClass;
use tradeport_connection::pacing::{Class, ConnectionId, Counts, QueueSettings, RequestKey, Ticket};

#[derive(Clone, Debug)]
enum Act {
    Ask {
        connection: usize,
        caller: u32,
        class: Class,
        priority: Option<usize>,
        patience: Option<i64>,
    },
    /// Asks for the same, many times over.
    Flood {
        connection: usize,
        class: u8,
        many: u8,
    },
    Pass {
        millis: i64,
    },
    /// Time passes, and nobody steps.
    Sleep {
        millis: i64,
    },
    Done {
        which: usize,
    },
    DoneAll,
    Cancel {
        which: usize,
    },
    Fail {
        which: usize,
        class: NoticeClass,
    },
    Reconnect {
        which: usize,
    },
}

fn class() -> impl Strategy<Value = Class> {
    (0_u8..16, 0_u64..3, 0_u64..4).prop_map(|(kind, key, whole)| class_of(kind, key, whole))
}

fn class_of(kind: u8, key: u64, whole: u64) -> Class {
    let number = RequestKey::new(key);
    match kind {
        0 => Class::Message,
        1 => Class::CancelOrder,
        2 | 3 => Class::PlaceOrder { order: RequestKey::new(key * 10 + whole), side: number },
        4 => Class::ChangeOrder { order: number },
        5 => Class::Preview,
        6..=8 => small(key, key * 10 + whole, Counts::Once),
        9 => small(key + 5, key * 10 + whole + 50, Counts::Twice),
        10 => large(whole),
        11 => Class::MarketData,
        12 => Class::RealTimeBars { series: number },
        13 => Class::TickByTick { instrument: number },
        14 => [Class::Depth, Class::Scanner, Class::AccountSummary][usize::try_from(key).unwrap_or(0)],
        _ => Class::RegulatorySnapshot,
    }
}

fn act() -> impl Strategy<Value = Act> {
    let millis = prop_oneof![4 => 0_i64..300, 2 => 300_i64..5_000, 1 => 5_000_i64..40_000];
    let patience = prop::option::weighted(0.3, 0_i64..20_000);
    let notice = prop_oneof![
        Just(NoticeClass::Throttle),
        Just(NoticeClass::BrokerOffline),
        Just(NoticeClass::Refused),
        Just(NoticeClass::Unknown)
    ];
    prop_oneof![
        24 => (0_usize..2, 0_u32..3, class(), prop::option::weighted(0.2, 0_usize..5), patience).prop_map(
            |(connection, caller, class, priority, patience)| Act::Ask { connection, caller, class, priority, patience }
        ),
        2 => (0_usize..2, 0_u8..16, 2_u8..60).prop_map(|(connection, class, many)| Act::Flood { connection, class, many }),
        10 => millis.clone().prop_map(|millis| Act::Pass { millis }),
        1 => millis.prop_map(|millis| Act::Sleep { millis }),
        6 => (0_usize..50).prop_map(|which| Act::Done { which }),
        2 => Just(Act::DoneAll),
        3 => (0_usize..50).prop_map(|which| Act::Cancel { which }),
        3 => (0_usize..50, notice).prop_map(|(which, class)| Act::Fail { which, class }),
        1 => (0_usize..2).prop_map(|which| Act::Reconnect { which }),
    ]
}

fn live(driver: &mut Driver, connections: &mut [ConnectionId], act: &Act) {
    let any = |driver: &Driver, which: usize| -> Option<Ticket> {
        driver.seen.keys().rev().nth(which % driver.seen.len().max(1)).copied()
    };
    match *act {
        Act::Ask { connection, caller, class, priority, patience } => {
            let mut wish = request(connections[connection], caller, class);
            if let Some(priority) = priority {
                wish = wish.with_priority(PRIORITIES[priority]);
            }
            if let Some(patience) = patience {
                wish = wish.by(at(driver.now + patience));
            }
            // Refusals are part of life.
            driver.ask(wish).ok();
        }
        Act::Flood { connection, class, many } => {
            for number in 0..u64::from(many) {
                driver.ask(request(connections[connection], 9, class_of(class, number % 3, number))).ok();
            }
        }
        Act::Pass { millis } => driver.run_to(driver.now + millis),
        Act::Sleep { millis } => driver.now += millis,
        Act::DoneAll => driver.with_fate(Fate::Went).into_iter().for_each(|ticket| {
            driver.done(ticket);
        }),
        Act::Done { which } => drop(any(driver, which).map(|ticket| driver.done(ticket))),
        Act::Cancel { which } => drop(any(driver, which).map(|ticket| driver.cancel(ticket))),
        Act::Fail { which, class } => drop(any(driver, which).map(|ticket| driver.fail(ticket, class))),
        Act::Reconnect { which } => {
            driver.disconnect(connections[which]);
            connections[which] = driver.connect();
        }
    }
}

fn whole_life(
    allowed: &Allowed,
    jitter: u32,
    acts: &[Act],
    delays: &[u32],
    late: bool,
) -> Result<(), TestCaseError> {
    let queues = QueueSettings { of_a_priority: 90, of_a_caller: 40, open: 120 };
    let mut driver = Driver::with(limits(allowed, u64::from(jitter)), queues);
    let mut connections = [driver.connect(), driver.connect()];
    for act in acts {
        live(&mut driver, &mut connections, act);
        if !late {
            driver.step();
        }
    }
    driver.drain();
    let delays: Vec<i64> = delays.iter().map(|share| i64::from(share * jitter / 100)).collect();
    prop_assert_eq!(allowed.broken_by(&driver.arrivals(&delays)), None);
    let open = driver.seen.values().filter(|seen| seen.fate != Fate::Ended).count();
    prop_assert_eq!(open, 0);
    driver.run_to(driver.now + 700_000);
    let gauges = driver.budget.gauges(at(driver.now));
    prop_assert_eq!((gauges.open, gauges.callers, gauges.keys), (0, 0, 0));
    let used: u32 =
        gauges.limits.iter().filter(|gauge| gauge.rule != RULE_OF_CONNECTIONS).map(|gauge| gauge.used).sum();
    prop_assert_eq!(used, 0);
    let told = gauges.counters;
    prop_assert_eq!(told.asked, told.done + told.failed + told.cancelled + told.timed_out + told.lost);
    prop_assert_eq!(told.asked, driver.seen.len() as u64);
    Ok(())
}

/// The same life, asked for with a step after each, and at once where that is possible.
fn two_lives(allowed: &Allowed, jitter: u64, acts: &[Act]) -> Result<usize, TestCaseError> {
    let queues = QueueSettings { of_a_priority: 90, of_a_caller: 40, open: 120 };
    let mut lives = [Asking::Stepped, Asking::AtOnce].map(|asking| {
        let mut driver = Driver::with(limits(allowed, jitter), queues);
        driver.asking = asking;
        let connections = [driver.connect(), driver.connect()];
        (driver, connections)
    });
    for act in acts {
        lives.iter_mut().for_each(|(driver, connections)| live(driver, connections, act));
        let [(one, _), (other, _)] = &mut lives;
        prop_assert_eq!((&one.log, one.wake()), (&other.log, other.wake()));
        let now = at(one.now);
        prop_assert_eq!(one.budget.gauges(now), other.budget.gauges(now));
    }
    let [(one, _), (other, _)] = &mut lives;
    one.drain();
    other.drain();
    prop_assert_eq!((&one.log, one.now), (&other.log, other.now));
    Ok(other.at_once)
}

const RULE_OF_CONNECTIONS: tradeport_connection::pacing::Rule =
    tradeport_connection::pacing::Rule::Connections;

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn no_random_workload_ever_breaks_a_rule_and_every_ticket_ends_once(
        acts in prop::collection::vec(act(), 1..60),
        delays in prop::collection::vec(0_u32..=100, 1..40),
        (tight, jitter, late) in (prop::bool::weighted(0.7), prop_oneof![Just(0_u32), Just(50), Just(400)], any::<bool>()),
    ) {
        let allowed = if tight { Allowed::TIGHT } else { Allowed::STANDARD };
        whole_life(&allowed, jitter, &acts, &delays, late)?;
    }

    #[test]
    fn what_goes_at_once_goes_as_it_would_have_through_a_queue(
        acts in prop::collection::vec(act(), 1..60),
        (tight, jitter) in (any::<bool>(), prop_oneof![Just(0_u64), Just(50), Just(400)]),
    ) {
        two_lives(if tight { &Allowed::TIGHT } else { &Allowed::STANDARD }, jitter, &acts)?;
    }
}

#[test]
fn where_nobody_waits_a_request_goes_at_once() {
    let order = |whole| Act::Ask {
        connection: 0,
        caller: 1,
        class: class_of(2, 1, whole),
        priority: None,
        patience: Some(5),
    };
    assert_eq!(
        two_lives(&Allowed::STANDARD, 50, &[order(1), order(2), Act::Pass { millis: 1_000 }, order(3)])
            .unwrap(),
        3
    );
}
