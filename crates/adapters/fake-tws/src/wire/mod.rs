//! The language on the socket: frames, versions, messages, and their two codecs.
//!
//! One set of types, those of the protobuf schema, stands for the messages of both eras; the text codec is another way to
//! write the same values down. Nothing here knows what a message means: that is the server's.

pub mod codec;
mod fields;
pub mod frame;
pub mod message;
mod numbers;
pub mod proto;
pub mod text;
pub mod version;

pub use codec::{Codec, WireError};
pub use fields::Node;
pub use frame::{FrameBuffer, FrameError, MAX_FRAME};
pub use message::{Answer, AnswerKind, Request, RequestKind};
pub use numbers::Space;
pub use version::{Era, Refusal, ServerVersions, VersionRange};
