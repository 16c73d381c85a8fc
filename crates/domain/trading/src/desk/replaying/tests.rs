//! A checkpoint and what came after it come to what the whole journal comes to, wherever a process dies.

use super::*;
use futures::executor::block_on;
use proptest::prelude::*;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, PermId, Quantity, Symbol};
use tradeport_memory::MemoryJournal;
use tradeport_orders::{
    BrokerPhase, BrokerStatus, CancelTag, Commission, ExecutedPart, Execution, ExecutionId, JournalEntry,
    OrderDraft, OrderInput, OrderKind, Side,
};

const STRATEGIES: [&str; 2] = ["pairs", "trend"];
const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn key(name: &str) -> OrderKey {
    OrderKey::new(name).unwrap()
}

/// Every other order is a stop beside the one before it; the first of each account is nobody's idea.
fn intended(place: usize, at: Timestamp) -> JournalEntry {
    let account = AccountId::new(["DU1", "DU2"][place / 3]).unwrap();
    let (symbol, units) = (Symbol::new("AAPL").unwrap(), Quantity::new(Decimal::TEN).unwrap());
    let kind =
        if place % 2 == 1 { OrderKind::Stop { stop: "90".parse().unwrap() } } else { OrderKind::Market };
    let draft = OrderDraft::new(key(NAMES[place]), account, symbol, side(place), units, kind);
    let draft = if place % 2 == 1 { draft.child_of(key(NAMES[place - 1])) } else { draft };
    let draft = if !place.is_multiple_of(3) {
        draft.by_strategy(STRATEGIES[place % 2].parse().unwrap())
    } else {
        draft
    };
    JournalEntry::intended(draft.check().unwrap(), at)
}

fn side(place: usize) -> Side {
    if place % 2 == 1 { Side::Sell } else { Side::Buy }
}

fn input(place: usize, which: u8, number: u8) -> OrderInput {
    let status = |phase| OrderInput::Status {
        status: BrokerStatus { phase, filled: Decimal::from(number), perm_id: None, reason: None },
    };
    let id = ExecutionId::new(&format!("{}{}", NAMES[place], number % 4), u32::from(number / 4));
    match which {
        0 | 1 => OrderInput::Sent,
        2 => OrderInput::HeldBack,
        3 => OrderInput::Released,
        4 => OrderInput::Accepted { perm_id: Some(PermId::new(7)), broker_order_id: None },
        5 => OrderInput::Refused { reason: "no".to_owned() },
        6 => OrderInput::NotSent { reason: "no".to_owned() },
        7 => OrderInput::OutcomeUnknown { reason: "?".to_owned() },
        8 => status(BrokerPhase::Working),
        9 => status(BrokerPhase::Filled),
        10 | 11 => status(BrokerPhase::Cancelled),
        12 => OrderInput::CancelRequested { tag: CancelTag::default() },
        13 => OrderInput::LinkLost,
        14 => OrderInput::ProvenAbsent,
        15 => OrderInput::Charged {
            commission: Commission { execution: id, amount: Money::new(Decimal::ONE, Currency::USD) },
        },
        _ => OrderInput::Executed {
            execution: Execution {
                id,
                key: Some(key(NAMES[place])),
                perm_id: PermId::new(7),
                account: AccountId::new(["DU1", "DU2"][place / 3]).unwrap(),
                symbol: Symbol::new("AAPL").unwrap(),
                side: side(place),
                quantity: Quantity::new(Decimal::from(number % 4 + 1)).unwrap(),
                price: "100".parse().unwrap(),
                at: Timestamp::EPOCH,
                part: ExecutedPart::Whole,
            },
        },
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// Something happens to an order; what, and so many minutes later or earlier.
    Happens { place: usize, which: u8, number: u8, minutes: i64 },
    /// A checkpoint that keeps so many orders that have ended.
    Checkpoint { ended_kept: usize },
    /// The process dies after a checkpoint was made and before it was kept, and another one starts.
    Dies,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let happens = (0..NAMES.len(), 0..18u8, 0..12u8, -20..200i64)
        .prop_map(|(place, which, number, minutes)| Step::Happens { place, which, number, minutes });
    let step = prop_oneof![
        12 => happens,
        2 => (0..3usize).prop_map(|ended_kept| Step::Checkpoint { ended_kept }),
        2 => Just(Step::Dies)
    ];
    prop::collection::vec(step, 1..80)
}

/// A process with its journal.
struct World {
    journal: MemoryJournal,
    state: DeskState,
    now: Timestamp,
}

impl World {
    async fn take(&mut self, step: &Step) {
        match step {
            Step::Happens { place, which, number, minutes } => {
                self.now = Timestamp::from_seconds(self.now.nanos() / 1_000_000_000 + minutes * 60);
                let known = !self.journal.of(&key(NAMES[*place])).await.unwrap().is_empty();
                let entry = if known {
                    JournalEntry::happened(key(NAMES[*place]), input(*place, *which, *number), self.now)
                } else {
                    intended(*place, self.now)
                };
                self.keep(entry).await;
            }
            Step::Checkpoint { ended_kept } => {
                let checkpoint = self.state.checkpoint(*ended_kept);
                let last = self.journal.read(checkpoint.sequence.saturating_sub(1), 1).await.unwrap();
                if let Some(last) = last.first() {
                    self.journal.keep_checkpoint(&checkpoint.sealed(last)).await.unwrap();
                }
            }
            Step::Dies => self.state = replayed(&self.journal).await.unwrap(),
        }
    }

    async fn keep(&mut self, entry: JournalEntry) {
        let receipts = self.journal.append(std::slice::from_ref(&entry)).await.unwrap();
        let record = JournalRecord { sequence: receipts[0].sequence(), entry };
        follow(&self.journal, &mut self.state, &record).await.unwrap();
    }

    /// These happen to these orders, one a minute.
    async fn happen(&mut self, inputs: &[(usize, u8)]) {
        for (place, which) in inputs {
            self.take(&Step::Happens { place: *place, which: *which, number: 1, minutes: 1 }).await;
        }
    }

    /// What the whole journal comes to.
    async fn all(&self) -> DeskState {
        let mut state = DeskState::default();
        for record in self.journal.read(0, usize::MAX).await.unwrap() {
            state.apply(record.sequence, &record.entry).unwrap();
        }
        state
    }
}

/// Both know the same: of every order, and of what counts them.
async fn same(world: &World, some: &DeskState, all: &DeskState) {
    let mut recalled = DeskState::default();
    assert!(some.same_counts(all), "live orders, orders of the day, orders sent lately");
    for name in NAMES {
        let found = match some.book().get(&key(name)) {
            Some(order) => Some(order.clone()),
            None => lived(&key(name), world.journal.of(&key(name)).await.unwrap().iter()).unwrap(),
        };
        assert_eq!(found.as_ref(), all.book().get(&key(name)), "order {name}");
        if let (None, Some(order)) = (some.book().get(&key(name)), &found) {
            assert!(order.state().is_final(), "{name} may trade and is not in memory");
            assert!(some.has_forgotten_since(order.updated_at()), "{name} was touched later than it is said");
        }
        recalled.recall_some(found);
    }
    assert_eq!(recalled.book().len(), all.book().len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_checkpoint_and_its_tail_come_to_what_the_whole_journal_comes_to(steps in steps()) {
        block_on(async {
            let (journal, now) = (MemoryJournal::default(), Timestamp::from_seconds(1_000_000));
            let mut world = World { journal, state: DeskState::default(), now };
            for step in &steps {
                world.take(step).await;
                same(&world, &world.state, &world.all().await).await;
            }
            let opened = replayed(&world.journal).await.unwrap();
            same(&world, &opened, &world.all().await).await;
        });
    }
}

#[test]
fn orders_do_get_left_out() {
    block_on(async {
        let (journal, now) = (MemoryJournal::default(), Timestamp::EPOCH);
        let mut world = World { journal, state: DeskState::default(), now };
        let happens = |which| Step::Happens { place: 0, which, number: 1, minutes: 1 };
        for step in [happens(0), happens(5), Step::Checkpoint { ended_kept: 0 }, Step::Dies] {
            world.take(&step).await;
        }
        assert!(world.state.book().is_empty() && !world.state.is_whole());
        // A late execution of it finds it again.
        world.take(&happens(16)).await;
        assert_eq!(world.state.book().get(&key("a")).unwrap().filled(), Decimal::TWO);
    });
}

const INTENDED: u8 = 0;
const SENT: u8 = 0;
const HELD_BACK: u8 = 2;
const REFUSED: u8 = 5;
const CANCELLED: u8 = 10;
const EXECUTED: u8 = 16;

fn world() -> World {
    World { journal: MemoryJournal::default(), state: DeskState::default(), now: Timestamp::EPOCH }
}

#[test]
fn an_order_of_the_last_hour_stays_in_memory_though_it_has_ended() {
    block_on(async {
        let mut world = world();
        world.happen(&[(0, INTENDED), (0, SENT), (0, REFUSED), (2, INTENDED), (2, REFUSED)]).await;
        world.take(&Step::Checkpoint { ended_kept: 0 }).await;
        world.take(&Step::Dies).await;
        let there: Vec<_> = world.state.book().iter().map(|order| order.intent().key().as_str()).collect();
        assert_eq!((there, world.state.is_whole()), (vec!["a"], false), "the checkpoint is used");
    });
}

#[test]
fn the_orders_that_ended_last_are_kept_beside_those_that_somebody_waits_for() {
    block_on(async {
        let mut world = world();
        world.happen(&[(2, INTENDED), (2, REFUSED)]).await;
        let left_out_at = world.now;
        world.happen(&[(4, INTENDED), (4, REFUSED)]).await;
        world.happen(&[(0, INTENDED), (0, SENT), (0, REFUSED), (1, INTENDED), (1, SENT)]).await;
        let checkpoint = world.state.checkpoint(1);
        assert_eq!(checkpoint.ended, [key("a"), key("e")], "one was sent lately, the other ended last");
        assert_eq!((checkpoint.live, checkpoint.forgotten), (vec![key("b")], Some(left_out_at)));
    });
}

/// What a stop protects is what its entry has traded, though that ended long before it was placed.
#[test]
fn an_entry_that_was_left_out_comes_back_with_the_stop_that_is_placed_for_it() {
    block_on(async {
        let mut world = world();
        world.happen(&[(0, INTENDED), (0, SENT), (0, EXECUTED), (0, CANCELLED), (2, INTENDED)]).await;
        world.take(&Step::Happens { place: 2, which: SENT, number: 1, minutes: 200 }).await;
        // A bracket of another entry: from then on it is counted whose the positions are.
        world.happen(&[(4, INTENDED), (5, INTENDED)]).await;
        world.take(&Step::Checkpoint { ended_kept: 0 }).await;
        world.take(&Step::Dies).await;
        assert!(world.state.book().get(&key("a")).is_none(), "it is left out");
        world.happen(&[(1, INTENDED)]).await;
        same(&world, &world.state, &world.all().await).await;
        world.take(&Step::Dies).await;
        same(&world, &world.state, &world.all().await).await;
    });
}

/// What becomes of a child that is held back is said by its parent.
#[test]
fn the_parent_of_an_order_that_is_held_back_stays_in_memory() {
    block_on(async {
        let mut world = world();
        world.happen(&[(0, INTENDED), (1, INTENDED), (1, HELD_BACK), (0, REFUSED)]).await;
        world.happen(&[(2, INTENDED), (2, REFUSED)]).await;
        let checkpoint = world.state.checkpoint(0);
        assert_eq!((checkpoint.live, checkpoint.ended), (vec![key("b")], vec![key("a")]));
    });
}

/// The broker has called it inactive without a word, and may say that it lives: what became of the rest of its family still decides,
/// however long ago that was.
#[test]
fn what_is_inactive_and_held_back_stays_in_memory_with_its_family() {
    block_on(async {
        for (reason, kept) in [(None, vec![key("a"), key("b")]), (Some("no such route".to_owned()), vec![])] {
            let mut world = world();
            world.happen(&[(0, INTENDED), (0, HELD_BACK), (1, INTENDED), (1, REFUSED)]).await;
            let (phase, filled) = (BrokerPhase::Refused, Decimal::ZERO);
            let status = BrokerStatus { phase, filled, perm_id: None, reason };
            world.keep(JournalEntry::happened(key("a"), OrderInput::Status { status }, world.now)).await;
            // With the next bracket of its account, days later, it is looked at as one no more.
            let JournalEvent::Intended { intent } = intended(1, world.now).event else { return };
            let next = OrderDraft { key: key("z"), ..intent.to_draft() }.child_of(key("y")).check().unwrap();
            world.keep(JournalEntry::intended(next, world.now.after(Duration::from_secs(200_000)))).await;
            let checkpoint = world.state.checkpoint(0);
            assert_eq!((checkpoint.live, checkpoint.ended), (vec![key("z")], kept));
        }
    });
}

/// That is a break, and it stands until a person ends it.
#[test]
fn an_order_that_was_filled_for_more_than_it_was_for_stays_in_memory() {
    block_on(async {
        let mut world = world();
        world.happen(&[(0, INTENDED), (2, INTENDED), (2, REFUSED)]).await;
        let OrderInput::Executed { execution } = input(0, 16, 1) else { return };
        let execution = Execution { quantity: Quantity::new(Decimal::from(11)).unwrap(), ..execution };
        let entry = JournalEntry::happened(key("a"), OrderInput::Executed { execution }, world.now);
        world.keep(entry).await;
        let checkpoint = world.state.checkpoint(0);
        assert_eq!((checkpoint.live, checkpoint.ended), (vec![], vec![key("a")]));
    });
}

#[test]
fn what_is_no_checkpoint_is_thrown_away() {
    block_on(async {
        let (journal, now) = (MemoryJournal::default(), Timestamp::EPOCH);
        let mut world = World { journal, state: DeskState::default(), now };
        for place in [0, 2] {
            let happens = |which| Step::Happens { place, which, number: 1, minutes: 1 };
            world.take(&happens(0)).await;
            world.take(&happens(5)).await;
        }
        world.take(&Step::Checkpoint { ended_kept: 0 }).await;
        let kept = world.journal.checkpoint().await.unwrap().unwrap();
        let damaged = [
            JournalCheckpoint { document: String::new(), ..kept.clone() },
            JournalCheckpoint { document: kept.document.replace("at 4", "at 3"), ..kept.clone() },
            JournalCheckpoint { sequence: 3, ..kept.clone() },
            JournalCheckpoint { sequence: 400, ..kept.clone() },
            JournalCheckpoint { document: kept.document.replace("checkpoint 4", "checkpoint 2"), ..kept },
        ];
        for checkpoint in damaged {
            world.journal.keep_checkpoint(&checkpoint).await.unwrap();
            let opened = replayed(&world.journal).await.unwrap();
            assert!(opened.is_whole() && opened.book().len() == 2, "{checkpoint:?}");
        }
    });
}

#[test]
fn a_checkpoint_that_takes_a_live_order_for_dead_is_thrown_away() {
    block_on(async {
        let (journal, now) = (MemoryJournal::default(), Timestamp::EPOCH);
        let mut world = World { journal, state: DeskState::default(), now };
        world.take(&Step::Happens { place: 0, which: 0, number: 1, minutes: 1 }).await;
        let mut wrong = world.state.checkpoint(0);
        std::mem::swap(&mut wrong.live, &mut wrong.ended);
        let last = world.journal.read(0, 1).await.unwrap();
        world.journal.keep_checkpoint(&wrong.sealed(&last[0])).await.unwrap();
        assert!(replayed(&world.journal).await.unwrap().is_whole());
    });
}
