//! Do attributes go with the instrument, its venue and each other?

use super::table::names;
use super::{AttributeRefusal, Case, Validation, Warning};
use crate::algo::AlgoProduct;
use crate::{Algo, Condition, OcaEffect, OnMet, OrderAttributes, OrderKind, TriggerMethod};
use tradeport_contracts::InstrumentKind as Kind;

pub(super) fn check(case: &Case<'_>, found: &mut Validation) {
    let oca = case.intent.oca().and_then(crate::OcaGroup::effect);
    let grouped =
        case.is(&[Kind::Combo]) && oca.is_some_and(|effect| effect != OcaEffect::ReduceWithoutBlock);
    found.refuse_if(grouped, || AttributeRefusal::ComboGroup);
    let Some(said) = case.intent.said() else { return };
    combo(case, said, found);
    cancelling(case, said, found);
    trigger_methods(case, said, found);
    showing(case, said, found);
    listed(case, said, found);
    if let Some(algo) = &said.algo {
        algo_fits(case, algo, found);
    }
}

/// What combos cannot say (errors 349 and 350).
fn combo(case: &Case<'_>, said: &OrderAttributes, found: &mut Validation) {
    if !case.is(&[Kind::Combo]) {
        return;
    }
    let words = [
        ("a start at a moment", said.timing.good_after.is_some()),
        ("a minimum quantity", said.handling.min_quantity.is_some()),
    ];
    for (attribute, _) in words.into_iter().filter(|(_, said)| *said) {
        let takes = "single instruments";
        found.refuse(AttributeRefusal::AttributeOfInstrument { attribute, takes, what: Kind::Combo });
    }
}

/// What conditions may cancel. An order that says otherwise can be built all the same: one of the broker's own samples does.
fn cancelling(case: &Case<'_>, said: &OrderAttributes, found: &mut Validation) {
    let cancels = said.conditions.as_ref().is_some_and(|all| all.on_met() == OnMet::Cancel);
    let kind = case.intent.kind();
    let fits = matches!(kind, OrderKind::Limit { .. } | OrderKind::LimitPerLeg | OrderKind::MidPrice { .. });
    found.refuse_if(cancels && !fits, || AttributeRefusal::CancellingConditions { kind: kind.name() });
}

/// The methods that each instrument knows, for its own orders and for conditions that watch it (error 146).
fn trigger_methods(case: &Case<'_>, said: &OrderAttributes, found: &mut Validation) {
    let Some(what) = case.what else { return };
    let watching =
        said.conditions.iter().flat_map(crate::Conditions::links).filter_map(|link| match link.condition {
            Condition::Price { watched, method, .. } if watched.contract == case.contract.id() => method,
            _ => None,
        });
    let accepted = methods_of(what);
    for method in said.timing.trigger_method.into_iter().chain(watching) {
        found.refuse_if(!accepted.contains(&method), || AttributeRefusal::TriggerMethod {
            method,
            what,
            accepted: accepted.to_vec(),
        });
    }
}

/// Source: the table of trigger methods by instrument in the broker's documentation. Where it does not speak of an
/// instrument, all are accepted.
const fn methods_of(what: Kind) -> &'static [TriggerMethod] {
    use TriggerMethod as By;
    match what {
        Kind::Forex | Kind::Commodity => &[By::DoubleBidAsk, By::BidAsk, By::Midpoint],
        Kind::Index => &[By::Last, By::DoubleLast],
        Kind::Stock
        | Kind::Option
        | Kind::Future
        | Kind::FuturesOption
        | Kind::Warrant
        | Kind::StructuredProduct
        | Kind::Combo
        | Kind::Cfd => &[By::DoubleBidAsk, By::Last, By::DoubleLast, By::BidAsk, By::Midpoint],
        _ => &TriggerMethod::ALL,
    }
}

/// What is shown and swept: two ways that exclude each other (error 157), and ways that have an effect for US stocks on the
/// broker's route alone (the warning 131).
fn showing(case: &Case<'_>, said: &OrderAttributes, found: &mut Validation) {
    let handling = &said.handling;
    let shown = handling.display_size.is_some();
    found.refuse_if(shown && handling.discretionary_amount.is_some(), || AttributeRefusal::ShownAtDiscretion);
    let smart_us_stock = case.is_us_stock() && case.elsewhere_than("SMART").is_none();
    found.warn_if(handling.sweep_to_fill && case.what.is_some() && !smart_us_stock, || Warning::NoEffect {
        what: "sweep to fill",
    });
}

/// Attributes that the broker's list for the contract does not name.
fn listed(case: &Case<'_>, said: &OrderAttributes, found: &mut Validation) {
    let list = &case.contract.details().order_kinds;
    if !names(list, "DAY") {
        return;
    }
    let handling = &said.handling;
    let words = [
        ("AON", handling.all_or_none),
        ("HID", handling.hidden),
        ("ICE", handling.display_size.is_some()),
        ("POSTONLY", handling.post_only),
        ("SCALE", said.scale.is_some()),
        ("COND", said.conditions.is_some()),
        ("GAT", said.timing.good_after.is_some()),
        ("ALGO", said.algo.is_some()),
        ("CASHQTY", case.intent.size().cash().is_some()),
    ];
    for (word, _) in words.into_iter().filter(|(word, said)| *said && !names(list, word)) {
        found.warn(Warning::NotListed { word, symbol: case.contract.symbol() });
    }
}

/// What the provider of an algo says that it works with (errors 441 and 442).
fn algo_fits(case: &Case<'_>, algo: &Algo, found: &mut Validation) {
    let product = case.what.and_then(product);
    let checks = [
        Some(algo.suits_kind(case.intent.kind().name())),
        product.map(|product| algo.suits_product(product)),
        case.exchange().map(|route| algo.suits_route(route)),
        case.intent.quantity().map(|size| algo.suits_size(size)),
    ];
    for refused in checks.into_iter().flatten().filter_map(Result::err) {
        found.refuse(AttributeRefusal::Algo(refused));
    }
}

const fn product(what: Kind) -> Option<AlgoProduct> {
    match what {
        Kind::Stock => Some(AlgoProduct::Stock),
        Kind::Option => Some(AlgoProduct::Option),
        Kind::Future => Some(AlgoProduct::Future),
        Kind::Forex => Some(AlgoProduct::Forex),
        _ => None,
    }
}
