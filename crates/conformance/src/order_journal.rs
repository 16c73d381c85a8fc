//! The promises of [`OrderJournal`].

use crate::fixtures;
use crate::same::assert_same;
use std::future::Future;
use tradeport_kernel::OrderKey;
use tradeport_orders::{
    JournalCheckpoint, JournalEntry, JournalError, JournalReceipt, JournalRecord, OrderJournal,
};

/// What a team supplies to test its journal.
pub trait Harness: Sized {
    /// The journal under test.
    type Journal: OrderJournal + ?Sized;

    /// An empty journal, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The journal.
    fn journal(&self) -> &Self::Journal;
    /// The same journal, as after a restart.
    fn reopen(self) -> impl Future<Output = Self>;
}

crate::cases::port_cases! { $
    order_journal, order_journal_conformance:
    an_acknowledged_entry_survives_reopening [] = "an acknowledged entry survives reopening",
    sequences_grow_by_one_without_holes [] = "sequences grow by one without holes",
    entries_come_back_exactly_as_they_were_given [] = "entries come back exactly as they were given",
    a_second_intent_of_the_same_key_is_refused_and_nothing_of_the_call_is_kept [] =
        "a second intent of the same key is refused with `DuplicateIntent` and nothing of the call is kept",
    reading_from_zero_page_by_page_gives_every_record_once [] =
        "reading from zero page by page gives every record once",
    the_records_of_an_unknown_key_are_empty_not_an_error [] =
        "the records of an unknown key are empty, not an error",
    only_those_of_the_wanted_key_come_back [] = "only those of the wanted key come back",
    the_last_sequence_is_that_of_the_last_record [] = "the last sequence is that of the last record",
    the_checkpoint_that_was_kept_last_comes_back_exactly_as_it_was_given [] =
        "the checkpoint that was kept last comes back exactly as it was given, after reopening too",
    keeping_a_checkpoint_leaves_every_record_as_it_was [] = "keeping a checkpoint leaves every record as it was",
    where_none_was_kept_there_is_none [] = "where none was kept there is none, and that is no error",
}

async fn append<H: Harness>(harness: &H, entries: &[JournalEntry]) -> Vec<JournalReceipt> {
    let receipts = harness.journal().append(entries).await.expect("a journal with room keeps entries");
    let keys: Vec<_> = receipts.iter().map(JournalReceipt::key).collect();
    let wanted: Vec<_> = entries.iter().map(|entry| &entry.key).collect();
    assert_eq!(keys, wanted, "one receipt for each entry, in order");
    receipts
}

async fn everything<H: Harness>(harness: &H) -> Vec<JournalRecord> {
    harness.journal().read(0, 1_000_000).await.expect("a journal reads what it keeps")
}

async fn entries<H: Harness>(harness: &H) -> Vec<JournalEntry> {
    everything(harness).await.into_iter().map(|record| record.entry).collect()
}

/// Promise: an acknowledged entry survives reopening.
pub async fn an_acknowledged_entry_survives_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    let mut wanted = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        let life = fixtures::short_life(name);
        append(&harness, &life).await;
        wanted.extend(life);
        harness = harness.reopen().await;
    }
    assert_same(&entries(&harness).await, &wanted, "entries after reopening");
    let again = harness.journal().append(&fixtures::short_life("c")).await;
    assert!(
        matches!(again, Err(JournalError::DuplicateIntent(_))),
        "an intent is refused a second time after reopening too: {again:?}"
    );
}

/// Promise: sequences grow by one without holes.
pub async fn sequences_grow_by_one_without_holes<H: Harness>() {
    let mut harness = H::fresh().await;
    let mut receipts = Vec::new();
    for name in ["a", "b", "c"] {
        receipts.extend(append(&harness, &fixtures::short_life(name)).await);
        let refused = harness.journal().append(&fixtures::short_life(name)).await;
        assert!(refused.is_err(), "a second intent is refused");
        receipts.extend(append(&harness, &[]).await);
        harness = harness.reopen().await;
    }
    let told: Vec<_> = receipts.iter().map(JournalReceipt::sequence).collect();
    let wanted: Vec<_> = (1..).take(told.len()).collect();
    assert_eq!(told, wanted, "refused and empty calls leave no holes, and the first is 1");
    let kept: Vec<_> = everything(&harness).await.iter().map(|record| record.sequence).collect();
    assert_eq!(kept, wanted, "records stand where their receipts say");
}

/// Promise: entries come back exactly as they were given.
pub async fn entries_come_back_exactly_as_they_were_given<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::every_journal_entry();
    append(&harness, &wanted).await;
    harness = harness.reopen().await;
    assert_same(&entries(&harness).await, &wanted, "entries");
}

/// Promise: a second intent of the same key is refused with `DuplicateIntent` and nothing of the call is kept.
pub async fn a_second_intent_of_the_same_key_is_refused_and_nothing_of_the_call_is_kept<H: Harness>() {
    let harness = H::fresh().await;
    append(&harness, &fixtures::short_life("a")).await;
    let before = everything(&harness).await;
    let (mut again, mut twice) = (fixtures::short_life("b"), fixtures::short_life("c"));
    again.extend(fixtures::short_life("a"));
    twice.extend(fixtures::short_life("c"));
    for (call, key) in [(again, "a"), (twice, "c")] {
        let refused = harness.journal().append(&call).await;
        assert!(
            matches!(&refused, Err(JournalError::DuplicateIntent(found)) if found.as_str() == key),
            "expected DuplicateIntent({key}), got {refused:?}"
        );
        assert_same(&everything(&harness).await, &before, "records after a refused call");
    }
    append(&harness, &fixtures::short_life("b")).await;
}

/// Promise: reading from zero page by page gives every record once.
pub async fn reading_from_zero_page_by_page_gives_every_record_once<H: Harness>() {
    let harness = H::fresh().await;
    for name in ["a", "b", "c", "d", "e", "f"] {
        append(&harness, &fixtures::short_life(name)).await;
    }
    let wanted = everything(&harness).await;
    for limit in [1, 5, wanted.len(), 1_000] {
        let (mut after, mut found) = (0, Vec::new());
        for _ in 0..=wanted.len() {
            let page = harness.journal().read(after, limit).await.expect("a page is read");
            assert!(page.len() <= limit, "a page of {} records is above the limit of {limit}", page.len());
            let Some(last) = page.last() else { break };
            after = last.sequence;
            found.extend(page);
        }
        assert_same(&found, &wanted, &format!("records in pages of {limit}"));
    }
}

/// Promise: the records of an unknown key are empty, not an error.
pub async fn the_records_of_an_unknown_key_are_empty_not_an_error<H: Harness>() {
    let harness = H::fresh().await;
    append(&harness, &fixtures::short_life("a")).await;
    for name in ["b", "A", "a:a"] {
        let found = harness.journal().of(&fixtures::key(name)).await.expect("an unknown key is no error");
        assert_eq!(found, [], "of {name}");
    }
}

/// Promise: only those of the wanted key come back.
pub async fn only_those_of_the_wanted_key_come_back<H: Harness>() {
    let harness = H::fresh().await;
    let (ours, others) = (fixtures::short_life("a"), fixtures::short_life("aa"));
    for (our, other) in ours.iter().zip(&others) {
        append(&harness, &[other.clone(), our.clone()]).await;
    }
    for (name, wanted) in [("a", ours), ("aa", others)] {
        let wanted_key: OrderKey = fixtures::key(name);
        let found = harness.journal().of(&wanted_key).await.expect("records are read");
        assert!(found.is_sorted_by(|a, b| a.sequence < b.sequence), "records come in order");
        let found: Vec<_> = found.into_iter().map(|record| record.entry).collect();
        assert_same(&found, &wanted, &format!("records of {name}"));
    }
}

/// Promise: the last sequence is that of the last record.
pub async fn the_last_sequence_is_that_of_the_last_record<H: Harness>() {
    let mut harness = H::fresh().await;
    assert_eq!(harness.journal().last().await.expect("the last sequence is told"), 0, "of an empty journal");
    for name in ["a", "b", "c"] {
        append(&harness, &fixtures::short_life(name)).await;
        let last = everything(&harness).await.last().map(|record| record.sequence);
        assert_eq!(harness.journal().last().await.ok(), last);
        harness = harness.reopen().await;
        assert_eq!(harness.journal().last().await.ok(), last, "after reopening");
    }
}

fn a_checkpoint(sequence: u64, document: &str) -> JournalCheckpoint {
    JournalCheckpoint { sequence, document: document.to_owned() }
}

/// Promise: the checkpoint that was kept last comes back exactly as it was given, after reopening too.
pub async fn the_checkpoint_that_was_kept_last_comes_back_exactly_as_it_was_given<H: Harness>() {
    let mut harness = H::fresh().await;
    append(&harness, &fixtures::short_life("a")).await;
    let long = "live a:1\n".repeat(20_000);
    for wanted in [
        a_checkpoint(1, "first"),
        a_checkpoint(4, &long),
        a_checkpoint(2, ""),
        a_checkpoint(3, "\u{e9}\0\"'"),
    ] {
        harness.journal().keep_checkpoint(&wanted).await.expect("a journal with room keeps a checkpoint");
        let found = harness.journal().checkpoint().await.expect("a checkpoint is read");
        assert_eq!(found.as_ref(), Some(&wanted), "at once");
        harness = harness.reopen().await;
        let found = harness.journal().checkpoint().await.expect("a checkpoint is read");
        assert_eq!(found.as_ref(), Some(&wanted), "after reopening");
    }
}

/// Promise: keeping a checkpoint leaves every record as it was.
pub async fn keeping_a_checkpoint_leaves_every_record_as_it_was<H: Harness>() {
    let mut harness = H::fresh().await;
    append(&harness, &fixtures::short_life("a")).await;
    let before = everything(&harness).await;
    harness.journal().keep_checkpoint(&a_checkpoint(3, "x")).await.expect("a checkpoint is kept");
    assert_same(&everything(&harness).await, &before, "records beside a checkpoint");
    let found = harness.journal().of(&fixtures::key("a")).await.expect("records are read");
    assert_same(&found, &before, "records of the order");
    let receipts = append(&harness, &fixtures::short_life("b")).await;
    let next = before.len() as u64 + 1;
    assert_eq!(receipts.first().map(JournalReceipt::sequence), Some(next), "sequences go on");
    harness = harness.reopen().await;
    assert_same(&everything(&harness).await[..before.len()], &before[..], "records after reopening");
}

/// Promise: where none was kept there is none, and that is no error.
pub async fn where_none_was_kept_there_is_none<H: Harness>() {
    let mut harness = H::fresh().await;
    for name in ["a", "b"] {
        assert_eq!(harness.journal().checkpoint().await.expect("asking is no error"), None);
        append(&harness, &fixtures::short_life(name)).await;
        harness = harness.reopen().await;
    }
}
