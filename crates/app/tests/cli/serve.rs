//! The service and its status, as a person uses them, on both brokers. Looking at the status again and again is the clock.

use crate::support::{Place, Ran, Running};
use crate::wire::{served, stopped};
use serde_json::Value;

/// So often the status is looked at before it is clear that what is waited for never comes.
pub(crate) const LOOKS: usize = 1_500;

/// Nothing is expected to go away, on whatever day and at whatever hour this runs, and connections are made again soon.
const ANY_DAY: &str = "[link]\nrestart_minutes = 0\nannounced_resets = false\n\
    first_wait_seconds = 1\nlongest_wait_seconds = 2\n";

/// A restart some seconds after the first client has begun: the port refuses for a second, and order numbers go back.
const RESTART: &str = "[[rule]]\non = \"start\"\nafter = \"3s\"\n\
    do = [{ restart = { down = \"1s\", port = \"refuses\", roll_back = 4 } }]\n";

/// A service under watch.
pub(crate) struct Served {
    pub(crate) running: Running,
    port: Option<u16>,
}

impl Served {
    pub(crate) fn start(place: &Place, typed: &str, port: Option<u16>) -> Self {
        place.file("tradeport.toml", ANY_DAY);
        let mut running = Running::start(command(place, &format!("--json serve {typed}"), port));
        let line = running.line();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!(told["serving"], true);
        crate::json_keys::told("`serve`", &told);
        Self { running, port }
    }

    /// The first status of which this is so.
    pub(crate) fn until(&self, place: &Place, what: &str, so: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        for _ in 0..LOOKS {
            let ran = Ran::of(&mut command(place, "--json status", self.port));
            last = ran.json();
            if so(&last) {
                return last;
            }
        }
        panic!("{what} never came: {last:#}")
    }
}

pub(crate) fn command(place: &Place, typed: &str, port: Option<u16>) -> std::process::Command {
    match port {
        Some(port) => {
            let mut command = place.command(&format!("--broker tws {typed}"));
            command.env("IB_PORT", port.to_string());
            command
        }
        None => place.command(typed),
    }
}

fn link<'a>(status: &'a Value, purpose: &str) -> &'a Value {
    let links = status["service"]["links"].as_array().unwrap();
    links.iter().find(|link| link["purpose"] == purpose).unwrap_or(&Value::Null)
}

fn is_ready(status: &Value, purpose: &str) -> bool {
    link(status, purpose)["standing"]["standing"] == "ready"
}

#[test]
fn it_serves_on_the_simulated_broker_until_it_is_stopped() {
    let place = Place::new();
    let service = Served::start(&place, "AAPL", None);
    let status = service.until(&place, "a recorded quote and a reconciliation", |status| {
        status["service"]["recording"]["quotes"].as_u64() > Some(2)
            && status["service"]["reconciliation"]["epoch"].is_u64()
            && is_ready(status, "interactive")
    });
    assert_eq!(
        (&status["lives"], &status["healthy"]),
        (&Value::from(true), &Value::from(true)),
        "{status:#}"
    );
    assert!(link(&status, "interactive")["streams"]["restored"].as_u64() >= Some(1), "{status:#}");
    assert!(status["service"]["budget"].as_array().unwrap().iter().any(|row| row["rule"] == "messages"));
    assert!(status["service"]["breakers"].as_array().unwrap().iter().all(|row| row["state"] == "closed"));

    keys_are_told(&status["service"]);
    let connections = |row: &&Value| row["rule"] == "connections";
    let budget = status["service"]["budget"].as_array().unwrap();
    assert_eq!(budget.iter().find(connections).unwrap()["used"], 1, "its one link");

    let shown = place.run("status");
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    for words in
        ["health", "interactive link", "ready", "last sign of life", "next expected outage", "messages"]
    {
        assert!(shown.out.contains(words), "{words:?} is missing in {}", shown.out);
    }
    // The folder is the service's; whoever only looks goes on.
    place.run("serve").fails(1, &["a service runs in", "tradeport status"]);
    assert_eq!(place.run("quote AAPL").code, Some(0));

    let ran = stopped(service.running);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        place.number("market.db", "SELECT count(*) FROM bid_ask_data") > 2,
        "what was recorded is written"
    );
    let after = place.run("--json status");
    assert_eq!(after.code, Some(0), "the broker answers: {}", after.err);
    let after = after.json();
    assert_eq!((&after["lives"], &after["service"]["stopped"]), (&Value::from(false), &Value::from(true)));
    assert!(after["seen"]["broker_time"].is_string(), "{after:#}");
    place.json("order buy AAPL 1");
}

/// Another command has the databases in the very moment at which it begins.
#[test]
fn it_waits_for_a_command_that_is_about_to_end() {
    use std::io::{BufRead, BufReader, Read};
    let place = Place::new();
    place.file("tradeport.toml", ANY_DAY);
    let held = place.hold();
    let mut service = place
        .command("serve")
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut err = BufReader::new(service.stderr.take().unwrap());
    let mut said = String::new();
    err.read_line(&mut said).unwrap();
    assert_eq!(said, "another tradeport has the databases for the moment: waiting, 5 s at most\n");
    // Whoever wants to serve as well need not wait for that.
    place.run("serve").fails(1, &["a service runs in"]);
    // The service has the locks next: whoever waited for them to be free would wait for its end.
    drop(held);
    let mut out = BufReader::new(service.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert!(line.starts_with("serving in"), "{line:?}");
    crate::support::send("INT", service.id());
    err.read_to_string(&mut said).unwrap();
    assert_eq!((service.wait().unwrap().code(), said.matches("waiting").count()), (Some(0), 1), "{said}");
}

/// The keys of a report are those of the manual.
fn keys_are_told(service: &Value) {
    use crate::json_keys::told;
    told("`service`", service);
    told("each of its `links`", &service["links"][0]);
    told("`streams` of a link", &service["links"][0]["streams"]);
    for row in ["budget", "waits", "breakers"] {
        told(&format!("each of its `{row}`"), &service[row][0]);
    }
    for row in ["reconciliation", "orders", "recording"] {
        told(&format!("its `{row}`"), &service[row]);
    }
}

/// A restart some seconds after the first client has begun, while an order works.
const NIGHT: &str = "[[rule]]\non = \"start\"\nafter = \"12s\"\n\
    do = [{ restart = { down = \"1s\", port = \"refuses\", roll_back = 4 } }]\n";

#[test]
fn an_order_that_works_outlives_a_restart_of_tws_under_the_service() {
    let (house, place) = (Place::new(), Place::new());
    house.file("night.toml", NIGHT);
    let (tws, port) = served(&house, "fake-tws --port 0 --scenario night.toml");
    let on_tws = |typed: &str| Ran::of(&mut command(&place, typed, Some(port)));
    let bought = on_tws("--json order buy AAPL 1 --limit 1 --tif gtc --key rests");
    assert_eq!(bought.code, Some(0), "{}", bought.err);
    let service = Served::start(&place, "", Some(port));
    let works =
        |status: &Value| status["service"]["orders"]["working"] == 1 && is_ready(status, "interactive");
    service.until(&place, "the order that works", works);
    let back = service.until(&place, "the order after the restart", |status| {
        works(status)
            && link(status, "interactive")["last_epoch"].as_u64() >= Some(2)
            && status["service"]["reconciliation"]["epoch"].as_u64() >= Some(2)
    });
    assert_eq!(back["service"]["orders"]["unknown"], 0, "{back:#}");
    assert_eq!(back["service"]["breaks"], Value::Array(vec![]));
    assert_eq!(stopped(service.running).code, Some(0));
    let cancelled = on_tws("--json order cancel rests");
    assert_eq!(cancelled.code, Some(0), "{}", cancelled.err);
    assert_eq!(cancelled.json()["order"]["state"], "cancelled", "{}", cancelled.out);
    assert_eq!(stopped(tws).code, Some(130));
}

#[test]
fn it_outlives_a_restart_of_tws() {
    let (house, place) = (Place::new(), Place::new());
    house.file("night.toml", RESTART);
    let (tws, port) = served(&house, "fake-tws --port 0 --scenario night.toml");
    let service = Served::start(&place, "AAPL", Some(port));
    let back = service.until(&place, "both links in their second epoch", |status| {
        ["interactive", "recorder"].iter().all(|purpose| {
            is_ready(status, purpose) && link(status, purpose)["last_epoch"].as_u64() >= Some(2)
        }) && status["service"]["reconciliation"]["epoch"].as_u64() >= Some(2)
            && link(status, "recorder")["streams"]["restored"] == 1
    });
    let before = back["service"]["recording"]["quotes"].as_u64();
    service.until(&place, "quotes of the new epoch", |status| {
        status["service"]["recording"]["quotes"].as_u64() > before
    });
    assert_eq!(link(&back, "interactive")["client_id"], 1);
    assert_eq!(link(&back, "recorder")["client_id"], 11, "it has a number of its own");

    // Commands that look have numbers of their own, and never fight the service.
    for typed in ["--json positions", "--json account", "--json quote AAPL"] {
        let ran = Ran::of(&mut command(&place, typed, Some(port)));
        assert_eq!(ran.code, Some(0), "{typed}: {}", ran.err);
    }
    // One that orders goes through it.
    let ran = Ran::of(&mut command(&place, "order buy AAPL 1", Some(port)));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let elsewhere = Ran::of(&mut command(&place, "--data-dir elsewhere order buy AAPL 1", Some(port)));
    elsewhere.fails(1, &["client id 1", "IB_CLIENT_ID"]);
    let still = service.until(&place, "a link that stands", |status| is_ready(status, "interactive"));
    let epoch = |status: &Value| link(status, "interactive")["last_epoch"].as_u64();
    assert_eq!(epoch(&still), epoch(&back), "nobody took its connection away");

    let ran = stopped(service.running);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(stopped(tws).code, Some(130));
    let gone = Ran::of(&mut command(&place, "status", Some(port)));
    assert_eq!(gone.code, Some(1));
    assert!(
        gone.err.contains("no service runs here") && gone.err.contains("nobody listens at"),
        "{}",
        gone.err
    );
}

#[test]
fn a_report_that_cannot_be_read_hides_neither_the_switch_nor_the_broker() {
    let place = Place::new();
    place.json("risk kill --reason tidy");
    std::fs::write(place.data().join("service-status.json"), "{").unwrap();
    let status = place.run("--json status");
    let shown = status.json();
    assert_eq!((&shown["service"], &shown["switch"]["killed"]), (&Value::Null, &Value::from(true)));
    assert!(shown["seen"]["broker_time"].is_string(), "{shown:#}");
    status.fails_with(1, &["service-status.json is not a report of this version", "start the service anew"]);
}

/// What a working combo may come to is told by the prices of its legs: without them no other order would pass a limit of all
/// positions together.
#[test]
fn it_follows_the_legs_of_a_combo_that_works() {
    let place = Place::new();
    let service = Served::start(&place, "", None);
    service.until(&place, "a link", |status| is_ready(status, "interactive"));
    let spread = place.json("order spread vertical AAPL 30d call atm atm+2 1 --limit 0.05 --key rests");
    assert_eq!(spread["order"]["state"], "working", "{spread}");
    // The combo, and both of its legs.
    service.until(&place, "quotes of the legs", |status| {
        link(status, "interactive")["streams"]["wanted"].as_u64() >= Some(3)
    });
}

/// A login may manage several accounts, and orders may be for each of them.
#[test]
fn it_counts_the_losses_of_every_account_of_the_login_and_from_before() {
    use crate::support::Running;
    use std::time::Duration;
    use tradeport_kernel::{Clock, Currency, Money};
    use tradeport_portfolio::{Portfolio, PortfolioStore};
    let (house, place) = (Place::new(), Place::new());
    let (tws, port) = served(&house, "fake-tws --port 0 --accounts DU1111111,DU2222222");
    let held = place.hold();
    let yesterday = tradeport_app::clock::SystemClock.now().before(Duration::from_secs(86_400));
    let rich = Portfolio::new("DU2222222".parse().unwrap(), Money::new(2_000_000.into(), Currency::USD));
    let kept = rich.snapshot(yesterday, |_| None).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(held.portfolio().save_snapshots(&[kept])).unwrap();
    place.let_go(held);
    place.file("tradeport.toml", &format!("{ANY_DAY}[risk]\nmax_drawdown = 0.10\n"));
    let typed = |typed: &str| {
        let mut command = command(&place, typed, Some(port));
        command.env("IB_ACCOUNT", "DU1111111");
        command
    };
    let mut running = Running::start(typed("--json serve"));
    running.line();
    let rows =
        || place.number("orders.db", "SELECT count(*) FROM portfolio_snapshots WHERE account = 'DU2222222'");
    let is_kept = (0..LOOKS).any(|_| {
        Ran::of(&mut typed("--json status"));
        rows() > 1
    });
    assert!(is_kept, "what the other account is worth was never kept");
    let bought = |account: &str| Ran::of(&mut typed(&format!("order buy AAPL 1 --account {account}")));
    bought("DU2222222").fails_with(3, &["max_drawdown: 0.5 against a limit of 0.1"]);
    let other = bought("DU1111111");
    assert_eq!(other.code, Some(0), "{}", other.err);
    assert_eq!(stopped(running).code, Some(0));
    stopped(tws);
}
