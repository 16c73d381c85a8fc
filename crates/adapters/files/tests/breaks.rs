//! Proves every promise of the file of breaks, and that nothing that can happen to it is taken for no break.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::FutureExt;
use proptest::prelude::*;
use std::fs;
use tempfile::TempDir;
use tradeport_conformance::fixtures;
use tradeport_files::FileBreaks;
use tradeport_trading::BreakStore;

tradeport_conformance::break_store_conformance!(Fixture);

struct Fixture {
    folder: TempDir,
    store: FileBreaks,
}

impl tradeport_conformance::break_store::Harness for Fixture {
    type Store = FileBreaks;
    async fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = FileBreaks::within(folder.path());
        Self { folder, store }
    }
    fn store(&self) -> &FileBreaks {
        &self.store
    }
    async fn reopen(self) -> Self {
        let store = FileBreaks::within(self.folder.path());
        Self { folder: self.folder, store }
    }
    async fn garble(&self) {
        fs::write(self.store.path(), "{\"format\": 1, \"brea").unwrap();
    }
}

proptest! {
    #[test]
    fn a_file_that_was_cut_is_an_error(cut in 0_usize..10_000) {
        let folder = tempfile::tempdir().unwrap();
        let store = FileBreaks::within(folder.path());
        store.keep(&fixtures::breaks()).now_or_never().unwrap().unwrap();
        let whole = fs::read(store.path()).unwrap();
        let cut = cut % whole.len();
        fs::write(store.path(), &whole[..cut]).unwrap();
        prop_assert!(store.kept().now_or_never().unwrap().is_err(), "cut at {cut}");
    }

    #[test]
    fn any_bytes_are_breaks_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = tempfile::tempdir().unwrap();
        let store = FileBreaks::within(folder.path());
        fs::write(store.path(), &bytes).unwrap();
        prop_assert!(store.kept().now_or_never().unwrap().is_err());
    }
}

#[test]
fn where_nothing_can_be_written_it_is_said_with_the_files_name() {
    let store = FileBreaks::within(std::path::Path::new("/nowhere/at/all"));
    let error = store.keep(&fixtures::breaks()).now_or_never().unwrap().unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("breaks.json"), "{error:?}");
}
