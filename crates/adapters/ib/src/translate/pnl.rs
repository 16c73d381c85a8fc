//! What TWS reckons that was gained.

use super::FromIbError;
use super::number::to_decimal;
use ibapi::accounts::{PnL, PnLSingle};
use tradeport_kernel::{Currency, Decimal, Money, SignedQuantity};
use tradeport_portfolio::Gains;

/// Finer than a cent of any currency, and coarser than what is left of sums of binary numbers.
const PLACES: u32 = 6;

/// `None` for TWS's mark for "not set", and for what is no number.
fn money(amount: f64, currency: Currency) -> Option<Money> {
    let amount: Decimal = to_decimal(amount)?;
    Some(Money::new(amount.round_dp(PLACES).normalize(), currency))
}

/// The gains of an account in its own currency.
#[must_use]
pub fn gains_from_ib(told: &PnL, currency: Currency) -> Gains {
    let of = |amount: Option<f64>| amount.and_then(|amount| money(amount, currency));
    Gains {
        daily: of(Some(told.daily_pnl)),
        unrealized: of(told.unrealized_pnl),
        realized: of(told.realized_pnl),
    }
}

/// The quantity of a position, its gains and its value.
///
/// # Errors
/// When the quantity is no number.
pub fn position_gains_from_ib(
    told: &PnLSingle,
    currency: Currency,
) -> Result<(SignedQuantity, Gains, Option<Money>), FromIbError> {
    let refuse = |reason: String| FromIbError::new("PnLSingle", "position", told.position, reason);
    let amount = to_decimal(told.position).ok_or_else(|| refuse("not a number".to_owned()))?;
    let quantity = SignedQuantity::new(amount).map_err(|error| refuse(error.to_string()))?;
    let of = |amount: f64| money(amount, currency);
    let gains = Gains {
        daily: of(told.daily_pnl),
        unrealized: of(told.unrealized_pnl),
        realized: of(told.realized_pnl),
    };
    Ok((quantity, gains, of(told.value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenario_acc_06_gains_that_are_not_set_at_the_start_of_a_session_are_absent() {
        let told = PnL { daily_pnl: f64::MAX, unrealized_pnl: None, realized_pnl: Some(-12.345_678_9) };
        let gains = gains_from_ib(&told, Currency::USD);
        assert_eq!((gains.daily, gains.unrealized), (None, None));
        assert_eq!(gains.realized.unwrap().amount().to_string(), "-12.345679");
        let told = PnLSingle { position: -3.0, unrealized_pnl: f64::MAX, value: 7.5, ..PnLSingle::default() };
        let (quantity, gains, value) = position_gains_from_ib(&told, Currency::USD).unwrap();
        assert_eq!((quantity.as_decimal(), gains.unrealized), (Decimal::from(-3), None));
        assert_eq!(value.unwrap().amount().to_string(), "7.5");
        let odd = PnLSingle { position: f64::NAN, ..PnLSingle::default() };
        assert_eq!(position_gains_from_ib(&odd, Currency::USD).unwrap_err().field(), "position");
    }
}
