//! The log alone comes to what the journal comes to, whatever happens to orders; and what is changed in it shows.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::executor::block_on;
use proptest::prelude::*;
use std::sync::Arc;
use tradeport_conformance::mocks::MockAuditLog;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, PermId, Quantity, Symbol, Timestamp};
use tradeport_memory::{MemoryAudit, MemoryJournal};
use tradeport_orders::{
    BrokerPhase, BrokerStatus, CancelTag, Commission, ExecutedPart, Execution, ExecutionId, JournalEntry,
    OrderChange, OrderDraft, OrderInput, OrderJournal, OrderKind, RefusedBy, RiskFinding, Side,
};
use tradeport_trading::audit::{AuditedJournal, ChainWalk, JournalWitness, Rebuilt, compare};
use tradeport_trading::{AuditLog, AuditRecord};

fn key(number: u8) -> OrderKey {
    OrderKey::new(&format!("order-{number}")).unwrap()
}

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn symbol(number: u8) -> Symbol {
    Symbol::new(["AAPL", "IBM"][usize::from(number) % 2]).unwrap()
}

fn units(number: u32) -> Quantity {
    Quantity::new(Decimal::from(number)).unwrap()
}

fn intended(number: u8, at: i64) -> JournalEntry {
    let side = if number.is_multiple_of(3) { Side::Sell } else { Side::Buy };
    let kind = if number.is_multiple_of(2) { OrderKind::Market } else { limit(101) };
    let draft = OrderDraft::new(key(number), account(), symbol(number), side, units(10), kind);
    JournalEntry::intended(draft.check().unwrap(), Timestamp::from_seconds(at))
}

fn limit(price: i64) -> OrderKind {
    OrderKind::Limit { limit: Decimal::from(price).to_string().parse().unwrap() }
}

fn execution(number: u8, root: u8, revision: u32, quantity: u32, price: u8, foreign: bool) -> OrderInput {
    let side = if number.is_multiple_of(3) { Side::Sell } else { Side::Buy };
    OrderInput::Executed {
        execution: Execution {
            id: ExecutionId::new(&format!("{number}-{root}"), revision),
            key: Some(key(number)),
            perm_id: PermId::new(i64::from(number)),
            account: account(),
            symbol: symbol(if foreign { number + 1 } else { number }),
            side,
            quantity: units(quantity),
            price: format!("100.{price}").parse().unwrap(),
            at: Timestamp::EPOCH,
            part: ExecutedPart::Whole,
        },
    }
}

fn status(phase: BrokerPhase, filled: u32) -> OrderInput {
    let filled = Decimal::from(filled);
    let reason = Some("a \"reason\"\nof two lines".to_owned());
    OrderInput::Status { status: BrokerStatus { phase, filled, perm_id: None, reason } }
}

fn input(number: u8) -> impl Strategy<Value = OrderInput> {
    use BrokerPhase as P;
    let finding = |rule: String| RiskFinding {
        rule: rule.into(),
        number: "10 of 3".into(),
        limit: "\"much\" = more".into(),
    };
    let phases = [P::Held, P::Working, P::CancelPending, P::Filled, P::Cancelled, P::Expired, P::Refused];
    prop_oneof![
        prop::collection::vec("[a-z ]{1,8}", 0..3).prop_map(move |rules| OrderInput::RiskApproved {
            findings: rules.into_iter().map(finding).collect(),
        }),
        Just(OrderInput::RiskRefused { rule: "r".into(), number: "1".into(), limit: "2".into() }),
        Just(OrderInput::Sent),
        Just(OrderInput::Accepted { perm_id: Some(PermId::new(9)), broker_order_id: None }),
        "\\PC{0,9}".prop_map(|reason| OrderInput::Refused { reason }),
        Just(OrderInput::NotSent { reason: "no link".into() }),
        Just(OrderInput::OutcomeUnknown { reason: "silence".into() }),
        (prop::sample::select(phases.to_vec()), 0..20u32).prop_map(|(phase, filled)| status(phase, filled)),
        (0..3u8, 1..4u32, 1..12u32, 0..9u8, prop::bool::weighted(0.1)).prop_map(
            move |(root, revision, quantity, price, foreign)| execution(
                number, root, revision, quantity, price, foreign
            )
        ),
        (0..4u8, -500..500i64, any::<bool>()).prop_map(move |(root, cents, euro)| OrderInput::Charged {
            commission: Commission {
                execution: ExecutionId::new(&format!("{number}-{root}"), 1),
                amount: Money::new(
                    Decimal::new(cents, 2),
                    if euro { "EUR".parse().unwrap() } else { Currency::USD }
                ),
            },
        }),
        (1..30u32)
            .prop_map(|size| OrderInput::ChangeRequested { change: OrderChange::to_quantity(units(size)) }),
        (1..30u32).prop_map(|size| OrderInput::Changed { change: OrderChange::to_quantity(units(size)) }),
        Just(OrderInput::CancelRequested { tag: CancelTag::default() }),
        Just(OrderInput::CancelRefused { reason: String::new(), by: RefusedBy::Broker }),
        Just(OrderInput::LinkLost),
        Just(OrderInput::ProvenAbsent),
        (7..9_i64).prop_map(|number| OrderInput::TwinGone { perm_id: PermId::new(number) }),
    ]
}

fn lives() -> impl Strategy<Value = Vec<(u8, OrderInput)>> {
    let one = (0..4u8).prop_flat_map(|number| (Just(number), input(number)));
    prop::collection::vec(one, 1..60)
}

struct House {
    journal: MemoryJournal,
    audit: MemoryAudit,
}

impl House {
    fn audited(&self) -> AuditedJournal {
        AuditedJournal::new(Arc::new(self.journal.clone()), Arc::new(self.audit.clone()), "test")
    }

    /// Everything is kept entry by entry, in batches, or with restarts in between.
    fn living(lives: &[(u8, OrderInput)], batch: usize, restarts: bool) -> Self {
        let house = Self { journal: MemoryJournal::default(), audit: MemoryAudit::default() };
        let mut entries: Vec<JournalEntry> = (0..4).map(|number| intended(number, 0)).collect();
        let of = |(at, (number, input)): (i64, &(u8, OrderInput))| {
            JournalEntry::happened(key(*number), input.clone(), Timestamp::from_seconds(at))
        };
        entries.extend((1..).zip(lives).map(of));
        let mut journal = house.audited();
        for some in entries.chunks(batch) {
            block_on(journal.append(some)).unwrap();
            if restarts {
                journal = house.audited();
            }
        }
        house
    }

    fn records(&self) -> Vec<AuditRecord> {
        block_on(self.audit.read(0, 10_000)).unwrap()
    }

    fn witness(&self) -> JournalWitness {
        let mut witness = JournalWitness::default();
        for record in block_on(self.journal.read(0, 10_000)).unwrap() {
            witness.take(&record).unwrap();
        }
        witness
    }
}

fn rebuilt(records: &[AuditRecord]) -> Rebuilt {
    let mut rebuilt = Rebuilt::default();
    records.iter().for_each(|record| rebuilt.take(record).unwrap());
    rebuilt
}

proptest! {
    #[test]
    fn the_log_alone_comes_to_what_the_journal_comes_to(lives in lives(), batch in 1..9usize, restarts: bool) {
        let house = House::living(&lives, batch, restarts);
        let records = house.records();
        let mut walk = ChainWalk::default();
        records.iter().for_each(|record| walk.step(record).unwrap());
        prop_assert_eq!(walk.end(&block_on(house.audit.head()).unwrap()), Ok(walk.head()));
        prop_assert_eq!(compare(&rebuilt(&records), &house.witness()), vec![]);
    }

    #[test]
    fn a_record_that_is_missing_shows(lives in lives(), at: prop::sample::Index) {
        let house = House::living(&lives, 1, false);
        let mut records = house.records();
        records.remove(at.index(records.len()));
        let mut log = Rebuilt::default();
        let read = records.iter().try_for_each(|record| log.take(record));
        prop_assert!(read.is_err() || !compare(&log, &house.witness()).is_empty());
    }
}

/// A life in which everything matters: each detail of it that is told otherwise shows.
/// Costs that are told before their executions, so many that not all of them can wait: the desk and the log drop the same ones.
#[test]
fn of_more_costs_than_can_wait_the_log_drops_those_that_the_journal_drops() {
    let root = |number: usize| ExecutionId::new(&format!("root-{number}"), 1);
    let cost = |number: usize, cents: i64| OrderInput::Charged {
        commission: Commission {
            execution: root(number),
            amount: Money::new(Decimal::new(cents, 2), Currency::USD),
        },
    };
    let traded = |number: usize| {
        let OrderInput::Executed { execution } = execution(0, 0, 1, 1, 0, false) else { unreachable!() };
        OrderInput::Executed { execution: Execution { id: root(number), ..execution } }
    };
    let mut inputs: Vec<OrderInput> = (0..1_003).map(|number| cost(number, 100)).collect();
    // One that is told again waits from then on: the oldest go first.
    inputs.insert(1_000, cost(2, 250));
    inputs.extend([0, 1, 2, 3, 4, 1_002].map(traded));
    let lives: Vec<(u8, OrderInput)> = inputs.into_iter().map(|input| (0, input)).collect();
    let house = House::living(&lives, 500, false);
    let log = rebuilt(&house.records());
    assert_eq!(compare(&log, &house.witness()), []);
    let charged = log.orders()["order-0"].charged();
    assert_eq!(
        charged.get("USD"),
        Some(&Decimal::new(450, 2)),
        "of 2, 4 and 1002; those of 0, 1 and 3 were dropped"
    );
}

#[test]
fn what_is_told_otherwise_shows() {
    let finding =
        |limit: &'static str| RiskFinding { rule: "size".into(), number: "10".into(), limit: limit.into() };
    let lives = [
        (1, OrderInput::RiskApproved { findings: vec![finding("100")].into() }),
        (1, OrderInput::Sent),
        (1, execution(1, 0, 1, 4, 5, false)),
        (
            1,
            OrderInput::Charged {
                commission: Commission {
                    execution: ExecutionId::new("1-0", 1),
                    amount: Money::new(Decimal::ONE, Currency::USD),
                },
            },
        ),
    ];
    let house = House::living(&lives, 1, false);
    let records = house.records();
    for (number, from, to, what) in [
        (5, "limit=100", "limit=101", "verdict"),
        (6, "to=sent", "to=working", "leaves the state"),
        (7, "quantity=4", "quantity=5", "filled quantity"),
        (7, "price=100.5", "price=100.6", "average price"),
        (7, "symbol=IBM", "symbol=AAPL", "traded quantity"),
        (7, "side=buy", "side=sell", "traded quantity"),
        (8, "amount=1", "amount=2", "commissions"),
        (2, "limit=101", "limit=102", "wording"),
        (8, "journal=8", "journal=9", "journal record 9"),
    ] {
        let mut other = records.clone();
        let detail = &mut other[number - 1].entry.detail;
        assert!(detail.contains(from), "{detail}");
        *detail = detail.replace(from, to);
        let mut log = Rebuilt::default();
        let told = match other.iter().try_for_each(|record| log.take(record)) {
            Ok(()) => {
                compare(&log, &house.witness()).iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
            }
            Err(unreadable) => unreadable.to_string(),
        };
        assert!(told.contains(what), "{from}: {told}");
    }
}

/// Also what nothing else follows from: the wording of a change, a number of the broker, a moment.
#[test]
fn what_the_journal_says_otherwise_shows_with_its_record() {
    let change = |size| OrderInput::ChangeRequested { change: OrderChange::to_quantity(units(size)) };
    let accepted = |number| OrderInput::Accepted {
        perm_id: None,
        broker_order_id: Some(tradeport_kernel::BrokerOrderId::new(number)),
    };
    let lives =
        [(1, OrderInput::Sent), (1, accepted(7)), (1, change(11)), (1, status(BrokerPhase::Working, 0))];
    let house = House::living(&lives, 1, false);
    let log = rebuilt(&house.records());
    let records = block_on(house.journal.read(0, 100)).unwrap();
    let told = |records: &[tradeport_orders::JournalRecord]| -> Vec<String> {
        let mut witness = JournalWitness::default();
        records.iter().for_each(|record| witness.take(record).unwrap());
        compare(&log, &witness).iter().map(|it| format!("{} {}", it.subject, it.what)).collect()
    };
    assert_eq!(told(&records), [""; 0]);
    let otherwise = [
        (6, accepted(8), 2),
        (7, change(12), 3),
        (8, status(BrokerPhase::Working, 1), 4),
        (8, status(BrokerPhase::Held, 0), 4),
        (5, OrderInput::Sent, 2),
    ];
    for (number, input, at) in otherwise {
        let mut other = records.clone();
        other[number - 1].entry = JournalEntry::happened(key(1), input, Timestamp::from_seconds(at));
        let told = told(&other);
        assert!(told.contains(&format!("journal record {number} what it says")), "{number}: {told:?}");
    }
}

#[test]
fn who_is_told_that_it_was_not_kept_has_nothing_in_the_log() {
    let mut audit = MockAuditLog::new();
    audit.expect_append().returning(|_| Err(tradeport_kernel::StoreError::Full("no room".into())));
    let journal = AuditedJournal::new(Arc::new(MemoryJournal::default()), Arc::new(audit), "test");
    assert!(block_on(journal.append(&[intended(1, 0)])).is_err());
}

#[test]
fn an_audited_journal_ends_where_its_journal_ends() {
    let (kept, audit) = (MemoryJournal::default(), Arc::new(MemoryAudit::default()));
    let journal = AuditedJournal::new(Arc::new(kept.clone()), audit, "test");
    assert_eq!(block_on(journal.last()).unwrap(), 0);
    for number in 1..3 {
        block_on(journal.append(&[intended(number, 0)])).unwrap();
    }
    assert_eq!((block_on(journal.last()).unwrap(), block_on(kept.last()).unwrap()), (2, 2));
}
