//! What is not an algo, and what the refusal says.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use proptest::prelude::*;
use tradeport_kernel::Quantity;
use tradeport_orders::algo::csfb::Inline;
use tradeport_orders::algo::ib::{AccuDistr, Adaptive, AdaptivePriority, ArrivalPx, DarkIce, PctVolPx, Vwap};
use tradeport_orders::algo::jefferies;
use tradeport_orders::algo::quantitative_brokers::Strobe;
use tradeport_orders::algo::{
    Algo, AlgoParam, AlgoProduct, AlgoRefusal, AlgoSpec, AlgoTime, PARAMS_MAX, ParamValue, Provider, Share,
    TEXT_MAX, Zone,
};

fn message(refused: Result<Algo, AlgoRefusal>) -> String {
    refused.unwrap_err().to_string()
}

fn time(text: &str) -> AlgoTime {
    text.parse().unwrap()
}

#[test]
fn a_share_beyond_the_range() {
    let low = Vwap::new().max_pct_vol(Share::percent(0)).build();
    assert_eq!(message(low), "ib Vwap: maxPctVol is 0, expected a number from 0.01 to 0.5");
    let high = ArrivalPx::new().max_pct_vol(Share::percent(51)).build();
    assert_eq!(message(high), "ib ArrivalPx: maxPctVol is 0.51, expected a number from 0.01 to 0.5");
    for good in [1, 10, 50] {
        assert!(Vwap::new().max_pct_vol(Share::percent(good)).build().is_ok(), "{good}");
    }
}

#[test]
fn counts_prices_and_minutes_beyond_the_range() {
    let percent = Inline::new().max_percent(100).build();
    assert_eq!(message(percent), "csfb INLINE: MaxPercent is 100, expected a whole number from 0 to 99");
    let trigger = jefferies::Vwap::new().trigger_price("0".parse().unwrap()).build();
    assert_eq!(message(trigger), "jefferies VWAP: TriggerPrice is 0, expected a number above 0");
    let minutes = Strobe::new().duration(-1).build();
    assert_eq!(
        message(minutes),
        "quantitative-brokers STROBE: Duration is -1, expected a number of 0 or above, or -99"
    );
    assert!(Strobe::new().duration(-99).build().is_ok());
}

#[test]
fn a_dated_time_where_only_the_time_of_day_is_taken() {
    let refused = jefferies::Twap::new().start_time(time("20260926-13:30:00")).build();
    assert_eq!(
        message(refused),
        "jefferies TWAP: StartTime is 20260926-13:30:00, expected a time of day such as 09:30:00 US/Eastern"
    );
}

#[test]
fn another_type_or_an_unknown_choice() {
    let with = |value| Algo::new(Provider::Ib, "Adaptive", vec![AlgoParam::new("adaptivePriority", value)]);
    let accepted = r#"expected one of "Urgent", "Normal", "Patient""#;
    assert_eq!(
        message(with(ParamValue::Choice("urgent".into()))),
        format!(r#"ib Adaptive: adaptivePriority is "urgent", {accepted}"#)
    );
    assert_eq!(
        message(with(ParamValue::Flag(true))),
        format!("ib Adaptive: adaptivePriority is yes, {accepted}")
    );
    let refused = Algo::custom(Provider::Ib, "DarkIce", [("displaySize", "10")]);
    assert_eq!(message(refused), r#"ib DarkIce: displaySize is "10", expected a whole number of 0 or above"#);
}

#[test]
fn ends_that_lie_before_their_beginnings() {
    let shares = PctVolPx::new().min_pct_vol4_px(Share::percent(20)).max_pct_vol4_px(Share::percent(10));
    assert_eq!(
        message(shares.build()),
        "ib PctVolPx: minPctVol4Px is 0.2, expected at most maxPctVol4Px, which is 0.1"
    );
    let percent = Inline::new().max_percent(10).min_percent(20).build();
    assert_eq!(message(percent), "csfb INLINE: MinPercent is 20, expected at most MaxPercent, which is 10");
    let (start, end) = (time("20260926-14:00:00"), time("20260926-13:30:00"));
    assert_eq!(
        message(Vwap::new().start_time(start).end_time(end).build()),
        "ib Vwap: startTime is 20260926-14:00:00, expected at most endTime, which is 20260926-13:30:00"
    );
    // A session may cross midnight.
    let (start, end) = (time("18:00:00 US/Central"), time("09:00:00 US/Central"));
    assert!(Vwap::new().start_time(start).end_time(end).build().is_ok());
}

#[test]
fn times_and_zones_that_do_not_exist() {
    let forms = "hh:mm:ss ZONE, hh:mm:ss, YYYYMMDD-hh:mm:ss (UTC) or YYYYMMDD-hh:mm:ss ZONE";
    for bad in ["", "24:00:00", "09:60:00", "09:30", "09:30:00:00", "+9:30:00", "20260230-09:30:00", "noon"] {
        let refused = bad.parse::<AlgoTime>().unwrap_err();
        assert_eq!(refused.to_string(), format!("{bad:?} is not a time of an algo: expected {forms}"));
    }
    for bad in ["US/Estern", "us/eastern", "", "Europe/", "/", "EST EDT"] {
        let zones = "a name such as US/Eastern, Europe/London or UTC";
        let refused = format!("09:30:00 {bad}").parse::<AlgoTime>().unwrap_err();
        assert_eq!(refused.to_string(), format!("{bad:?} is not a time zone: expected {zones}"));
    }
    assert!(AlgoTime::daily(9, 61, 0, "US/Eastern").is_err());
}

#[test]
fn zones_that_brokers_name_exist() {
    let named = "Europe/Riga Australia/NSW US/Pacific Japan US/Eastern Africa/Johannesburg Israel MET US/Central \
                 Asia/Calcutta Hongkong GMT UTC EST EST5EDT CET JST HKT America/Argentina/Buenos_Aires Etc/GMT+5";
    for name in named.split_ascii_whitespace() {
        assert_eq!(Zone::new(name).unwrap().to_string(), name);
    }
    assert!(AccuDistr::new().active_time_tz(Zone::new("CET").unwrap()).build().is_ok());
}

#[test]
fn names_and_texts_that_no_broker_reads() {
    let names = "expected 1 to 64 printable ASCII characters without spaces around them";
    let custom = |name: &str, param: &str| Algo::custom(Provider::Ib, name, [(param, "1")]);
    for bad in ["", " Vwap", "Vwäp", "Vwap\0", &"x".repeat(65)] {
        let shown: String = bad.chars().take(60).collect();
        let more = if bad.len() > 64 { "…" } else { "" };
        assert_eq!(
            message(custom(bad, "speed")),
            format!("{shown:?}{more} is not the name of an algo: {names}")
        );
        assert_eq!(
            message(custom("New", bad)),
            format!("{shown:?}{more} is not the name of an algo's parameter: {names}")
        );
    }
    let refused = Algo::custom(Provider::Ib, "New", [("speed", "a\nb")]);
    assert_eq!(
        message(refused),
        r#"ib New: speed is "a\nb", expected text of 1 to 256 characters, none of them a control character"#
    );
    assert!(Algo::custom(Provider::Ib, "New", [("speed", "ü".repeat(TEXT_MAX).as_str())]).is_ok());
    assert!(Algo::custom(Provider::Ib, "New", [("speed", "x".repeat(TEXT_MAX + 1).as_str())]).is_err());
}

#[test]
fn twice_too_many_and_unknown() {
    let twice = Algo::custom(Provider::Ib, "New", [("speed", "1"), ("speed", "2")]);
    assert_eq!(message(twice), "ib New: speed is given twice, expected once");
    let names: Vec<String> = (0..=PARAMS_MAX).map(|at| format!("p{at}")).collect();
    let many = Algo::custom(Provider::Ib, "New", names.iter().map(|name| (name.as_str(), "1")));
    assert_eq!(message(many), "ib New: 65 parameters are given, expected at most 64");
    let refused = Adaptive::new().blank("speed").build();
    assert_eq!(
        message(refused),
        r#"ib Adaptive: there is no parameter "speed", expected one of adaptivePriority"#
    );
}

#[test]
fn somebody_elses_route() {
    let refused = Provider::at_route("jeffalgo").unwrap_err();
    assert_eq!(
        refused.to_string(),
        r#""jeffalgo" is not a route: expected 1 to 16 capital letters, digits or dots such as JEFFALGO"#
    );
    assert_eq!(Provider::at_route("JEFFALGO").unwrap(), Provider::Jefferies);
    let own = Algo::custom(Provider::at_route("NEWALGO").unwrap(), "Vwap", []);
    assert_eq!(message(own), "Vwap at the route NEWALGO is the broker's own algo, expected the provider ib");
}

#[test]
fn orders_that_an_algo_does_not_work_with() {
    let adaptive = Adaptive::new().priority(AdaptivePriority::Normal).build().unwrap();
    assert_eq!(
        adaptive.suits_kind("MOC").unwrap_err().to_string(),
        "ib Adaptive does not work with MOC, expected one of MKT, LMT"
    );
    assert!(Vwap::new().build().unwrap().suits_kind("MOC").is_ok());
    let options = tradeport_orders::algo::ib::MinImpact::new().build().unwrap();
    assert_eq!(
        options.suits_product(AlgoProduct::Stock).unwrap_err().to_string(),
        "ib MinImpact does not work with stock, expected one of option"
    );
    assert_eq!(
        adaptive.suits_route("QBALGO").unwrap_err().to_string(),
        r#"ib Adaptive does not work with the route "QBALGO", expected SMART or a native exchange"#
    );
    assert!(adaptive.suits_route("NYSE").is_ok());
    let theirs = jefferies::Blitz::new().build().unwrap();
    assert_eq!(
        theirs.suits_route("SMART").unwrap_err().to_string(),
        r#"jefferies BLITZ does not work with the route "SMART", expected JEFFALGO"#
    );
    let ice = DarkIce::new().display_size(200).build().unwrap();
    let hundred = Quantity::new(100.into()).unwrap();
    assert_eq!(
        ice.suits_size(hundred).unwrap_err().to_string(),
        "ib DarkIce: displaySize is 200, expected at most the order's size, 100"
    );
}

#[test]
fn documents_are_checked_on_the_way_in() {
    let good =
        r#"{"provider":"ib","strategy":"PctVol","params":[{"name":"pctVol","value":{"number":"0.10"}}]}"#;
    let algo: Algo = serde_json::from_str(good).unwrap();
    assert_eq!(serde_json::to_string(&algo).unwrap(), good);
    for (part, worse) in [
        ("0.10", "0.6"),
        ("pctVol\"", "no\\n\""),
        ("number", "text"),
        ("\"ib\"", "\"Ib!\""),
        ("\"PctVol\"", "\"\""),
        ("}]}", "}],\"more\":1}"),
    ] {
        let bad = good.replace(part, worse);
        assert_ne!(bad, good);
        assert!(serde_json::from_str::<Algo>(&bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn no_text_is_a_time_by_surprise(text in "[0-9:/ A-Za-z+-]{0,30}") {
        if let Ok(time) = text.parse::<AlgoTime>() {
            prop_assert_eq!(time.to_string(), text);
        }
    }

    #[test]
    fn providers_are_read_as_they_are_written(text in "[a-zA-Z0-9.-]{0,20}") {
        if let Ok(provider) = text.parse::<Provider>() {
            prop_assert_eq!(provider.to_string().parse::<Provider>().unwrap(), provider.clone());
            prop_assert_eq!(Provider::at_route(provider.route()).unwrap(), provider);
        }
    }

    #[test]
    fn nothing_but_its_own_type_is_taken(at in 0_usize..66, pick in any::<prop::sample::Index>()) {
        let spec = AlgoSpec::all().nth(at).unwrap();
        prop_assume!(!spec.params().is_empty());
        let param = pick.get(spec.params());
        let values = [
            ParamValue::Flag(true),
            ParamValue::Integer(7),
            ParamValue::Number("0.2".parse().unwrap()),
            ParamValue::Choice("no such choice".into()),
            ParamValue::Time(time("09:30:00 UTC")),
            ParamValue::Text("some text".to_owned()),
        ];
        let taken = values.into_iter().filter(|value| {
            let params = vec![AlgoParam::new(param.name(), value.clone())];
            Algo::new(spec.provider().clone(), spec.strategy(), params).is_ok()
        });
        prop_assert!(taken.count() <= 1, "{} {}", spec.strategy(), param.name());
    }
}
