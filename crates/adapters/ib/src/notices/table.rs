//! The table of codes: read from text, extended by another text.
//!
//! The format is a small part of CSV: a header, then lines of `code,meaning,phrases,note`; a field may stand in double
//! quotes, which are doubled inside of it. Empty lines and lines that begin with `#` say nothing.

use super::{Meaning, Said};
use std::collections::BTreeMap;

/// What every documented code means.
const BUILT_IN: &str = include_str!("notices.csv");

const HEADER: &str = "code,meaning,phrases,note";

/// What codes mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeTable(BTreeMap<i32, Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    always: Meaning,
    by_text: Vec<(Vec<String>, Meaning)>,
}

/// A table cannot be read. Lines are counted from one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotATable {
    /// It does not begin as it must.
    #[error("the table begins with {0:?}: its first line must be {HEADER:?}")]
    Header(String),
    /// A line is no row.
    #[error("line {line}: expected {HEADER:?}, found {text:?}; a field with a comma stands in double quotes")]
    Row {
        /// Which.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// A line is no text.
    #[error("line {line} is not UTF-8: save the file as UTF-8")]
    Encoding {
        /// Which.
        line: usize,
    },
    /// No code.
    #[error("line {line}: {text:?} is no code: a code is a whole number")]
    Code {
        /// Which.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// No meaning.
    #[error("line {line}: {text:?} is no meaning; there are {}", Meaning::ALL.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", "))]
    Meaning {
        /// Which.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// A text decides in one language alone.
    #[error("line {line}: code {code} is told by one phrase: give it in several languages, apart by '|'")]
    OneLanguage {
        /// Which.
        line: usize,
        /// Whose.
        code: i32,
    },
    /// A text decides, and nothing says what holds without it.
    #[error("code {0} has phrases, and no row without: say what it means when none of them is found")]
    OnlyPhrases(i32),
    /// A code has two meanings.
    #[error("line {line}: code {code} has a meaning already")]
    Twice {
        /// Which.
        line: usize,
        /// Whose.
        code: i32,
    },
}

impl Default for NoticeTable {
    fn default() -> Self {
        let none = Self(BTreeMap::new());
        none.extended(BUILT_IN).expect("the table that is built in is tested")
    }
}

impl NoticeTable {
    /// This table, with the rows of another text in place of its own for the same codes. Errors name the line.
    pub fn extended(mut self, text: &str) -> Result<Self, NotATable> {
        let mut lines = text.trim_start_matches('\u{feff}').lines().zip(1..).filter(|(line, _)| says(line));
        match lines.next() {
            Some((line, _)) if line.trim() == HEADER => {}
            other => return Err(NotATable::Header(shortened(other.map_or("", |(line, _)| line)))),
        }
        let mut read: BTreeMap<i32, Draft> = BTreeMap::new();
        for (text, line) in lines {
            let row = Row::read(text, line)?;
            read.entry(row.code).or_default().take(row, line)?;
        }
        for (code, draft) in read {
            let always = draft.always.ok_or(NotATable::OnlyPhrases(code))?;
            self.0.insert(code, Entry { always, by_text: draft.by_text });
        }
        Ok(self)
    }

    /// This table, with the rows of a file's bytes as of a text.
    pub fn extended_by(self, bytes: &[u8]) -> Result<Self, NotATable> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            NotATable::Encoding { line: before.iter().filter(|byte| **byte == b'\n').count() + 1 }
        })?;
        self.extended(text)
    }

    /// What a code means, said in these words.
    #[must_use]
    pub fn meaning(&self, code: i32, text: &str) -> Meaning {
        let Some(entry) = self.0.get(&code) else { return Meaning::Unknown };
        if entry.by_text.is_empty() {
            return entry.always;
        }
        let text = text.to_lowercase();
        let told =
            |(phrases, _): &&(Vec<String>, Meaning)| phrases.iter().any(|it| text.contains(it.as_str()));
        entry.by_text.iter().find(told).map_or(entry.always, |(_, meaning)| *meaning)
    }

    /// What the broker said, with what it means.
    #[must_use]
    pub fn said(&self, code: i32, text: &str) -> Said {
        Said { code, meaning: self.meaning(code, text), text: text.to_owned() }
    }

    /// The codes that it knows, in order.
    pub fn codes(&self) -> impl Iterator<Item = i32> {
        self.0.keys().copied()
    }
}

#[derive(Default)]
struct Draft {
    always: Option<Meaning>,
    by_text: Vec<(Vec<String>, Meaning)>,
}

impl Draft {
    fn take(&mut self, row: Row, line: usize) -> Result<(), NotATable> {
        let code = row.code;
        match row.phrases.len() {
            0 if self.always.is_some() => return Err(NotATable::Twice { line, code }),
            0 => self.always = Some(row.meaning),
            1 => return Err(NotATable::OneLanguage { line, code }),
            _ => self.by_text.push((row.phrases, row.meaning)),
        }
        Ok(())
    }
}

struct Row {
    code: i32,
    meaning: Meaning,
    phrases: Vec<String>,
}

impl Row {
    fn read(text: &str, line: usize) -> Result<Self, NotATable> {
        let bad = || NotATable::Row { line, text: shortened(text) };
        let fields = fields(text).ok_or_else(bad)?;
        let [code, meaning, phrases, _note] = &fields[..] else { return Err(bad()) };
        let number = code.trim().parse().map_err(|_| NotATable::Code { line, text: shortened(code) })?;
        let named = Meaning::named(meaning.trim());
        let meaning = named.ok_or_else(|| NotATable::Meaning { line, text: shortened(meaning) })?;
        let phrases = phrases.split('|').map(|it| it.trim().to_lowercase()).filter(|it| !it.is_empty());
        Ok(Self { code: number, meaning, phrases: phrases.collect() })
    }
}

fn says(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

/// The fields of a line; `None` when a quote is not closed or stands inside of an unquoted field.
fn fields(line: &str) -> Option<Vec<String>> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            '"' => return None,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    (!quoted).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_whole() {
        let table = NoticeTable::default();
        assert_eq!(table.codes().count(), 484);
        for (code, text, meaning) in [
            (201, "Order rejected - reason: margin", Meaning::OrderRefused),
            (202, "Order Canceled - reason:", Meaning::OrderCancelled),
            (399, "Order Message: your order will not be placed until", Meaning::OrderWarning),
            (2104, "Market data farm connection is OK:usfarm", Meaning::MarketDataUp),
            (1100, "", Meaning::BrokerOffline),
            (
                162,
                "Historical Market Data Service error message:HMDS query returned no data",
                Meaning::NoData,
            ),
            (162, "… API historical data query pacing violation", Meaning::Pacing),
            (162, "irgendetwas", Meaning::Refused),
            (200, "No security definition has been found for the request", Meaning::UnknownContract),
            (200, "Der Kontrakt ist mehrdeutig", Meaning::AmbiguousContract),
            (
                321,
                "Error validating request.-'bO' : cause - You must enter a what to show.",
                Meaning::Refused,
            ),
            (321, "cause - The API interface is currently in Read-Only mode.", Meaning::ReadOnly),
            (321, "Die API-Schnittstelle ist SCHREIBGESCHÜTZT.", Meaning::ReadOnly),
            (77_777, "never heard of", Meaning::Unknown),
        ] {
            assert_eq!(table.meaning(code, text), meaning, "{code} {text}");
        }
    }

    #[test]
    fn every_notice_of_links_and_data_servers_has_its_class() {
        use tradeport_connection::Farm::{Definitions, History, MarketData};
        use tradeport_connection::NoticeClass::{
            BrokerOffline, BrokerOnline, ClientIdTaken, DataLost, FarmDown, FarmIdle, FarmUp, Information,
            ReadOnly, SessionEnds, Throttle, Unknown,
        };
        let read_only = "The API interface is currently in Read-Only mode.";
        for (code, text, class) in [
            (100, "", Throttle),
            (321, read_only, ReadOnly),
            (326, "", ClientIdTaken),
            (1100, "", BrokerOffline),
            (1101, "", DataLost),
            (1102, "", BrokerOnline),
            (1300, "", SessionEnds),
            (2103, "", FarmDown(MarketData)),
            (2104, "", FarmUp(MarketData)),
            (2105, "", FarmDown(History)),
            (2106, "", FarmUp(History)),
            (2107, "", FarmIdle(History)),
            (2108, "", FarmIdle(MarketData)),
            (2110, "", BrokerOffline),
            (2119, "", Information),
            (2157, "", FarmDown(Definitions)),
            (2158, "", FarmUp(Definitions)),
            (77_777, "", Unknown),
        ] {
            assert_eq!(NoticeTable::default().said(code, text).class(), class, "{code}");
        }
    }

    #[test]
    fn a_users_table_extends_and_overrides() {
        let own =
            "code,meaning,phrases,note\n# ours\n77777,pacing,,\n\n162,no_data,,\"all, of \"\"it\"\"\"\n";
        let table = NoticeTable::default().extended(own).unwrap();
        assert_eq!(table.meaning(77_777, ""), Meaning::Pacing);
        assert_eq!(table.meaning(162, "pacing violation"), Meaning::NoData, "its phrases are gone, too");
        assert_eq!(table.meaning(201, ""), Meaning::OrderRefused, "the rest stays");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let read = |rows: &str| NoticeTable::default().extended(&format!("{HEADER}\n{rows}")).unwrap_err();
        assert_eq!(read("abc,pacing,,"), NotATable::Code { line: 2, text: "abc".into() });
        assert!(matches!(read("1,loud,,"), NotATable::Meaning { line: 2, .. }));
        assert!(matches!(read("1,pacing"), NotATable::Row { line: 2, .. }));
        assert!(matches!(read("1,pacing,,\"open"), NotATable::Row { line: 2, .. }));
        assert_eq!(read("1,pacing,too fast,"), NotATable::OneLanguage { line: 2, code: 1 });
        assert_eq!(read("1,pacing,too fast|zu schnell,"), NotATable::OnlyPhrases(1));
        assert_eq!(read("1,pacing,,\n1,refused,,"), NotATable::Twice { line: 3, code: 1 });
        let headless = NoticeTable::default().extended("1,pacing,,");
        assert!(matches!(headless, Err(NotATable::Header(_))));
        assert!(read("1,loud,,").to_string().contains("order_refused"), "it says what there is");
    }

    #[test]
    fn what_is_no_text_is_named_with_its_line() {
        let read = |bytes: &[u8]| NoticeTable::default().extended_by(bytes);
        let latin = [HEADER.as_bytes(), b"\n77777,pacing,,gr\xfc\xdf\n"].concat();
        assert_eq!(read(&latin), Err(NotATable::Encoding { line: 2 }));
        assert_eq!(read(b"\xff\xfec\0o\0d\0e\0"), Err(NotATable::Encoding { line: 1 }));
        let windows = format!("\u{feff}{HEADER}\r\n77777,pacing,,gr\u{fc}\u{df}\r\n");
        assert_eq!(read(windows.as_bytes()).unwrap().meaning(77_777, ""), Meaning::Pacing);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            drop(NoticeTable::default().extended(&text));
            drop(NoticeTable::default().extended(&format!("{HEADER}\n{text}")));
        }
    }
}
