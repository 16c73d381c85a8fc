//! The bundled products by the bundled calendars: published last trading days, without holidays of our own.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use time::Date;
use time::macros::date;
use tradeport_contracts::calendar::Calendar;
use tradeport_contracts::futures::{FuturesSpec, FuturesSpecs};

fn calendar(spec: &FuturesSpec) -> &'static Calendar {
    Calendar::named(spec.business_calendar().unwrap()).unwrap()
}

#[test]
fn published_days_come_out_of_the_bundled_calendars() {
    let cases: &[(&str, &str, Date)] = &[
        ("ES", "200803", date!(2008 - 03 - 20)),
        ("ES", "202403", date!(2024 - 03 - 15)),
        ("CL", "202401", date!(2023 - 12 - 19)),
        ("CL", "202005", date!(2020 - 04 - 21)),
        ("MCL", "202401", date!(2023 - 12 - 18)),
        ("NG", "202401", date!(2023 - 12 - 27)),
        ("BZ", "202402", date!(2023 - 12 - 28)),
        ("BRN", "202405", date!(2024 - 03 - 28)),
        ("GC", "202402", date!(2024 - 02 - 27)),
        ("ZN", "202403", date!(2024 - 03 - 19)),
        ("ZB", "202406", date!(2024 - 06 - 18)),
        ("SR3", "202403", date!(2024 - 06 - 18)),
        ("6E", "202406", date!(2024 - 06 - 17)),
        ("6C", "202406", date!(2024 - 06 - 18)),
        ("ZS", "202401", date!(2024 - 01 - 12)),
        ("HE", "202402", date!(2024 - 02 - 14)),
        ("GF", "202405", date!(2024 - 05 - 23)),
        ("GF", "202311", date!(2023 - 11 - 16)),
        ("VX", "201903", date!(2019 - 03 - 19)),
        ("VX", "202406", date!(2024 - 06 - 18)),
        ("BTC", "202403", date!(2024 - 03 - 28)),
        ("KC", "200907", date!(2009 - 07 - 21)),
        ("CC", "200907", date!(2009 - 07 - 16)),
        ("CT", "200912", date!(2009 - 12 - 08)),
        ("CT", "201803", date!(2018 - 03 - 07)),
        ("DX", "202403", date!(2024 - 03 - 18)),
        ("FDAX", "202403", date!(2024 - 03 - 15)),
        ("FGBL", "202403", date!(2024 - 03 - 07)),
        ("Z", "202403", date!(2024 - 03 - 15)),
        ("FCE", "202401", date!(2024 - 01 - 19)),
        ("HSI", "202401", date!(2024 - 01 - 30)),
        ("NK225M", "202102", date!(2021 - 02 - 10)),
        ("NK225M", "202202", date!(2022 - 02 - 09)),
        ("SPI", "202403", date!(2024 - 03 - 21)),
    ];
    for (product, month, expected) in cases {
        let spec = FuturesSpecs::bundled().find(product).unwrap();
        let last_trade = spec.schedule(calendar(spec)).last_trade(month.parse().unwrap());
        assert_eq!(last_trade.unwrap(), *expected, "{product} {month}");
    }
}

#[test]
fn every_bundled_product_can_be_placed_and_rolled_in_its_calendar() {
    for spec in FuturesSpecs::bundled().iter() {
        let calendar = calendar(spec);
        let schedule = spec.schedule(calendar);
        let mut day = date!(2015 - 01 - 01);
        while day < date!(2027 - 06 - 01) {
            let front = schedule.front(day).unwrap();
            let last_trade = schedule.last_trade(front).unwrap();
            assert!(last_trade >= day && calendar.trading_day_on(last_trade).unwrap().is_some());
            let held = schedule.held(day, spec.default_roll()).unwrap();
            let roll = schedule.roll_date(held, spec.default_roll()).unwrap();
            assert!(day < roll && held >= front, "{} {day}", spec.exchange_code());
            day = last_trade.next_day().unwrap();
        }
    }
}

#[test]
fn beyond_its_calendar_a_product_has_no_days() {
    let es = FuturesSpecs::bundled().find("ES").unwrap();
    let error = es.schedule(calendar(es)).front(date!(2150 - 01 - 01)).unwrap_err();
    assert_eq!(error.to_string(), "ES cannot be placed in the calendar");
}
