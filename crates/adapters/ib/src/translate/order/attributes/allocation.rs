//! Advisers' allocations.

use crate::translate::FromIbError;
use crate::translate::order::field::{refused, text_in};
use ibapi::orders::Order;
use tradeport_kernel::Decimal;
use tradeport_orders::{Allocation, AllocationMethod};

const PERCENT_CHANGE: &str = "PctChange";

/// The methods that need no number.
const METHODS: [(&str, AllocationMethod); 8] = [
    ("Equal", AllocationMethod::Equal),
    ("AvailableEquity", AllocationMethod::AvailableEquity),
    ("NetLiq", AllocationMethod::NetLiquidation),
    ("ContractsOrShares", AllocationMethod::Units),
    ("Ratio", AllocationMethod::Ratio),
    ("Percent", AllocationMethod::Percent),
    ("MonetaryAmount", AllocationMethod::Money),
    ("EqualQuantity", AllocationMethod::EqualQuantity),
];

pub(super) fn to_ib(allocation: Option<&Allocation>, order: &mut Order) {
    let Some(allocation) = allocation else { return };
    allocation.group.as_str().clone_into(&mut order.fa_group);
    match allocation.method {
        None => {}
        Some(AllocationMethod::PercentChange(percent)) => {
            PERCENT_CHANGE.clone_into(&mut order.fa_method);
            order.fa_percentage = percent.to_string();
        }
        Some(method) => {
            let code = METHODS.iter().find(|(_, known)| *known == method).map_or("Equal", |(code, _)| code);
            code.clone_into(&mut order.fa_method);
        }
    }
}

pub(super) fn from_ib(order: &Order) -> Result<Option<Allocation>, FromIbError> {
    if !order.fa_profile.is_empty() {
        return Err(refused(
            "faProfile",
            &order.fa_profile,
            "profiles were withdrawn: groups stand in their place",
        ));
    }
    let Some(group) = text_in("faGroup", &order.fa_group)? else {
        return match [("faMethod", &order.fa_method), ("faPercentage", &order.fa_percentage)]
            .into_iter()
            .find(|(_, text)| !text.is_empty())
        {
            Some((field, text)) => Err(refused(field, text, "the order has no group")),
            None => Ok(None),
        };
    };
    let percent = order.fa_percentage.as_str();
    let method = match order.fa_method.as_str() {
        "" => None,
        PERCENT_CHANGE => {
            let number = Decimal::from_str_exact(percent);
            Some(AllocationMethod::PercentChange(
                number.map_err(|_| refused("faPercentage", percent, "a percent change needs a number"))?,
            ))
        }
        name => {
            let known = METHODS.iter().find(|(code, _)| *code == name);
            Some(known.ok_or_else(|| refused("faMethod", name, "no method that is known"))?.1)
        }
    };
    if !percent.is_empty() && !matches!(method, Some(AllocationMethod::PercentChange(_))) {
        return Err(refused("faPercentage", percent, "only a percent change has one"));
    }
    Ok(Some(Allocation { group, method }))
}
