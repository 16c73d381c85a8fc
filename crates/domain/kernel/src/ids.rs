//! Identities: each its own type, so that mixing two does not compile.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The text cannot be an id of this kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {kind}: expected 1 to {max} characters out of {allowed}")]
pub struct NotAnId {
    kind: &'static str,
    text: String,
    max: usize,
    allowed: &'static str,
}

fn checked(
    kind: &'static str,
    text: &str,
    max: usize,
    allowed: &'static str,
    good: fn(u8) -> bool,
) -> Result<Arc<str>, NotAnId> {
    if !text.is_empty() && text.len() <= max && text.bytes().all(good) {
        return Ok(Arc::from(text));
    }
    Err(NotAnId { kind, text: text.chars().take(80).collect(), max, allowed })
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $max:literal, $allowed:literal, $good:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Refuses an empty text, a longer one than fits, and characters that the broker would not carry.
            pub fn new(text: &str) -> Result<Self, NotAnId> {
                checked($kind, text, $max, $allowed, $good).map(Self)
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(&text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }
    };
}

text_id!(
    /// A brokerage account, for example `DU1234567`.
    AccountId, "an account", 32, "letters, digits, '-', '_' and '.'",
    |c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.')
);
text_id!(
    /// Our own name of one intent to trade. The same key twice is the same intent, for ever: it is the identity of an
    /// order across retries, restarts and brokers, and it travels to the broker with the order.
    OrderKey, "an order key", 40, "letters, digits, '-', '_', '.' and ':'",
    |c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b':')
);

text_id!(
    /// Whose idea an order is: a program or a plan of trading, by its name. It stays with us: no broker is told.
    StrategyId, "a strategy", 40, "letters, digits, '-' and '_'",
    |c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_')
);

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The id with this number.
            #[must_use]
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            /// Its number.
            #[must_use]
            pub const fn number(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

number_id!(
    /// The broker's durable number of an order: the foreign key once seen, the same in every session and client.
    PermId
);
number_id!(
    /// The number of an order within one connection and one client. It means nothing outside of them.
    BrokerOrderId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_refuses_what_the_broker_would_not_carry() {
        assert_eq!(OrderKey::new("rebalance-2012:AAPL").unwrap().as_str(), "rebalance-2012:AAPL");
        for bad in ["", "a b", "a\n", "ключ", &"x".repeat(41)] {
            assert!(OrderKey::new(bad).is_err(), "{bad:?} was taken for a key");
        }
        assert!(AccountId::new("DU1234567").is_ok());
        assert!(AccountId::new("DU 1").is_err());
        assert_eq!(StrategyId::new("mean-reversion_2").unwrap().to_string(), "mean-reversion_2");
        // A point would part it from the limit that is named after it.
        assert!(StrategyId::new("mean.reversion").is_err());
    }
}
