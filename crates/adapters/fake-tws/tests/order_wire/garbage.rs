//! Orders that no client should send.

use super::{KINDS, draft, proto, read, request};
use proptest::prelude::*;
use proptest::sample::{Index, select};

type Put<T> = fn(&mut proto::Order, T);

const NUMBERS: [Put<f64>; 12] = [
    |it, number| it.lmt_price = Some(number),
    |it, number| it.aux_price = Some(number),
    |it, number| it.trailing_percent = Some(number),
    |it, number| it.trail_stop_price = Some(number),
    |it, number| it.lmt_price_offset = Some(number),
    |it, number| it.percent_offset = Some(number),
    |it, number| it.volatility = Some(number),
    |it, number| it.cash_qty = Some(number),
    |it, number| it.delta = Some(number),
    |it, number| it.scale_price_increment = Some(number),
    |it, number| it.discretionary_amt = Some(number),
    |it, number| it.compete_against_best_offset = Some(number),
];

const COUNTS: [Put<i32>; 10] = [
    |it, count| it.display_size = Some(count),
    |it, count| it.min_qty = Some(count),
    |it, count| it.oca_type = Some(count),
    |it, count| it.origin = Some(count),
    |it, count| it.trigger_method = Some(count),
    |it, count| it.volatility_type = Some(count),
    |it, count| it.exempt_code = Some(count),
    |it, count| it.short_sale_slot = Some(count),
    |it, count| it.parent_id = Some(count),
    |it, count| it.scale_init_level_size = Some(count),
];

const TEXTS: [Put<String>; 12] = [
    |it, text| it.action = Some(text),
    |it, text| it.order_type = Some(text),
    |it, text| it.tif = Some(text),
    |it, text| it.total_quantity = Some(text),
    |it, text| it.good_till_date = Some(text),
    |it, text| it.good_after_time = Some(text),
    |it, text| it.oca_group = Some(text),
    |it, text| it.order_ref = Some(text),
    |it, text| it.account = Some(text),
    |it, text| it.hedge_type = Some(text),
    |it, text| it.fa_method = Some(text),
    |it, text| it.algo_strategy = Some(text),
];

#[derive(Clone, Debug)]
enum Odd {
    Number(Index, f64),
    Count(Index, i32),
    Text(Index, String),
    Condition(proto::OrderCondition),
}

fn odd() -> impl Strategy<Value = Odd> {
    let number = prop_oneof![
        select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -0.0, 1e-300, 7.9e28, -1.0]),
        any::<f64>(),
    ];
    let count = prop_oneof![select(vec![i32::MAX, i32::MIN, -1, 0]), any::<i32>()];
    let text = prop_oneof![
        Just(String::new()),
        select(vec!["OPG", "GTD", "BAG", "1e400", "None", "20260230", "VOL", "PEG BENCH", "TRAIL LIT"])
            .prop_map(str::to_owned),
        prop::string::string_regex(".{0,60}").unwrap(),
    ];
    let condition =
        (0..9_i32, any::<f64>(), any::<i32>(), ".{0,20}").prop_map(|(kind, price, count, text)| {
            proto::OrderCondition {
                r#type: Some(kind),
                price: Some(price),
                con_id: Some(count),
                percent: Some(count),
                time: Some(text.clone()),
                sec_type: Some(text.clone()),
                symbol: Some(text.clone()),
                exchange: Some(text),
                ..proto::OrderCondition::default()
            }
        });
    prop_oneof![
        (any::<Index>(), number).prop_map(|(at, number)| Odd::Number(at, number)),
        (any::<Index>(), count).prop_map(|(at, count)| Odd::Count(at, count)),
        (any::<Index>(), text).prop_map(|(at, text)| Odd::Text(at, text)),
        condition.prop_map(Odd::Condition),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]
    /// It is read, or refused with a reason; what was read is the same when it is read again.
    #[test]
    fn an_odd_order_is_read_or_refused(
        which in (0..KINDS.len()).prop_flat_map(draft),
        odds in prop::collection::vec(odd(), 1..4),
    ) {
        let Ok(intent) = which.check() else { return Ok(()) };
        let mut asked = request(&intent);
        let order = asked.order.as_mut().unwrap();
        for odd in odds {
            match odd {
                Odd::Number(at, number) => at.get(&NUMBERS)(order, number),
                Odd::Count(at, count) => at.get(&COUNTS)(order, count),
                Odd::Text(at, text) => at.get(&TEXTS)(order, text),
                Odd::Condition(condition) => order.conditions.push(condition),
            }
        }
        match read(&asked) {
            Ok(read_once) if read_once.key().as_str() == "own" => {
                prop_assert_eq!(read(&request(&read_once)), Ok(read_once));
            }
            Ok(_) => {}
            Err(reason) => prop_assert!(!reason.is_empty()),
        }
    }
}
