//! The TOML file: finding it, reading it, and saying which line is wrong.

use super::{Config, ConfigError};
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table};

/// No configuration is longer; whatever is, is another file.
const LARGEST: u64 = 1024 * 1024;

/// Reads and checks a file by itself; gives its keys and values as they are written.
pub(super) fn read(path: &Path) -> Result<Table, ConfigError> {
    let text = text_of(path)?;
    parsed::<Config>(path, &text)?;
    parsed(path, &text)
}

/// The keys and values of a file as they are written, whether they make sense or not.
pub(super) fn table(path: &Path) -> Result<Table, ConfigError> {
    parsed(path, &text_of(path)?)
}

fn parsed<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let problem = in_our_words(error.message());
        let place = error.span().map_or(0, |span| place_of(text, span.start, &problem));
        ConfigError::InFile { path: path.to_owned(), line: line_at(text, place), problem }
    })
}

fn text_of(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |cause| ConfigError::Unreadable { path: path.to_owned(), cause };
    let mut text = String::new();
    let mut file = File::open(path).map_err(unreadable)?.take(LARGEST + 1);
    let read = file.read_to_string(&mut text).map_err(unreadable)?;
    if u64::try_from(read).is_ok_and(|read| read > LARGEST) {
        return Err(ConfigError::TooLarge { path: path.to_owned(), most: LARGEST });
    }
    Ok(text)
}

/// Limits are judged together, so the parser blames their section. A problem that begins with a key is at that key.
fn place_of(text: &str, blamed: usize, problem: &str) -> usize {
    let key = problem.split_whitespace().next().unwrap_or_default();
    let Ok(file) = DeTable::parse(text) else { return blamed };
    let sections = file.get_ref().values().filter(|section| section.span().start == blamed);
    sections.filter_map(|section| within(section, key)).next().unwrap_or(blamed)
}

/// Where a key such as `accounts.DU1.max_daily_trades` is written in a table.
fn within(table: &Spanned<DeValue<'_>>, key: &str) -> Option<usize> {
    let (name, rest) = key.split_once('.').map_or((key, None), |(name, rest)| (name, Some(rest)));
    let table = table.get_ref().as_table()?;
    let (written, value) = table.iter().find(|(written, _)| written.get_ref() == name)?;
    rest.map_or(Some(written.span().start), |rest| within(value, rest))
}

fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|c| *c == b'\n').count() + 1
}

/// The parser speaks of fields, users of keys; and of one line there is one line to say.
pub(super) fn in_our_words(message: &str) -> String {
    let message =
        message.replace("unknown field", "unknown key").replace(", expected one of", "; known keys:");
    let message = ["u8", "u16", "u32", "u64", "usize"].iter().fold(message, |message, kind| {
        message.replace(&format!(", expected {kind}"), ", expected a whole number that is not below zero")
    });
    let message =
        message.replace("unknown variant", "unknown value").replace("; known keys: variants", ", expected");
    message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tradeport.toml");
        std::fs::write(&path, text).unwrap();
        let error = read(&path).unwrap_err();
        assert!(error.to_string().contains("tradeport.toml"), "{error}");
        error.to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_known_ones() {
        let problem = problem("broker = \"fake\"\n[ib]\nprot = 7497\n");
        assert!(problem.contains("line 3"), "{problem}");
        assert!(problem.contains("unknown key `prot`"), "{problem}");
        assert!(problem.contains("`port`") && problem.contains("`client_id`"), "{problem}");
    }

    #[test]
    fn an_unknown_section_and_an_unknown_limit_are_named_too() {
        assert!(problem("[rsik]\nmax_daily_trades = 1\n").contains("`rsik`"));
        assert!(problem("[risk]\nmax_daily_trade = 1\n").contains("`max_daily_trades`"));
    }

    #[test]
    fn a_limit_that_cannot_be_is_named_with_its_own_line() {
        let of_all = "[ib]\nport = 7497\n[risk]\nmax_daily_trades = 5\n\nprice_collar = -0.5\n";
        assert!(problem(of_all).contains("line 6: price_collar is -0.5"), "{}", problem(of_all));
        let of_one = "[risk]\nmax_daily_trades = 5\n[risk.accounts.DU1]\nmax_daily_trades = 3\nmax_position_share = 9\n";
        assert!(
            problem(of_one).contains("line 5: accounts.DU1.max_position_share is 9"),
            "{}",
            problem(of_one)
        );
        let inline = "risk = { max_daily_trades = 5,\n  price_collar = 0 }\n";
        assert!(problem(inline).contains("line 2: price_collar"), "{}", problem(inline));
        let number = problem("[risk]\nmax_daily_trades = -1\n");
        assert!(number.contains("line 2") && number.contains("expected a whole number"), "{number}");
    }

    #[test]
    fn a_value_that_does_not_fit_is_explained() {
        assert!(problem("[recorder]\nmax_seconds = 0\n").contains("expected 1 to"));
        assert!(problem("[fake]\ncash = -1\n").contains("-1 is not cash"));
        assert!(problem("[fake]\nlost_answers = 1.5\n").contains("1.5 is not a share"));
        assert!(problem("[ib]\nport = \"x\"\n").contains("line 2"));
        assert!(problem("[ib]\nport = 99999\n").contains("99999 is not a port"));
        assert!(problem("[performance]\nrisk_free_rate = nan\n").contains("not a rate"));
        assert!(problem("[risk]\nmax_position_share = -1\n").contains("above zero"));
        assert!(problem("[ib\n").contains("line 1"));
    }
}
