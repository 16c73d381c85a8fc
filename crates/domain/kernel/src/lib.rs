//! The words that every other crate speaks: symbols, money, prices, quantities, ids and time; and the sum by which bytes are told apart.
//!
//! Each value is parsed once, at the edge; after that its type is the proof. Numbers are decimals, never floats.
//! Only arithmetic that means something exists (`Price` times `Quantity` is `Money`; a price plus a price is not
//! defined), and it is checked: an overflow or a mix of currencies is an error, never a wrong number.
//!
//! Left out on purpose: what can be traded (`contracts`), any clock's implementation, and every vendor's sentinel.

mod checksum;
mod currency;
mod decimal;
mod epoch;
mod ids;
mod money;
mod ports;
mod price;
mod quantity;
mod store_error;
mod symbol;
mod timestamp;
mod zone;

pub use checksum::fnv1a;
pub use currency::{Currency, NotACurrency};
pub use decimal::{Decimal, RoundingStrategy, read_decimal};
pub use epoch::{ConnectionEpoch, Snapshot, UnreadRow};
pub use ids::{AccountId, BrokerOrderId, NotAnId, OrderKey, PermId, StrategyId};
pub use money::{Money, MoneyError};
pub use ports::Clock;
pub use price::{NotAPrice, Price};
pub use quantity::{NotAQuantity, Quantity, SignedQuantity};
pub use store_error::StoreError;
pub use symbol::{NotASymbol, Symbol};
pub use timestamp::{NotATimestamp, TimeRange, Timestamp};
pub use zone::{BeyondZone, LocalMoment, UnknownZone, Zone};

/// Why something failed, in the words of whoever failed: boxed, so that no vendor's type crosses a port.
pub type Cause = Box<dyn std::error::Error + Send + Sync + 'static>;
