//! Parameters of an algo, and what they hold.

use super::time::AlgoTime;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use tradeport_kernel::Decimal;

/// What a parameter holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ParamValue {
    /// Yes or no.
    Flag(bool),
    /// A count.
    Integer(i64),
    /// A number: a fraction, a price, minutes. Its trailing zeros are kept, but mean nothing.
    Number(Decimal),
    /// One of the choices that the algo has, in its provider's spelling.
    Choice(Cow<'static, str>),
    /// A moment.
    Time(AlgoTime),
    /// Free text: what the provider takes as text, and every parameter that this crate does not list.
    Text(String),
    /// Sent without a value: the provider's own default. Some parameters must be sent even so.
    Blank,
}

impl fmt::Display for ParamValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.pad(if *flag { "yes" } else { "no" }),
            Self::Integer(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Choice(choice) => write!(f, "{choice:?}"),
            Self::Time(time) => time.fmt(f),
            Self::Text(text) => super::refusal::shown(text).fmt(f),
            Self::Blank => f.pad("blank"),
        }
    }
}

/// A parameter of an algo and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlgoParam {
    name: Cow<'static, str>,
    value: ParamValue,
}

impl AlgoParam {
    /// Whether the algo takes it is checked when the [`Algo`](super::Algo) is made.
    pub fn new(name: impl Into<Cow<'static, str>>, value: ParamValue) -> Self {
        Self { name: name.into(), value }
    }

    /// Its name, in the provider's spelling: `maxPctVol`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it holds.
    #[must_use]
    pub const fn value(&self) -> &ParamValue {
        &self.value
    }

    pub(super) fn set(&mut self, value: ParamValue) {
        self.value = value;
    }
}
