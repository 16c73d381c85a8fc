//! Prints the table of `docs/order-life.md`.
//!
//! ```text
//! cargo run -p tradeport-orders --example order_life_table
//! ```
#![expect(clippy::print_stdout, reason = "it is there to print")]

#[path = "../tests/order_life/table.rs"]
mod table;

fn main() {
    println!("{}", table::table());
}
