//! What stands around a sample's orders: numbers, account, instrument, and how its moments are written.
//!
//! A sample that names no account or reference gets one here, on both sides of the comparison.

use super::expand::Sample;
use serde_json::Value;
use tradeport_ib::translate::{OrderNumbers, Surroundings, WrittenTime};
use tradeport_kernel::{Currency, OrderKey};
use tradeport_orders::algo::Zone;

/// The account of samples that name none.
pub(crate) const ACCOUNT: &str = "DU0";

pub(crate) struct Around {
    numbers: OrderNumbers,
    times: WrittenTime,
    currency: Currency,
    route: String,
}

/// The key of the order with this number; orders without a number are `sample-1`, `sample-2` and so on.
pub(crate) fn key_of(number: i32) -> OrderKey {
    OrderKey::new(&format!("order-{number}")).unwrap()
}

impl Around {
    /// Names what the sample leaves open, and remembers the rest.
    pub(crate) fn of(sample: &Sample) -> Self {
        let mut numbers = OrderNumbers::new();
        let mut give = |key: &OrderKey, number: i32| {
            assert!(number == 0 || numbers.key(number).is_some() || numbers.give(key, number));
        };
        for order in sample.orders.iter().map(|order| &order.order) {
            let own = if order.order_ref.is_empty() {
                key_of(order.order_id)
            } else {
                order.order_ref.parse().unwrap()
            };
            give(&own, order.order_id);
            let presets = [order.preset_stop_loss_order_id, order.preset_profit_taker_order_id];
            for number in presets.into_iter().flatten().chain([order.parent_id]) {
                give(&key_of(number), number);
            }
        }
        let text = |field: &str| sample.contract[field].as_str().filter(|text| !text.is_empty());
        Self {
            numbers,
            times: written(sample),
            currency: text("currency").unwrap_or("USD").parse().unwrap(),
            route: text("exchange").unwrap_or("SMART").to_owned(),
        }
    }

    pub(crate) fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            numbers: &self.numbers,
            times: self.times,
            symbol: "SAMPLE".parse().unwrap(),
            instrument: None,
            currency: self.currency,
            route: &self.route,
        }
    }
}

/// The zone that the sample's moments are written in. All moments of one sample are written alike.
fn written(sample: &Sample) -> WrittenTime {
    let fields = ["goodTillDate", "goodAfterTime", "activeStartTime", "activeStopTime", "autoCancelDate"];
    let plain = sample.raw.iter().flat_map(|order| fields.iter().filter_map(|field| order.get(*field)));
    let conditions = sample.raw.iter().filter_map(|order| order.get("conditions")?.as_array()).flatten();
    let times = plain.chain(conditions.filter_map(|condition| condition.get("time")));
    for time in times.filter_map(Value::as_str) {
        let mut words = time.split(' ').skip(1);
        match (words.next(), words.next()) {
            (Some(_), Some(zone)) => return WrittenTime::In(Zone::new(zone).unwrap()),
            (Some(_), None) => return WrittenTime::Bare(Zone::new("US/Eastern").unwrap()),
            _ => {}
        }
    }
    WrittenTime::Utc
}
