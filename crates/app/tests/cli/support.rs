//! Running the program in a folder of its own, with an environment of its own.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use tempfile::TempDir;
use tradeport_app::clock::SystemClock;
use tradeport_sqlite::{SqliteConfig, SqliteStores};

/// No outage is expected, on whatever day and at whatever hour this runs.
pub(crate) const ANY_DAY: &str = "[link]\nrestart_minutes = 0\nannounced_resets = false\n";

/// A folder with nothing in it, and the program to run there.
pub(crate) struct Place {
    folder: TempDir,
}

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The program with nothing of this machine's environment, its data in [`Place::data`].
    pub(crate) fn command(&self, typed: &str) -> Command {
        let mut command = self.bare(typed);
        command.env("DB_PATH", self.data());
        command
    }

    /// The same without a place for data.
    pub(crate) fn bare(&self, typed: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tradeport"));
        command.args(typed.split_whitespace()).env_clear().current_dir(self.path()).stdin(Stdio::null());
        for home in ["HOME", "LOCALAPPDATA", "APPDATA"] {
            command.env(home, self.path());
        }
        command
    }

    pub(crate) fn run(&self, typed: &str) -> Ran {
        Ran::of(&mut self.command(typed))
    }

    /// A run that is done, and its JSON.
    pub(crate) fn json(&self, typed: &str) -> Value {
        let ran = self.run(&format!("--json {typed}"));
        assert_eq!(ran.code, Some(0), "{typed}: {}", ran.err);
        ran.json()
    }

    /// A price on the step, at this share of where the market is now: it moves from year to year.
    pub(crate) fn price(&self, symbol: &str, share: f64) -> String {
        let mid: f64 = self.json(&format!("quote {symbol}"))["mid"].as_str().unwrap().parse().unwrap();
        format!("{:.2}", mid * share)
    }

    /// The databases, opened for writing by this test: the program must then do without.
    pub(crate) fn hold(&self) -> SqliteStores {
        let config = SqliteConfig::in_folder(self.data()).unwrap();
        SqliteStores::open(&config, Arc::new(SystemClock)).unwrap()
    }

    /// Lets go of the databases, and waits until their locks are free: a child of another test that is just being
    /// started holds them a moment longer.
    pub(crate) fn let_go(&self, held: SqliteStores) {
        drop(held);
        for name in ["orders.db.lock", "market.db.lock"] {
            let lock = std::fs::File::open(self.data().join(name)).unwrap();
            lock.lock().unwrap();
            lock.unlock().unwrap();
        }
    }

    /// How many quotes are recorded, as far as that can be read yet.
    #[cfg(unix)]
    pub(crate) fn rows_so_far(&self) -> i64 {
        let path = self.data().join("market.db");
        if !path.exists() {
            return 0;
        }
        let connection = rusqlite::Connection::open(path).unwrap();
        connection.query_row("SELECT count(*) FROM bid_ask_data", [], |row| row.get(0)).unwrap_or(0)
    }

    /// A number out of a database, read as any other SQLite program does.
    pub(crate) fn number(&self, database: &str, query: &str) -> i64 {
        let connection = rusqlite::Connection::open(self.data().join(database)).unwrap();
        connection.query_row(query, [], |row| row.get(0)).unwrap()
    }
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {:?}", self.out))
    }

    /// Exit code and these words, beside a document on standard output.
    pub(crate) fn fails_with(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{} {}", self.err, self.out);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is missing in: {}", self.err);
        }
    }

    /// Exit code, and an error in three parts that holds these words; no backtrace, nothing on standard output.
    pub(crate) fn fails(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.err);
        let lines: Vec<_> = self.err.lines().collect();
        assert!(lines.iter().any(|line| line.starts_with("error: ")), "{}", self.err);
        assert!(lines.last().unwrap().starts_with("try: "), "{}", self.err);
        assert!(lines.len() <= 6, "too much to read: {}", self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is missing in: {}", self.err);
        }
        for sign in ["panicked", "RUST_BACKTRACE", "Error {", "Some(", "\u{1b}["] {
            assert!(!self.err.contains(sign), "{sign:?} in: {}", self.err);
        }
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Sends a signal by its name to a child that was not waited for yet.
#[cfg(unix)]
pub(crate) fn send(name: &str, process: u32) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).status().unwrap();
    assert!(sent.success());
}

/// A run that goes on, and its standard output line by line.
pub(crate) struct Running {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// The next line; waits for it.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }

    /// Sends a signal by its name.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        send(name, self.child.id());
    }

    /// Nobody reads its standard output any more.
    pub(crate) fn stop_reading(self) -> Ran {
        drop(self.out);
        Ran::from(self.child.wait_with_output().unwrap())
    }

    /// It goes on, and nobody reads its standard output any more.
    #[cfg(unix)]
    pub(crate) fn unread(self) -> Child {
        self.child
    }

    /// Waits for its end.
    #[cfg(unix)]
    pub(crate) fn end(mut self) -> Ran {
        let mut out = String::new();
        std::io::Read::read_to_string(&mut self.out, &mut out).unwrap();
        let mut ran = Ran::from(self.child.wait_with_output().unwrap());
        ran.out = out;
        ran
    }
}
