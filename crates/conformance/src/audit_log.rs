//! The promises of [`AuditLog`].

use crate::fixtures;
use crate::same::assert_same;
use std::future::Future;
use tradeport_trading::audit::{AuditHead, ChainWalk};
use tradeport_trading::{AuditEntry, AuditLog, AuditRecord};

/// What a team supplies to test its log.
pub trait Harness: Sized {
    /// The log under test.
    type Log: AuditLog + ?Sized;

    /// An empty log, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The log.
    fn log(&self) -> &Self::Log;
    /// The same log, as after a restart.
    fn reopen(self) -> impl Future<Output = Self>;
}

crate::cases::port_cases! { $
    audit_log, audit_log_conformance:
    an_acknowledged_entry_survives_reopening [] = "an acknowledged entry survives reopening",
    entries_come_back_exactly_as_they_were_given [] = "entries come back exactly as they were given",
    each_record_is_chained_to_the_one_before_it [] = "each record is chained to the one before it",
    sequences_grow_by_one_without_holes_from_1 [] = "sequences grow by one without holes, from 1",
    reading_from_zero_page_by_page_gives_every_entry_once [] =
        "reading from zero page by page gives every entry once",
    the_head_is_that_of_the_last_entry_after_reopening_too [] =
        "the head is that of the last entry, after reopening too",
}

async fn append<H: Harness>(harness: &H, entries: &[AuditEntry]) {
    harness.log().append(entries).await.expect("a log with room keeps entries");
}

async fn everything<H: Harness>(harness: &H) -> Vec<AuditRecord> {
    harness.log().read(0, 1_000_000).await.expect("a log reads what it keeps")
}

async fn entries<H: Harness>(harness: &H) -> Vec<AuditEntry> {
    everything(harness).await.into_iter().map(|record| record.entry).collect()
}

/// Promise: an acknowledged entry survives reopening.
pub async fn an_acknowledged_entry_survives_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::plain_audit_entries(24);
    for batch in wanted.chunks(5) {
        append(&harness, batch).await;
        harness = harness.reopen().await;
    }
    assert_same(&entries(&harness).await, &wanted, "entries after reopening");
}

/// Promise: entries come back exactly as they were given.
pub async fn entries_come_back_exactly_as_they_were_given<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::awkward_audit_entries();
    append(&harness, &wanted).await;
    harness = harness.reopen().await;
    assert_same(&entries(&harness).await, &wanted, "entries");
}

/// Promise: each record is chained to the one before it.
pub async fn each_record_is_chained_to_the_one_before_it<H: Harness>() {
    let mut harness = H::fresh().await;
    let mut wanted = Vec::new();
    let mut head = AuditHead::default();
    for batch in [fixtures::plain_audit_entries(3), fixtures::awkward_audit_entries()] {
        append(&harness, &batch).await;
        for entry in batch {
            wanted.push(head.record(entry));
            head = wanted.last().map_or(head, AuditHead::of);
        }
        harness = harness.reopen().await;
    }
    assert_same(&everything(&harness).await, &wanted, "records with their hashes");
}

/// Promise: sequences grow by one without holes, from 1.
pub async fn sequences_grow_by_one_without_holes_from_1<H: Harness>() {
    let mut harness = H::fresh().await;
    assert_eq!(everything(&harness).await, [], "a fresh log holds nothing");
    for batch in [&fixtures::plain_audit_entries(3)[..], &[], &fixtures::plain_audit_entries(4)] {
        append(&harness, batch).await;
        harness = harness.reopen().await;
    }
    let sequences: Vec<_> = everything(&harness).await.iter().map(|record| record.sequence).collect();
    assert_eq!(sequences, [1, 2, 3, 4, 5, 6, 7]);
}

/// Promise: reading from zero page by page gives every entry once.
pub async fn reading_from_zero_page_by_page_gives_every_entry_once<H: Harness>() {
    let harness = H::fresh().await;
    append(&harness, &fixtures::plain_audit_entries(13)).await;
    let wanted = everything(&harness).await;
    for limit in [1, 4, 13, 100] {
        let (mut after, mut found) = (0, Vec::new());
        for _ in 0..=wanted.len() {
            let page = harness.log().read(after, limit).await.expect("a page is read");
            assert!(page.len() <= limit, "a page of {} entries is above the limit of {limit}", page.len());
            let Some(last) = page.last() else { break };
            after = last.sequence;
            found.extend(page);
        }
        assert_same(&found, &wanted, &format!("entries in pages of {limit}"));
    }
}

/// Promise: the head is that of the last entry, after reopening too.
pub async fn the_head_is_that_of_the_last_entry_after_reopening_too<H: Harness>() {
    let mut harness = H::fresh().await;
    let head = async |harness: &H| harness.log().head().await.expect("a log tells its head");
    assert_eq!(head(&harness).await, AuditHead::default(), "of an empty log");
    for count in [1, 0, 7] {
        append(&harness, &fixtures::plain_audit_entries(count)).await;
        for _ in 0..2 {
            let mut walk = ChainWalk::default();
            for record in everything(&harness).await {
                walk.step(&record).expect("the chain holds");
            }
            assert_eq!(walk.end(&head(&harness).await), Ok(walk.head()));
            harness = harness.reopen().await;
        }
    }
}
