//! What the typed kinds share: checked facts, and the ways to say where and under which names they are listed.

use super::{Description, Instrument, NotAnInstrument};
use std::sync::Arc;

/// A description that has been checked; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Facts(Arc<Description>);

impl Facts {
    /// Only for what `Description::check` has let through.
    pub(super) fn new(checked: Description) -> Self {
        Self(Arc::new(checked))
    }

    pub(super) fn description(&self) -> &Description {
        &self.0
    }
}

/// Checks a description that must make an instrument of one kind.
pub(super) fn checked<T>(description: Description) -> Result<T, NotAnInstrument>
where
    T: TryFrom<Instrument, Error = NotAnInstrument>,
{
    description.check()?.try_into()
}

/// Defines a kind of instrument around checked facts, with what is common to all kinds.
macro_rules! kind {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub(super) $crate::instrument::listed::Facts);

        impl $name {
            /// All that is said of it.
            #[must_use]
            pub fn description(&self) -> &$crate::Description {
                self.0.description()
            }

            /// The same, changed and checked again.
            fn changed(
                &self,
                change: impl FnOnce(&mut $crate::Description),
            ) -> Result<Self, $crate::NotAnInstrument> {
                let mut description = self.description().clone();
                change(&mut description);
                $crate::instrument::listed::checked(description)
            }

            /// The same, routed to one exchange: 1 to 24 capital letters, digits, `.`, `-` or `_`.
            pub fn on(self, exchange: &str) -> Result<Self, $crate::NotAnInstrument> {
                self.changed(|it| it.exchange = Some(exchange.to_owned()))
            }

            /// The same, with no word on where it is routed to, as some queries want it.
            pub fn on_any_exchange(self) -> Result<Self, $crate::NotAnInstrument> {
                self.changed(|it| it.exchange = None)
            }

            /// The same, listed at an exchange: tells apart what the broker could route to several listings of.
            pub fn listed_on(self, primary_exchange: &str) -> Result<Self, $crate::NotAnInstrument> {
                self.changed(|it| it.primary_exchange = Some(primary_exchange.to_owned()))
            }

            /// The same, by its symbol at its exchange.
            pub fn with_local_symbol(self, local_symbol: &str) -> Result<Self, $crate::NotAnInstrument> {
                self.changed(|it| it.local_symbol = Some(local_symbol.to_owned()))
            }

            /// The same, of one class within the product.
            pub fn with_trading_class(self, trading_class: &str) -> Result<Self, $crate::NotAnInstrument> {
                self.changed(|it| it.trading_class = Some(trading_class.to_owned()))
            }

            /// The same, with so many units in one contract; above zero.
            pub fn with_multiplier(self, multiplier: tradeport_kernel::Decimal) -> Result<Self, $crate::NotAnInstrument> {
                self.changed(|it| it.multiplier = Some(multiplier))
            }

            /// The same, with the broker's number beside the description; above zero.
            pub fn with_id(self, id: $crate::ContractId) -> Result<Self, $crate::NotAnInstrument> {
                self.changed(|it| it.id = Some(id))
            }

            /// The same, with a public number beside the description.
            pub fn with_identifier(self, identifier: impl Into<$crate::Identifier>) -> Result<Self, $crate::NotAnInstrument> {
                self.changed(|it| it.identifier = Some(identifier.into()))
            }

            /// The same, of one issuer by the broker's code.
            pub fn issued_by(self, issuer: &str) -> Result<Self, $crate::NotAnInstrument> {
                self.changed(|it| it.issuer = Some(issuer.to_owned()))
            }

            /// The same, with contracts that have ended, where the broker still knows them.
            #[must_use]
            pub fn with_expired(self) -> Self {
                self.changed(|it| it.include_expired = true).expect("ended contracts break no rule")
            }

            /// Where it is routed to.
            #[must_use]
            pub fn exchange(&self) -> Option<&str> {
                self.description().exchange.as_deref()
            }

            /// What it is priced in.
            #[must_use]
            pub fn currency(&self) -> Option<tradeport_kernel::Currency> {
                self.description().currency
            }
        }

        impl std::fmt::Display for $name {
            /// The notation of [`Instrument`](crate::Instrument).
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::Instrument::from(self.clone()).fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::NotAnInstrument;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse::<$crate::Instrument>()?.try_into()
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::NotAnInstrument;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(it: $name) -> Self {
                it.to_string()
            }
        }
    };
}

/// Gives a kind its currency as a choice; not for pairs, whose currency is half of their name.
macro_rules! priced {
    ($($name:ident),+) => { $(
        impl $name {
            /// The same, priced in another currency.
            #[must_use]
            pub fn in_currency(self, currency: tradeport_kernel::Currency) -> Self {
                self.changed(|it| it.currency = Some(currency)).expect("a currency breaks no rule")
            }

            /// The same, with no word on its currency, as some queries want it.
            #[must_use]
            pub fn in_any_currency(self) -> Self {
                self.changed(|it| it.currency = None).expect("no currency breaks no rule")
            }
        }
    )+ };
}

pub(super) use {kind, priced};
