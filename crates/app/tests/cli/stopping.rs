//! Being asked to stop twice: the first time in good order, the second time at once.

use crate::support::{Place, Running};
use std::io::{ErrorKind, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;

const ROWS: &str = "SELECT count(*) FROM bid_ask_data";

/// An output that takes nothing more: whoever prints waits for ever. The other end shows what was written to it.
fn stuck_output() -> (Stdio, UnixStream, usize) {
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    let mut filled = 0;
    // Large pieces first, then single bytes, until not even one has room.
    for size in [65_536, 1] {
        loop {
            match ours.write(&vec![b'.'; size]) {
                Ok(written) => filled += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    ours.set_nonblocking(false).unwrap();
    (Stdio::from(OwnedFd::from(ours)), theirs, filled)
}

/// A recording that was stopped and cannot print its report goes on for ever, unless it is stopped again.
#[test]
fn the_second_signal_ends_it_at_once_and_the_database_is_whole() {
    // Two signals of one kind that come together count as one: so they are of two kinds, or come until the end.
    for signals in [&["INT", "TERM"][..], &["TERM", "INT"], &["INT"]] {
        let place = Place::new();
        let (output, mut read, filled) = stuck_output();
        let mut command = place.command("--json record AAPL GOOG");
        let mut record = command.stdout(output).stderr(Stdio::null()).spawn().unwrap();
        // Another process that prints a quote four times a second is the test's clock.
        let mut clock = Running::start(place.command("--json quote IBM --watch"));
        while place.rows_so_far() < 4 {
            clock.line();
        }
        let seen = place.rows_so_far();
        let mut sent = 0;
        let ended = loop {
            if let Some(ended) = record.try_wait().unwrap() {
                break ended;
            }
            // A process that has ended and was not waited for yet can still be sent signals.
            if sent == 0 || signals.len() == 1 {
                signals.iter().for_each(|signal| crate::support::send(signal, record.id()));
                sent += signals.len();
            }
            assert!(sent < 40, "it did not end");
            clock.line();
        };
        clock.signal("INT");
        clock.end();
        assert_eq!(ended.code(), Some(130), "{signals:?}");
        assert!(sent >= 2, "it ended after the first {signals:?}");
        drop(command);
        let mut printed = Vec::new();
        read.read_to_end(&mut printed).unwrap();
        assert_eq!(printed.len(), filled, "it ended in good order: its report was printed");
        the_database_is_whole(&place, seen);
    }
}

fn the_database_is_whole(place: &Place, seen: i64) {
    let connection = rusqlite::Connection::open(place.data().join("market.db")).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    drop(connection);
    let kept = place.number("market.db", ROWS);
    assert!(kept >= seen, "{kept} of {seen}");
    assert_eq!(place.json("record AAPL --max-rows 1")["stored"], 1);
    assert_eq!(place.number("market.db", ROWS), kept + 1);
}

/// A terminal that is closed ends a service in good order, unless it was told to go on without one.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_goes_away_ends_it_in_good_order_unless_nohup_said_otherwise() {
    let place = Place::new();
    let served_by = |starter: &[&str]| {
        let tradeport = place.command("--json serve");
        let mut command = std::process::Command::new(starter[0]);
        command.args(&starter[1..]).arg(tradeport.get_program()).args(tradeport.get_args());
        command.env("DB_PATH", place.data()).current_dir(place.path()).stdin(Stdio::null());
        let mut serve = Running::start(command);
        assert!(serve.line().contains("serving"));
        serve.signal("HUP");
        serve
    };
    // Whoever runs the tests may itself have been started to go on.
    let ran = served_by(&["env", "--default-signal=HUP"]).end();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let serve = served_by(&["nohup"]);
    serve.signal("INT");
    let ran = serve.end();
    // A hangup that counted would have been the first of two, and the second ends it at once.
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}
