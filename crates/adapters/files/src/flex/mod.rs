//! Statements of IB as their Flex queries write them: XML, in which every value is an attribute.
//!
//! ```xml
//! <FlexQueryResponse queryName="daily" type="AF">
//!   <FlexStatements count="1">
//!     <FlexStatement accountId="U1234567" fromDate="20260105" toDate="20260105" …>
//!       <Trades><Trade ibExecID="…" conid="265598" buySell="BUY" quantity="10" tradePrice="187.5" …/></Trades>
//!       <OpenPositions><OpenPosition conid="265598" position="10" levelOfDetail="SUMMARY" …/></OpenPositions>
//!       <CashReport><CashReportCurrency currency="BASE_SUMMARY" endingCash="98124" …/></CashReport>
//!     </FlexStatement>
//!   </FlexStatements>
//! </FlexQueryResponse>
//! ```
//!
//! Sections and attributes that nobody asks for are passed over; of trades only executions count, of positions only their
//! sums; a section that has the one without the other is refused, for it would pass for empty. A document that declares anything of its own (`<!DOCTYPE …>`) is refused, so no entity can grow. Left out: asking
//! IB for a statement.

mod element;
mod rows;

use element::Element;
use quick_xml::Reader;
use quick_xml::events::Event;
use rows::Open;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use tradeport_portfolio::Statement;

/// No statement that is read is longer.
pub const MAX_FLEX_BYTES: usize = 32 * 1024 * 1024;
/// Nor is it nested deeper.
const MAX_DEPTH: usize = 32;

/// Why a file is no statement that can be used. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum FlexError {
    /// It cannot be read.
    #[error("{} cannot be read", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// It is longer than any statement.
    #[error("a statement has at most {MAX_FLEX_BYTES} bytes: ask for fewer days or sections")]
    TooLarge,
    /// It does not say what a statement says.
    #[error("line {line}: {problem}")]
    Wrong {
        /// Where.
        line: usize,
        /// What was found, and what to do.
        problem: String,
    },
}

/// Reads every statement of a file, by account, the latest last.
pub fn read_flex(path: &Path) -> Result<Vec<Statement>, FlexError> {
    let unreadable = |cause| FlexError::Unreadable { path: path.to_owned(), cause };
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_FLEX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(unreadable)?;
    parse_flex(&bytes)
}

/// The statements of a document.
pub fn parse_flex(bytes: &[u8]) -> Result<Vec<Statement>, FlexError> {
    if bytes.len() > MAX_FLEX_BYTES {
        return Err(FlexError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| FlexError::Wrong {
        line: line_at(bytes, error.valid_up_to()),
        problem: "this is no text in UTF-8: choose XML as the format of the Flex query".to_owned(),
    })?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut document = Document::default();
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let wrong = |problem| FlexError::Wrong { line: line_at(bytes, start), problem };
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                let problem = format!("this is no XML: {error}");
                return Err(FlexError::Wrong { line: line_at(bytes, at), problem });
            }
        };
        match event {
            Event::Start(tag) => document.enter(&Element::read(&tag).map_err(wrong)?).map_err(wrong)?,
            Event::Empty(tag) => {
                document.enter(&Element::read(&tag).map_err(wrong)?).map_err(wrong)?;
                document.leave().map_err(wrong)?;
            }
            Event::End(_) => document.leave().map_err(wrong)?,
            Event::DocType(_) => {
                let problem =
                    "a statement declares nothing of its own, and this one has a DOCTYPE: it is refused";
                return Err(wrong(problem.to_owned()));
            }
            Event::Eof => return document.end().map_err(wrong),
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

/// The line of a byte, from 1.
fn line_at(bytes: &[u8], at: usize) -> usize {
    bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// What was read so far.
#[derive(Default)]
struct Document {
    /// The elements that are open, from the root on.
    path: Vec<String>,
    announced: Option<usize>,
    open: Option<Open>,
    done: Vec<Statement>,
    is_flex: bool,
}

impl Document {
    fn enter(&mut self, element: &Element<'_>) -> Result<(), String> {
        if self.path.len() >= MAX_DEPTH {
            return Err(format!("elements are nested deeper than {MAX_DEPTH}: this is no statement"));
        }
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match (path.as_slice(), element.name()) {
            ([], "FlexQueryResponse") if !self.is_flex => self.is_flex = true,
            ([], "FlexStatementResponse") => {
                return Err("this is IB's word on a request, and no statement: ask for the statement again"
                    .to_owned());
            }
            ([], name) => {
                return Err(format!(
                    "a Flex statement begins with FlexQueryResponse, and this with {name:?}"
                ));
            }
            (["FlexQueryResponse"], "FlexStatements") => self.announced = element.count("count")?,
            (["FlexQueryResponse", "FlexStatements"], "FlexStatement") => {
                self.open = Some(Open::of(element)?)
            }
            (["FlexQueryResponse", "FlexStatements", "FlexStatement", rest @ ..], name) => {
                if let Some(open) = &mut self.open {
                    open.take(rest, name, element)?;
                }
            }
            _ => {}
        }
        self.path.push(element.name().to_owned());
        Ok(())
    }

    fn leave(&mut self) -> Result<(), String> {
        let name = self.path.pop().ok_or("an element ends that never began")?;
        if name == "FlexStatement"
            && self.path.len() == 2
            && let Some(open) = self.open.take()
        {
            self.done.push(open.done()?);
        }
        Ok(())
    }

    fn end(self) -> Result<Vec<Statement>, String> {
        if let Some(name) = self.path.last() {
            return Err(format!("it ends within {name}: it was cut, download it again"));
        }
        if !self.is_flex {
            return Err("there is no XML in it: a Flex statement begins with FlexQueryResponse".to_owned());
        }
        match self.announced {
            Some(count) if count != self.done.len() => {
                Err(format!("{count} statements are announced, and {} are there", self.done.len()))
            }
            _ if self.done.is_empty() => {
                Err("it holds no statement: look at the query's accounts and days".to_owned())
            }
            _ => in_order(self.done),
        }
    }
}

/// The latest of each account last: what it says of its end counts. Errors: two of them speak of the same days.
fn in_order(mut all: Vec<Statement>) -> Result<Vec<Statement>, String> {
    all.sort_by(|a, b| (&a.account, a.from, a.to).cmp(&(&b.account, b.from, b.to)));
    let twice = |pair: &&[Statement]| pair[0].account == pair[1].account && pair[1].from <= pair[0].to;
    match all.windows(2).find(twice) {
        Some(pair) => Err(format!(
            "two statements of account {} speak of {}: ask for each day once",
            pair[1].account, pair[1].from
        )),
        None => Ok(all),
    }
}

#[cfg(test)]
mod tests;
