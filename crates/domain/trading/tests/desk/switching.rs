//! The kill switch at the desk: nothing leaves but cancels, and those go on until everything is proven dead.

use crate::support::{
    House, account, apple, buy, held_by_broker, journal_with_room, key, limit, quantity, sent, unknown,
};
use futures::FutureExt;
use futures::executor::block_on;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tradeport_conformance::mocks::MockSwitchStore;
use tradeport_kernel::{Clock, Currency, Decimal, Money, StoreError, Timestamp};
use tradeport_orders::{
    BrokerNews, BrokerPhase, BrokerStatus, CancelError, OrderChange, OrderDraft, OrderInput, OrderKind,
    OrderState, Side,
};
use tradeport_risk::{Kill, PolicyDraft, RiskVerdict, Rule, Switch, SwitchReason, SwitchStore};
use tradeport_trading::{ChangeOutcome, DeskError, DeskPorts, OrderDesk, ParentFate, SWITCH_LOOKED_AT_EVERY};

fn reason(text: &str) -> SwitchReason {
    SwitchReason::new(text).unwrap()
}

/// Somebody else kills the switch where it is kept: the desk is not asked.
async fn killed_elsewhere(house: &House) -> Kill {
    let kill = Kill { at: house.clock.now(), by: "guard".into(), reason: reason("nobody answers") };
    house.switch.kill(&kill).await.unwrap()
}

fn status(phase: BrokerPhase) -> BrokerNews {
    BrokerNews::Status(BrokerStatus { phase, filled: Decimal::ZERO, perm_id: None, reason: None })
}

fn cancels(house: &House) -> Vec<String> {
    house.broker.script(|script| script.cancels.iter().map(ToString::to_string).collect())
}

/// Lets a desk that follows the switch do so for a time.
async fn follow(desk: &OrderDesk, house: &House, length: Duration) {
    let end = house.clock.now().after(length);
    let mut following = pin!(desk.enforce_switch(house.clock.sleep_until(end)));
    while house.clock.now() < end {
        assert!(following.as_mut().now_or_never().is_none());
        house.clock.advance(SWITCH_LOOKED_AT_EVERY);
    }
    following.await;
}

#[test]
fn a_killed_switch_stops_orders_families_and_changes_by_a_rule_of_its_own() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("works", 10)).await.unwrap();
        let kill = killed_elsewhere(&house).await;

        let placed = desk.submit(buy("a", 10)).await.unwrap();
        let refusal = placed.refusal.unwrap();
        assert_eq!((refusal.rule, refusal.number.as_str()), (Rule::KillSwitch, kill.to_string().as_str()));
        assert_eq!(placed.order.state(), OrderState::Refused);
        assert_eq!(placed.order.reason(), Some(format!("kill_switch: {kill}").as_str()));
        let child =
            OrderDraft::new(key("c"), account(), apple(), Side::Sell, quantity(10), OrderKind::Market);
        let child = child.child_of(key("b")).check().unwrap();
        let family = desk.submit_family(vec![buy("b", 10), child]).await.unwrap();
        assert_eq!(family.called_off.unwrap().parent, ParentFate::NotThere);
        assert!(family.members.iter().all(|one| one.order.state().is_final()));

        // A smaller order is still an order: only a cancel passes.
        for units in [5, 20] {
            let changed =
                desk.change(&key("works"), OrderChange::to_quantity(quantity(units))).await.unwrap();
            let by_switch = |it: &ChangeOutcome| matches!(it, ChangeOutcome::StoppedByRisk(refusal) if refusal.rule == Rule::KillSwitch);
            assert!(by_switch(&changed.outcome), "{:?}", changed.outcome);
        }
        let previewed = desk.preview(buy("p", 10)).await.unwrap();
        assert!(
            matches!(previewed.verdict, RiskVerdict::Refused(refusal) if refusal.rule == Rule::KillSwitch)
        );
        assert_eq!(sent(&house.broker), 1, "nothing left after the kill");
        assert!(house.broker.script(|script| script.changes.is_empty()));
        desk.cancel(&key("works"), Default::default()).await.unwrap();
        assert_eq!(cancels(&house), ["works"]);
    });
}

#[test]
fn what_is_killed_between_the_verdict_and_the_gateway_does_not_leave() {
    block_on(async {
        let house = House::new();
        let kill = Kill { at: Timestamp::EPOCH, by: "ada".into(), reason: reason("stop") };
        // Open when the desk opens, follows up and judges; killed when the order is handed over.
        let mut switch = MockSwitchStore::new();
        let (opening, judging) = (1, 1);
        switch.expect_look().times(opening + judging).returning(|| Switch::Open);
        let seen = kill.clone();
        switch.expect_look().returning(move || Switch::Killed(seen.clone()));
        let desk = House::desk_on(DeskPorts { switch: Arc::new(switch), ..house.ports() }).await;
        let placed = desk.submit(buy("a", 10)).await.unwrap();
        assert_eq!(placed.refusal.unwrap().rule, Rule::KillSwitch);
        assert_eq!(placed.order.state(), OrderState::NotSent);
        assert_eq!(placed.order.reason(), Some(format!("kill_switch: {kill}").as_str()));
        assert_eq!(sent(&house.broker), 0);
        // Whoever looks next finds nothing left to be put down.
        assert_eq!(desk.order(&key("a")).await.unwrap(), placed.order);
        let unsent = |input: &OrderInput| matches!(input, OrderInput::NotSent { .. });
        assert_eq!(house.inputs("a").await.iter().filter(|input| unsent(input)).count(), 1);
    });
}

#[test]
fn a_change_that_is_killed_on_its_way_is_put_down_once() {
    block_on(async {
        let house = House::new();
        let kill = Kill { at: Timestamp::EPOCH, by: "ada".into(), reason: reason("stop") };
        let mut switch = MockSwitchStore::new();
        // Open when the desk opens, when the order is judged and handed over, and when its change is judged.
        switch.expect_look().times(4).returning(|| Switch::Open);
        switch.expect_look().returning(move || Switch::Killed(kill.clone()));
        let desk = House::desk_on(DeskPorts { switch: Arc::new(switch), ..house.ports() }).await;
        let bid = OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() };
        desk.submit(bid.check().unwrap()).await.unwrap();
        let changed = desk.change(&key("a"), OrderChange::to_quantity(quantity(5))).await.unwrap();
        let by_switch = |it: &ChangeOutcome| matches!(it, ChangeOutcome::StoppedByRisk(refusal) if refusal.rule == Rule::KillSwitch);
        assert!(by_switch(&changed.outcome), "{:?}", changed.outcome);
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!((order.quantity(), order.pending_change()), (Some(quantity(10)), None));
        let inputs = house.inputs("a").await;
        let asked = |input: &OrderInput| matches!(input, OrderInput::ChangeRequested { .. });
        let refused = |input: &OrderInput| matches!(input, OrderInput::ChangeRefused { .. });
        let count = |is: fn(&OrderInput) -> bool| inputs.iter().filter(|input| is(input)).count();
        assert_eq!((count(asked), count(refused)), (1, 1), "{inputs:?}");
        assert!(house.broker.script(|script| script.changes.is_empty()));
    });
}

#[test]
fn a_family_that_is_killed_on_its_way_is_called_off() {
    block_on(async {
        let house = House::new();
        let mut switch = MockSwitchStore::new();
        // Opening, judging, and the parent's way out; then it is killed.
        switch.expect_look().times(3).returning(|| Switch::Open);
        switch.expect_look().returning(|| {
            Switch::Killed(Kill {
                at: Timestamp::EPOCH,
                by: "ada".into(),
                reason: SwitchReason::of_words("stop"),
            })
        });
        let desk = House::desk_on(DeskPorts { switch: Arc::new(switch), ..house.ports() }).await;
        let child =
            OrderDraft::new(key("c"), account(), apple(), Side::Sell, quantity(10), OrderKind::Market);
        let child = child.child_of(key("b")).check().unwrap();
        let family = desk.submit_family(vec![buy("b", 10), child]).await.unwrap();
        assert_eq!(family.called_off.unwrap().parent, ParentFate::CancelAsked);
        assert_eq!(family.members[1].refusal.as_ref().unwrap().rule, Rule::KillSwitch);
        assert_eq!(family.members[1].order.state(), OrderState::NotSent);
        assert_eq!((sent(&house.broker), cancels(&house)), (1, vec!["b".to_owned()]));
    });
}

#[test]
fn cancels_go_out_within_a_tenth_of_a_second_and_again_until_each_order_is_proven_dead() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        desk.submit(buy("unknown", 10)).await.unwrap();
        desk.submit(buy("works", 10)).await.unwrap();
        follow(&desk, &house, Duration::from_secs(1)).await;
        assert_eq!(cancels(&house), [""; 0], "nothing was killed");

        killed_elsewhere(&house).await;
        follow(&desk, &house, SWITCH_LOOKED_AT_EVERY).await;
        assert_eq!(cancels(&house), ["unknown", "works"], "whatever is known of them");
        house.broker.say(Some("works"), status(BrokerPhase::Cancelled));
        desk.pump().await.unwrap();
        // Half a second, one, two, four and eight seconds later, of what is not proven dead.
        follow(&desk, &house, Duration::from_secs(16)).await;
        assert_eq!(
            cancels(&house),
            ["unknown", "works", "unknown", "unknown", "unknown", "unknown", "unknown"]
        );
        house.broker.say(Some("unknown"), status(BrokerPhase::Cancelled));
        desk.pump().await.unwrap();
        follow(&desk, &house, Duration::from_secs(60)).await;
        assert_eq!(cancels(&house).len(), 7, "all are dead");
    });
}

#[test]
fn an_order_in_flight_is_cancelled_and_its_answer_still_counts() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let lost = CancelError::NoSuchOrder(key("a"));
        house.broker.script(|script| script.cancel_answers.push_back(Err(lost)));
        let ports = house.ports();
        // It was sent and not answered when the process ended.
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        desk.submit(buy("a", 10)).await.unwrap();
        drop(desk);
        killed_elsewhere(&house).await;
        house.broker.script(|script| script.open.push(held_by_broker("a", BrokerPhase::Working)));
        let desk = House::desk_on(ports).await;
        assert_eq!(cancels(&house), ["a"], "as soon as the desk is open");
        house.broker.say(Some("a"), status(BrokerPhase::Cancelled));
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Cancelled);
    });
}

#[test]
fn scenario_rsk_06_killed_while_the_link_is_down_it_cancels_in_the_next_epoch_until_each_order_is_proven_dead()
 {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        for name in ["unknown", "asked", "works"] {
            desk.submit(buy(name, 10)).await.unwrap();
        }
        let silent = CancelError::OutcomeUnknown("silence".into());
        house.broker.script(|script| script.cancel_answers.push_back(Err(silent)));
        desk.cancel(&key("asked"), Default::default()).await.unwrap_err();
        // The link goes, and the switch is killed while it is away.
        killed_elsewhere(&house).await;
        for _ in 0..3 {
            house.broker.script(|script| {
                let down = || Err(CancelError::NotSent("no link".into()));
                script.cancel_answers = [down(), down(), down()].into();
            });
            follow(&desk, &house, Duration::from_secs(1)).await;
        }
        assert_eq!(desk.submit(buy("b", 10)).await.unwrap().refusal.unwrap().rule, Rule::KillSwitch);
        house.broker.script(|script| {
            script.cancel_answers.clear();
            script.cancels.clear();
            script.open =
                ["unknown", "asked", "works"].map(|it| held_by_broker(it, BrokerPhase::Working)).into();
        });
        desk.resume().await.unwrap();
        assert_eq!(cancels(&house)[..3], ["asked", "unknown", "works"].map(str::to_owned), "first of all");
        for name in ["unknown", "asked", "works"] {
            house.broker.say(Some(name), status(BrokerPhase::Cancelled));
        }
        desk.pump().await.unwrap();
        let alive = desk.orders().await.into_iter().filter(|order| order.state().may_trade()).count();
        assert_eq!((alive, sent(&house.broker)), (0, 3));
    });
}

#[test]
fn scenario_rsk_07_a_restart_leaves_the_switch_killed() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.kill("ada", reason("it buys and buys")).await.unwrap();
        drop(desk);
        let desk = house.desk().await;
        assert!(desk.switch().await.kill().is_some());
        assert_eq!(desk.submit(buy("a", 10)).await.unwrap().refusal.unwrap().rule, Rule::KillSwitch);
        assert_eq!(sent(&house.broker), 0);
        let resume = desk.resume_switch("ada", reason("the loop is fixed")).await.unwrap();
        assert_eq!(resume.kill.reason.as_str(), "it buys and buys");
        assert!(desk.submit(buy("b", 10)).await.unwrap().refusal.is_none());
        assert_eq!(sent(&house.broker), 1);
    });
}

#[test]
fn every_kill_and_resume_is_in_the_audit_log_whoever_it_is_from() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        follow(&desk, &house, SWITCH_LOOKED_AT_EVERY).await;
        let kill = killed_elsewhere(&house).await;
        follow(&desk, &house, SWITCH_LOOKED_AT_EVERY).await;
        let again = desk.kill("ada", reason("me too")).await.unwrap();
        assert_eq!(again, kill, "the first stands");
        desk.resume_switch("ada", reason("it answers again")).await.unwrap();
        follow(&desk, &house, SWITCH_LOOKED_AT_EVERY).await;
        let audited = house.audited().await;
        assert_eq!(audited.len(), 3, "{audited:?}");
        assert!(audited[0].starts_with("kill switch killed kill switch: killed by guard at "), "{audited:?}");
        assert!(audited[1].starts_with("kill switch killed again kill switch: killed by ada"), "{audited:?}");
        assert!(audited[2].starts_with("kill switch resumed kill switch: resumed by ada"), "{audited:?}");
        assert!(audited[2].ends_with(": it answers again"), "{audited:?}");
        // A restart finds it as it is, and says so once.
        desk.kill("ada", reason("again")).await.unwrap();
        let desk = house.desk().await;
        follow(&desk, &house, Duration::from_secs(1)).await;
        let last = house.audited().await;
        assert!(last.last().unwrap().starts_with("kill switch found killed"), "{last:?}");
        assert_eq!(last.len(), 5);
    });
}

#[test]
fn more_orders_than_a_second_has_room_for_are_cancelled_by_one_message_first() {
    block_on(async {
        for (orders, at_once) in [(40, 0), (41, 1)] {
            let house = House::new();
            let limits = PolicyDraft { max_daily_trades: 1_000, ..PolicyDraft::default() };
            let desk = house.desk_under(limits).await;
            for number in 0..orders {
                desk.submit(buy(&format!("o{number}"), 1)).await.unwrap();
            }
            desk.kill("ada", reason("stop")).await.unwrap();
            let swept = desk.sweep().await.unwrap();
            assert_eq!((swept.alive, swept.passed), (orders, orders));
            assert_eq!(house.broker.script(|script| script.everything), at_once);
            assert_eq!(cancels(&house).len(), orders, "and each by itself");
        }
    });
}

/// An order of another client of the login, such as one that was placed under another number: its cancel is refused.
#[test]
fn what_the_broker_does_not_take_from_here_goes_with_everything() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        let refused = || Err(CancelError::Refused { reason: "the order belongs to client 1".to_owned() });
        house.broker.script(|script| {
            script.cancel_answers.extend([refused(), refused()]);
            script.open.push(held_by_broker("a", BrokerPhase::Working));
        });
        desk.kill("ada", reason("stop")).await.unwrap();
        desk.tend_switch().await;
        let everything = || house.broker.script(|script| script.everything);
        assert_eq!(everything(), 0, "what fills in that moment is refused as well");
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Working);
        house.clock.advance(Duration::from_secs(1));
        house.broker.script(|script| {
            script.open.clear();
            script.completed.push(held_by_broker("a", BrokerPhase::Cancelled));
        });
        desk.tend_switch().await;
        assert_eq!(everything(), 1);
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Cancelled, "by the lists");
        house.clock.advance(Duration::from_secs(60));
        desk.tend_switch().await;
        assert_eq!(everything(), 1, "nothing is left");
    });
}

/// The answers take their time, and somebody resumes meanwhile: orders of others, and ours of after it, are none of that kill's.
#[test]
fn a_kill_that_is_over_cancels_nothing_more() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        let refused = || Err(CancelError::Refused { reason: "the order belongs to client 1".to_owned() });
        house.broker.script(|script| {
            script.cancel_answers.extend([refused(), refused()]);
            script.open.push(held_by_broker("a", BrokerPhase::Working));
        });
        desk.kill("ada", reason("stop")).await.unwrap();
        desk.tend_switch().await;
        house.clock.advance(Duration::from_secs(1));
        house.broker.script(|script| script.cancels_together = 3);
        let mut sweeping = Box::pin(desk.tend_switch());
        assert!(futures::poll!(&mut sweeping).is_pending(), "the broker has not answered");
        desk.resume_switch("ada", reason("the loop is fixed")).await.unwrap();
        desk.submit(buy("b", 10)).await.unwrap();
        house.broker.script(|script| script.cancels_together = 0);
        // Whoever waits for the answer looks again.
        desk.cancel(&key("b"), Default::default()).await.unwrap();
        sweeping.await;
        assert_eq!(house.broker.script(|script| script.everything), 0);
    });
}

#[test]
fn a_journal_that_cannot_be_written_keeps_nothing_from_being_cancelled() {
    block_on(async {
        let house = House::new();
        let journal = Arc::new(journal_with_room(&house.journal, 2));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        desk.submit(buy("a", 10)).await.unwrap();
        desk.kill("ada", reason("the disk is full")).await.unwrap();
        desk.sweep().await.unwrap();
        assert_eq!(house.broker.script(|script| script.everything), 1);
    });
}

#[test]
fn a_kill_that_cannot_be_kept_holds_all_the_same_until_it_is_resumed() {
    block_on(async {
        let house = House::new();
        let mut switch = MockSwitchStore::new();
        switch.expect_look().returning(|| Switch::Open);
        switch.expect_kill().returning(|_| Err(StoreError::Full("disk full".into())));
        switch.expect_resume().returning(|_| Err(tradeport_risk::NotResumed::Open.into()));
        switch.expect_last_resume().returning(|| Ok(None));
        let desk = House::desk_on(DeskPorts { switch: Arc::new(switch), ..house.ports() }).await;
        let answer = desk.kill("ada", reason("stop")).await;
        assert!(matches!(answer, Err(DeskError::SwitchNotKept(StoreError::Full(_)))), "{answer:?}");
        assert_eq!(desk.submit(buy("a", 10)).await.unwrap().refusal.unwrap().rule, Rule::KillSwitch);
        desk.resume_switch("ada", reason("there is room again")).await.unwrap();
        assert!(desk.submit(buy("b", 10)).await.unwrap().refusal.is_none());
    });
}

#[test]
fn nothing_is_resumed_that_was_not_killed() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let answer = desk.resume_switch("ada", reason("why not")).await;
        assert!(matches!(answer, Err(DeskError::NotResumed(_))), "{answer:?}");
    });
}

#[test]
fn what_somebody_else_resumed_meanwhile_is_not_resumed_once_more() {
    block_on(async {
        let house = House::new();
        let kill = Kill { at: Timestamp::EPOCH, by: "guard".into(), reason: reason("nobody answers") };
        let mut switch = MockSwitchStore::new();
        // Somebody else is quicker, between the look and the resume.
        switch.expect_look().returning(move || Switch::Killed(kill.clone()));
        switch.expect_resume().times(1).returning(|_| Err(tradeport_risk::NotResumed::Open.into()));
        let desk = House::desk_on(DeskPorts { switch: Arc::new(switch), ..house.ports() }).await;
        let answer = desk.resume_switch("ada", reason("it answers again")).await;
        assert!(matches!(answer, Err(DeskError::NotResumed(_))), "{answer:?}");
        let told = house.audited().await;
        assert!(!told.iter().any(|line| line.starts_with("kill switch resumed")), "{told:?}");
    });
}

#[test]
fn a_loss_that_the_policy_wants_stopped_for_good_kills_the_switch() {
    block_on(async {
        for (kill_on_loss, killed) in [(true, true), (false, false)] {
            let house = House::new();
            let limits = PolicyDraft {
                max_daily_loss: Some(Decimal::from(1_000)),
                kill_on_loss,
                ..PolicyDraft::default()
            };
            let desk = house.desk_under(limits).await;
            let worth = Money::new(Decimal::from(150_000), Currency::USD);
            desk.note_equity(&account(), house.clock.now(), worth).await;
            let placed = desk.submit(buy("a", 10)).await.unwrap();
            assert_eq!(placed.refusal.unwrap().rule, Rule::MaxDailyLoss);
            let switch = house.switch.look().await;
            assert_eq!(switch.kill().is_some(), killed, "{switch:?}");
            let next = desk.submit(buy("b", 10)).await.unwrap().refusal.unwrap().rule;
            assert_eq!(next, if killed { Rule::KillSwitch } else { Rule::MaxDailyLoss });
        }
    });
}
