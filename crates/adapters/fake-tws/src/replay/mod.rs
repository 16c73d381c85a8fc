//! A recording, served again.
//!
//! A client that connects plays the part of one recorded connection. What the server said there is said again, each message
//! when its cause has come about once more:
//!
//! 1. **Which connection.** Those of the recording are given out in their order: to a client whose versions include the
//!    recorded one, and, once it has said its id, rather one with the same id. When all are given out, or none fits any
//!    more, they may be played again. A client that no recorded version suits is closed, with a logged reason.
//! 2. **What is alike.** A request is like a recorded one when both are the same message with the same fields, but for the
//!    numbers that clients choose: ids of requests and orders. If there is none, moments and references are passed over,
//!    too (the module `like` lists them), since they are others in every run. Requests are used up in the order of the
//!    recording; when all that are alike are used up, the last one is played again. Where the number was used before, it
//!    must be about the same thing as in the recording: the change of an order, or a cancel.
//! 3. **What answers it.** A recorded message belongs to the latest request before it with its number; a message without a
//!    number, to the latest request that is answered with such messages; orders that were listed, to the question for the
//!    list; holdings and balances, to the latest order or cancel where that came later; everything else to `startApi`. It
//!    comes as long after its request as it did in the recording, on the clock that is given: a clock that runs faster plays
//!    faster.
//! 4. **Numbers.** Recorded numbers are replaced by those that the client uses now. A message in which none is another goes
//!    out byte for byte as it was recorded; so does one that cannot be read.
//! 5. **A request that was never recorded** is logged and answered with error 320. A cancel that was never recorded ends
//!    what its request still had to come.
//! 6. A connection that the server closed is closed again, as long after the last request before it.
//!
//! Left out: what the recording does not say. Nothing is made up.

mod casting;
mod like;
mod player;
mod script;
mod serve;

pub use player::Player;
pub use script::Script;
pub use serve::{Replay, ReplayError};

#[cfg(test)]
mod tests;
