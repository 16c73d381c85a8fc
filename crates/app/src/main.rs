//! tradeport.
fn main() {}
