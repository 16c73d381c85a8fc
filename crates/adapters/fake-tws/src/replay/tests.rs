//! A session is recorded on virtual time and played to the same client, and to others.

mod laws;
mod stage;
mod strangers;
