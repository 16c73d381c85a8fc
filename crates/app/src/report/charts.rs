//! Charts as inline SVG: the page needs nothing from outside, and its colours follow the reader's theme.

use super::DayValue;
use super::calendar::labels;
use super::text::short;
use maud::{Markup, html};
use std::fmt::Write;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 26.0;
const LABEL_GAP: f64 = 46.0;

/// Where values stand on a chart: a range of numbers on a height of pixels.
struct Axis {
    low: f64,
    high: f64,
    height: f64,
}

impl Axis {
    fn y(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low).max(1e-12);
        TOP + (1.0 - share) * (self.height - TOP - BOTTOM)
    }
}

fn x(index: usize, days: usize) -> f64 {
    LEFT + index as f64 / days.saturating_sub(1).max(1) as f64 * (WIDTH - LEFT - RIGHT)
}

fn path(values: impl Iterator<Item = f64>, days: usize, axis: &Axis) -> String {
    let mut path = String::new();
    for (index, value) in values.enumerate() {
        let sign = if index == 0 { 'M' } else { 'L' };
        write!(path, "{sign}{:.1} {:.1}", x(index, days), axis.y(value)).expect("a string takes every text");
    }
    path
}

fn frame(title: &str, height: f64, grid: &[(f64, String)], curve: &[DayValue], drawing: &Markup) -> Markup {
    let mut free_from = LEFT;
    let times = labels(curve).into_iter().filter(|(index, _)| {
        let place = x(*index, curve.len());
        let fits = place >= free_from && place < WIDTH - 30.0;
        if fits {
            free_from = place + LABEL_GAP;
        }
        fits
    });
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(title) {
            title { (title) }
            @for (y, label) in grid {
                line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(format!("{y:.1}")) y2=(format!("{y:.1}")) {}
                text.axis x=(LEFT - 8.0) y=(format!("{:.1}", y + 4.0)) text-anchor="end" { (label) }
            }
            @for (index, label) in times {
                @let at = format!("{:.1}", x(index, curve.len()));
                line.tick x1=(at) x2=(at) y1=(TOP) y2=(height - BOTTOM + 4.0) {}
                text.axis x=(at) y=(height - 6.0) text-anchor="middle" { (label) }
            }
            (drawing)
        }
    }
}

/// Both values over time on a logarithmic scale. Nothing where a value has no logarithm.
pub(super) fn equity(curve: &[DayValue]) -> Option<Markup> {
    let values = || curve.iter().flat_map(|day| [day.portfolio, day.benchmark]);
    if curve.len() < 2 || values().any(|value| value <= 0.0) {
        return None;
    }
    let low = values().fold(f64::INFINITY, f64::min).ln();
    let high = values().fold(0.0, f64::max).ln();
    let margin = ((high - low) * 0.04).max(0.005);
    let axis = Axis { low: low - margin, high: high + margin, height: 340.0 };
    let grid: Vec<(f64, String)> = round_values(axis.low.exp(), axis.high.exp())
        .into_iter()
        .map(|v| (axis.y(v.ln()), short(v)))
        .collect();
    let line =
        |value: fn(&DayValue) -> f64| path(curve.iter().map(|day| value(day).ln()), curve.len(), &axis);
    let drawing = html! {
        path.benchmark d=(line(|day| day.benchmark)) {}
        path.portfolio d=(line(|day| day.portfolio)) {}
    };
    Some(frame("Value of portfolio and benchmark, logarithmic scale", axis.height, &grid, curve, &drawing))
}

/// How far both are below their highest value, over time.
pub(super) fn drawdown(curve: &[DayValue], drawdowns: &[(f64, f64)]) -> Option<Markup> {
    if curve.len() < 2 || drawdowns.len() != curve.len() {
        return None;
    }
    let lowest = drawdowns.iter().fold(-0.01_f64, |low, (ours, theirs)| low.min(*ours).min(*theirs));
    let axis = Axis { low: lowest * 1.05, high: 0.0, height: 220.0 };
    let step = [0.02, 0.05, 0.1, 0.2, 0.25].into_iter().find(|step| -lowest / step <= 5.0).unwrap_or(0.5);
    let grid: Vec<(f64, String)> = (0_u8..=10)
        .map(|k| -step * f64::from(k))
        .take_while(|level| *level >= axis.low)
        .map(|level| (axis.y(level), format!("{:.0} %", level * 100.0).replace("-0 %", "0 %")))
        .collect();
    let ours = path(drawdowns.iter().map(|(ours, _)| *ours), curve.len(), &axis);
    let zero = axis.y(0.0);
    let area = format!("{ours}L{:.1} {zero:.1}L{LEFT} {zero:.1}Z", x(curve.len() - 1, curve.len()));
    let drawing = html! {
        path.area d=(area) {}
        path.benchmark d=(path(drawdowns.iter().map(|(_, theirs)| *theirs), curve.len(), &axis)) {}
        path.portfolio d=(ours) {}
    };
    Some(frame("Drawdown of portfolio and benchmark", axis.height, &grid, curve, &drawing))
}

/// Round numbers between two values above zero, some four to eight of them.
fn round_values(low: f64, high: f64) -> Vec<f64> {
    const STEPS: [&[f64]; 3] = [&[1.0], &[1.0, 2.0, 5.0], &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0]];
    let decades = || (-3_i32..15).map(|power| 10_f64.powi(power));
    let within = |steps: &'static [f64]| -> Vec<f64> {
        let all = decades().flat_map(|decade| steps.iter().map(move |step| step * decade));
        all.filter(|value| (low..=high).contains(value)).collect()
    };
    STEPS.into_iter().map(within).find(|values| values.len() >= 4).unwrap_or_else(|| even_values(low, high))
}

/// Values at even steps, for a range so narrow that hardly any round number lies in it.
fn even_values(low: f64, high: f64) -> Vec<f64> {
    let raw = (high - low) / 5.0;
    if raw.is_nan() || raw <= 0.0 {
        return vec![low];
    }
    let decade = 10_f64.powf(raw.log10().floor());
    let step =
        [1.0, 2.0, 2.5, 5.0, 10.0].map(|k| k * decade).into_iter().find(|step| *step >= raw).unwrap_or(raw);
    let first = (low / step).ceil();
    (0_u8..10).map(|k| (first + f64::from(k)) * step).take_while(|value| *value <= high).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_axis_has_a_few_labels_within_its_range(low in 1.0_f64..1e9, factor in 1.001_f64..1e4) {
            let values = round_values(low, low * factor);
            prop_assert!((1..=20).contains(&values.len()), "{values:?}");
            prop_assert!(values.iter().all(|value| *value >= low * 0.999_999 && *value <= low * factor));
        }
    }
}
