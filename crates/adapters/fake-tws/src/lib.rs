//! A TWS that runs anywhere: serves the simulated broker on the TWS socket protocol, so that any IB client connects to it.
//!
//! [`wire`] is the language on the socket: frames, versions, and the messages of text (157 to 200) and protobuf (213 to
//! 226).
//!
//! [`translate`] turns what the language says into the platform's values and back.
//!
//! [`server`] answers, without sockets.
//!
//! Left out: the exchange, what it lists and what that costs (the simulated broker's crate).

mod net;
pub mod server;
pub mod translate;
pub mod wire;

pub use net::{Builder, FakeTws, StartError, Stopped};
pub use server::{RateLimit, ServerSettings};
pub use wire::version::{NEWEST, OLDEST};
