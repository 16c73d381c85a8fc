//! A TWS that runs anywhere: serves the simulated broker on the TWS socket protocol, so that any IB client connects to it.
//!
//! [`wire`] is the language on the socket: frames, versions, and the messages of text (157 to 200) and protobuf (213 to
//! 226).
//!
//! [`translate`] turns what the language says into the platform's values and back.
//!
//! [`server`] answers, without sockets.
//!
//! [`chaos`] says what goes wrong, and when.
//!
//! [`record`] keeps sessions on file and shows them, [`replay`] serves them again.
//!
//! A test of one's own starts a server on a port that is free, moves its market, and looks at what the client makes of it:
//!
//! ```
//! use std::sync::Arc;
//! use tradeport_fake_tws::FakeTws;
//! use tradeport_kernel::{Symbol, Timestamp};
//! use tradeport_market_data::{Level, Quote};
//! use tradeport_memory::VirtualClock;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = VirtualClock::new(Timestamp::from_seconds(1_767_366_245));
//! let tws = FakeTws::builder().seed(7).start(Arc::new(clock.clone())).await?;
//!
//! // Any IB client connects here.
//! assert!(tws.address().ip().is_loopback());
//! assert_eq!(tws.connections().await?, 0);
//!
//! // Resting orders trade against what is published, and subscribers are told.
//! let level = |price: &str| Some(Level::new(price.parse().expect("a price"), "500".parse().ok()));
//! let at = Timestamp::from_seconds(1_767_366_246);
//! tws.publish(Quote::new(Symbol::new("AAPL")?, at, level("549.98"), level("550.02"))?).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Left out: the exchange, what it lists and what that costs (the simulated broker's crate).

pub mod chaos;
mod net;
pub mod record;
pub mod replay;
pub mod server;
pub mod translate;
pub mod wire;

pub use net::{Builder, FakeTws, StartError, Stopped};
pub use server::{Prices, RateLimit, ServerSettings};
pub use wire::version::{NEWEST, OLDEST};
