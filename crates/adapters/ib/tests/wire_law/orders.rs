//! Orders of every kind, with conditions, algos and attributes; combos with a price for each leg; cancels.

use crate::line::Line;
use crate::{CASES, holds_for};
use ibapi::contracts::{Contract, SecurityType};
use ibapi::orders::{Order, OrderData};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestCaseResult};
use tradeport_conformance::generate::{self, KINDS, moment};
use tradeport_contracts::{Instrument, InstrumentKind};
use tradeport_fake_tws::translate::order::{
    Around, WireOrder, moment as moment_of_wire, order_in, order_out,
};
use tradeport_fake_tws::translate::{instrument_of, instrument_to_wire};
use tradeport_fake_tws::wire::proto;
use tradeport_ib::translate::{
    IbOrder, OrderNumbers, Surroundings, WrittenTime, cancel_to_ib, contract_to_ib, order_from_ib,
    order_to_ib, terms_from_ib, told_order,
};
use tradeport_kernel::{Currency, OrderKey};
use tradeport_orders::algo::{Algo, Provider};
use tradeport_orders::{CancelTag, Conditions, OrderDraft, OrderIntent, OrderKind, PresetChildren};

/// The keys that generated orders name, with their numbers.
const FAMILY: [(&str, i32); 4] = [("own", 7), ("parent", 8), ("stop", 9), ("target", 10)];

fn numbers() -> OrderNumbers {
    let mut numbers = OrderNumbers::new();
    for (key, number) in FAMILY {
        assert!(numbers.give(&key.parse().unwrap(), number));
    }
    numbers
}

fn number_of(key: &OrderKey) -> Option<i32> {
    FAMILY.iter().find(|(name, _)| *name == key.as_str()).map(|(_, number)| *number)
}

fn key_of(number: i32) -> Option<OrderKey> {
    FAMILY.iter().find(|(_, known)| *known == number).map(|(name, _)| name.parse().unwrap())
}

/// An order with what it is of, and what both ends know beside it.
pub(crate) struct Case {
    pub(crate) intent: OrderIntent,
    instrument: Instrument,
    route: String,
}

impl Case {
    /// Of a share, or of a combo of two legs where each leg has its price. `None` for what contradicts itself, and for what
    /// the library has no words for: such an order is refused before it is sent.
    pub(crate) fn of(draft: &OrderDraft) -> Option<Self> {
        let name = match draft.attributes.combo.leg_prices.len() {
            0 => "AAPL",
            _ => "combo:AAPL,IBM;leg=+1x265598@SMART;leg=-1x8314@SMART",
        };
        let route = draft.route.map_or_else(|| "SMART".to_owned(), |route| route.to_string());
        Self::at(draft, &name.parse().unwrap(), &route)
    }

    fn at(draft: &OrderDraft, instrument: &Instrument, route: &str) -> Option<Self> {
        let is_combo = !instrument.description().legs.is_empty();
        let route = if is_combo { "SMART" } else { route };
        let venue = (!is_combo).then(|| route.parse().unwrap());
        let draft = OrderDraft { symbol: instrument.symbol(), route: venue, ..draft.clone() };
        let draft = draft.of(instrument.clone());
        let intent = draft.check().ok()?;
        let case = Self { intent, instrument: instrument.clone(), route: route.to_owned() };
        case.cannot_say().is_empty().then_some(case)
    }

    /// Of a share, also where the library has no words for it.
    pub(crate) fn whatever_it_says(draft: &OrderDraft) -> Self {
        let instrument: Instrument = "AAPL".parse().unwrap();
        let intent = draft.clone().of(instrument.clone()).check().unwrap();
        Self { intent, instrument, route: "SMART".to_owned() }
    }

    pub(crate) fn cannot_say(&self) -> Vec<&'static str> {
        self.worded().cannot_say()
    }

    fn around<'a>(&'a self, numbers: &'a OrderNumbers) -> Surroundings<'a> {
        Surroundings {
            numbers,
            times: WrittenTime::Utc,
            symbol: self.instrument.symbol(),
            instrument: Some(&self.instrument),
            currency: Currency::USD,
            route: &self.route,
        }
    }

    fn worded(&self) -> IbOrder {
        let numbers = numbers();
        order_to_ib(&self.intent, &self.around(&numbers))
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.intent))
    }

    /// As this adapter sends it.
    pub(crate) fn sent(&self) -> (Contract, Order) {
        let mut contract = contract_to_ib(&self.instrument).unwrap();
        contract.exchange = self.route.as_str().into();
        (contract, self.worded().order)
    }

    /// As the other end reads it.
    pub(crate) fn heard(&self, request: &proto::PlaceOrderRequest) -> Result<OrderIntent, String> {
        let contract = request.contract.clone().unwrap_or_default();
        let instrument = instrument_of(&contract).map_err(|error| error.to_string())?;
        if instrument.description().legs != self.instrument.description().legs {
            return Err(format!("other legs: {instrument}"));
        }
        let around = Around {
            key: None,
            account: None,
            instrument: &self.instrument,
            currency: Currency::USD,
            route: contract.exchange.as_deref().unwrap_or_default(),
            legs: &contract.combo_legs,
            key_of: &key_of,
        };
        let order = request.order.clone().unwrap_or_default();
        order_in(&order, request.attached_orders.as_ref(), &around).map_err(|error| error.to_string())
    }

    /// As the other end tells it: in words of its own.
    fn told(&self) -> proto::OpenOrder {
        let WireOrder { order, leg_prices, .. } = order_out(&self.intent, &number_of);
        let mut contract = instrument_to_wire(&self.instrument).unwrap();
        contract.exchange = Some(self.route.clone());
        for (leg, price) in contract.combo_legs.iter_mut().zip(leg_prices) {
            leg.per_leg_price = price;
        }
        let order = proto::Order { order_id: Some(7), client_id: Some(7), perm_id: Some(11), ..order };
        let state =
            proto::OrderState { status: Some("Submitted".to_owned()), ..proto::OrderState::default() };
        proto::OpenOrder {
            order_id: Some(7),
            contract: Some(contract),
            order: Some(order),
            order_state: Some(state),
        }
    }

    /// What was sent, told back as it came, as a TWS does.
    fn echoed(request: &proto::PlaceOrderRequest) -> proto::OpenOrder {
        let order = request.order.clone().map(|order| proto::Order {
            order_id: Some(7),
            client_id: Some(7),
            perm_id: Some(11),
            transmit: None,
            ..order
        });
        let state =
            proto::OrderState { status: Some("Submitted".to_owned()), ..proto::OrderState::default() };
        proto::OpenOrder {
            order_id: Some(7),
            contract: request.contract.clone(),
            order,
            order_state: Some(state),
        }
    }

    /// As this adapter reads what it is told.
    fn read(&self, data: &OrderData) -> Result<OrderIntent, String> {
        let numbers = numbers();
        let read = order_from_ib(&IbOrder::from(told_order(data).into_owned()), &self.around(&numbers));
        let received = read.map_err(|error| error.to_string())?;
        Ok(received.intent)
    }
}

/// Out and back, each way; what an order is told without is compared without.
fn same_at_both_ends(line: &mut Line, cases: &[Case]) -> TestCaseResult {
    let sent: Vec<_> = cases.iter().map(Case::sent).collect();
    let requests = line.place(&sent);
    let fail = |error: String, case: &Case| TestCaseError::fail(format!("{error} in {:?}", case.intent));
    for (case, request) in cases.iter().zip(&requests) {
        let heard = case.heard(request).map_err(|error| fail(error, case))?;
        same(&heard, &case.intent, request)?;
    }
    let own: Vec<Case> = cases.iter().map(told_again).collect();
    let told = own.iter().map(Case::told).collect();
    let echoed = requests.iter().map(Case::echoed).collect();
    for told in [line.tell_orders(told), line.tell_orders(echoed)] {
        for (case, data) in own.iter().zip(&told) {
            if case.intent.kind() == &OrderKind::LimitPerLeg {
                is_told_without_prices(case, data)?;
                continue;
            }
            let read = case.read(data).map_err(|error| fail(error, case))?;
            same(&read, &case.intent, &data.order)?;
        }
    }
    Ok(())
}

/// Parameters of algos, routing words and further options are a map on the wire, so that their order means nothing.
fn in_order(intent: &OrderIntent) -> OrderIntent {
    let mut draft = intent.to_draft();
    if let Some(algo) = draft.attributes.algo.take() {
        let mut params = algo.params().to_vec();
        params.sort_by(|one, other| one.name().cmp(other.name()));
        let sorted = Algo::new(algo.provider().clone(), algo.strategy().to_owned(), params);
        draft.attributes.algo = Some(sorted.unwrap());
    }
    draft.attributes.combo.routing.sort_by_cached_key(|word| format!("{word:?}"));
    draft.attributes.routing.misc.sort_by_cached_key(|option| format!("{option:?}"));
    draft.check().unwrap()
}

/// Says where two orders differ, since they have 150 fields.
fn same(found: &OrderIntent, wanted: &OrderIntent, wire: &dyn std::fmt::Debug) -> TestCaseResult {
    if found == wanted {
        return Ok(());
    }
    let (found, wanted) = (in_order(found), in_order(wanted));
    if found == wanted {
        return Ok(());
    }
    let (found, wanted) = (format!("{found:#?}"), format!("{wanted:#?}"));
    let differing: Vec<_> = found.lines().zip(wanted.lines()).filter(|(one, other)| one != other).collect();
    Err(TestCaseError::fail(format!("(found, wanted): {differing:?}\non the wire: {wire:?}")))
}

/// The library does not read the prices of single legs: such an order is told as what it is, and is no intent.
fn is_told_without_prices(case: &Case, data: &OrderData) -> TestCaseResult {
    let read = case.read(data);
    prop_assert!(read.is_err(), "the library reads the prices of legs now: {:?}", read);
    let told = terms_from_ib(&told_order(data)).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(told.kind, OrderKind::LimitPerLeg);
    prop_assert_eq!(told.time_in_force, case.intent.time_in_force());
    Ok(())
}

/// The order without what the message of an open order has no field for: the children from presets, which are told as
/// orders of their own.
fn told_again(case: &Case) -> Case {
    let mut draft = case.intent.to_draft();
    if draft.attributes.presets != PresetChildren::default() {
        draft.attributes.presets = PresetChildren::default();
    }
    let intent = draft.check().unwrap();
    Case { intent, instrument: case.instrument.clone(), route: case.route.clone() }
}

fn orders_hold(which: usize) {
    holds_for(CASES, KINDS[which], generate::draft(which), Case::of, same_at_both_ends);
}

/// Orders of all kinds.
#[test]
fn orders() {
    let kinds: Vec<_> = (0..KINDS.len()).map(|which| generate::draft(which).boxed()).collect();
    holds_for(CASES, "orders", prop::strategy::Union::new(kinds), Case::of, same_at_both_ends);
}

// Each kind for itself, too.
for_each_order_kind!(
    #[ignore = "all kinds by themselves take long without optimisation: cargo xtask ci --only laws"]
    orders_hold
);

/// A plain order to put something on.
pub(crate) fn plain() -> OrderDraft {
    let (key, account) = ("own".parse().unwrap(), "DU1".parse().unwrap());
    let limit = OrderKind::Limit { limit: "50".parse().unwrap() };
    let ten: tradeport_kernel::Quantity = "10".parse().unwrap();
    OrderDraft::new(key, account, "AAPL".parse().unwrap(), tradeport_orders::Side::Buy, ten, limit)
}

#[test]
fn conditions() {
    let with = |conditions: &Conditions| {
        let mut draft = plain();
        draft.attributes.conditions = Some(conditions.clone());
        Case::of(&draft)
    };
    holds_for(CASES, "conditions", generate::conditions(), with, same_at_both_ends);
}

fn with_algo(algo: &Algo) -> Option<Case> {
    let mut draft = plain();
    draft.attributes.algo = Some(algo.clone());
    Case::at(&draft, &"AAPL".parse().unwrap(), algo.provider().route())
}

fn providers() -> Vec<Provider> {
    let new = Provider::at_route("NEWALGO").unwrap();
    vec![
        Provider::Ib,
        Provider::Jefferies,
        Provider::Csfb,
        Provider::QuantitativeBrokers,
        Provider::FoxRiver,
        new,
    ]
}

#[test]
fn algos() {
    let all = prop::strategy::Union::new(providers().iter().map(generate::algo));
    holds_for(CASES, "algos", all, with_algo, same_at_both_ends);
}

#[test]
#[ignore = "all providers by themselves take long without optimisation: cargo xtask ci --only laws"]
fn algos_of_each_provider() {
    for provider in providers() {
        holds_for(CASES, provider.route(), generate::algo(&provider), with_algo, same_at_both_ends);
    }
}

/// Any combo, with a price for each leg or one for all, and any routing.
#[test]
fn combos() {
    let prices = prop::collection::vec(prop::option::of(generate::price()), 64);
    let values = (generate::instrument(InstrumentKind::Combo), prices, any::<bool>(), generate::draft(4));
    let with = |(instrument, prices, per_leg, draft): &(Instrument, Vec<_>, bool, OrderDraft)| {
        let mut draft = draft.clone();
        draft.attributes.combo.leg_prices.clear();
        if *per_leg {
            let legs = instrument.description().legs.len();
            draft.attributes.combo.leg_prices = prices[..legs].to_vec();
            // With no price at all it would be no limit.
            draft.attributes.combo.leg_prices[0] = Some("1.5".parse().unwrap());
        } else {
            draft.kind = OrderKind::Limit { limit: "1.5".parse().unwrap() };
        }
        Case::at(&draft, instrument, instrument.description().exchange.as_deref().unwrap_or("SMART"))
    };
    let law = |line: &mut Line, cases: &[Case]| {
        for case in cases {
            let (contract, _) = case.sent();
            prop_assert_eq!(&contract.security_type, &SecurityType::Spread);
            prop_assert_eq!(contract.combo_legs.len(), case.instrument.description().legs.len());
        }
        same_at_both_ends(line, cases)
    };
    holds_for(CASES, "combos", values, with, law);
}

/// The moment at which somebody asked for it is all of a cancel that the library sends; the rest stands in `unsaid`.
#[test]
fn cancels() {
    let law = |line: &mut Line, cases: &[CancelTag]| {
        for tag in cases {
            let heard = line.cancel(7, &cancel_to_ib(tag).manual_order_cancel_time);
            prop_assert_eq!(heard.order_id, Some(7));
            let words = heard.order_cancel.unwrap_or_default();
            let at = words.manual_order_cancel_time.as_deref();
            let at = at.map(|text| moment_of_wire("manualOrderCancelTime", text).unwrap());
            prop_assert_eq!(at, tag.asked_at);
            prop_assert_eq!((words.ext_operator, words.manual_order_indicator), (None, None));
        }
        Ok(())
    };
    let tags = prop::option::of(moment()).prop_map(|asked_at| CancelTag { asked_at, ..CancelTag::default() });
    holds_for(CASES, "cancels", tags, |tag| Some(tag.clone()), law);
}
