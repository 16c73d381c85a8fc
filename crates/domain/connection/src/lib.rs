//! The link to a broker: its epochs, what is said about it, and the classes that notices fall into.
//!
//! Left out: messages and codes of any vendor. Adapters sort those into the classes here.

mod event;
mod notice;
mod ports;

pub use event::{LinkEvent, LinkState};
pub use notice::{Notice, NoticeClass};
pub use ports::{BrokerLink, LinkError, LinkEvents};
