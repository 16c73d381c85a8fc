//! Precedence, blame, and what production demands.

use super::*;
use proptest::prelude::*;

fn variables(pairs: &[(&str, &str)]) -> Variables {
    pairs.iter().copied().collect()
}

fn flag(key: &'static str, flag: &'static str, value: impl Into<Value>) -> Assignment {
    Assignment { key, flag, value: value.into() }
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn a_later_source_beats_an_earlier_one_and_is_remembered() {
    let (_folder, path) = file("[ib]\nport = 4002\nclient_id = 3\nhost = \"gateway\"\n");
    let environment = variables(&[("IB_PORT", "5000"), ("IB_CLIENT_ID", "4")]);
    let loaded = load(Some(&path), &environment, &[flag("ib.client_id", "--client-id", 5)]).unwrap();
    let ib = &loaded.config().ib;
    assert_eq!((ib.host.as_str(), ib.port, ib.client_id), ("gateway", 5000, 5));
    assert_eq!(*loaded.source("ib.host"), Source::File);
    assert_eq!(*loaded.source("ib.port"), Source::Environment("IB_PORT"));
    assert_eq!(*loaded.source("ib.client_id"), Source::Flag("--client-id"));
    assert_eq!(*loaded.source("broker"), Source::Default);
}

/// A strategy without limits is a name all the same: others are slips of the pen.
#[test]
fn a_section_that_is_empty_is_there() {
    let (_folder, path) = file("[risk.strategies.pairs]\n");
    let loaded = load(Some(&path), &variables(&[]), &[]).unwrap();
    assert_eq!(loaded.config().risk.limits().strategies.len(), 1);
    assert_eq!(loaded.reread_risk().unwrap(), loaded.config().risk);
}

#[test]
fn an_account_may_have_a_point_in_its_name() {
    let (_folder, path) = file("[risk.accounts.\"DU.1\"]\nmax_order_quantity = 2\n");
    let loaded = load(Some(&path), &variables(&[]), &[]).unwrap();
    let account = "DU.1".parse().unwrap();
    assert_eq!(loaded.config().risk.limits_of(&account).max_order_quantity, Some(2.into()));
    let again = loaded.with(&[flag("ib.client_id", "--client-id", 5)]).unwrap();
    assert_eq!(again.config().risk, loaded.config().risk);
}

/// Whoever wants to stop everything need not correct a limit first.
#[test]
fn settings_whose_limits_make_no_sense_are_good_enough_to_stop_everything() {
    let (_folder, path) = file("[risk]\nmax_order_quantity = -1\nnothing = 2\n[storage]\npath = \"here\"\n");
    let wrong = variables(&[("MAX_DAILY_TRADES", "many"), ("IB_PORT", "4002")]);
    assert!(load(Some(&path), &wrong, &[]).is_err());
    let loaded = load_without_limits(Some(&path), &wrong, &[]).unwrap();
    assert_eq!(loaded.config().storage.path.as_deref(), Some(Path::new("here")));
    assert_eq!((loaded.config().ib.port, &loaded.config().risk), (4002, &RiskPolicy::default()));
    let (_folder, lost) = file("[storage]\npath = 7\n");
    assert!(load_without_limits(Some(&lost), &wrong, &[]).is_err(), "which folder is meant nobody knows");
}

#[test]
fn every_variable_sets_its_key() {
    let given = [
        ("TRADEPORT_ENV", "testing"),
        ("IB_HOST", "10.0.0.1"),
        ("IB_PORT", "4002"),
        ("IB_CLIENT_ID", "9"),
        ("IB_ACCOUNT", "DU7654321"),
        ("DB_PATH", "/data"),
        ("MAX_POSITION_SIZE", "0.25"),
        ("MAX_DAILY_TRADES", "7"),
        ("MAX_ORDER_SIZE", "500"),
        ("MAX_PORTFOLIO_RISK", "0.02"),
        ("RISK_FREE_RATE", "0.01"),
        ("BENCHMARK_SYMBOL", "QQQ"),
        ("LOG_LEVEL", "DEBUG"),
    ];
    assert_eq!(given.len(), VARIABLES.len());
    let loaded = load(None, &variables(&given), &[]).unwrap();
    let values = loaded.values();
    for variable in &VARIABLES {
        assert_eq!(*loaded.source(variable.key), Source::Environment(variable.name));
        let (_, text) = given.iter().find(|(name, _)| *name == variable.name).unwrap();
        assert_eq!(
            plain(values[variable.key].as_ref().unwrap()).to_lowercase(),
            text.to_lowercase(),
            "{}",
            variable.name
        );
    }
}

#[test]
fn the_example_of_an_environment_names_our_variables_and_their_defaults() {
    let example = include_str!("../../../../../.env.example");
    let loaded = load(None, &Variables::default(), &[]).unwrap();
    let lines: Vec<_> =
        example.lines().filter_map(|line| line.trim_start_matches("# ").split_once('=')).collect();
    let lines: Vec<_> = lines.into_iter().filter(|(name, _)| !name.contains(' ')).collect();
    assert!(lines.len() >= 12, "{lines:?}");
    for (name, shown) in lines {
        let variable = VARIABLES.iter().find(|variable| variable.name == name);
        let key = variable.unwrap_or_else(|| panic!("{name} is not a setting")).key;
        let default = loaded.values()[key].as_ref().map(plain).unwrap_or_default();
        assert_eq!(default, shown, "{name}");
    }
}

#[test]
fn a_variable_set_to_nothing_is_not_set() {
    let loaded = load(None, &variables(&[("IB_PORT", ""), ("IB_ACCOUNT", "")]), &[]).unwrap();
    assert_eq!(loaded.config(), &Config::default());
}

#[test]
fn a_bad_variable_is_named_with_its_value() {
    let bad = [
        ("IB_PORT", "abc"),
        ("IB_PORT", "0"),
        ("IB_PORT", "70000"),
        ("IB_CLIENT_ID", "-1"),
        ("IB_ACCOUNT", "DU 1"),
        ("MAX_POSITION_SIZE", "NaN"),
        ("MAX_POSITION_SIZE", "-0.1"),
        ("MAX_DAILY_TRADES", "1.5"),
        ("MAX_DAILY_TRADES", "-1"),
        ("RISK_FREE_RATE", "inf"),
        ("RISK_FREE_RATE", "5"),
        ("BENCHMARK_SYMBOL", "Ä"),
        ("LOG_LEVEL", "loud"),
        ("TRADEPORT_ENV", "prod"),
    ];
    for (name, value) in bad {
        let error = load(None, &variables(&[(name, value)]), &[]).unwrap_err().to_string();
        assert!(error.starts_with(name) && error.contains(&format!("{value:?}")), "{name}={value}: {error}");
    }
}

#[test]
fn production_demands_an_account_and_a_client() {
    let production = |pairs: &[(&str, &str)]| {
        load(None, &variables(pairs), &[flag("environment", "--env", "production")]).unwrap().check()
    };
    let missing = production(&[]).unwrap_err().to_string();
    assert!(missing.contains("IB_ACCOUNT and IB_CLIENT_ID"), "{missing}");
    assert!(production(&[("IB_ACCOUNT", "U1")]).unwrap_err().to_string().contains("IB_CLIENT_ID"));
    // The default's very number counts, once it is said.
    assert!(production(&[("IB_ACCOUNT", "U1"), ("IB_CLIENT_ID", "1")]).is_ok());
}

#[test]
fn a_live_port_must_be_allowed() {
    for port in ["7496", "4001"] {
        let loaded = |flags: &[Assignment]| load(None, &variables(&[("IB_PORT", port)]), flags).unwrap();
        assert!(matches!(loaded(&[]).check(), Err(ConfigError::LivePort { .. })));
        assert!(loaded(&[flag("ib.allow_live", "--allow-live", true)]).check().is_ok());
    }
}

#[test]
fn what_is_shown_can_be_read_back() {
    let loaded = load(None, &variables(&[("MAX_ORDER_SIZE", "12.5"), ("IB_ACCOUNT", "DU1")]), &[]).unwrap();
    let text = toml::to_string(loaded.config()).unwrap();
    assert_eq!(&toml::from_str::<Config>(&text).unwrap(), loaded.config());
}

#[test]
fn every_key_without_a_default_is_one_that_can_be_set() {
    let nothing = load(None, &Variables::default(), &[]).unwrap();
    for key in WITHOUT_DEFAULT {
        assert_eq!(nothing.values()[key], None);
        let loaded = load(None, &Variables::default(), &[flag(key, "--flag", some_value_of(key))]);
        assert!(loaded.unwrap().values()[key].is_some(), "{key}");
    }
}

/// The page on limits names every one of them, and its example is a policy that makes sense.
#[test]
fn the_page_on_risk_is_whole_and_right() {
    let page = include_str!("../../../../../docs/risk.md");
    let example = page.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let given = toml::from_str::<Config>(example).unwrap();
    let Some(Value::Table(risk)) = Table::try_from(&given).unwrap().remove("risk") else {
        panic!("no [risk]")
    };
    let mut said = BTreeMap::new();
    flatten("risk", &risk, &mut said);
    let all = load(None, &Variables::default(), &[]).unwrap().values();
    for key in all.keys().filter(|key| key.starts_with("risk.")) {
        assert!(said.contains_key(key), "{key} is not on the page");
    }
}

fn some_value_of(key: &str) -> Value {
    let words = |word: &str| Value::Array(vec![word.into()]);
    match key.rsplit('.').next().unwrap() {
        "instruments" => words("stock"),
        "order_kinds" => words("LMT"),
        "times_in_force" => words("DAY"),
        "currencies" | "symbols" => words("USD"),
        "max_drawdown"
        | "max_gross_share"
        | "max_daily_loss_share"
        | "max_margin_share"
        | "max_portfolio_risk" => 0.5.into(),
        "max_orders_per_minute" | "duplicate_window_seconds" => 60.into(),
        "zone" => "Europe/Zurich".into(),
        "most_attempts" => 3.into(),
        _ if ["risk.", "pacing."].iter().any(|section| key.starts_with(section)) => 300_000.into(),
        _ if key.ends_with("limit") => 300_000.into(),
        _ => "DU1".into(),
    }
}

#[test]
fn the_account_is_not_in_debug() {
    let loaded = load(None, &variables(&[("IB_ACCOUNT", "DU7654321")]), &[]).unwrap();
    assert!(!format!("{loaded:?}").contains("7654321"));
}

proptest! {
    #[test]
    fn no_text_makes_the_file_or_a_variable_panic(text in "\\PC{0,60}|[a-z_.]{1,12} = [0-9a-z\"\\[\\]{}.-]{0,20}") {
        let (_folder, path) = file(&text);
        let checked = load_file_alone(&path).map(|loaded| loaded.check());
        if let Err(error) = checked {
            prop_assert!(error.to_string().lines().count() == 1, "{error}");
        }
        for variable in &VARIABLES {
            if let Err(error) = load(None, &variables(&[(variable.name, text.as_str())]), &[]) {
                prop_assert!(error.to_string().starts_with(variable.name), "{error}");
            }
        }
    }
}
