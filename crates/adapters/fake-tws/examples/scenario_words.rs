//! Prints the vocabulary of scenarios as tables of Markdown, for the documents.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

fn main() {
    print!("{}", tradeport_fake_tws::chaos::words_table());
}
