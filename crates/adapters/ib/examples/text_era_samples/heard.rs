//! What the simulated TWS has read, beside what our own builders say.

use crate::around::Around as Own;
use crate::contract_json;
use crate::expand::Sample;
use crate::work::{Item, What};
use serde_json::Value;
use tradeport_contracts::Instrument;
use tradeport_fake_tws::translate::instrument_of;
use tradeport_fake_tws::translate::order::{Around, moment, order_in};
use tradeport_fake_tws::wire::{Request, proto};
use tradeport_ib::translate::{contract_from_ib, order_from_ib};
use tradeport_orders::OrderIntent;
use tradeport_orders::algo::Algo;

impl Item {
    /// Is what was heard the value that this is?
    pub(crate) fn compare(&self, request: &Request) -> Result<(), String> {
        match (&self.what, request) {
            (What::Contract, Request::ContractData(it)) => self.contract(it.contract.as_ref()),
            (What::Contract, Request::PlaceOrder(it)) => self.contract(it.contract.as_ref()),
            (What::Order(sample, at), Request::PlaceOrder(it)) => order(sample, *at, it),
            (What::Cancel, Request::CancelOrder(it)) => {
                let words = it.order_cancel.clone().unwrap_or_default();
                let read = |text: Option<&str>| {
                    let text = text.filter(|text| !text.is_empty());
                    text.map(|text| moment("manualOrderCancelTime", text)).transpose()
                };
                let sent = read(self.value["order"]["manualOrderCancelTime"].as_str());
                same(&read(words.manual_order_cancel_time.as_deref()), &sent)
            }
            (What::Scanner, Request::ScannerSubscription(it)) => {
                self.scanner(&it.scanner_subscription.clone().unwrap_or_default())
            }
            (What::Groups, Request::ReplaceFa(it)) => {
                same(&(it.fa_data_type, it.xml.as_deref()), &(Some(1), self.value["document"].as_str()))
            }
            (_, other) => Err(format!("something else was heard: {}", other.name())),
        }
    }

    fn contract(&self, heard: Option<&proto::Contract>) -> Result<(), String> {
        let own = contract_from_ib(&contract_json::contract(&self.value["contract"]));
        let heard = instrument_of(heard.ok_or("no contract")?);
        match (heard, own) {
            (Ok(heard), Ok(own)) => same(&heard, &own),
            // One sample is wrong on purpose.
            (Err(_), Err(_)) => Ok(()),
            (heard, own) => Err(format!("{heard:?} was heard, and ours is {own:?}")),
        }
    }

    fn scanner(&self, heard: &proto::ScannerSubscription) -> Result<(), String> {
        let own = &self.value["subscription"];
        let names = ["instrument", "locationCode", "scanCode"].map(|name| own[name].as_str());
        let words = [&heard.instrument, &heard.location_code, &heard.scan_code].map(|it| it.as_deref());
        same(&words, &names)?;
        if own.as_object().is_none_or(|fields| fields.len() != names.len()) {
            return Err(format!("more is said than is compared: {own}"));
        }
        let pair = |tag: &proto::TagValue| Value::from(vec![tag.key.clone(), tag.value.clone()]);
        let filters: Vec<Value> = heard.scanner_subscription_filter_options.iter().map(pair).collect();
        same(&Value::from(filters), &self.value["filters"])
    }
}

fn order(sample: &Sample, at: usize, heard: &proto::PlaceOrderRequest) -> Result<(), String> {
    let own = Own::of(sample);
    let around = own.surroundings();
    let ours = order_from_ib(&sample.orders[at], &around).map_err(|error| format!("ours: {error}"))?.intent;
    let contract = heard.contract.clone().unwrap_or_default();
    let instrument: Instrument = "SAMPLE".parse().unwrap();
    let key_of = |number: i32| around.numbers.key(number).cloned();
    let read = order_in(
        &heard.order.clone().unwrap_or_default(),
        heard.attached_orders.as_ref(),
        &Around {
            key: None,
            account: None,
            instrument: &instrument,
            currency: around.currency,
            route: contract.exchange.as_deref().unwrap_or_default(),
            legs: &contract.combo_legs,
            key_of: &key_of,
        },
    );
    let read = read.map_err(|error| format!("theirs: {error}"))?;
    let (read, ours) = (in_order(&read), in_order(&without_auction(&ours)));
    if read == ours {
        return Ok(());
    }
    let (read, ours) = (format!("{read:#?}"), format!("{ours:#?}"));
    let differing: Vec<_> = read.lines().zip(ours.lines()).filter(|(one, other)| one != other).collect();
    Err(format!("(heard, ours) {differing:?}"))
}

/// The simulated TWS reads both eras into the broker's newest messages, which have no field for an auction strategy: it is
/// sent, and not kept. (Were it kept, the comparison would fail.)
fn without_auction(intent: &OrderIntent) -> OrderIntent {
    let mut draft = intent.to_draft();
    if draft.attributes.routing.auction.is_some() {
        draft.attributes.routing.auction = None;
    }
    draft.check().unwrap()
}

/// The order of an algo's parameters means nothing.
fn in_order(intent: &OrderIntent) -> OrderIntent {
    let mut draft = intent.to_draft();
    if let Some(algo) = draft.attributes.algo.take() {
        let mut params = algo.params().to_vec();
        params.sort_by(|one, other| one.name().cmp(other.name()));
        let sorted = Algo::new(algo.provider().clone(), algo.strategy().to_owned(), params);
        draft.attributes.algo = Some(sorted.unwrap());
    }
    draft.check().unwrap()
}

fn same<T: PartialEq + std::fmt::Debug>(heard: &T, own: &T) -> Result<(), String> {
    if heard == own { Ok(()) } else { Err(format!("{heard:?} was heard, and ours is {own:?}")) }
}
