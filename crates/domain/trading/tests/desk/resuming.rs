//! While a new epoch is proven the broker is asked, and nobody waits for its answers: what happens meanwhile counts.

mod lists;

use crate::breaks::held;
use crate::support::*;
use async_trait::async_trait;
use futures::FutureExt;
use futures::executor::block_on;
use futures::future::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tradeport_kernel::{Decimal, StoreError};
use tradeport_orders::{BrokerNews, BrokerPhase, BrokerStatus, CancelTag, OrderChange, OrderState};
use tradeport_risk::{Kill, Resume, ResumeError, Switch, SwitchReason, SwitchStore};
use tradeport_trading::{ChangeOutcome, DeskError, DeskPorts, OrderDesk};

/// A desk with an order at work, whose broker has it and does not tell its list yet.
async fn asked(house: &House) -> (OrderDesk, BoxFuture<'static, Result<(), DeskError>>) {
    let desk = house.desk().await;
    desk.submit(buy("a", 10)).await.unwrap();
    let resuming = asking(house, &desk).await;
    (desk, resuming)
}

/// A new epoch in which the broker has been asked and has not answered.
async fn asking(house: &House, desk: &OrderDesk) -> BoxFuture<'static, Result<(), DeskError>> {
    house.broker.script(|script| {
        script.open = vec![held_by_broker("a", BrokerPhase::Working)];
        script.open_hangs = true;
    });
    let resumed = desk.clone();
    let mut resuming = async move { resumed.resume().await }.boxed();
    for _ in 0..20 {
        assert!(futures::poll!(&mut resuming).is_pending(), "the broker has not answered");
    }
    resuming
}

fn answers(house: &House) {
    house.broker.script(|script| script.open_hangs = false);
}

async fn state(desk: &OrderDesk) -> OrderState {
    desk.order(&key("a")).await.unwrap().state()
}

fn says(house: &House, phase: BrokerPhase) {
    let status = BrokerStatus { phase, filled: Decimal::ZERO, perm_id: None, reason: None };
    house.broker.say(Some("a"), BrokerNews::Status(status));
}

#[test]
fn a_cancel_leaves_while_the_broker_is_asked_and_its_list_of_before_does_not_take_it_back() {
    block_on(async {
        let house = House::new();
        let (desk, resuming) = asked(&house).await;
        let cancelled = desk.cancel(&key("a"), CancelTag::default()).now_or_never();
        cancelled.expect("it waits for the broker").unwrap();
        assert_eq!(house.broker.script(|script| script.cancels.clone()), [key("a")]);
        answers(&house);
        resuming.await.unwrap();
        assert_eq!(state(&desk).await, OrderState::CancelPending, "the list is of before it");
        says(&house, BrokerPhase::Cancelled);
        desk.pump().await.unwrap();
        assert_eq!(state(&desk).await, OrderState::Cancelled);
    });
}

#[test]
fn a_kill_cancels_while_the_broker_is_asked() {
    block_on(async {
        let house = House::new();
        let (desk, resuming) = asked(&house).await;
        desk.kill("ada", SwitchReason::of_words("stop")).await.unwrap();
        desk.tend_switch().now_or_never().expect("it waits for the broker");
        assert_eq!(house.broker.script(|script| script.cancels.clone()), [key("a")]);
        answers(&house);
        resuming.await.unwrap();
        assert_eq!(state(&desk).await, OrderState::CancelPending);
    });
}

#[test]
fn a_cancel_of_an_earlier_epoch_is_still_found_lost_and_one_that_was_asked_again_is_not() {
    block_on(async {
        for again in [false, true] {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit(buy("a", 10)).await.unwrap();
            desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
            house.broker.script(|script| {
                script.open = vec![held_by_broker("a", BrokerPhase::Working)];
                script.open_hangs = true;
            });
            let mut resuming = Box::pin(desk.resume());
            assert!(futures::poll!(&mut resuming).is_pending());
            if again {
                desk.cancel(&key("a"), CancelTag::default()).now_or_never().unwrap().unwrap();
            }
            answers(&house);
            resuming.await.unwrap();
            let expected = if again { OrderState::CancelPending } else { OrderState::Working };
            assert_eq!(state(&desk).await, expected);
        }
    });
}

#[test]
fn an_order_that_ended_meanwhile_does_not_live_by_a_list_of_before() {
    block_on(async {
        // What is refused without a word may live again: by a word, and by no list of before.
        for (phase, ended) in
            [(BrokerPhase::Cancelled, OrderState::Cancelled), (BrokerPhase::Refused, OrderState::Refused)]
        {
            let house = House::new();
            let (desk, resuming) = asked(&house).await;
            says(&house, phase);
            desk.pump().now_or_never().expect("it waits for the broker").unwrap();
            answers(&house);
            resuming.await.unwrap();
            assert_eq!(state(&desk).await, ended);
        }
    });
}

/// Four of the order trade, and the account holds them.
async fn four_trade(house: &House, desk: &OrderDesk) {
    let traded = execution("x", Some("a"), 4);
    house.broker.script(|script| {
        script.executions = vec![traded.clone()];
        script.positions = vec![held(4)];
    });
    house.broker.say(Some("a"), BrokerNews::Executed(traded));
    desk.pump().await.unwrap();
}

/// The accounts were read before it traded: they are read once more.
#[test]
fn what_trades_meanwhile_counts_once_and_is_in_the_account() {
    block_on(async {
        let house = House::new();
        let (desk, resuming) = asked(&house).await;
        four_trade(&house, &desk).await;
        answers(&house);
        resuming.await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), Decimal::from(4));
        let held = desk.portfolio(&account()).await.unwrap();
        assert_eq!(held.position(apple()).unwrap().quantity().as_decimal(), Decimal::from(4));
        assert!(desk.breaks().await.is_empty());
    });
}

#[test]
fn what_is_new_is_judged_by_what_is_proven() {
    block_on(async {
        let house = House::new();
        let (desk, mut resuming) = asked(&house).await;
        let mut order = Box::pin(desk.submit(buy("b", 10)));
        let mut family = Box::pin(desk.submit_family(vec![buy("c", 10)]));
        let a = key("a");
        let mut change = Box::pin(desk.change(&a, OrderChange::to_quantity(quantity(5))));
        for _ in 0..20 {
            assert!(futures::poll!(&mut order).is_pending() && futures::poll!(&mut family).is_pending());
            assert!(futures::poll!(&mut change).is_pending() && futures::poll!(&mut resuming).is_pending());
        }
        assert_eq!((sent(&house.broker), house.broker.script(|script| script.changes.len())), (1, 0));
        answers(&house);
        let (resumed, order, family, change) = futures::join!(resuming, order, family, change);
        resumed.unwrap();
        assert_eq!(order.unwrap().order.state(), OrderState::Working);
        assert_eq!(family.unwrap().members[0].order.state(), OrderState::Working);
        assert_eq!(change.unwrap().order.quantity(), Some(quantity(5)));
    });
}

/// Whoever proves may be stopped: nobody waits for that one.
#[test]
fn a_proof_that_was_given_up_holds_nothing_back() {
    block_on(async {
        let house = House::new();
        let (desk, resuming) = asked(&house).await;
        drop(resuming);
        assert!(desk.submit(buy("b", 10)).now_or_never().expect("nobody proves anything").is_ok());
        answers(&house);
        desk.resume().await.unwrap();
    });
}

/// A switch on a disk that answers one look late.
#[derive(Default)]
struct LateSwitch {
    looks: AtomicUsize,
    late: AtomicUsize,
}

impl LateSwitch {
    /// Of the looks that follow this one takes until it is let go.
    fn delay(&self, look: usize) {
        self.late.store(self.looks.load(Ordering::Relaxed) + look, Ordering::Relaxed);
    }

    fn let_go(&self) {
        self.late.store(0, Ordering::Relaxed);
    }
}

#[async_trait]
impl SwitchStore for LateSwitch {
    async fn look(&self) -> Switch {
        let look = self.looks.fetch_add(1, Ordering::Relaxed) + 1;
        while self.late.load(Ordering::Relaxed) == look {
            step().await;
        }
        Switch::Open
    }

    async fn kill(&self, _: &Kill) -> Result<Kill, StoreError> {
        Err(full())
    }

    async fn resume(&self, _: &Resume) -> Result<(), ResumeError> {
        Err(full().into())
    }

    async fn last_resume(&self) -> Result<Option<Resume>, StoreError> {
        Ok(None)
    }
}

/// A desk with an order at work, on whose way out nothing is as quick as a new epoch.
async fn late(house: &House) -> (OrderDesk, Arc<LateSwitch>) {
    let switch = Arc::new(LateSwitch::default());
    let desk = House::desk_on(DeskPorts { switch: switch.clone(), ..house.ports() }).await;
    desk.submit(buy("a", 10)).await.unwrap();
    house.broker.script(|script| script.open = vec![held_by_broker("a", BrokerPhase::Working)]);
    // One look to judge, and the next on the way out.
    switch.delay(2);
    (desk, switch)
}

/// The lists of the new epoch have proven that the broker has it not: whoever reads that may place it under another key.
#[test]
fn an_order_that_had_not_left_when_its_epoch_ended_does_not_leave_in_the_next() {
    block_on(async {
        let house = House::new();
        let (desk, switch) = late(&house).await;
        let mut order = Box::pin(desk.submit(buy("b", 10)));
        for _ in 0..20 {
            assert!(futures::poll!(&mut order).is_pending());
        }
        assert_eq!(desk.order(&key("b")).await.unwrap().state(), OrderState::Sent);
        desk.resume().await.unwrap();
        assert_eq!(desk.order(&key("b")).await.unwrap().state(), OrderState::NotSent);
        switch.let_go();
        let placed = order.await.unwrap();
        assert_eq!((placed.order.state(), sent(&house.broker)), (OrderState::NotSent, 1));
        desk.submit(buy("c", 10)).await.unwrap();
        assert_eq!(sent(&house.broker), 2, "the next one does");
    });
}

#[test]
fn a_change_that_had_not_left_when_its_epoch_ended_does_not_leave_in_the_next() {
    block_on(async {
        let house = House::new();
        let (desk, switch) = late(&house).await;
        let a = key("a");
        let mut change = Box::pin(desk.change(&a, OrderChange::to_quantity(quantity(5))));
        for _ in 0..20 {
            assert!(futures::poll!(&mut change).is_pending());
        }
        desk.resume().await.unwrap();
        assert!(desk.order(&a).await.unwrap().pending_change().is_none(), "the list shows it as it was");
        switch.let_go();
        let changed = change.await.unwrap();
        assert!(matches!(changed.outcome, ChangeOutcome::NotSent { .. }), "{:?}", changed.outcome);
        assert_eq!(house.broker.script(|script| script.changes.len()), 0);
        assert_eq!(changed.order.quantity(), Some(quantity(10)));
    });
}
