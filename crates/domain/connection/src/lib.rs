//! The link to a broker: its life, the classes that notices fall into and what is done about each, and the streams that
//! are wanted over it.
//!
//! [`Supervisor`] is the one owner of a link: a pure state machine that connects, proves, probes, waits out what the
//! [`calendar`] expects, and asks for every wanted stream exactly once after each loss. [`ClientIds`] shares out the
//! connections by purpose. [`Pacer`] lets requests wait until the [`pacing`] budget lets them go.
//!
//! Left out: messages and codes of any vendor. Adapters sort those into the classes here.

mod alarm;
mod backoff;
pub mod breaker;
pub mod calendar;
pub mod clients;
mod event;
mod notice;
mod pacer;
pub mod pacing;
mod ports;
mod remedy;
pub mod subscriptions;
pub mod supervisor;

pub use alarm::{AlarmBoard, AlarmChange, Condition};
pub use backoff::{Backoff, BackoffSettings};
pub use clients::{ClientIds, Purpose};
pub use event::{LinkEvent, LinkState};
pub use notice::{Farm, Notice, NoticeClass};
pub use pacer::{AfterFailure, NotPaced, Pacer, Permit};
pub use ports::{BrokerLink, LinkError, LinkEvents};
pub use remedy::Remedy;
pub use supervisor::{
    Attempt, ConnectFailure, Effect, Held, Input, LinkChange, LinkSettings, LinkStanding, NotLinkSettings,
    Proof, ProofFailure, PulseSettings, Supervisor,
};
