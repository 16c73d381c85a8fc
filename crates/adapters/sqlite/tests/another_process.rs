//! Another process reads while this one writes: it sees every acknowledged row at once, and disturbs nobody; writing
//! is refused to it.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use support::{intended, open, open_read_only, quotes, second, symbol, try_open};
use tradeport_market_data::TickStore;
use tradeport_orders::OrderJournal;

const ROUNDS: u64 = 40;

/// A second process that tells what it sees, each time it is asked.
struct Reader {
    child: Child,
    questions: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Reader {
    fn start(folder: &Path) -> Self {
        let arguments = ["--exact", "tells_what_it_sees", "--ignored", "--nocapture"];
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut questions = child.stdin.take().unwrap();
        writeln!(questions, "{}", folder.display()).unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, questions, answers }
    }

    fn line(&mut self, start: &str) -> String {
        // The test runner's own words may stand before ours on the first line.
        let mut lines = self.answers.by_ref().map(Result::unwrap);
        lines.find_map(|line| line.find(start).map(|at| line[at..].to_owned())).unwrap()
    }

    fn ask(&mut self) -> (u64, u64) {
        writeln!(self.questions, "?").unwrap();
        let line = self.line("sees ");
        let numbers: Vec<u64> = line.split(' ').skip(1).map(|word| word.parse().unwrap()).collect();
        (numbers[0], numbers[1])
    }
}

#[test]
#[ignore = "the second process of the test below; it answers questions from its input"]
fn tells_what_it_sees() {
    let mut lines = std::io::stdin().lines().map_while(Result::ok);
    let folder = lines.next().unwrap();
    println!("refused {}", try_open(Path::new(&folder)).err().unwrap());
    let stores = open_read_only(Path::new(&folder)).unwrap();
    for _ in lines {
        let ticks = block_on(stores.ticks().count(symbol("AAPL"))).unwrap();
        println!("sees {ticks} {}", block_on(stores.journal().last()).unwrap());
    }
}

#[test]
fn another_process_sees_every_acknowledged_row() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    let mut reader = Reader::start(folder.path());
    let refused = reader.line("refused ");
    // Windows does not let the second process read who has the lock.
    let holder = if cfg!(windows) { String::new() } else { format!("process {})", std::process::id()) };
    assert!(refused.contains(&format!("in use by another tradeport process ({holder}")), "{refused}");
    for round in 1..=ROUNDS {
        block_on(stores.ticks().append(&quotes(0..100))).unwrap();
        block_on(stores.journal().append(&[intended(&format!("order-{round}"), second(0))])).unwrap();
        assert_eq!(reader.ask(), (round * 100, round));
    }
    // No more questions: it ends by itself, and says the rest of what it has to say.
    let Reader { mut child, questions, answers } = reader;
    drop(questions);
    assert!(answers.map_while(Result::ok).any(|line| line.contains("1 passed")));
    assert!(child.wait().unwrap().success());
}
