//! Numbers as people read them.

use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::FromPrimitive;
use tradeport_kernel::Decimal;

/// What stands for a figure that is not defined.
pub(super) const UNDEFINED: &str = "n/a";

/// An amount with two places and groups of three: `1,234,567.89`.
pub(crate) fn amount(value: Decimal) -> String {
    grouped(value, 2)
}

/// A number with groups of three, without trailing zeros: `1,234`, `0.5`.
pub(super) fn number(value: Decimal) -> String {
    let value = value.normalize();
    grouped(value, value.scale())
}

/// An amount that was computed with floats.
pub(super) fn float_amount(value: Option<f64>) -> String {
    value.and_then(Decimal::from_f64).map_or_else(|| UNDEFINED.to_owned(), amount)
}

/// A fraction as a percentage with a sign only when negative: `12.34 %`.
pub(super) fn percent(fraction: Option<f64>) -> String {
    match fraction {
        Some(fraction) if fraction.is_finite() => {
            let text = format!("{:.2}", fraction * 100.0);
            // Nothing is lost or gained: a minus before a zero says otherwise.
            format!("{} %", if text == "-0.00" { "0.00" } else { &text })
        }
        Some(fraction) => infinity(fraction),
        None => UNDEFINED.to_owned(),
    }
}

/// A ratio: `0.83`.
pub(super) fn ratio(value: Option<f64>) -> String {
    match value {
        Some(value) if value.is_finite() => format!("{value:.3}"),
        Some(value) => infinity(value),
        None => UNDEFINED.to_owned(),
    }
}

/// A round value on an axis: `1.2 M`, `950 k`.
pub(super) fn short(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        size if size >= 1e9 => (value / 1e9, " G"),
        size if size >= 1e6 => (value / 1e6, " M"),
        size if size >= 1e3 => (value / 1e3, " k"),
        _ => (value, ""),
    };
    // What rounds to three digits before the point has none behind it, so that seven signs always do.
    let places = if scaled.abs() >= 99.995 || (scaled - scaled.round()).abs() < 1e-9 { 0 } else { 2 };
    format!("{scaled:.places$}{unit}")
}

/// A size of a file: `12.3 MB`.
pub(crate) fn bytes(size: u64) -> String {
    let size = Decimal::from(size) / Decimal::from(1_000_000);
    format!("{} MB", grouped(size, 1))
}

/// A count with groups of three.
pub(crate) fn count(value: u64) -> String {
    grouped(Decimal::from(value), 0)
}

/// A count of things in memory.
pub(super) fn len(value: usize) -> String {
    count(u64::try_from(value).unwrap_or(u64::MAX))
}

fn infinity(value: f64) -> String {
    if value > 0.0 { "∞".to_owned() } else { "-∞".to_owned() }
}

fn grouped(value: Decimal, places: u32) -> String {
    let value = value.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
    let text = format!("{:.*}", usize::try_from(places).unwrap_or(0), value.abs());
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut out = String::from(if value.is_sign_negative() && !value.is_zero() { "-" } else { "" });
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_number_never_needs_more_than_seven_signs() {
        let texts = [99.994, 99.995, 997_238_812.0, 99_999_999.0, 999_999.9, 1e9].map(short);
        assert_eq!(texts, ["99.99", "100", "997 M", "100 M", "1000 k", "1 G"]);
    }

    #[test]
    fn numbers_are_grouped_and_rounded_half_to_even() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(amount(decimal("1234567.885")), "1,234,567.88");
        assert_eq!(amount(decimal("-999.999")), "-1,000.00");
        assert_eq!(amount(decimal("-0.001")), "0.00");
        assert_eq!(number(decimal("1000.500")), "1,000.5");
        assert_eq!(number(decimal("100")), "100");
        assert_eq!(count(0), "0");
        assert_eq!(bytes(12_345_678), "12.3 MB");
    }

    #[test]
    fn undefined_and_infinite_are_told_apart() {
        assert_eq!(percent(None), "n/a");
        assert_eq!(percent(Some(-0.00001)), "0.00 %");
        assert_eq!(percent(Some(-0.5)), "-50.00 %");
        assert_eq!(ratio(Some(f64::INFINITY)), "∞");
        assert_eq!(ratio(Some(-0.25)), "-0.250");
        assert_eq!(float_amount(Some(f64::NAN)), "n/a");
    }

    #[test]
    fn axes_have_short_labels() {
        assert_eq!(
            [950_000.0, 1_234_567.0, 2e6, 12.5, 0.0].map(short),
            ["950 k", "1.23 M", "2 M", "12.50", "0"]
        );
    }
}
