//! Hedges of what a parent fills.

use crate::translate::order::field::{count_out_opt, nonzero_count_in, number_out, refused};
use crate::translate::{FromIbError, ToIbError};
use ibapi::orders::Order;
use tradeport_kernel::Decimal;
use tradeport_orders::{Hedge, HedgeForm, HedgeKind};

pub(super) fn to_ib(hedge: Option<&Hedge>, order: &mut Order) -> Result<(), ToIbError> {
    let Some(hedge) = hedge else { return Ok(()) };
    let (code, param) = match hedge.kind {
        HedgeKind::Delta => ("D", String::new()),
        HedgeKind::Beta { beta: None } => ("B", String::new()),
        HedgeKind::Beta { beta: Some(beta) } => {
            number_out("beta", beta)?;
            ("B", written(hedge.form(), "beta", beta))
        }
        HedgeKind::Currency => ("F", String::new()),
        HedgeKind::Pair { ratio } => {
            number_out("ratio", ratio)?;
            ("P", written(hedge.form(), "ratio", ratio))
        }
    };
    code.clone_into(&mut order.hedge_type);
    order.hedge_param = param;
    order.hedge_max_size = count_out_opt("largest hedge", hedge.max_size)?;
    order.dont_use_auto_price_for_hedge = hedge.own_price;
    Ok(())
}

fn written(form: Option<HedgeForm>, name: &str, number: Decimal) -> String {
    if form == Some(HedgeForm::Named) { format!("{name}={number}") } else { number.to_string() }
}

pub(super) fn from_ib(order: &Order) -> Result<Option<Hedge>, FromIbError> {
    let param = order.hedge_param.as_str();
    let number = |name: &str| {
        let text = param.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')).unwrap_or(param);
        Decimal::from_str_exact(text)
            .map_err(|_| refused("hedgeParam", param, format!("not a number or {name}=number")))
    };
    let none = |kind: HedgeKind| {
        if param.is_empty() { Ok(kind) } else { Err(refused("hedgeParam", param, "this hedge has none")) }
    };
    let kind = match order.hedge_type.as_str() {
        "" => {
            none(HedgeKind::Delta)?;
            return if order.dont_use_auto_price_for_hedge {
                Err(refused("dontUseAutoPriceForHedge", true, "the order is no hedge"))
            } else {
                Ok(None)
            };
        }
        "D" => none(HedgeKind::Delta)?,
        "B" if param.is_empty() => HedgeKind::Beta { beta: None },
        "B" => HedgeKind::Beta { beta: Some(number("beta")?) },
        "F" => none(HedgeKind::Currency)?,
        "P" => HedgeKind::Pair { ratio: number("ratio")? },
        other => return Err(refused("hedgeType", other, "no hedge that is known")),
    };
    let max_size = nonzero_count_in("hedgeMaxSize", order.hedge_max_size)?;
    let form = if param.contains('=') { HedgeForm::Named } else { HedgeForm::Bare };
    let mut hedge = Hedge::new(kind).written(form);
    (hedge.max_size, hedge.own_price) = (max_size, order.dont_use_auto_price_for_hedge);
    Ok(Some(hedge))
}
