//! The link that heals itself: the shell around [`Supervisor`].
//!
//! It moves inputs and effects: what the link says and time brings goes in, what is to be done comes out and is done, one
//! operation on the link at a time. [`SessionHandle`] is for everybody else: it tells where the link stands, says whether
//! an order may leave, and registers wanted streams. [`GatedGateway`] keeps orders from leaving before everything is
//! proven; [`lasting_quotes`] is a subscription that outlives epochs.
//!
//! Left out: every decision. Those are the supervisor's.

mod core;
mod driver;
mod gateway;
mod lane;
mod pending;
mod prover;
mod quotes;

pub use self::core::{SessionHandle, SessionView, StreamCommand, WantedStream};
pub use driver::{SessionPorts, SessionSupervisor};
pub use gateway::GatedGateway;
pub use prover::{BrokerProver, Disproof, Prover};
pub use quotes::lasting_quotes;
