//! The equity curve for a terminal: braille dots on a logarithmic scale, so that equal heights are equal returns.
//!
//! The portfolio is a line, the benchmark a row of dots. Colour is left out: the two must be told apart in a log file.

use super::DayValue;
use super::calendar::labels;
use super::text::short;

const LABEL_WIDTH: usize = 7;
const DOTS_WIDE: usize = 2;
const DOTS_HIGH: usize = 4;
/// The benchmark shows in every third column of dots.
const BENCHMARK_STEP: usize = 3;
/// Which bit of a braille sign a dot is, by row and column.
const BITS: [[u8; DOTS_WIDE]; DOTS_HIGH] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

struct Canvas {
    columns: usize,
    cells: Vec<u8>,
}

impl Canvas {
    fn new(columns: usize, rows: usize) -> Self {
        Self { columns, cells: vec![0; columns * rows] }
    }

    /// Sets a dot, counted from the top left; one outside is nothing.
    fn set(&mut self, x: usize, y: usize) {
        let (column, row) = (x / DOTS_WIDE, y / DOTS_HIGH);
        if column < self.columns
            && let Some(cell) = self.cells.get_mut(row * self.columns + column)
        {
            *cell |= BITS[y % DOTS_HIGH][x % DOTS_WIDE];
        }
    }

    fn line(&self, row: usize) -> String {
        let cells = self.cells.iter().skip(row * self.columns).take(self.columns);
        cells.map(|bits| char::from_u32(0x2800 + u32::from(*bits)).unwrap_or(' ')).collect()
    }
}

/// Draws the curve in at most `width` columns and `rows` rows of text, with both axes. Empty for fewer than two days,
/// or when a value is zero or below, which has no place on a logarithmic scale.
pub(super) fn draw(curve: &[DayValue], width: usize, rows: usize) -> String {
    let columns = width.saturating_sub(LABEL_WIDTH + 2);
    let Some(scale) = Scale::of(curve, rows * DOTS_HIGH) else { return String::new() };
    if columns == 0 {
        return String::new();
    }
    let mut canvas = Canvas::new(columns, rows);
    let mut before = None;
    for x in 0..columns * DOTS_WIDE {
        let day = day_at(curve, x, columns * DOTS_WIDE);
        let y = scale.dot(day.portfolio);
        let from = before.unwrap_or(y);
        (y.min(from)..=y.max(from)).for_each(|y| canvas.set(x, y));
        before = Some(y);
        if x % BENCHMARK_STEP == 0 {
            canvas.set(x, scale.dot(day.benchmark));
        }
    }
    let mut out = String::new();
    for row in 0..rows {
        let label =
            if row % 3 == 0 || row + 1 == rows { short(scale.value(row * DOTS_HIGH)) } else { String::new() };
        out.push_str(&format!("{label:>LABEL_WIDTH$} │{}\n", canvas.line(row)));
    }
    out.push_str(&format!("{:LABEL_WIDTH$} └{}\n", "", "─".repeat(columns)));
    out.push_str(&format!("{:LABEL_WIDTH$}  {}\n", "", time_axis(curve, columns)));
    out
}

fn day_at(curve: &[DayValue], x: usize, dots: usize) -> DayValue {
    let last = curve.len().saturating_sub(1);
    curve[(x * last).checked_div(dots.saturating_sub(1)).unwrap_or(last).min(last)]
}

fn time_axis(curve: &[DayValue], columns: usize) -> String {
    let mut axis = String::new();
    for (index, label) in labels(curve) {
        let column = index * columns / curve.len().max(1);
        let free_from = if axis.is_empty() { 0 } else { axis.len() + 1 };
        if column >= free_from && column + label.len() <= columns {
            axis = format!("{axis:column$}{label}");
        }
    }
    axis
}

/// Logarithms from the lowest value at the bottom dot to the highest at the top one.
struct Scale {
    lowest: f64,
    span: f64,
    dots: usize,
}

impl Scale {
    fn of(curve: &[DayValue], dots: usize) -> Option<Self> {
        let values = || curve.iter().flat_map(|day| [day.portfolio, day.benchmark]);
        if curve.len() < 2 || dots < 2 || values().any(|value| value <= 0.0 || !value.is_finite()) {
            return None;
        }
        let lowest = values().fold(f64::INFINITY, f64::min).ln();
        let highest = values().fold(0.0, f64::max).ln();
        // A curve that never moves is a line at the bottom.
        Some(Self { lowest, span: (highest - lowest).max(1e-9), dots })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the share lies in 0 to 1, so the product lies in 0 to the number of dots"
    )]
    fn dot(&self, value: f64) -> usize {
        let share = ((value.ln() - self.lowest) / self.span).clamp(0.0, 1.0);
        let top = (self.dots - 1) as f64;
        (top - share * top).round() as usize
    }

    fn value(&self, dot: usize) -> f64 {
        let share = 1.0 - dot as f64 / (self.dots - 1) as f64;
        (self.lowest + share * self.span).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    fn curve(values: &[f64]) -> Vec<DayValue> {
        let mut day = date!(2011 - 12 - 01);
        values
            .iter()
            .map(|value| {
                day = day.next_day().unwrap();
                DayValue { day, portfolio: *value, benchmark: *value }
            })
            .collect()
    }

    #[test]
    fn a_rising_curve_goes_from_the_bottom_left_to_the_top_right() {
        let text = draw(&curve(&[1.0, 2.0, 4.0, 8.0]), 13, 4);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 6);
        assert!(lines[0].starts_with("      8 │"), "{text}");
        assert!(lines[0].ends_with('⢸') || lines[0].ends_with('⣸') || lines[0].ends_with('⡏'), "{text}");
        assert!(lines[3].contains("│⣀") || lines[3].contains("│⣠") || lines[3].contains("│⡇"), "{text}");
    }

    #[test]
    fn what_cannot_be_drawn_is_left_out() {
        assert_eq!(draw(&[], 80, 10), "");
        assert_eq!(draw(&curve(&[1.0]), 80, 10), "");
        assert_eq!(draw(&curve(&[1.0, -1.0]), 80, 10), "");
        assert_eq!(draw(&curve(&[1.0, 2.0]), 5, 10), "");
    }

    proptest! {
        #[test]
        fn every_line_fits_the_width(
            values in prop::collection::vec(0.001_f64..1e9, 2..400), width in 0_usize..120, rows in 0_usize..20,
        ) {
            let text = draw(&curve(&values), width, rows);
            for line in text.lines() {
                prop_assert!(line.chars().count() <= width, "{line:?} is wider than {width}");
            }
        }
    }
}
