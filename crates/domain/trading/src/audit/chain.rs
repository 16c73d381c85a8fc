//! The chain: each record's hash is made of the one before it and of everything that the record says.
//!
//! Pure functions on values; stores call them within the transaction that keeps the record.

use crate::hex::write_hex;
use crate::{AuditEntry, AuditRecord};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The hash of a record and of every record before it: SHA-256 over the hash before, the sequence, the moment in
/// nanoseconds (both eight bytes, the highest first), and actor, action, subject and detail, each after its length in eight
/// bytes.
///
/// ```
/// use tradeport_trading::audit::ChainHash;
///
/// let text = ChainHash::START.to_string();
/// assert_eq!(text.parse(), Ok(ChainHash::START));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChainHash([u8; Self::BYTES]);

impl ChainHash {
    /// Its length.
    pub const BYTES: usize = 32;
    /// What stands before the first record.
    pub const START: Self = Self([0; Self::BYTES]);

    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The hash of the record that follows this one.
    #[must_use]
    pub fn then(&self, sequence: u64, entry: &AuditEntry) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(sequence.to_be_bytes());
        hash.update(entry.at.nanos().to_be_bytes());
        for text in [&entry.actor, &entry.action, &entry.subject, &entry.detail] {
            // With its length before it no text can pass for the end of one and the beginning of the next.
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}

/// The text is no hash of a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hash of the audit log: expected 64 digits from 0 to f")]
pub struct NotAHash;

impl FromStr for ChainHash {
    type Err = NotAHash;
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let digits = text.as_bytes();
        if digits.len() != 2 * Self::BYTES {
            return Err(NotAHash);
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
        let mut bytes = [0; Self::BYTES];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
            let (high, low) = (digit(pair[0]).ok_or(NotAHash)?, digit(pair[1]).ok_or(NotAHash)?);
            *byte = high << 4 | low;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for ChainHash {
    type Error = NotAHash;
    fn try_from(text: String) -> Result<Self, NotAHash> {
        text.parse()
    }
}

impl From<ChainHash> for String {
    fn from(hash: ChainHash) -> Self {
        hash.to_string()
    }
}

/// The end of a log: its last sequence, zero for an empty one, and that record's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The last sequence.
    pub sequence: u64,
    /// Its hash.
    pub hash: ChainHash,
}

impl Default for AuditHead {
    fn default() -> Self {
        Self { sequence: 0, hash: ChainHash::START }
    }
}

impl AuditHead {
    /// The record that this entry becomes after this head.
    #[must_use]
    pub fn record(&self, entry: AuditEntry) -> AuditRecord {
        let sequence = self.sequence.saturating_add(1);
        AuditRecord { sequence, hash: self.hash.then(sequence, &entry), entry }
    }

    /// The head once this record is kept.
    #[must_use]
    pub const fn of(record: &AuditRecord) -> Self {
        Self { sequence: record.sequence, hash: record.hash }
    }
}

/// What is wrong with a chain, and where it is seen first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreak {
    /// A record does not stand where it belongs.
    #[error("record {found} stands where record {wanted} belongs: records were removed, put in or moved")]
    OutOfPlace {
        /// Which one belongs there.
        wanted: u64,
        /// Which one is there.
        found: u64,
    },
    /// A record's hash is not that of what it says after those before it.
    #[error("record {0} does not say what it said when it was kept, or another stands before it")]
    Changed(u64),
    /// The log ends elsewhere than its head says.
    #[error("the log ends with record {last}, and its head is record {head}: records were cut off or put in")]
    Ends {
        /// The last record.
        last: u64,
        /// Where it should end.
        head: u64,
    },
    /// The head is another one's.
    #[error("the head of the log is not the hash of record {0}")]
    OtherHead(u64),
}

/// Follows a chain from its beginning, record by record.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChainWalk(AuditHead);

impl ChainWalk {
    /// Takes the next record.
    pub fn step(&mut self, record: &AuditRecord) -> Result<(), ChainBreak> {
        let wanted = self.0.sequence.saturating_add(1);
        if record.sequence != wanted {
            return Err(ChainBreak::OutOfPlace { wanted, found: record.sequence });
        }
        if record.hash != self.0.hash.then(wanted, &record.entry) {
            return Err(ChainBreak::Changed(wanted));
        }
        self.0 = AuditHead::of(record);
        Ok(())
    }

    /// How far it has come.
    #[must_use]
    pub const fn head(&self) -> AuditHead {
        self.0
    }

    /// All records were taken: do they end where the head says?
    pub fn end(self, head: &AuditHead) -> Result<AuditHead, ChainBreak> {
        if self.0.sequence != head.sequence {
            return Err(ChainBreak::Ends { last: self.0.sequence, head: head.sequence });
        }
        if self.0.hash != head.hash {
            return Err(ChainBreak::OtherHead(head.sequence));
        }
        Ok(self.0)
    }
}

#[cfg(test)]
mod tests;
