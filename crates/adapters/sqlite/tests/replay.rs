//! Replaying the journal gives the same state, bit for bit; one key is one intent for ever.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use proptest::prelude::*;
use support::{charged, executed, happened, intended, key, open, second};
use tradeport_contracts::CorporateAction;
use tradeport_kernel::{Decimal, PermId};
use tradeport_orders::{
    BrokerPhase, BrokerStatus, CancelTag, JournalEntry, JournalError, OrderBook, OrderChange, OrderInput,
    OrderJournal, OrderKind, RefusedBy, RiskFinding,
};
use tradeport_sqlite::SqliteStores;

fn change(number: u32) -> OrderChange {
    let limit = format!("187.{number}").parse().unwrap();
    let to = OrderChange::to_kind(OrderKind::Limit { limit });
    if number.is_multiple_of(2) {
        to
    } else {
        OrderChange { quantity: Some(number.to_string().parse().unwrap()), ..to }
    }
}

fn status(phase: BrokerPhase, filled: u32, reason: Option<String>) -> OrderInput {
    let perm_id = filled.is_multiple_of(2).then(|| PermId::new(i64::from(filled)));
    OrderInput::Status {
        status: BrokerStatus { phase, filled: Decimal::new(filled.into(), 1), perm_id, reason },
    }
}

fn split(new: u32) -> JournalEntry {
    let apple = "AAPL".parse().unwrap();
    JournalEntry::split(CorporateAction::split(apple, second(5), new, 1).unwrap(), second(6))
}

fn entry(name: &'static str) -> impl Strategy<Value = JournalEntry> {
    use BrokerPhase as P;
    let phases = vec![P::Held, P::Working, P::CancelPending, P::Filled, P::Cancelled, P::Expired, P::Refused];
    let text = "\\PC{0,12}";
    let finding = |rule: String| RiskFinding { rule: rule.into(), number: "1".into(), limit: "2".into() };
    let input = prop_oneof![
        text.prop_map(move |rule| OrderInput::RiskApproved { findings: vec![finding(rule)].into() }),
        Just(OrderInput::Sent),
        Just(OrderInput::HeldBack),
        Just(OrderInput::Released),
        (1..9i64)
            .prop_map(|id| OrderInput::Accepted { perm_id: Some(PermId::new(id)), broker_order_id: None }),
        text.prop_map(|reason| OrderInput::Refused { reason }),
        text.prop_map(|reason| OrderInput::NotSent { reason }),
        text.prop_map(|reason| OrderInput::OutcomeUnknown { reason }),
        (prop::sample::select(phases), 0..120u32, prop::option::of(text))
            .prop_map(|(phase, filled, reason)| status(phase, filled, reason)),
        (1..20u32).prop_map(|number| OrderInput::ChangeRequested { change: change(number) }),
        (1..20u32).prop_map(|number| OrderInput::Changed { change: change(number) }),
        text.prop_map(|reason| OrderInput::ChangeRefused { reason, by: RefusedBy::Us }),
        Just(OrderInput::CancelRequested { tag: CancelTag::default() }),
        text.prop_map(|reason| OrderInput::CancelRefused { reason, by: RefusedBy::Broker }),
        Just(OrderInput::LinkLost),
        Just(OrderInput::ProvenAbsent),
    ];
    let money = (0..4u8, 1..60u32, 1..99u32).prop_map(move |(id, quantity, price)| {
        let (quantity, price) = (format!("0.{quantity:03}"), format!("187.{price}"));
        executed(name, &format!("{name}{id}"), &quantity, &price, second(i64::from(id)))
    });
    let cost = (0..5u8, -99..999i64).prop_map(move |(id, cents)| {
        charged(name, &format!("{name}{id}"), &Decimal::new(cents, 2).to_string(), second(9))
    });
    prop_oneof![
        4 => (input, any::<i32>()).prop_map(move |(input, at)| happened(name, input, second(at.into()))),
        1 => money,
        1 => cost,
        1 => (2..9u32).prop_map(split)
    ]
}

/// The book as a restart would make it.
fn replayed(stores: &SqliteStores, page: usize) -> OrderBook {
    let (mut book, mut after) = (OrderBook::default(), 0);
    loop {
        let records = block_on(stores.journal().read(after, page)).unwrap();
        let Some(last) = records.last() else { return book };
        after = last.sequence;
        records.iter().for_each(|record| {
            book.apply(&record.entry).unwrap();
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_replayed_is_what_was_lived(
        entries in prop::collection::vec(prop_oneof![entry("a"), entry("b"), entry("c")], 1..40),
        batch in 1..8usize,
        page in 1..50usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut lived = OrderBook::default();
        let all: Vec<_> = ["a", "b", "c"].map(|name| intended(name, second(0))).into_iter().chain(entries).collect();
        {
            let stores = open(folder.path());
            let journal = stores.journal().audited("desk");
            for some in all.chunks(batch) {
                block_on(journal.append(some)).unwrap();
                some.iter().for_each(|entry| { lived.apply(entry).unwrap(); });
            }
        }
        let reopened = open(folder.path());
        prop_assert_eq!(replayed(&reopened, page), lived);
    }
}

#[test]
fn a_key_is_one_intent_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    for day in 0..3 {
        let stores = open(folder.path());
        let journal = stores.journal().audited("desk");
        let kept = block_on(journal.append(&[intended("a", second(day))]));
        match day {
            0 => assert!(kept.is_ok()),
            _ => assert!(matches!(kept, Err(JournalError::DuplicateIntent(known)) if known == key("a"))),
        }
    }
}
