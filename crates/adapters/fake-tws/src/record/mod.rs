//! Sessions on file: every byte of every connection, both ways, with its moment.
//!
//! | part | knows |
//! | --- | --- |
//! | `recording` | one record, and its bytes on file |
//! | `reader` | a file's records, up to where it was cut or damaged |
//! | `recorder` | writes behind the back of a session, and says when it could not |
//! | `dialogue` | which messages the bytes are |
//! | `show` | a message as a line, or as a JSON object, with what is private left out |
//! | `proxy` | stands between a client and a real TWS |
//!
//! # The file
//!
//! ```text
//! "tradeport wire 1\n"                          17 bytes
//! then records, each:
//!   length of the body                           4 bytes, big end first
//!   CRC-32 of those 4 bytes and the body         4 bytes
//!   body:
//!     kind                                       1 byte: 1 connected, 2 from the client, 3 from the server,
//!                                                        4 closed by the client, 5 closed by the server
//!     connection                                 8 bytes
//!     moment, nanoseconds since 1970 in UTC      8 bytes
//!     the bytes that went over (2, 3), or the reason in UTF-8 (5)
//! ```
//!
//! Records are only ever appended. A file that was cut reads up to the cut; a damaged record ends it, since nothing says
//! where the next one begins.
//!
//! Left out: serving a recording again (`replay`).

mod dialogue;
mod open_messages;
mod proxy;
mod reader;
mod recorder;
mod recording;
mod redact;
mod show;

pub use dialogue::{Dialogue, Line, Said, Unreadable};
pub use proxy::{Proxy, ProxyError};
pub use reader::{RecordingError, RecordingReader};
pub use recorder::{RecordError, Recorded, Recorder, RecorderHandle};
pub use recording::{Event, MAGIC, MAX_PIECE, Record, Side, put_record};
pub use redact::Privacy;
pub use show::{json, text};
