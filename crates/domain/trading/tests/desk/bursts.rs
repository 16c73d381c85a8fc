//! Many orders at once, while the journal takes its time.

use crate::support::{House, buy, full, key, sent};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::{join, join_all};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tradeport_kernel::OrderKey;
use tradeport_memory::MemoryJournal;
use tradeport_orders::{
    JournalCheckpoint, JournalEntry, JournalError, JournalReceipt, JournalRecord, OrderIntent, OrderJournal,
    OrderState,
};
use tradeport_risk::{PolicyDraft, Rule, Tighter};
use tradeport_trading::audit::AuditedJournal;
use tradeport_trading::{DeskError, DeskPorts, DeskSettings, OrderDesk};

/// A disk: whoever asks to keep something waits for it once.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    kept: MemoryJournal,
    appends: Arc<AtomicUsize>,
    /// After so many appends it is full; zero is never.
    room: usize,
    /// The append of this number finds no room, and the next does; zero is none.
    full_once: usize,
}

#[async_trait]
impl OrderJournal for Disk {
    async fn append(&self, entries: &[JournalEntry]) -> Result<Vec<JournalReceipt>, JournalError> {
        let number = self.appends.fetch_add(1, Ordering::Relaxed) + 1;
        let mut waited = false;
        std::future::poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::replace(&mut waited, true) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
        if number == self.full_once || (self.room > 0 && number > self.room) {
            return Err(JournalError::Store(full()));
        }
        self.kept.append(entries).await
    }

    async fn read(&self, after: u64, limit: usize) -> Result<Vec<JournalRecord>, JournalError> {
        self.kept.read(after, limit).await
    }

    async fn of(&self, key: &OrderKey) -> Result<Vec<JournalRecord>, JournalError> {
        self.kept.of(key).await
    }

    async fn last(&self) -> Result<u64, JournalError> {
        self.kept.last().await
    }

    async fn keep_checkpoint(&self, checkpoint: &JournalCheckpoint) -> Result<(), JournalError> {
        self.kept.keep_checkpoint(checkpoint).await
    }

    async fn checkpoint(&self) -> Result<Option<JournalCheckpoint>, JournalError> {
        self.kept.checkpoint().await
    }
}

async fn desk_on(house: &House, disk: &Disk, policy: PolicyDraft) -> OrderDesk {
    let audit = Arc::new(house.audit.clone());
    let journal = AuditedJournal::new(Arc::new(disk.clone()), audit, "test");
    let ports = DeskPorts { journal: Arc::new(journal), ..house.ports() };
    let settings = DeskSettings { policy: policy.check().unwrap(), ..DeskSettings::default() };
    let desk = OrderDesk::open(ports, settings, house.bus.clone()).await.unwrap();
    house.quote(&desk);
    desk
}

pub(crate) fn disk_of(house: &House) -> Disk {
    // The broker looks into the house's journal.
    Disk { kept: house.journal.clone(), ..Disk::default() }
}

fn one_of(number: u32) -> OrderIntent {
    buy(&format!("burst-{number}"), 1)
}

fn wide() -> PolicyDraft {
    PolicyDraft {
        max_daily_trades: 10_000,
        max_position_share: 9.into(),
        max_gross_share: Some(99.into()),
        ..PolicyDraft::default()
    }
}

#[test]
fn a_thousand_orders_at_once_are_all_in_the_journal_and_within_every_limit() {
    futures::executor::block_on(async {
        let house = House::new();
        let disk = disk_of(&house);
        let policy = PolicyDraft { max_position_quantity: Some(700.into()), ..wide() };
        let desk = desk_on(&house, &disk, policy).await;
        let placed = join_all((0..1_000).map(|number| desk.submit(one_of(number)))).await;
        let placed: Vec<_> = placed.into_iter().map(Result::unwrap).collect();
        let states = |state| placed.iter().filter(|it| it.order.state() == state).count();
        assert_eq!((states(OrderState::Working), states(OrderState::Refused)), (700, 300));
        assert_eq!(sent(&house.broker), 700, "what was refused never leaves");
        let refusals = placed.iter().filter_map(|it| it.refusal.as_ref());
        assert!(refusals.clone().all(|refusal| refusal.rule == Rule::MaxPositionQuantity));
        assert_eq!(
            refusals.map(|it| it.to_string()).next().unwrap(),
            "max_position_quantity: 701 against a limit of 700"
        );
        // Four lines of each that went out: intent, verdict, sent, accepted; two of each that was refused.
        assert_eq!(disk.last().await.unwrap(), 700 * 4 + 300 * 2);
        assert!(house.broker.script(|script| script.written_when_sent.iter().all(|lines| *lines >= 3)));
        let appends = disk.appends.load(Ordering::Relaxed);
        assert!(appends <= 20, "a burst shares its syncs: {appends}");

        let again = desk_on(&house, &disk_of(&house), wide()).await;
        let states = |orders: Vec<tradeport_orders::Order>| -> Vec<(OrderKey, bool)> {
            orders.iter().map(|it| (it.intent().key().clone(), it.state() == OrderState::Refused)).collect()
        };
        assert_eq!(states(again.orders().await), states(desk.orders().await), "a replay gives the same book");
    });
}

#[test]
fn limits_of_count_and_repetition_hold_within_a_burst() {
    futures::executor::block_on(async {
        let house = House::new();
        let policy = PolicyDraft {
            max_daily_trades: 20,
            max_orders_per_minute: Some(10),
            duplicate_window_seconds: Some(5),
            ..wide()
        };
        let desk = desk_on(&house, &disk_of(&house), policy).await;
        let different = |number: u32| buy(&format!("burst-{number}"), number + 1);
        let placed = join_all((0..40).map(|number| desk.submit(different(number)))).await;
        let refused = placed.iter().filter_map(|it| it.as_ref().unwrap().refusal.as_ref());
        assert_eq!(sent(&house.broker), 10);
        assert!(refused.into_iter().all(|refusal| refusal.rule == Rule::MaxOrdersPerMinute));

        let house = House::new();
        let policy = PolicyDraft { duplicate_window_seconds: Some(5), ..wide() };
        let desk = desk_on(&house, &disk_of(&house), policy).await;
        let placed = join_all((0..40).map(|number| desk.submit(one_of(number)))).await;
        let refused: Vec<_> = placed.iter().filter_map(|it| it.as_ref().unwrap().refusal.as_ref()).collect();
        assert_eq!((sent(&house.broker), refused.len()), (1, 39), "alike, and meant once");
        assert_eq!(
            refused[0].to_string(),
            "duplicate_window_seconds: the same order 0 s ago against a limit of 5 s"
        );
    });
}

#[test]
fn one_key_at_once_is_one_order() {
    futures::executor::block_on(async {
        let house = House::new();
        let desk = desk_on(&house, &disk_of(&house), wide()).await;
        let placed = join_all((0..50).map(|_| desk.submit(one_of(7)))).await;
        let repeats = placed.iter().filter(|it| it.as_ref().unwrap().repeat).count();
        assert_eq!((repeats, sent(&house.broker)), (49, 1));
        let (first, other) = join(desk.submit(one_of(8)), desk.submit(buy("burst-8", 2))).await;
        assert!(first.is_ok());
        assert!(matches!(other, Err(DeskError::KeyReused(reused)) if reused == key("burst-8")));
    });
}

#[test]
fn whether_a_key_is_taken_is_told_once_its_order_is_kept() {
    futures::executor::block_on(async {
        let house = House::new();
        // The leader has the first append; the other two wait for the second, which fails.
        let disk = Disk { full_once: 2, ..disk_of(&house) };
        let desk = desk_on(&house, &disk, wide()).await;
        let orders = [one_of(0), one_of(1), one_of(1)];
        let placed = join_all(orders.map(|intent| desk.submit(intent))).await;
        let is_full =
            |it: &Result<_, DeskError>| matches!(it, Err(DeskError::Journal(JournalError::Store(_))));
        assert!(is_full(&placed[1]));
        let second = placed[2].as_ref().unwrap();
        assert_eq!((second.repeat, second.order.state()), (false, OrderState::Working));
        assert_eq!(sent(&house.broker), 2, "of the two that wanted the same one was kept");
    });
}

#[test]
fn a_key_that_only_the_journal_knows_is_asked_for_once() {
    futures::executor::block_on(async {
        let house = House::new();
        let disk = disk_of(&house);
        let desk = desk_on(&house, &disk, wide()).await;
        let foreign = JournalEntry::intended(one_of(3), tradeport_kernel::Timestamp::EPOCH);
        house.journal.append(&[foreign]).await.unwrap();
        let before = disk.appends.load(Ordering::Relaxed);
        assert!(matches!(desk.submit(one_of(3)).await, Err(DeskError::KeyReused(_))));
        let appends = disk.appends.load(Ordering::Relaxed) - before;
        assert_eq!(appends, 1, "whoever is alone is to blame: nothing is tried again");
    });
}

#[test]
fn what_a_strategy_sends_in_a_burst_counts_once() {
    futures::executor::block_on(async {
        let day = Tighter { max_daily_trades: Some(8), ..Tighter::default() };
        let minute = Tighter { max_orders_per_minute: Some(8), ..Tighter::default() };
        for (own, words) in [
            (day, "strategies.pairs.max_daily_trades: 8 against a limit of 8"),
            (minute, "strategies.pairs.max_orders_per_minute: 8 against a limit of 8"),
        ] {
            let house = House::new();
            let strategies = [("pairs".parse().unwrap(), own)].into();
            let desk = desk_on(&house, &disk_of(&house), PolicyDraft { strategies, ..wide() }).await;
            let pairs = |number| one_of(number).to_draft().by_strategy("pairs".parse().unwrap());
            for (burst, passes) in [(0..5, 5), (5..10, 3)] {
                let placed = join_all(burst.map(|number| desk.submit(pairs(number).check().unwrap()))).await;
                let refused = placed.iter().filter_map(|it| it.as_ref().unwrap().refusal.as_ref());
                let refused: Vec<String> = refused.map(ToString::to_string).collect();
                assert_eq!(refused, vec![words; 5 - passes]);
            }
            assert_eq!(sent(&house.broker), 8);
        }
    });
}

#[test]
fn a_key_that_only_the_journal_knows_stops_nobody_else() {
    futures::executor::block_on(async {
        let house = House::new();
        let desk = desk_on(&house, &disk_of(&house), wide()).await;
        let foreign = JournalEntry::intended(one_of(3), tradeport_kernel::Timestamp::EPOCH);
        house.journal.append(&[foreign]).await.unwrap();
        let placed = join_all((0..6).map(|number| desk.submit(one_of(number)))).await;
        let failed: Vec<usize> = (0..6).filter(|at| placed[*at].is_err()).collect();
        assert_eq!((failed, sent(&house.broker)), (vec![3], 5));
        assert!(matches!(&placed[3], Err(DeskError::KeyReused(_))));
    });
}

#[test]
fn nothing_of_a_burst_leaves_or_counts_when_the_disk_is_full() {
    futures::executor::block_on(async {
        let house = House::new();
        let disk = Disk { room: 1, ..disk_of(&house) };
        let policy = PolicyDraft { max_daily_trades: 12, ..wide() };
        let desk = desk_on(&house, &disk, policy).await;
        let placed = join_all((0..10).map(|number| desk.submit(one_of(number)))).await;
        let full = |it: &Result<_, DeskError>| {
            matches!(it, Err(DeskError::Journal(JournalError::Store(tradeport_kernel::StoreError::Full(_)))))
        };
        // The first had the disk's last room, and its answer none any more.
        assert!(matches!(&placed[0], Err(DeskError::AnswerNotKept { .. })));
        assert!(placed[1..].iter().all(full));
        assert_eq!((sent(&house.broker), desk.orders().await.len()), (1, 1));
    });
}

#[test]
fn whoever_goes_away_takes_nobody_along() {
    futures::executor::block_on(async {
        let house = House::new();
        let desk = desk_on(&house, &disk_of(&house), wide()).await;
        let mut leader = Box::pin(desk.submit(one_of(0)));
        let mut waits = Box::pin(desk.submit(one_of(1)));
        let mut leaves = Box::pin(desk.submit(one_of(2)));
        std::future::poll_fn(|context| {
            for it in [&mut leader, &mut waits, &mut leaves] {
                assert!(it.as_mut().poll(context).is_pending());
            }
            std::task::Poll::Ready(())
        })
        .await;
        drop(leaves);
        assert!(leader.await.is_ok() && waits.await.is_ok());
        assert_eq!(sent(&house.broker), 2, "what nobody waits for any more is not placed");
        assert!(desk.submit(one_of(2)).await.is_ok_and(|placed| !placed.repeat));
    });
}

/// Polls a future so often, and drops it: whoever waited for it was stopped.
async fn stopped_after<F: Future>(polls: usize, future: F) -> bool {
    let mut future = Box::pin(future);
    for _ in 0..polls {
        if futures::poll!(&mut future).is_ready() {
            return false;
        }
    }
    true
}

#[test]
fn who_is_stopped_while_the_journal_writes_takes_nothing_from_the_others() {
    futures::executor::block_on(async {
        for polls in 1..12 {
            let house = House::new();
            let disk = disk_of(&house);
            let desk = desk_on(&house, &disk, wide()).await;
            let leader = Box::pin(desk.submit(one_of(0)));
            let others: Vec<_> = (1..4).map(|number| Box::pin(desk.submit(one_of(number)))).collect();
            let mut others = join_all(others);
            let mut leader = Some(leader);
            let mut left: usize = polls;
            // The others wait for the one who has the state, and that one is stopped.
            let placed = std::future::poll_fn(|context| {
                if let Some(first) = &mut leader
                    && (left == 0 || first.poll_unpin(context).is_ready())
                {
                    leader = None;
                }
                left = left.saturating_sub(1);
                others.poll_unpin(context)
            })
            .await;
            for placed in placed {
                let placed = placed.unwrap_or_else(|error| panic!("stopped after {polls}: {error}"));
                assert_eq!(placed.order.state(), OrderState::Working, "stopped after {polls}");
            }
            let again = desk_on(&house, &disk_of(&house), wide()).await;
            let keys = |orders: Vec<tradeport_orders::Order>| -> Vec<OrderKey> {
                orders.iter().map(|order| order.intent().key().clone()).collect()
            };
            assert_eq!(keys(desk.orders().await), keys(again.orders().await), "stopped after {polls}");
        }
    });
}

#[test]
fn what_the_journal_kept_of_somebody_who_was_stopped_is_in_the_state() {
    futures::executor::block_on(async {
        let house = House::new();
        let disk = disk_of(&house);
        let desk = desk_on(&house, &disk, wide()).await;
        // Once to ask the journal; its answer is not waited for.
        assert!(stopped_after(1, desk.submit(one_of(0))).await);
        let order = desk.order(&key("burst-0")).await.unwrap();
        let records = disk.of(&key("burst-0")).await.unwrap();
        assert_eq!(records.len(), 4, "intent, verdict, sent, and that it never left");
        assert_eq!(order.state(), OrderState::NotSent, "nobody was left to send it");
        assert_eq!(sent(&house.broker), 0);
        let placed = desk.submit(one_of(0)).await.unwrap();
        assert!(placed.repeat, "its key is taken");
        assert_eq!(sent(&house.broker), 0);
    });
}
