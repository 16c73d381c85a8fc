//! Whoever asked for something is stopped at every step on its way: what never left is known, and what may have left is not
//! called unsent.

use crate::bursts::{Disk, disk_of};
use crate::support::{House, buy, execution, held_by_broker, key, limit, quantity, sent, step};
use async_trait::async_trait;
use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use std::collections::BTreeSet;
use std::sync::Arc;
use tradeport_kernel::StoreError;
use tradeport_memory::MemorySwitch;
use tradeport_orders::{
    Bracket, BrokerNews, BrokerPhase, BrokerStatus, CancelTag, Order, OrderChange, OrderDraft, OrderInput,
    OrderIntent, OrderState,
};
use tradeport_risk::{Kill, Resume, ResumeError, Switch, SwitchStore};
use tradeport_trading::audit::AuditedJournal;
use tradeport_trading::{DeskPorts, DeskSettings, OrderDesk, PlatformEvent, PlatformEvents};

/// Nothing here takes more steps.
const STEPS: usize = 60;

/// A switch that takes a step to be looked at.
struct SlowSwitch(MemorySwitch);

#[async_trait]
impl SwitchStore for SlowSwitch {
    async fn look(&self) -> Switch {
        step().await;
        self.0.look().await
    }

    async fn kill(&self, kill: &Kill) -> Result<Kill, StoreError> {
        self.0.kill(kill).await
    }

    async fn resume(&self, resume: &Resume) -> Result<(), ResumeError> {
        self.0.resume(resume).await
    }

    async fn last_resume(&self) -> Result<Option<Resume>, StoreError> {
        self.0.last_resume().await
    }
}

/// A house in which everything takes a step.
struct Slow {
    house: House,
    disk: Disk,
}

impl Slow {
    fn new() -> Self {
        let house = House::new();
        house.broker.script(|script| script.slow = true);
        Self { disk: disk_of(&house), house }
    }

    async fn desk(&self) -> OrderDesk {
        let audit = Arc::new(self.house.audit.clone());
        let journal = Arc::new(AuditedJournal::new(Arc::new(self.disk.clone()), audit, "test"));
        let switch = Arc::new(SlowSwitch(self.house.switch.clone()));
        let ports = DeskPorts { journal, switch, ..self.house.ports() };
        let desk = OrderDesk::open(ports, DeskSettings::default(), self.house.bus.clone()).await.unwrap();
        self.house.quote(&desk);
        desk
    }

    fn calls(&self) -> usize {
        self.house.broker.script(|script| script.calls)
    }
}

/// Goes so many steps, and stops; whether it was stopped before its end.
async fn stopped_after<F: Future>(steps: usize, work: F) -> bool {
    let mut work = Box::pin(work);
    for _ in 0..steps {
        if futures::poll!(&mut work).is_ready() {
            return false;
        }
    }
    true
}

/// What was seen, over all steps.
type Seen = BTreeSet<String>;

/// No order stands as if its answer were still to come, and no state says more than the broker could.
async fn look_at(slow: &Slow, order: &Order, left: bool, seen: &mut Seen) {
    let state = order.state();
    assert_ne!(state, OrderState::Sent, "{:?}", slow.house.inputs(order.intent().key().as_str()).await);
    assert_eq!(state == OrderState::NotSent, !left, "{state:?}");
    seen.insert(format!("{state:?}"));
}

#[test]
fn an_order_whose_caller_was_stopped_is_unsent_or_unknown() {
    block_on(async {
        let mut seen = Seen::new();
        for steps in 1..STEPS {
            let slow = Slow::new();
            let desk = slow.desk().await;
            stopped_after(steps, desk.submit(buy("a", 1))).await;
            let Some(order) = desk.order(&key("a")).await else { continue };
            look_at(&slow, &order, slow.calls() > 0, &mut seen).await;
            if order.state() == OrderState::NotSent {
                let placed = desk.submit(buy("a", 1)).await.unwrap();
                assert!(placed.repeat && slow.calls() == 0, "its key is taken");
            }
        }
        assert_eq!(seen, ["NotSent", "Unknown", "Working"].map(str::to_owned).into());
    });
}

#[test]
fn an_order_that_another_one_kept_is_unsent_when_its_caller_never_hears_of_it() {
    block_on(async {
        let mut seen = Seen::new();
        for steps in 1..STEPS {
            let slow = Slow::new();
            let desk = slow.desk().await;
            let mut follower = Box::pin(desk.submit(buy("b", 1)));
            let mut leader = Box::pin(desk.submit(buy("a", 1)));
            // The follower asks, and hears nothing more.
            for at in 0..steps {
                if futures::poll!(&mut leader).is_ready() {
                    break;
                }
                assert!(at > 0 || futures::poll!(&mut follower).is_pending());
            }
            drop(follower);
            drop(leader);
            for name in ["a", "b"] {
                let Some(order) = desk.order(&key(name)).await else { continue };
                let left = name == "a" && slow.calls() > 0;
                look_at(&slow, &order, left, &mut seen).await;
            }
        }
        assert_eq!(seen, ["NotSent", "Unknown", "Working"].map(str::to_owned).into());
    });
}

#[test]
fn a_family_whose_caller_was_stopped_stands_for_what_it_is() {
    block_on(async {
        let family = || {
            let entry = OrderDraft { kind: limit("99"), ..buy("a", 2).to_draft() };
            let bracket = Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap());
            bracket.build().unwrap()
        };
        let mut seen = BTreeSet::new();
        for steps in 1..STEPS {
            let slow = Slow::new();
            let desk = slow.desk().await;
            stopped_after(steps, desk.submit_family(family())).await;
            let (called, sent) = (slow.calls(), sent(&slow.house.broker));
            let orders = desk.orders().await;
            for (at, order) in orders.iter().enumerate() {
                let mut states = Seen::new();
                look_at(&slow, order, at < called, &mut states).await;
                assert!(at >= sent || order.state() != OrderState::NotSent);
            }
            seen.insert((called, orders.len()));
        }
        assert_eq!(seen, [(0, 0), (0, 3), (1, 3), (2, 3), (3, 3)].into());
    });
}

fn anomalies(events: &mut PlatformEvents) -> Vec<String> {
    let mut told = Vec::new();
    while let Some(Some(event)) = events.next().now_or_never() {
        if let PlatformEvent::Anomaly { text, .. } = event {
            told.push(text);
        }
    }
    told
}

#[test]
fn scenario_ord_22_what_a_stopped_caller_left_of_a_bracket_is_called_off_at_once_or_goes_on() {
    block_on(async {
        let family = || {
            let entry = OrderDraft { kind: limit("99"), ..buy("a", 2).to_draft() };
            let bracket = Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap());
            bracket.build().unwrap()
        };
        let mut seen = BTreeSet::new();
        for steps in 1..STEPS {
            let slow = Slow::new();
            let desk = slow.desk().await;
            let mut events = slow.house.bus.subscribe();
            stopped_after(steps, desk.submit_family(family())).await;
            let sent = sent(&slow.house.broker);
            let names = ["a", "a.target1", "a.stop1"];
            // The broker has what came there, and works it or keeps it asleep.
            let phase = if sent == 3 { BrokerPhase::Working } else { BrokerPhase::Held };
            let rows = names[..sent].iter().map(|name| held_by_broker(name, phase)).collect();
            slow.house.broker.script(|script| script.open = rows);
            desk.tend().await;
            desk.tend().await;
            let calls = slow.calls();
            desk.tend().await;
            assert_eq!(slow.calls(), calls, "it is asked for once");
            let cancels = slow.house.broker.script(|script| script.cancels.clone());
            let held =
                desk.orders().await.iter().filter(|it| it.is_held_back() && it.state().may_trade()).count();
            let called = calls - cancels.len();
            if sent == 3 {
                assert_eq!((cancels.len(), held), (0, 0), "after {steps} steps: it is whole");
            } else if called == 3 {
                // The last may be there or not: nothing is done, and it is said.
                assert_eq!((cancels.len(), held), (0, 2), "after {steps} steps");
                let told = anomalies(&mut events);
                assert_eq!(told.len(), 2, "each once: {told:?}");
                assert!(told[0].contains("nobody knows whether a.stop1 came there"), "{told:?}");
                assert!(told[0].contains("tradeport order cancel a"), "{told:?}");
                desk.resume().await.unwrap();
                let cancels = slow.house.broker.script(|script| script.cancels.len());
                assert_eq!(cancels, 2, "the next link proves that it is not");
            } else {
                let called: Vec<_> = names[..called].iter().map(|name| key(name)).collect();
                assert_eq!(cancels, called, "after {steps} steps");
            }
            seen.insert((sent, cancels.len()));
        }
        assert_eq!(seen, [(0, 0), (0, 1), (1, 1), (1, 2), (2, 0), (2, 2), (3, 0)].into(), "{seen:?}");
    });
}

fn grown() -> OrderIntent {
    OrderDraft { kind: limit("99"), ..buy("a", 5).to_draft() }.check().unwrap()
}

#[test]
fn a_change_whose_caller_was_stopped_never_left_or_waits_for_proof() {
    block_on(async {
        let mut seen = Seen::new();
        for steps in 1..STEPS {
            let slow = Slow::new();
            let desk = slow.desk().await;
            desk.submit(grown()).await.unwrap();
            let before = slow.calls();
            stopped_after(steps, desk.change(&key("a"), OrderChange::to_quantity(quantity(7)))).await;
            let left = slow.calls() > before;
            let order = desk.order(&key("a")).await.unwrap();
            let became = match order.pending_change() {
                Some(pending) => {
                    assert!(pending.is_unknown() && left, "after {steps} steps");
                    "unknown"
                }
                None if order.quantity() == Some(quantity(7)) => "made",
                None => {
                    assert!(!left, "after {steps} steps");
                    let asked = |input: &OrderInput| matches!(input, OrderInput::ChangeRequested { .. });
                    if slow.house.inputs("a").await.iter().any(asked) { "never left" } else { "not asked" }
                }
            };
            seen.insert(became.to_owned());
        }
        assert_eq!(seen, ["made", "never left", "not asked", "unknown"].map(str::to_owned).into());
    });
}

/// Goes on until the broker was called once more, tells what the broker says meanwhile, and stops.
async fn stopped_once_it_left<F: Future>(slow: &Slow, desk: &OrderDesk, work: F, news: BrokerNews) {
    let (mut work, before) = (Box::pin(work), slow.calls());
    while slow.calls() == before {
        assert!(futures::poll!(&mut work).is_pending());
    }
    slow.house.broker.say(Some("a"), news);
    desk.pump().await.unwrap();
}

#[test]
fn what_the_broker_has_told_of_an_order_stands_when_its_caller_is_stopped() {
    block_on(async {
        let slow = Slow::new();
        let desk = slow.desk().await;
        let works = BrokerNews::Status(held_by_broker("a", BrokerPhase::Working).status);
        stopped_once_it_left(&slow, &desk, desk.submit(grown()), works).await;
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!((order.state(), order.reason()), (OrderState::Working, None));
        let doubted = |input: &OrderInput| matches!(input, OrderInput::OutcomeUnknown { .. });
        assert!(!slow.house.inputs("a").await.iter().any(doubted), "nothing is unknown about it");
    });
}

#[test]
fn what_the_broker_has_told_of_a_change_stands_when_its_caller_is_stopped() {
    block_on(async {
        let slow = Slow::new();
        let desk = slow.desk().await;
        desk.submit(grown()).await.unwrap();
        let seven = OrderChange::to_quantity(quantity(7));
        // All of the larger wording has traded: the broker has made the change.
        let filled = BrokerNews::Executed(execution("x", Some("a"), 7));
        stopped_once_it_left(&slow, &desk, desk.change(&key("a"), seven), filled).await;
        let status = held_by_broker("a", BrokerPhase::Filled).status;
        let status = BrokerStatus { filled: 7.into(), ..status };
        slow.house.broker.say(Some("a"), BrokerNews::Status(status));
        desk.pump().await.unwrap();
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!((order.state(), order.pending_change()), (OrderState::Filled, None));
        let doubted = |input: &OrderInput| matches!(input, OrderInput::ChangeOutcomeUnknown { .. });
        assert!(!slow.house.inputs("a").await.iter().any(doubted), "nothing is unknown about it");
    });
}

#[test]
fn a_cancel_whose_caller_was_stopped_never_left_or_is_under_way() {
    block_on(async {
        for all in [false, true] {
            let mut seen = BTreeSet::new();
            for steps in 1..STEPS {
                let slow = Slow::new();
                let desk = slow.desk().await;
                desk.submit(grown()).await.unwrap();
                let before = slow.calls();
                if all {
                    stopped_after(steps, desk.cancel_all(None, CancelTag::default())).await;
                } else {
                    stopped_after(steps, desk.cancel(&key("a"), CancelTag::default())).await;
                }
                let left = slow.calls() > before;
                let state = desk.order(&key("a")).await.unwrap().state();
                assert_eq!(state == OrderState::CancelPending, left, "after {steps} steps: {state:?}");
                let wished = |input: &OrderInput| matches!(input, OrderInput::CancelRequested { .. });
                seen.insert((left, slow.house.inputs("a").await.iter().any(wished)));
            }
            assert_eq!(seen, [(false, true), (true, true)].into());
        }
    });
}
