//! `tradeport demo` as a stranger runs it: the same output every time, commands that work, and a clean end when it is
//! stopped.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[cfg(unix)]
use std::path::Path;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const SHORT: [&str; 4] = ["--from", "2012-01-01", "--to", "2012-06-30"];

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tradeport"));
        command.args(arguments).env_clear().env("HOME", self.0.path()).current_dir(self.0.path());
        command.stdin(Stdio::null());
        command
    }

    fn demo(&self, more: &[&str]) -> Command {
        let mut command = self.command(&["demo"]);
        command.args(more).arg("--data-dir").arg(self.data());
        command
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn done(mut command: Command) -> Output {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    output
}

/// Exit code and an error that names these words, with nothing on standard output.
fn fails(mut command: Command, code: i32, words: &[&str]) {
    let output = command.output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(text(&output.stdout), "");
    for word in words {
        assert!(said.contains(word), "{word:?} is missing in: {said}");
    }
}

#[cfg(unix)]
fn number(database: &Path, query: &str) -> i64 {
    rusqlite::Connection::open(database).unwrap().query_row(query, [], |row| row.get(0)).unwrap()
}

#[cfg(unix)]
fn is_whole(database: &Path) -> bool {
    let connection = rusqlite::Connection::open(database).unwrap();
    connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap() == "ok"
}

#[test]
fn two_runs_say_the_same_and_the_second_replaces_the_first() {
    let place = Place::new();
    let page = place.data().join("demo/report.html");
    let first = done(place.demo(&SHORT));
    let first_page = std::fs::read(&page).unwrap();
    let second = done(place.demo(&SHORT));
    assert_eq!(text(&first.stdout), text(&second.stdout));
    assert!(first_page == std::fs::read(&page).unwrap(), "the two reports differ");
    assert!(text(&second.stderr).contains("is replaced"), "{}", text(&second.stderr));
}

#[test]
fn the_commands_to_try_next_work_and_agree() {
    let place = Place::new();
    let output = done(place.demo(&SHORT));
    let shown = text(&output.stdout);
    let next: Vec<&str> =
        shown.lines().skip_while(|line| *line != "Try next").skip(2).take(3).map(str::trim).collect();
    let words = |command: &str| shell_words(command);
    let liquidation = shown.lines().find(|line| line.contains("= net liquidation")).unwrap();
    let value = liquidation.split_whitespace().last().unwrap().replace(',', "");
    for command in &next {
        let words = words(command);
        let arguments: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        match words[0].as_str() {
            "tradeport" => {
                let answer = done(place.command(&arguments));
                let answer = text(&answer.stdout);
                assert!(answer.lines().count() > 5, "{command}: {answer}");
                assert!(
                    !command.contains("metrics") || answer.contains(&value),
                    "{value} is not in {answer}"
                );
            }
            "sqlite3" => {
                let connection = rusqlite::Connection::open(arguments[0]).unwrap();
                let mut query = connection.prepare(arguments[1]).unwrap();
                assert_eq!(query.query_map([], |_| Ok(())).unwrap().count(), 5);
            }
            other => panic!("{other} is no program to try"),
        }
    }
    assert_eq!(next.len(), 3);
    // Having looked at a run is no reason not to run again.
    done(place.demo(&SHORT));
}

/// Words with single quotes around some: all that the demo prints.
fn shell_words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in command.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

#[test]
fn json_is_one_document_and_the_report_goes_where_it_is_told() {
    let place = Place::new();
    let page = place.0.path().join("mine.html");
    let mut command = place.demo(&SHORT);
    command.args(["--json", "--seed", "7", "--report"]).arg(&page);
    let output = done(command);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["period"]["first"], "2012-01-03");
    assert_eq!(document["curve"].as_array().unwrap().len(), 125);
    assert!(document["performance"]["portfolio"]["sharpe"].is_number());
    assert_eq!(text(&output.stderr), "");
    assert!(std::fs::read_to_string(page).unwrap().contains("<svg"));
    assert!(!place.data().join("demo/report.html").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_with_whole_databases_and_leaves_the_run_before_alone() {
    let place = Place::new();
    done(place.demo(&SHORT));
    let before = std::fs::read(place.data().join("demo/report.html")).unwrap();
    let running = place.demo(&[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let log = place.data().join("demo.unfinished/market.db-wal");
    while std::fs::metadata(&log).map_or(0, |file| file.len()) < 1_000_000 {
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap().success());
    let output = running.wait_with_output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("stopped on 2") && said.contains("demo.unfinished"), "{said}");
    assert_eq!(text(&output.stdout), "");
    let unfinished = place.data().join("demo.unfinished");
    let (market, orders) = (unfinished.join("market.db"), unfinished.join("orders.db"));
    assert!(is_whole(&market) && is_whole(&orders));
    let quotes = number(&market, "SELECT count(*) FROM bid_ask_data");
    assert!(said.contains(&format!("{quotes} quotes")), "{quotes} are stored, but: {said}");
    assert!(number(&orders, "SELECT count(*) FROM portfolio_snapshots") > 10);
    assert!(before == std::fs::read(place.data().join("demo/report.html")).unwrap());
    done(place.demo(&SHORT));
    assert!(!unfinished.exists());
}

#[test]
fn a_database_that_is_full_ends_it_with_advice() {
    let place = Place::new();
    std::fs::write(place.0.path().join("tradeport.toml"), "[storage]\nsize_limit = 400000\n").unwrap();
    fails(place.demo(&SHORT), 1, &["error: ", "full", "try: free some space"]);
}

#[test]
fn wrong_usage_and_a_folder_in_use_are_told_before_anything_is_done() {
    let place = Place::new();
    fails(place.demo(&["--from", "2012-02-30"]), 2, &["2012-02-30", "expected such as 2005-01-31"]);
    fails(place.demo(&["--from", "2014-01-01"]), 2, &["no session", "2000-03-01 and 2013-03-01"]);
    fails(place.demo(&["--report", "no/such/place.html"]), 2, &["cannot be written", "--report FILE"]);
    assert!(!place.data().exists());
    std::fs::create_dir_all(place.data().join("demo")).unwrap();
    std::fs::write(place.data().join("demo/thesis.txt"), "years of work").unwrap();
    fails(place.demo(&SHORT), 1, &["thesis.txt", "move it away"]);
    std::fs::remove_file(place.data().join("demo/thesis.txt")).unwrap();
    let lock = std::fs::File::create(place.data().join("demo.lock")).unwrap();
    lock.lock().unwrap();
    fails(place.demo(&SHORT), 1, &["another demo", "--data-dir"]);
}

const HEADER: &str = "Ticker,Date,Open,High,Low,Close,Volume,Adj Close";

/// Rising bars of these tickers in March 2024; a ticker's price halves on the 14th, where it splits two for one.
fn own_bars(tickers: &[&str]) -> String {
    let mut lines = vec![HEADER.to_owned()];
    for ticker in tickers {
        for day in [4, 5, 6, 7, 8, 11, 12, 13, 14, 15] {
            let close = if day < 14 { 100 + day } else { (100 + day) / 2 };
            let (low, high) = (close - 2, close + 1);
            lines.push(format!("{ticker},2024-03-{day:02},{low},{high},{low},{close},50000000,{close}"));
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn own_bars_of_any_number_of_tickers_are_traded_and_the_report_says_whose_they_are() {
    for tickers in [&["QQQQ"][..], &["QQQQ", "ZZZ"], &["A", "BRK B", "QQQQ", "ZZZ"]] {
        let place = Place::new();
        std::fs::write(place.0.path().join("mine.csv"), own_bars(tickers)).unwrap();
        let run = || done(place.demo(&["--bars", "mine.csv", "--json"])).stdout;
        let first = run();
        assert!(first == run(), "two runs differ");
        let report: serde_json::Value = serde_json::from_slice(&first).unwrap();
        assert_eq!(report["instruments"].as_array().unwrap().len(), tickers.len());
        assert_eq!(report["period"]["first"], "2024-03-04");
        assert_eq!(report["positions"].as_array().unwrap().len(), tickers.len(), "{}", report["orders"]);
        assert!(report["provenance"].as_str().unwrap().contains("mine.csv, without splits"));
        let caveats = report["caveats"].to_string();
        assert!(caveats.contains("No splits were given") && !caveats.contains("five stocks"), "{caveats}");
    }
}

#[test]
fn own_splits_are_taken_in() {
    let place = Place::new();
    std::fs::write(place.0.path().join("mine.csv"), own_bars(&["AAA", "BBB", "CCC"])).unwrap();
    let rows = "AAA,2024-03-14,2,1,\nBBB,2024-03-14,2,1,\nCCC,2024-03-14,2,1,\nOTHER,2024-03-16,2,1,\n";
    let splits = place.0.path().join("splits.csv");
    std::fs::write(&splits, format!("symbol,effective_date,new,old,note\n{rows}")).unwrap();
    let report = |more: &[&str]| -> serde_json::Value {
        let arguments = [&["--bars", "mine.csv", "--json"], more].concat();
        serde_json::from_slice(&done(place.demo(&arguments)).stdout).unwrap()
    };
    let (with, without) = (report(&["--splits", "splits.csv"]), report(&[]));
    let last = |report: &serde_json::Value| report["curve"][9]["portfolio"].as_f64().unwrap();
    assert!(last(&with) > 1_000_000.0 && last(&without) < 600_000.0, "{} {}", last(&with), last(&without));
    assert_eq!(with["orders"]["splits"], 3);
    assert!(with["provenance"].as_str().unwrap().contains("splits from splits.csv"));
    std::fs::write(&splits, "symbol,effective_date,new,old,note\nAAA,2024-03-09,2,1,\n").unwrap();
    let saturday = ["--bars", "mine.csv", "--splits", "splits.csv"];
    fails(place.demo(&saturday), 1, &["split of AAA on 2024-03-09", "without a session"]);
}

#[test]
fn wrong_files_are_named_with_their_line_and_nothing_is_left_behind() {
    let place = Place::new();
    let own = place.0.path().join("mine.csv");
    let bars = ["--bars", "mine.csv"];
    fails(place.demo(&bars), 1, &["mine.csv cannot be opened"]);
    let whole = own_bars(&["AAA"]);
    std::fs::write(&own, whole.replace("AAA,2024-03-06,104", "AAA,2024-03-06,many")).unwrap();
    fails(place.demo(&bars), 1, &["mine.csv:4", "many"]);
    std::fs::write(&own, &whole[..whole.len() - 20]).unwrap();
    fails(place.demo(&bars), 1, &["mine.csv:11", "the file ends within this line"]);
    std::fs::write(&own, format!("{HEADER}\n")).unwrap();
    fails(place.demo(&bars), 1, &["not one bar", "--bars FILE"]);
    std::fs::write(&own, &whole).unwrap();
    fails(place.demo(&["--bars", "mine.csv", "--from", "2030-01-01"]), 2, &["2024-03-04 and 2024-03-15"]);
    for odd in [&["^GSPC"][..], &["BRK B", "BRK_B"]] {
        std::fs::write(&own, own_bars(odd)).unwrap();
        fails(place.demo(&bars), 1, &["cannot name an order", odd[odd.len() - 1], "at most 19 letters"]);
    }
    fails(place.demo(&["--splits", "splits.csv"]), 2, &["--bars"]);
    assert!(!place.data().exists());
}
