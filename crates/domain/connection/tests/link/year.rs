//! A year, with every restart, reset, weekend and login, and both changes of the clocks.

use crate::stage::{Door, Stage, refused, seconds};
use tradeport_connection::calendar::{Outage, OutageCalendar, OutageKind, Region};
use tradeport_connection::subscriptions::StreamNeeds;
use tradeport_connection::{Condition, Effect, Input, LinkSettings};
use tradeport_kernel::{Timestamp, Zone};

/// Whoever wants to trade each quarter of an hour asks first; what leaves must never leave within a window.
fn year(zone: &str, region: Region) {
    // Signs of life are asked for more seldom than usual: a year has a million half minutes.
    let mut settings = LinkSettings::default();
    settings.pulse.every = seconds(1_200);
    let calendar = OutageCalendar::usual(Zone::named(zone).unwrap(), region);
    let mut stage = Stage::with(settings, calendar.clone(), "2026-01-01T12:00:00Z");
    for stream in 1..=3 {
        stage.want(stream, StreamNeeds::QUOTES);
    }
    stage.give(Input::Start);
    let end: Timestamp = "2027-01-01T12:00:00Z".parse().unwrap();
    let (mut outages, mut orders) = (0u32, 0u32);
    while stage.now < end {
        let outage = calendar.next(stage.now).unwrap();
        // Orders through the day, and one for each second around the beginning.
        while stage.now < outage.range.start().before(seconds(90)) {
            orders += u32::from(order(&stage, &outage));
            let next = stage.now.after(seconds(1_800)).min(outage.range.start().before(seconds(90)));
            quiet_until(&mut stage, next);
        }
        for second in (0..180).step_by(3) {
            orders += u32::from(order(&stage, &outage));
            quiet_until(&mut stage, outage.range.start().before(seconds(90)).after(seconds(second)));
        }
        // The program restarts, and is back after five minutes; a person signs in after two hours.
        stage.door = refused();
        stage.lose();
        let back = match outage.kind {
            OutageKind::WeeklyLogin => outage.range.end().after(seconds(7_200)),
            _ => stage.now.after(seconds(300)),
        };
        quiet_until(&mut stage, back);
        stage.door = Door::Open;
        stage.forget();
        stage.data_flows = true;
        stage.run_until(outage.range.end().max(back).after(seconds(120)));
        assert!(stage.is_ready(), "{zone}, after {outage:?}: {:?}", stage.standing());
        assert_eq!(stage.open.len(), 3, "every stream is back after {outage:?}");
        for stream in 1..=3 {
            assert_eq!(stage.opens_of(stream), 1, "exactly once after {outage:?}");
        }
        let raised = stage.link.alarms().standing().map(|it| it.0);
        assert_eq!(raised.filter(|it| *it != Condition::StreamsSilent).count(), 0, "all clear");
        stage.log.retain(|(_, it)| matches!(it, Effect::Alarm(_)));
        outages += 1;
    }
    assert!((600..900).contains(&outages), "{outages} outages in {zone}");
    assert!(orders > 15_000, "{orders} orders in {zone}");
}

#[test]
fn a_year_in_new_york_has_no_order_in_an_outage_and_every_stream_back_after_each() {
    year("America/New_York", Region::NorthAmerica);
}

#[test]
fn a_year_in_zurich_has_no_order_in_an_outage_and_every_stream_back_after_each() {
    year("Europe/Zurich", Region::Europe);
}

/// Would an order leave now? Never within a window, as the calendar itself says.
fn order(stage: &Stage, next: &Outage) -> bool {
    let leaves = stage.link.may_order(stage.now).is_ok();
    if leaves {
        assert!(stage.now < next.range.start(), "an order leaves within {next:?}");
    }
    leaves
}

fn quiet_until(stage: &mut Stage, until: Timestamp) {
    stage.data_flows = false;
    stage.run_until(until.max(stage.now));
}
