//! Whatever is done to a chain is found.

use super::*;
use proptest::prelude::*;
use tradeport_kernel::Timestamp;

fn entry(at: i64, actor: &str, action: &str, subject: &str, detail: &str) -> AuditEntry {
    let [actor, action, subject, detail] = [actor, action, subject, detail].map(str::to_owned);
    AuditEntry { at: Timestamp::from_nanos(at), actor, action, subject, detail }
}

fn chain(entries: impl IntoIterator<Item = AuditEntry>) -> Vec<AuditRecord> {
    let mut head = AuditHead::default();
    let mut records = Vec::new();
    for entry in entries {
        let record = head.record(entry);
        head = AuditHead::of(&record);
        records.push(record);
    }
    records
}

fn head(records: &[AuditRecord]) -> AuditHead {
    records.last().map_or_else(AuditHead::default, AuditHead::of)
}

fn walk(records: &[AuditRecord], head: &AuditHead) -> Result<AuditHead, ChainBreak> {
    let mut walk = ChainWalk::default();
    records.iter().try_for_each(|record| walk.step(record))?;
    walk.end(head)
}

/// Reckoned by Python's `hashlib` from the words of [`ChainHash`].
#[test]
fn the_hashes_are_those_that_anybody_would_reckon() {
    let first = entry(1_700_000_000_000_000_000, "desk", "order sent", "a", "journal=3");
    let records = chain([first, entry(-1, "Jürgen", "kill", "", "")]);
    let hashes: Vec<String> = records.iter().map(|record| record.hash.to_string()).collect();
    assert_eq!(
        hashes,
        [
            "2a538cc2ae1ce223caf7d9ca54719caa228bf88fadb1d6ef4473044e8c5fe05b",
            "af7f67c8c672ba1690dbde47d67360f63dbb93fd3fe878fad7e57340f4dee15b"
        ]
    );
}

#[test]
fn no_text_passes_for_a_part_of_its_neighbour() {
    let one = chain([entry(0, "ab", "c", "", "")]);
    let other = chain([entry(0, "a", "bc", "", "")]);
    assert_ne!(one[0].hash, other[0].hash);
}

#[test]
fn a_hash_reads_as_it_is_written_and_nothing_else_does() {
    let hash = chain([entry(0, "a", "b", "c", "d")])[0].hash;
    assert_eq!(hash.to_string().parse(), Ok(hash));
    assert_eq!(String::from(hash), hash.to_string());
    assert_eq!(ChainHash::from_bytes(*hash.as_bytes()), hash);
    let good = hash.to_string();
    for bad in ["", "0", &good[1..], &format!("{good}0"), &good.replace(&good[..1], "g"), &"é".repeat(32)] {
        assert_eq!(bad.parse::<ChainHash>(), Err(NotAHash), "{bad}");
    }
}

fn entries() -> impl Strategy<Value = Vec<AuditEntry>> {
    let one = (any::<i64>(), "[ -~]{0,6}", "[ -~]{0,6}", "[ -~]{0,6}", "\\PC{0,12}");
    let one =
        one.prop_map(|(at, actor, action, subject, detail)| entry(at, &actor, &action, &subject, &detail));
    prop::collection::vec(one, 1..12)
}

/// One thing that somebody does to a record.
fn meddle(record: &mut AuditRecord, field: u8, bit: u32) {
    let flip = |text: &mut String| {
        let mut letters: Vec<char> = text.chars().collect();
        match letters.first_mut() {
            Some(letter) => *letter = if *letter == 'x' { 'y' } else { 'x' },
            None => letters.push('x'),
        }
        *text = letters.into_iter().collect();
    };
    match field % 6 {
        0 => flip(&mut record.entry.actor),
        1 => flip(&mut record.entry.action),
        2 => flip(&mut record.entry.subject),
        3 => flip(&mut record.entry.detail),
        4 => record.entry.at = Timestamp::from_nanos(record.entry.at.nanos() ^ 1 << (bit % 64)),
        _ => {
            let mut bytes = *record.hash.as_bytes();
            bytes[bit as usize / 8 % 32] ^= 1 << (bit % 8);
            record.hash = ChainHash::from_bytes(bytes);
        }
    }
}

proptest! {
    #[test]
    fn an_untouched_chain_holds(entries in entries()) {
        let records = chain(entries);
        prop_assert_eq!(walk(&records, &head(&records)), Ok(head(&records)));
    }

    #[test]
    fn a_changed_record_is_found_where_it_is(entries in entries(), at: prop::sample::Index, field: u8, bit in 0..256u32) {
        let mut records = chain(entries);
        let kept = head(&records);
        let at = at.index(records.len());
        meddle(&mut records[at], field, bit);
        prop_assert_eq!(walk(&records, &kept), Err(ChainBreak::Changed(records[at].sequence)));
    }

    #[test]
    fn a_removed_record_is_found(entries in entries(), at: prop::sample::Index, renumbered: bool) {
        let mut records = chain(entries);
        let kept = head(&records);
        let at = at.index(records.len());
        records.remove(at);
        if renumbered {
            records[at..].iter_mut().for_each(|record| record.sequence -= 1);
        }
        let broken = walk(&records, &kept).unwrap_err();
        let cut_off = ChainBreak::Ends { last: kept.sequence - 1, head: kept.sequence };
        if usize::try_from(kept.sequence) == Ok(at + 1) {
            prop_assert_eq!(broken, cut_off);
        }
    }

    #[test]
    fn an_inserted_record_is_found(entries in entries(), at: prop::sample::Index, renumbered: bool) {
        let mut records = chain(entries);
        let kept = head(&records);
        let at = at.index(records.len() + 1);
        let before = if at == 0 { AuditHead::default() } else { AuditHead::of(&records[at - 1]) };
        records.insert(at, before.record(entry(0, "x", "x", "x", "x")));
        if renumbered {
            records[at + 1..].iter_mut().for_each(|record| record.sequence += 1);
        }
        prop_assert!(walk(&records, &kept).is_err());
    }

    #[test]
    fn swapped_records_are_found(entries in entries(), one: prop::sample::Index, other: prop::sample::Index, renumbered: bool) {
        let mut records = chain(entries);
        let kept = head(&records);
        let (one, other) = (one.index(records.len()), other.index(records.len()));
        prop_assume!(records[one].entry != records[other].entry);
        records.swap(one, other);
        if renumbered {
            (1..).zip(&mut records).for_each(|(sequence, record)| record.sequence = sequence);
        }
        prop_assert!(walk(&records, &kept).is_err());
    }

    /// Even by somebody who reckons all hashes anew, as long as the head is kept elsewhere.
    #[test]
    fn a_chain_told_anew_does_not_end_in_the_kept_head(entries in entries(), at: prop::sample::Index, field in 0..5u8) {
        let records = chain(entries.clone());
        let mut other = records.clone();
        let at = at.index(other.len());
        meddle(&mut other[at], field, 0);
        let anew = chain(other.into_iter().map(|record| record.entry));
        let last = head(&records).sequence;
        prop_assert_eq!(walk(&anew, &head(&records)), Err(ChainBreak::OtherHead(last)));
    }
}
