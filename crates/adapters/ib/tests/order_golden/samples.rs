//! The samples of orders, each with its contract.

use super::expand::Sample;
use super::files::{Raw, bundled, further};
use serde_json::Value;

/// The broker's own samples, cancels among them.
pub(crate) fn samples() -> Vec<Sample> {
    with_contracts(&bundled("order-samples.json"))
}

/// Orders and cancels of the further files.
pub(crate) fn further_samples() -> Vec<Sample> {
    with_contracts(&further())
}

/// As the files have them, those of contracts left out.
pub(crate) fn raw_samples() -> Vec<Raw> {
    let all = bundled("order-samples.json").into_iter().chain(further());
    all.filter(|raw| raw.is_of_orders() && raw.value["kind"] != "cancel").collect()
}

/// One of them, with its contract.
pub(crate) fn whole(raw: &Raw, contracts: &[Raw]) -> Sample {
    Sample::new(raw, contract(raw, contracts))
}

/// Every contract that a sample of orders may name.
pub(crate) fn contracts() -> Vec<Raw> {
    let all = bundled("contract-samples.json").into_iter().chain(further());
    all.filter(|raw| !raw.is_of_orders()).collect()
}

fn with_contracts(raws: &[Raw]) -> Vec<Sample> {
    let contracts = contracts();
    raws.iter().filter(|raw| raw.is_of_orders()).map(|raw| whole(raw, &contracts)).collect()
}

/// The one that stands beside the orders, or the one that they name. A name that nobody knows means no contract: the broker's
/// own samples have such.
fn contract(raw: &Raw, contracts: &[Raw]) -> Value {
    if let Some(inline) = raw.value.get("contract").filter(|inline| !inline.is_null()) {
        return inline.clone();
    }
    let named = |contract: &&Raw| raw.value["contract_sample"] == contract.name.as_str();
    contracts.iter().find(named).map(|contract| contract.value["contract"].clone()).unwrap_or_default()
}
