//! One measured number, and how programs hand numbers over: on standard output, a line `name: number unit`, or an
//! indented line of a table, `  name   number unit`.

/// A number with its name and unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) name: String,
    pub(super) value: f64,
    pub(super) unit: String,
}

impl Figure {
    pub(super) fn new(name: impl Into<String>, value: f64, unit: impl Into<String>) -> Self {
        Self { name: name.into(), value, unit: unit.into() }
    }

    /// Reads `bare loop: 1,130,000 rows/s` or an indented `bare loop   1130000 rows/s`; `None` for any other line.
    pub(super) fn read(line: &str) -> Option<Self> {
        if let Some((name, rest)) = line.split_once(':') {
            let words: Vec<&str> = rest.split_whitespace().collect();
            return Self::of_words(name.trim(), &words);
        }
        let words: Vec<&str> = line.strip_prefix("  ")?.split_whitespace().collect();
        let first_number = words.iter().position(|word| number(word).is_some()).filter(|place| *place > 0)?;
        let (name, rest) = words.split_at(first_number);
        Self::of_words(&name.join(" "), rest).filter(|_| rest.len() <= 2)
    }

    /// The first word is the number, the others are its unit.
    fn of_words(name: &str, words: &[&str]) -> Option<Self> {
        let (first, rest) = words.split_first()?;
        let value = number(first)?;
        let percent = first.ends_with('%').then_some("%");
        let unit: Vec<&str> = percent.into_iter().chain(rest.iter().copied()).collect();
        Some(Self::new(name, value, unit.join(" ")))
    }

    /// The value with its unit, thousands parted, and no more digits than it is good for.
    pub(super) fn spelled(&self) -> String {
        let digits = if self.value.abs() >= 100.0 { 0 } else { 2 };
        let text = format!("{:.digits$}", self.value);
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{}{point}{fraction} {}", parted(whole), self.unit).trim_end().to_owned()
    }
}

fn number(word: &str) -> Option<f64> {
    word.trim_end_matches('%').replace([',', '_'], "").parse().ok().filter(|value: &f64| value.is_finite())
}

fn parted(whole: &str) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut text = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_number_is_a_figure() {
        assert_eq!(
            Figure::read("bare loop: 1,130,000 rows/s"),
            Some(Figure::new("bare loop", 1_130_000.0, "rows/s"))
        );
        assert_eq!(Figure::read("share: 63.5% of bare"), Some(Figure::new("share", 63.5, "% of bare")));
        assert_eq!(Figure::read("peak: 12_000 kB"), Some(Figure::new("peak", 12_000.0, "kB")));
    }

    #[test]
    fn a_line_of_a_table_is_a_figure() {
        let read = Figure::read("  bare prepared insert   613456 rows/s");
        assert_eq!(read, Some(Figure::new("bare prepared insert", 613_456.0, "rows/s")));
        assert_eq!(Figure::read("  ratio      0.63"), Some(Figure::new("ratio", 0.63, "")));
        for line in ["ratio 0.63", "  0.63", "  found 3 of 5 rows", "  nothing here"] {
            assert_eq!(Figure::read(line), None, "{line}");
        }
    }

    #[test]
    fn other_lines_are_not() {
        for line in ["", "hello", "name: text", "name:", "inf: inf rows/s", "nan: NaN"] {
            assert_eq!(Figure::read(line), None, "{line}");
        }
    }

    #[test]
    fn values_are_spelled_for_readers() {
        assert_eq!(Figure::new("a", 1_234_567.8, "rows/s").spelled(), "1,234,568 rows/s");
        assert_eq!(Figure::new("a", 12.25, "s").spelled(), "12.25 s");
        assert_eq!(Figure::new("a", -1234.0, "").spelled(), "-1,234");
        assert_eq!(Figure::new("a", 999.0, "s").spelled(), "999 s");
    }
}
