//! What an option is worth at a volatility, and which volatility a price means.

use super::contract_of;
use super::ticks::{computation, kind};
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::wire::proto::{
    CalculateImpliedVolatilityRequest, CalculateOptionPriceRequest, CancelCalculateImpliedVolatility,
    CancelCalculateOptionPrice, Contract as WireContract,
};
use tradeport_fake_broker::house::OptionModel;

/// The volatility that a price means.
pub(crate) fn implied_volatility(context: &mut Context<'_>, request: &CalculateImpliedVolatilityRequest) {
    let id = request.req_id.unwrap_or_default();
    let price = request.option_price.unwrap_or_default();
    let Some(model) = model(context, id, request.contract.as_ref(), request.under_price) else { return };
    let Some(price) = positive(context, id, "option price", price) else { return };
    let volatility = model.implied_volatility(price);
    context.say(computation(id, kind::CUSTOM_OPTION, &model, price, volatility));
}

/// The price that a volatility means.
pub(crate) fn option_price(context: &mut Context<'_>, request: &CalculateOptionPriceRequest) {
    let id = request.req_id.unwrap_or_default();
    let volatility = request.volatility.unwrap_or_default();
    let Some(model) = model(context, id, request.contract.as_ref(), request.under_price) else { return };
    let Some(volatility) = positive(context, id, "volatility", volatility) else { return };
    let price = model.value(volatility);
    context.say(computation(id, kind::CUSTOM_OPTION, &model, price, Some(volatility)));
}

/// Each is answered at once, so there is nothing left to cancel.
pub(crate) fn cancel_implied_volatility(
    context: &mut Context<'_>,
    request: &CancelCalculateImpliedVolatility,
) {
    tracing::debug!(session = context.id.0, request = request.req_id, "an answered calculation is cancelled");
}

/// As [`cancel_implied_volatility`].
pub(crate) fn cancel_option_price(context: &mut Context<'_>, request: &CancelCalculateOptionPrice) {
    tracing::debug!(session = context.id.0, request = request.req_id, "an answered calculation is cancelled");
}

fn model(
    context: &mut Context<'_>,
    id: i32,
    contract: Option<&WireContract>,
    under_price: Option<f64>,
) -> Option<OptionModel> {
    let contract = contract_of(context, id, contract)?;
    let now = context.world.now();
    let option = context.world.tape(&contract).and_then(|tape| tape.option(now));
    let Some((model, _)) = option else {
        let text = "Error validating request.-'bZ' : cause - The contract is not an option";
        context.refuse(ApiError::about(id, Code::BadRequest, text));
        return None;
    };
    match under_price {
        None => Some(model),
        Some(price) => {
            positive(context, id, "underlying price", price).map(|spot| OptionModel { spot, ..model })
        }
    }
}

fn positive(context: &mut Context<'_>, id: i32, what: &str, number: f64) -> Option<f64> {
    if number.is_finite() && number > 0.0 {
        return Some(number);
    }
    let text = format!("Error validating request.-'bZ' : cause - Invalid {what}");
    context.refuse(ApiError::about(id, Code::BadRequest, text));
    None
}
