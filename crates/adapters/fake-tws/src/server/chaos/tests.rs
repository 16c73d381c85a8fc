//! Every act, as clients see it.

mod asking;
mod files;
mod laws;
mod links;
mod orders;
mod play;
mod sending;
