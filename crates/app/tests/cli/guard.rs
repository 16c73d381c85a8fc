//! The guard: what becomes of working orders when the service is stopped by force, hangs, or ends as it should. Lines that the
//! guard prints are the clock.

use crate::serve::{LOOKS, Served, command};
use crate::support::{Place, Ran, Running, send};
use crate::wire::{served, stopped};
use serde_json::Value;

/// A TWS with one resting order, the service on it, and the guard beside.
struct Watch {
    tws: Running,
    port: u16,
    place: Place,
    service: Served,
    guard: Running,
}

impl Watch {
    fn begin() -> Self {
        let (house, place) = (Place::new(), Place::new());
        let (tws, port) = served(&house, "fake-tws --port 0");
        let low = house.price("AAPL", 0.8);
        let order = format!("order buy AAPL 1 --limit {low} --tif gtc --key rests");
        let ran = Ran::of(&mut command(&place, &order, Some(port)));
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let service = Served::start(&place, "", Some(port));
        service.until(&place, "a working order", |status| status["service"]["orders"]["working"] == 1);
        let mut guard = Running::start(command(&place, "--json guard --silence 2s", Some(port)));
        assert_eq!(told(&mut guard)["guard"], "guarding");
        assert_eq!(told(&mut guard)["guard"], "lives");
        Self { tws, port, place, service, guard }
    }

    fn run(&self, typed: &str) -> Ran {
        Ran::of(&mut command(&self.place, typed, Some(self.port)))
    }

    /// The guard says that it killed and cancelled.
    fn stops_everything(&mut self, why: &str) {
        let killed = told(&mut self.guard);
        assert_eq!(killed["guard"], "killed", "{killed}");
        assert_eq!(killed["kill"]["by"], "guard");
        assert!(killed["kill"]["reason"].as_str().unwrap().contains(why), "{killed}");
        let cancelled = told(&mut self.guard);
        assert_eq!(
            (&cancelled["guard"], &cancelled["left"]),
            (&"cancelled".into(), &0.into()),
            "{cancelled}"
        );
    }

    /// With no service any more: the order is dead, and no other leaves.
    fn is_over(&self) {
        let order = self.run("--json order show rests");
        assert_eq!(order.code, Some(0), "{}", order.err);
        assert_eq!(order.json()["state"], "cancelled");
        self.run("order buy AAPL 1 --key next").fails(3, &["kill_switch", "killed by guard", "risk resume"]);
    }

    fn end(self) {
        let ran = stopped(self.guard);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert_eq!(stopped(self.tws).code, Some(130));
    }
}

fn told(guard: &mut Running) -> Value {
    let line = guard.line();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
}

#[test]
fn when_the_service_hangs_everything_is_cancelled_and_it_sends_nothing_when_it_wakes() {
    let mut watch = Watch::begin();
    watch.service.running.signal("STOP");
    let hangs = told(&mut watch.guard);
    assert_eq!(hangs["guard"], "hangs", "{hangs}");
    assert!(hangs["silent_seconds"].as_f64().unwrap() >= 2.0, "{hangs}");
    watch.stops_everything("has said nothing for");

    watch.service.running.signal("CONT");
    assert_eq!(told(&mut watch.guard)["guard"], "lives");
    assert_eq!(told(&mut watch.guard)["guard"], "cancelled", "once more, for what it had under way");
    let shown = watch.run("--json risk show");
    assert_eq!(shown.json()["switch"]["by"], "guard", "{}", shown.err);
    watch
        .service
        .until(&watch.place, "no working order", |status| status["service"]["orders"]["working"] == 0);
    let ran = stopped(std::mem::replace(&mut watch.service.running, nobody(&watch.place)));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(told(&mut watch.guard)["guard"], "ended");
    watch.is_over();
    watch.end();
}

#[test]
fn scenario_rsk_06_when_the_service_is_killed_everything_is_cancelled() {
    let mut watch = Watch::begin();
    watch.service.running.signal("KILL");
    let ran = std::mem::replace(&mut watch.service.running, nobody(&watch.place)).end();
    assert_eq!(ran.code, None, "a signal ended it");
    assert_eq!(told(&mut watch.guard)["guard"], "died");
    watch.stops_everything("died without a word");
    watch.is_over();
    watch.end();
}

#[test]
fn when_the_service_ends_in_good_order_nothing_is_touched() {
    let mut watch = Watch::begin();
    let ran = stopped(std::mem::replace(&mut watch.service.running, nobody(&watch.place)));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(told(&mut watch.guard)["guard"], "ended");
    let shown = watch.run("--json risk show").json();
    assert_eq!(shown["switch"]["state"], "open");
    let order = watch.run("--json order show rests").json();
    assert_eq!(order["state"], "working");
    watch.end();
}

#[test]
fn on_the_simulated_broker_a_dead_service_leaves_nothing_that_trades() {
    let place = Place::new();
    let low = place.price("AAPL", 0.8);
    place.json(&format!("order buy AAPL 1 --limit {low} --tif gtc --key rests"));
    let service = Served::start(&place, "", None);
    service.until(&place, "a working order", |status| status["service"]["orders"]["working"] == 1);
    let mut guard = Running::start(place.command("--json guard --silence 60s"));
    assert_eq!(told(&mut guard)["guard"], "guarding");
    assert_eq!(told(&mut guard)["guard"], "lives");
    service.running.signal("KILL");
    assert_eq!(service.running.end().code, None);
    assert_eq!(told(&mut guard)["guard"], "died");
    assert_eq!(told(&mut guard)["guard"], "killed");
    let cancelled = told(&mut guard);
    assert_eq!((&cancelled["guard"], &cancelled["left"]), (&"cancelled".into(), &0.into()), "{cancelled}");
    assert_eq!(place.json("order show rests")["state"], "cancelled");
    assert_eq!(stopped(guard).code, Some(0));
}

#[test]
fn a_guard_that_nobody_listens_to_kills_all_the_same() {
    let place = Place::new();
    let low = place.price("AAPL", 0.8);
    place.json(&format!("order buy AAPL 1 --limit {low} --tif gtc --key rests"));
    let service = Served::start(&place, "", None);
    service.until(&place, "a working order", |status| status["service"]["orders"]["working"] == 1);
    let mut guard = Running::start(place.command("--json guard --silence 60s"));
    assert_eq!(told(&mut guard)["guard"], "guarding");
    assert_eq!(told(&mut guard)["guard"], "lives");
    let guard = guard.unread();
    service.running.signal("KILL");
    assert_eq!(service.running.end().code, None);
    let killed = || place.json("risk show")["switch"]["by"] == "guard";
    assert!((0..LOOKS).any(|_| killed()), "nobody killed the switch");
    let dead = || place.json("order list --all")[0]["state"] == "cancelled";
    assert!((0..LOOKS).any(|_| dead()), "the order lives");
    send("INT", guard.id());
    assert_eq!(guard.wait_with_output().unwrap().status.code(), Some(0));
}

/// Something that has ended, in the place of what was taken.
fn nobody(place: &Place) -> Running {
    Running::start(place.command("--version"))
}
