//! Prints the table of what is served, as it stands in `docs/fake-tws.md`.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]

fn main() {
    print!("{}", tradeport_fake_tws::server::served_table());
}
