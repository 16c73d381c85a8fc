//! Orders of every kind go onto the wire and come back as they were, and nothing on the wire breaks the way back.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails, and its figures are read")]

mod garbage;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tradeport_conformance::generate::{self, KINDS};
use tradeport_fake_tws::translate::order::{Around, WireOrder, order_in, order_out};
use tradeport_fake_tws::wire::{Codec, FrameBuffer, Request, proto};
use tradeport_kernel::{Currency, OrderKey};
use tradeport_orders::{OrderDraft, OrderIntent};

const CASES: u32 = 400;
/// The keys that orders of the generators name, with their numbers.
const FAMILY: [(&str, i32); 4] = [("own", 7), ("parent", 8), ("stop", 9), ("target", 10)];

fn number_of(key: &OrderKey) -> Option<i32> {
    FAMILY.iter().find(|(name, _)| *name == key.as_str()).map(|(_, number)| *number)
}

fn key_of(number: i32) -> Option<OrderKey> {
    FAMILY.iter().find(|(_, known)| *known == number).map(|(name, _)| name.parse().unwrap())
}

pub(crate) fn read(request: &proto::PlaceOrderRequest) -> Result<OrderIntent, String> {
    let contract = request.contract.clone().unwrap_or_default();
    let around = Around {
        key: None,
        account: None,
        instrument: &"AAPL".parse().unwrap(),
        currency: Currency::USD,
        route: contract.exchange.as_deref().unwrap_or("SMART"),
        legs: &contract.combo_legs,
        key_of: &key_of,
    };
    let order = request.order.clone().unwrap_or_default();
    order_in(&order, request.attached_orders.as_ref(), &around).map_err(|error| error.to_string())
}

pub(crate) fn request(intent: &OrderIntent) -> proto::PlaceOrderRequest {
    let WireOrder { order, attached, leg_prices } = order_out(intent, &number_of);
    let leg = |price: &Option<f64>| proto::ComboLeg { per_leg_price: *price, ..proto::ComboLeg::default() };
    proto::PlaceOrderRequest {
        order_id: Some(7),
        contract: Some(proto::Contract {
            combo_legs: leg_prices.iter().map(leg).collect(),
            exchange: intent.route().map(|route| route.to_string()),
            ..proto::Contract::default()
        }),
        order: Some(order),
        attached_orders: attached,
    }
}

/// A draft of this kind with one group of attributes, without what this wire has no place for.
pub(crate) fn draft(which: usize) -> impl Strategy<Value = OrderDraft> {
    generate::draft(which).prop_map(|mut draft| {
        draft.attributes.routing.auction = None;
        draft.attributes.physical = draft.attributes.physical.and_then(|mut it| {
            (it.basis_points, it.basis_points_type) = (None, None);
            it.future.map(|_| it)
        });
        draft
    })
}

fn comes_back(intent: &OrderIntent) -> Result<(), TestCaseError> {
    let sent = Request::from(request(intent));
    let (codec, mut bytes, mut buffer) = (Codec::new(226), Vec::new(), FrameBuffer::opened());
    codec.put_request(&sent, &mut bytes).unwrap();
    buffer.push(&bytes);
    let Request::PlaceOrder(heard) = codec.request(buffer.next_frame().unwrap().unwrap()).unwrap() else {
        return Err(TestCaseError::fail("another request"));
    };
    match read(&heard) {
        Ok(back) => prop_assert_eq!(&back, intent, "{:?}", heard),
        Err(error) => return Err(TestCaseError::fail(format!("{error} in {intent:?}"))),
    }
    Ok(())
}

#[test]
fn every_kind_comes_back_as_it_was() {
    for (which, name) in KINDS.iter().enumerate() {
        let config =
            ProptestConfig { cases: CASES, max_global_rejects: 4 * CASES, ..ProptestConfig::default() };
        let mut runner = TestRunner::new(config);
        let held = runner.run(&draft(which), |draft| match draft.check() {
            Ok(intent) => comes_back(&intent),
            Err(_) => Err(TestCaseError::reject("it contradicts itself")),
        });
        held.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
