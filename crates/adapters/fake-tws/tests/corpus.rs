//! The fuzzers' kept corpus, held against their laws on every system, with no fuzzer.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[expect(unreachable_pub, clippy::panic, reason = "the fuzzers have it in a library of theirs")]
#[path = "../fuzz/src/laws.rs"]
mod laws;

use std::path::Path;

fn held_against(target: &str, law: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        law(&std::fs::read(&path).unwrap());
        files += 1;
    }
    assert!(files > 0, "{} is empty", folder.display());
}

#[test]
fn frames() {
    held_against("frame", laws::frame);
}

#[test]
fn codecs() {
    held_against("protobuf_codec", laws::protobuf_codec);
    held_against("text_codec", laws::text_codec);
}

#[test]
fn the_server() {
    held_against("server", laws::server);
}

#[test]
fn recordings() {
    held_against("recording", laws::recording);
}
