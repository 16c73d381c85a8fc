//! Market data as clients see it: what comes in which order, what changes, and what is refused.

mod eras;
mod feed;
mod limits;
mod lines;
mod streams;
