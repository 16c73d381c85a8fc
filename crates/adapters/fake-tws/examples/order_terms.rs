//! Prints the table of what orders say for `docs/fake-tws.md`.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]

fn main() {
    print!("{}", tradeport_fake_tws::server::terms_table());
}
