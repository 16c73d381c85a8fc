//! Sample files: those that the broker's samples were copied into, and further ones that anybody may add.

use serde_json::Value;
use std::path::Path;

/// One sample, and the file that it is from.
pub(crate) struct Raw {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) value: Value,
}

impl Raw {
    /// Is it of orders or cancels, rather than of a contract?
    pub(crate) fn is_of_orders(&self) -> bool {
        self.value.get("orders").is_some()
    }
}

/// The samples of a file one folder up of the further ones.
pub(crate) fn bundled(file: &str) -> Vec<Raw> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file))
}

/// The samples of every file in `tests/data/more`, by the names of the files.
pub(crate) fn further() -> Vec<Raw> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/more");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(!files.is_empty(), "{} has no samples", folder.display());
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(path: &Path) -> Vec<Raw> {
    let file = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let document: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let samples = document["samples"].as_array().unwrap_or_else(|| panic!("{file} has no samples"));
    if let Some(count) = document["count"].as_u64() {
        assert_eq!(count, samples.len() as u64, "{file}: its own count");
    }
    let raw = |value: &Value| {
        let name = value["name"].as_str().unwrap_or_else(|| panic!("{file}: a sample without a name"));
        Raw { file: file.clone(), name: name.to_owned(), value: value.clone() }
    };
    samples.iter().map(raw).collect()
}

/// What came of a number of samples. None may be wrong, and there must be some.
pub(crate) fn report(what: &str, given: usize, wrong: &[String]) {
    println!("{what}: matched {} of {given}, none skipped", given - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(given > 0, "{what}: nothing was compared");
}

/// What is wrong with one sample, with its name in front. A panic of the harness over a sample is wrong with that sample.
pub(crate) fn wrong_with(
    file: &str,
    name: &str,
    check: impl FnOnce() -> Result<(), String>,
) -> Option<String> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(check));
    let reason = match caught {
        Ok(checked) => checked.err()?,
        Err(panic) => panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "the harness cannot read it".to_owned()),
    };
    Some(format!("{file}: {name}: {reason}"))
}
