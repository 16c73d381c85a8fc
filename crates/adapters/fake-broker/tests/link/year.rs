//! A year of restarts, resets, weekends and logins, with both changes of the clocks, through the whole shell.

use crate::house::{House, bid, key, seconds};
use tradeport_connection::calendar::{OutageCalendar, OutageKind, Region};
use tradeport_connection::{Held, LinkSettings};
use tradeport_fake_broker::Door;
use tradeport_kernel::{Clock, Timestamp, Zone};
use tradeport_orders::{OrderGateway, OrderState};

#[test]
fn a_year_has_no_order_in_an_outage_and_every_stream_back_after_each() {
    let zone = Zone::named("America/New_York").unwrap();
    let calendar = OutageCalendar::usual(zone, Region::NorthAmerica);
    let mut settings = LinkSettings::default();
    settings.pulse.every = seconds(3_600);
    let mut house = House::with(calendar.clone(), "2013-01-02T17:00:00Z", settings, None).open();
    house.quotes_flow(false);
    let heard = house.listen();
    let end: Timestamp = "2014-01-02T17:00:00Z".parse().unwrap();
    let (mut outages, mut sent) = (0u32, 0u32);
    while house.clock.now() < end {
        let outage = calendar.next(house.clock.now()).unwrap();
        house.run(outage.range.start().before(seconds(30)).since(house.clock.now()));
        // The gate is asked each time; whole orders are sent now and then, since a journal of thousands is slow to hold against
        // the broker.
        let whole = outages % 10 == 0;
        assert_held(&mut house, whole.then(|| format!("near{outages}")));
        house.run(seconds(60));
        assert_held(&mut house, whole.then(|| format!("in{outages}")));
        house.door(Door::Closed);
        house.broker.drop_link();
        let away = if outage.kind == OutageKind::WeeklyLogin { 7_200 } else { 200 };
        house.run(seconds(away));
        house.door(Door::Open);
        let back = outage.range.end().max(house.clock.now()).after(seconds(120));
        house.run(back.since(house.clock.now()));
        assert!(house.is_ready(), "after {outage:?}: {:?}", house.standing());
        assert_eq!(house.broker.subscribed_symbols(), 1, "the stream is back after {outage:?}");
        if whole {
            house.quote("99.99", "100.01");
            let name = format!("after{outages}");
            sent += u32::from(house.submit(bid(&name, 1, "90")) == OrderState::Working);
            let desk = house.desk.clone().unwrap();
            house.wait(async move { desk.cancel(&key(&name), Default::default()).await.unwrap() });
        }
        outages += 1;
    }
    assert!((600..900).contains(&outages), "{outages}");
    assert_eq!(sent, outages.div_ceil(10), "and after each an order leaves");
    drop(heard);
}

/// An order of now stays here, and the broker hears nothing of it.
fn assert_held(house: &mut House, name: Option<String>) {
    let held = house.session.may_order().unwrap_err();
    assert!(matches!(held, Held::Outage { .. }), "{held}");
    let Some(name) = name else { return };
    house.quote("99.99", "100.01");
    assert_eq!(house.submit(bid(&name, 1, "90")), OrderState::NotSent, "{name}");
    let broker = house.broker.clone();
    let open = house.wait(async move { broker.open_orders().await });
    assert!(open.is_ok_and(|it| it.rows().is_empty()), "{name} reached the broker");
}
