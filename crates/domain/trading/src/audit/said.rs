//! What a record of the journal says, in short: reckoned of the log and of the journal, so that whatever was changed in
//! either is seen, also where nothing that is compared by itself follows from it.

use super::Facts;
use sha2::{Digest, Sha256};
use std::fmt;
use tradeport_kernel::Timestamp;

/// What follows from earlier records, and words for people: another version may word them otherwise.
const NOT_SAID: [&str; 7] = ["journal", "from", "to", "anomaly", "terms", "said", "conditions"];

/// A short digest of one record; two that differ are told apart but once in 2^64.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Said([u8; 8]);

impl Said {
    /// Of what happened, to which order, when, and of everything that was said of it.
    pub(super) fn of(action: &str, key: &str, at: Timestamp, facts: &Facts) -> Self {
        let mut hash = Sha256::new();
        hash.update(at.nanos().to_be_bytes());
        let said = facts.iter().filter(|(name, _)| !NOT_SAID.contains(name));
        for text in [action, key].into_iter().chain(said.flat_map(|(name, value)| [name, value])) {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let (short, _) = digest.split_first_chunk().unwrap_or((&[0; 8], &[]));
        Self(*short)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::hex::write_hex(f, &self.0)
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
