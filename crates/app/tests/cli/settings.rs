//! Settings: where they come from, and what is refused.

use crate::support::{Place, Ran};

#[test]
fn every_value_is_shown_with_its_source() {
    let place = Place::new();
    place.file("tradeport.toml", "[ib]\nhost = \"gateway\"\nport = 4002\n");
    let ran = Ran::of(place.command("--json --env testing config show").env("IB_PORT", "5000"));
    let shown = ran.json();
    let of = |key: &str| {
        let entry = &shown["settings"][key];
        (entry["value"].clone(), entry["source"].as_str().unwrap().to_owned())
    };
    assert_eq!(of("ib.host"), ("gateway".into(), "file".into()));
    assert_eq!(of("ib.port"), (5_000.into(), "environment IB_PORT".into()));
    assert_eq!(of("environment"), ("testing".into(), "flag --env".into()));
    assert_eq!(of("ib.client_id"), (1.into(), "default".into()));
    assert!(shown["settings"]["ib.account"]["value"].is_null());
    assert_eq!(shown["file"], "tradeport.toml");
    let text = place.run("config show").out;
    assert!(
        text.contains("performance.risk_free_rate") && text.contains("0.05") && text.contains("not set"),
        "{text}"
    );
}

#[test]
fn flags_beat_the_environment_and_the_data_lies_where_they_say() {
    let place = Place::new();
    let elsewhere = place.path().join("elsewhere");
    place.json(&format!("--data-dir {} order buy AAPL 1", elsewhere.display()));
    assert!(elsewhere.join("orders.db").exists() && !place.data().exists());
}

#[test]
fn a_database_file_can_be_named_too() {
    let place = Place::new();
    let ran = Ran::of(place.bare("record AAPL --max-rows 1").env("DB_PATH", "ticks/quotes.db"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        place.path().join("ticks/quotes.db").exists() && place.path().join("ticks/quotes-orders.db").exists()
    );
}

#[test]
fn without_a_word_data_lies_in_the_users_folder() {
    let place = Place::new();
    let mine = place.path().join("mine");
    let ran = Ran::of(place.bare("order buy AAPL 1").env("XDG_DATA_HOME", &mine).env("LOCALAPPDATA", &mine));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(mine.join("tradeport/development/orders.db").exists());
}

#[test]
fn without_a_word_settings_lie_in_the_users_folder() {
    let place = Place::new();
    let mine = place.path().join("mine");
    std::fs::create_dir_all(mine.join("tradeport")).unwrap();
    std::fs::write(mine.join("tradeport/tradeport.toml"), "[ib]\nport = 4002\n").unwrap();
    let ran = Ran::of(place.bare("--json config show").env("XDG_CONFIG_HOME", &mine).env("APPDATA", &mine));
    assert_eq!(ran.json()["settings"]["ib.port"]["value"], 4002, "{}", ran.err);
}

#[test]
fn a_file_is_checked_with_the_line_that_is_wrong() {
    let place = Place::new();
    let good = place.file("good.toml", "[risk]\nmax_position_share = 0.2\n");
    assert_eq!(place.json(&format!("config check {}", good.display()))["valid"], true);
    let bad = place.file("bad.toml", "[ib]\nport = 7497\n\n[risk]\nmax_daily_trade = 3\n");
    let ran = place.run(&format!("config check {}", bad.display()));
    ran.fails(2, &["bad.toml", "line 5", "`max_daily_trade`", "`max_daily_trades`", "config check"]);
    place.run("config check nowhere.toml").fails(2, &["nowhere.toml", "cannot be read"]);
    let torn = place.file("torn.toml", "[ib\nport = 1");
    place.run(&format!("--config {} quote AAPL", torn.display())).fails(2, &["torn.toml", "line 1"]);
}

#[test]
fn an_unknown_key_stops_every_command() {
    let place = Place::new();
    place.file("tradeport.toml", "brocker = \"fake\"\n");
    for command in ["quote AAPL", "order list", "config show", "metrics"] {
        place.run(command).fails(2, &["`brocker`", "`broker`", "tradeport.toml", "line 1"]);
    }
}

#[test]
fn a_bad_variable_stops_every_command_by_its_name() {
    let place = Place::new();
    for (name, value) in
        [("IB_PORT", "x"), ("MAX_POSITION_SIZE", "NaN"), ("RISK_FREE_RATE", "9"), ("LOG_LEVEL", "loud")]
    {
        let ran = Ran::of(place.command("quote AAPL").env(name, value));
        ran.fails(2, &[name, value]);
    }
}

#[test]
fn production_asks_for_an_account_and_a_client() {
    let place = Place::new();
    place.run("--env production account").fails(2, &["IB_ACCOUNT", "IB_CLIENT_ID", "production"]);
    place.run("--env production config check").fails(2, &["IB_ACCOUNT"]);
    let mut half = place.command("--env production account");
    Ran::of(half.env("IB_ACCOUNT", "DU77")).fails(2, &["IB_CLIENT_ID"]);
    let mut whole = place.command("--json --env production account");
    let ran = Ran::of(whole.env("IB_ACCOUNT", "DU77").env("IB_CLIENT_ID", "3"));
    assert_eq!((ran.code, ran.json()["account"].as_str()), (Some(0), Some("DU77")), "{}", ran.err);
    assert!(ran.err.contains("simulated broker"), "{}", ran.err);
}

#[test]
fn a_live_port_must_be_meant() {
    let place = Place::new();
    for port in ["7496", "4001"] {
        Ran::of(place.command("quote AAPL").env("IB_PORT", port)).fails(2, &[port, "live", "--allow-live"]);
        let allowed = Ran::of(place.command("--allow-live quote AAPL").env("IB_PORT", port));
        assert_eq!(allowed.code, Some(0), "{}", allowed.err);
    }
}

#[test]
fn the_log_goes_to_standard_error_and_holds_no_account() {
    let place = Place::new();
    let ran = Ran::of(place.command("-vv --json order buy AAPL 1").env("IB_ACCOUNT", "DU7654321"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.json()["order"]["account"], "DU7654321");
    assert!(!ran.err.contains("7654321"), "{}", ran.err);
}

#[test]
fn another_account_needs_another_folder() {
    let place = Place::new();
    place.json("order buy AAPL 1");
    let ran = Ran::of(place.command("account").env("IB_ACCOUNT", "DU2"));
    ran.fails(1, &["DU2", "DU1000001", "--data-dir"]);
    place.run("account --account DU3").fails(1, &["DU3"]);
    place.run("order buy AAPL 1 --account DU3").fails(1, &["DU3"]);
}

#[test]
fn a_table_of_notices_that_cannot_be_read_is_found_by_the_check() {
    let place = Place::new();
    place.file("tradeport.toml", "[ib]\nnotices_file = \"notices.csv\"\n");
    place.run("config check").fails_with(2, &["notices.csv", "ib.notices_file", "correct that file"]);
    place.file("notices.csv", "code,meaning,phrases,note\n77777,loud,,\n");
    place.run("config check").fails_with(2, &["notices.csv", "line 2", "\"loud\" is no meaning"]);
    place.file("notices.csv", "code,meaning,phrases,note\n77777,pacing,,a note, and more\n");
    place.run("config check").fails_with(2, &["line 2", "double quotes"]);
    place.file("notices.csv", "\u{feff}code,meaning,phrases,note\r\n77777,pacing,,\r\n");
    let ran = place.run("config check");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

/// What every command would refuse, the check refuses.
#[test]
fn the_check_finds_what_commands_would_stumble_over() {
    let place = Place::new();
    for (text, words) in [
        ("[storage]\nsize_limit = 1\n", ["[storage]", "a size limit of 1 bytes is too small: at least "]),
        ("[ib]\nhost = \"\"\n", ["line 2", "\"\" is not a host"]),
        ("[ib]\nhost = \"my gateway\"\n", ["line 2", "\"my gateway\" is not a host"]),
    ] {
        let file = place.file("wrong.toml", text);
        place.run(&format!("config check {}", file.display())).fails(2, &words);
        place.run(&format!("--config {} order list", file.display())).fails(2, &words);
    }
    let bytes = place.path().join("bytes.toml");
    std::fs::write(&bytes, b"[ib]\nhost = \"\xff\"\n").unwrap();
    place.run(&format!("config check {}", bytes.display())).fails(2, &["bytes.toml", "text in UTF-8"]);
    // As editors write on Windows.
    let windows = place.file("windows.toml", "\u{feff}[fake]\r\nseed = 5\r\n");
    assert_eq!(place.json(&format!("config check {}", windows.display()))["valid"], true);
}

/// Its limits were meant to hold: without a word nobody would know that they do not.
#[test]
fn settings_that_lie_in_their_place_and_cannot_be_read_are_told() {
    let place = Place::new();
    std::fs::create_dir(place.path().join("tradeport.toml")).unwrap();
    place.run("order list").fails(2, &["tradeport.toml", "cannot be read"]);
    std::fs::remove_dir(place.path().join("tradeport.toml")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere.toml", place.path().join("tradeport.toml")).unwrap();
        place.run("order list").fails(2, &["tradeport.toml", "cannot be read"]);
    }
}
