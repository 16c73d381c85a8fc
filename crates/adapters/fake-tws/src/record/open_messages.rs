//! Messages in which nothing is private: they are about markets, contracts, news and the time.
//!
//! What is not listed here is shown with its private fields hidden, so that a message that is new to this list tells too
//! little rather than too much.

/// Requests by their numbers: market data, depth, history, contracts, news, events, scanners, calculations, display groups, and
/// everything about the connection itself.
pub(super) const REQUESTS: &[i32] = &[
    1, 2, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 22, 23, 24, 25, 49, 50, 51, 52, 53, 54, 55, 56, 57,
    59, 61, 64, 67, 68, 69, 70, 71, 78, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 96, 97, 98, 99, 100,
    101, 102, 103, 105, 106, 107,
];

/// Answers by their numbers: the same families, but for events of companies, which may be those that are held.
pub(super) const ANSWERS: &[i32] = &[
    1, 2, 9, 10, 12, 13, 14, 17, 18, 19, 20, 21, 45, 46, 47, 49, 50, 51, 52, 53, 55, 56, 57, 58, 62, 64, 67,
    68, 72, 74, 75, 76, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 96, 97, 98, 99, 102, 104,
    106, 108, 109,
];
