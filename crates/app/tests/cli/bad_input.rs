//! Everything that can be typed or found wrongly: a message, what to do, the right exit code, and nothing lost.

use crate::support::{Place, Ran};
use std::fs;

#[test]
fn numbers_that_are_none_are_wrong_usage() {
    let place = Place::new();
    for typed in [
        "order buy AAPL 0",
        "order buy AAPL -5",
        "order buy AAPL NaN",
        "order buy AAPL 1e400",
        "order buy AAPL 10 --limit NaN",
        "order buy AAPL 10 --limit inf",
        "order buy AAPL 10 --limit -3",
        "order buy AAPL 10 --limit 0",
        "order buy AAPL 10 --limit 100.001",
        "order buy AAPL 0.5",
        "order buy AAPL 10 --trail-percent 100",
        "order buy AAPL 10 --trail-amount -1",
        "order buy AAPL 10 --type moc --tif gtc",
        "order buy AAPL 10 --type lmt",
        "order buy AAPL 10 --tif gtd:yesterday",
        "order target-percent AAPL NaN",
        "order target-percent AAPL 99",
        "record AAPL --max-rows 0",
        "record AAPL --for 0s",
        "metrics --from yesterday",
    ] {
        let ran = place.run(typed);
        ran.fails(2, &[]);
        assert_eq!(ran.out, "", "{typed}");
    }
    assert_eq!(place.json("order list --all"), serde_json::json!([]), "something was sent");
}

#[test]
fn unknown_words_are_wrong_usage_and_unknown_symbols_fail() {
    let place = Place::new();
    place.run("qoute AAPL").fails(2, &["qoute", "quote", "tradeport --help"]);
    place.run("order buy AAPL 1 --kee x").fails(2, &["--kee", "--key", "order buy --help"]);
    place.run("--broker paper quote AAPL").fails(2, &["paper", "fake", "tws"]);
    place.run("quote ZZQA").fails(1, &["ZZQA", "AAPL, FB, GOOG, IBM, MSFT"]);
    place.run("quote aapl").fails(1, &["try: AAPL, in capital letters"]);
    place.run("order buy ZZQA 1").fails(1, &["ZZQA", "AAPL, FB, GOOG, IBM, MSFT"]);
    place.run("order target-percent ZZQA 0.1").fails(1, &["ZZQA"]);
    place.run("quote \u{e4}").fails(2, &["not a symbol"]);
}

#[test]
fn an_error_is_json_when_json_is_asked_for() {
    let place = Place::new();
    for (typed, code) in [("--json quote ZZQA", 1), ("--json order buy AAPL 0", 2), ("--json nothing", 2)] {
        let ran = place.run(typed);
        assert_eq!((ran.code, ran.out.as_str()), (Some(code), ""), "{}", ran.err);
        let error: serde_json::Value = serde_json::from_str(ran.err.trim()).unwrap();
        assert_eq!(error["error"]["exit_code"], code);
        assert!(error["error"]["message"].is_string() && error["error"]["try"].is_string());
    }
}

#[test]
fn a_database_of_a_newer_schema_is_left_alone() {
    let place = Place::new();
    place.json("order buy AAPL 1");
    {
        let connection = rusqlite::Connection::open(place.data().join("orders.db")).unwrap();
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
        connection.execute(newer, []).unwrap();
    }
    for typed in ["order buy AAPL 1", "order list", "metrics", "record AAPL --max-rows 1"] {
        place.run(typed).fails(1, &["orders.db", "newer", "update"]);
    }
}

#[test]
fn what_is_no_database_is_left_alone() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    let text = "my shopping list, which is long enough to be looked at as a database header by anybody";
    fs::write(place.data().join("orders.db"), text).unwrap();
    place.run("order buy AAPL 1").fails(1, &["orders.db", "--data-dir"]);
    assert_eq!(fs::read_to_string(place.data().join("orders.db")).unwrap(), text);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_written_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.json("order buy AAPL 1 --key kept");
    let lock = |mode| {
        for name in ["orders.db", "market.db"] {
            fs::set_permissions(place.data().join(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(place.data(), fs::Permissions::from_mode(mode | 0o111)).unwrap();
    };
    lock(0o444);
    place.run("order buy AAPL 1").fails(1, &["nothing was sent: ", "read-only", "writable"]);
    place.run("order cancel kept").fails(1, &["nothing was cancelled: ", "read-only", "writable"]);
    place.run("record AAPL --max-rows 1").fails(1, &["read-only"]);
    assert_eq!(place.json("order list --all")[0]["key"], "kept");
    assert_eq!(place.json("positions")[0]["quantity"], "1");
    lock(0o644);
    assert_eq!(place.json("order buy AAPL 1")["order"]["state"], "filled");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let place = Place::new();
    place.run("--data-dir /proc/tradeport order buy AAPL 1").fails(1, &["/proc/tradeport", "--data-dir"]);
    place.run("--data-dir /dev/null order buy AAPL 1").fails(1, &["/dev/null", "--data-dir"]);
    // Where /sys is mounted for reading alone, as in containers, this is a read-only file system; else it takes no folders.
    for typed in ["order buy AAPL 1", "record AAPL --max-rows 1"] {
        place.run(&format!("--data-dir /sys/tradeport {typed}")).fails(1, &["/sys/tradeport", "--data-dir"]);
    }
}

/// Nobody, not even root, makes a folder within a file.
#[test]
fn a_folder_within_a_file_is_said() {
    let place = Place::new();
    let file = place.file("file", "text");
    for within in ["file", "file/data", "file/deeper/data"] {
        for typed in ["order buy AAPL 1", "record AAPL --max-rows 1", "serve"] {
            place.run(&format!("--data-dir {within} {typed}")).fails(1, &["file", "--data-dir"]);
        }
    }
    let words = ["nothing was sent: ", "has no folder", "a part of its path is a file"];
    place.run("--data-dir file/data order buy AAPL 1").fails(1, &words);
    assert_eq!(fs::read_to_string(file).unwrap(), "text");
}

#[test]
fn a_folder_where_a_database_should_lie_is_said() {
    let place = Place::new();
    fs::create_dir_all(place.data().join("orders.db")).unwrap();
    place.run("order buy AAPL 1").fails(1, &["nothing was sent: ", "is a directory", "move the folder away"]);
}

/// Modes do not hold root back, and some machines test as root: there only the other tests of folders say something.
#[cfg(unix)]
#[test]
fn a_folder_that_takes_no_files_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let folder = place.path().join("closed");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let modes_hold = fs::write(folder.join("probe"), "").is_err();
    if modes_hold {
        for within in ["closed", "closed/data"] {
            for typed in ["order buy AAPL 1", "record AAPL --max-rows 1"] {
                place.run(&format!("--data-dir {within} {typed}")).fails(1, &["closed", "--data-dir"]);
            }
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "something was left behind");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(Ran::of(&mut place.bare("--data-dir closed order buy AAPL 1")).code, Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_printed_is_kept_all_the_same() {
    let place = Place::new();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran = Ran::of(place.command("order buy AAPL 1 --key unseen").stdout(full()));
    ran.fails(1, &["could not be printed", "order list --all"]);
    assert_eq!(place.json("order show unseen")["state"], "filled");
    Ran::of(place.command("--help").stdout(full())).fails(1, &[]);
}

#[test]
fn a_damaged_state_of_the_simulated_broker_is_not_traded_on() {
    let place = Place::new();
    place.json("order buy AAPL 1");
    let path = place.data().join("fake-broker.json");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    for typed in ["order buy AAPL 1", "positions", "account"] {
        place.run(typed).fails(1, &["fake-broker.json", "damaged"]);
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(place.json("positions")[0]["quantity"], "1");
}

#[test]
fn text_that_is_no_text_is_refused() {
    use std::ffi::OsString;
    let place = Place::new();
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let strange = || OsString::from_vec(vec![0x66, 0xff, 0x6f]);
        Ran::of(place.command("quote").arg(strange())).fails(2, &["UTF-8"]);
        Ran::of(place.command("quote AAPL --data-dir").arg(strange())).fails(2, &["UTF-8"]);
        Ran::of(place.command("quote AAPL").env("IB_HOST", strange())).fails(2, &["IB_HOST", "UTF-8"]);
    }
    Ran::of(place.command("quote").arg(OsString::from("A".repeat(100_000)))).fails(2, &["not a symbol"]);
}
