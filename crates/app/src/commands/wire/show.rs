//! `tradeport wire show`: a recording, one line per message.

use super::{cut, open};
use crate::Session;
use crate::cli::WireShowArgs;
use crate::exit::Exit;
use crate::output::Output;
use tradeport_fake_tws::record::{Dialogue, Line, Privacy, json, text};
use tradeport_kernel::Timestamp;

/// So many characters are printed at once.
const BATCH: usize = 64 * 1024;

pub(super) fn run(arguments: &WireShowArgs, session: &Session) -> anyhow::Result<Exit> {
    let privacy = if arguments.orders { Privacy::Told } else { Privacy::Kept };
    let mut page = Page { output: session.output(), privacy, waiting: String::new() };
    let (mut dialogue, mut at, mut error) = (Dialogue::default(), Timestamp::EPOCH, None);
    for record in open(&arguments.file)? {
        match record {
            Ok(record) => {
                at = record.at;
                dialogue.take(record, &mut |line| page.add(&line));
            }
            Err(cause) => error = Some(cause),
        }
        page.turn(BATCH)?;
    }
    dialogue.finish(at, &mut |line| page.add(&line));
    page.turn(1)?;
    error.map_or(Ok(Exit::Done), |cause| Err(cut(&arguments.file, cause).into()))
}

/// Lines that wait to be printed.
struct Page<'a> {
    output: &'a Output,
    privacy: Privacy,
    waiting: String,
}

impl Page<'_> {
    fn add(&mut self, line: &Line) {
        if !self.waiting.is_empty() {
            self.waiting.push('\n');
        }
        let privacy = self.privacy;
        let line = if self.output.is_json() { json(line, privacy).to_string() } else { text(line, privacy) };
        self.waiting.push_str(&line);
    }

    /// Prints what waits, if it is so long.
    fn turn(&mut self, length: usize) -> anyhow::Result<()> {
        if self.waiting.len() < length {
            return Ok(());
        }
        self.output.row(&std::mem::take(&mut self.waiting))
    }
}
