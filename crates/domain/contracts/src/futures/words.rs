//! The words of which each fact of a product may have one.
//!
//! Left out: the facts themselves (`spec`).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How a contract ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Settlement {
    /// The difference is paid.
    Cash,
    /// The underlying is delivered.
    Delivery,
}

/// How sure the facts of a product are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Sources contradict each other, or are old.
    Low,
    /// One good source, or common knowledge.
    Medium,
    /// Cross-checked.
    High,
}

/// The text is neither of the words that are expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not {what}: expected {expected}")]
pub struct NotAWord {
    given: String,
    what: &'static str,
    expected: &'static str,
}

impl FromStr for Settlement {
    type Err = NotAWord;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words = [("cash", Self::Cash), ("delivery", Self::Delivery)];
        word(text, &words, "a settlement", "cash or delivery")
    }
}

impl FromStr for Confidence {
    type Err = NotAWord;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words = [("low", Self::Low), ("medium", Self::Medium), ("high", Self::High)];
        word(text, &words, "a confidence", "low, medium or high")
    }
}

fn word<T: Copy>(
    text: &str,
    words: &[(&str, T)],
    what: &'static str,
    expected: &'static str,
) -> Result<T, NotAWord> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    found.ok_or_else(|| NotAWord { given: text.chars().take(40).collect(), what, expected })
}

impl fmt::Display for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cash => "cash",
            Self::Delivery => "delivery",
        })
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}
