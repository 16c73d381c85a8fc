//! Orders of which one cancels the others.

use crate::Text;
use serde::{Deserialize, Serialize};
use tradeport_kernel::OrderKey;

/// What a fill does to the other orders of the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OcaEffect {
    /// It cancels them; one order at a time is at the exchange, so that no more than one can fill.
    CancelWithBlock,
    /// It makes them smaller; one order at a time is at the exchange, so that no more than wanted can fill.
    ReduceWithBlock,
    /// It makes them smaller; all are at the exchange, and more than wanted can fill.
    ReduceWithoutBlock,
}

/// Orders of which one cancels the others: the broker cancels the rest of the group when one of them fills.
///
/// ```
/// use tradeport_orders::{OcaEffect, OcaGroup};
///
/// let group = OcaGroup::new("morning-1".parse()?).with_effect(OcaEffect::ReduceWithBlock);
/// assert_eq!(group.name(), "morning-1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Document", into = "Document")]
pub struct OcaGroup {
    name: Text,
    effect: Option<OcaEffect>,
}

/// A group in a document: its name alone, or with its effect.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Document {
    Name(Text),
    Whole(Whole),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    name: Text,
    effect: OcaEffect,
}

impl OcaGroup {
    /// A group by a name like a key, with the broker's default effect.
    #[must_use]
    pub fn new(name: OrderKey) -> Self {
        Self::named(Text::new(name.as_str()).expect("a key is short and has no control characters"))
    }

    /// A group by any name, as others may have given it, with the broker's default effect.
    #[must_use]
    pub const fn named(name: Text) -> Self {
        Self { name, effect: None }
    }

    /// The same group with this effect; all orders of a group should name the same.
    #[must_use]
    pub fn with_effect(mut self, effect: OcaEffect) -> Self {
        self.effect = Some(effect);
        self
    }

    /// The same group, of which nothing is said.
    #[must_use]
    pub fn without_effect(mut self) -> Self {
        self.effect = None;
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// What a fill does to the others; the broker's default when none was named.
    #[must_use]
    pub const fn effect(&self) -> Option<OcaEffect> {
        self.effect
    }
}

impl From<Document> for OcaGroup {
    fn from(document: Document) -> Self {
        match document {
            Document::Name(name) => Self { name, effect: None },
            Document::Whole(Whole { name, effect }) => Self { name, effect: Some(effect) },
        }
    }
}

impl From<OcaGroup> for Document {
    fn from(group: OcaGroup) -> Self {
        match group.effect {
            None => Self::Name(group.name),
            Some(effect) => Self::Whole(Whole { name: group.name, effect }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_of_which_nothing_is_said_has_its_name_and_no_effect() {
        let group = OcaGroup::new("g".parse().unwrap());
        let said = group.clone().with_effect(OcaEffect::CancelWithBlock);
        assert_eq!(said.effect(), Some(OcaEffect::CancelWithBlock));
        assert_eq!(said.without_effect(), group);
    }
}
