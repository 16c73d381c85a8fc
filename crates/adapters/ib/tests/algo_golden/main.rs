//! Algos on the broker's wire: held against what the broker and the providers document, against the broker's own
//! samples, and there and back.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod facts;
mod round_trip;
mod samples;

use ibapi::contracts::TagValue;

fn tag(name: &str, text: &str) -> TagValue {
    TagValue { tag: name.to_owned(), value: text.to_owned() }
}

fn pairs(tags: &[TagValue]) -> Vec<(&str, &str)> {
    tags.iter().map(|tag| (tag.tag.as_str(), tag.value.as_str())).collect()
}

#[expect(clippy::print_stdout, reason = "how much was compared is the point of a golden test")]
fn report(what: &str, matched: usize, given: usize) {
    println!("{what}: matched {matched} of {given}, none skipped");
    assert_eq!(matched, given, "{what}");
    assert!(given > 0, "{what}");
}
