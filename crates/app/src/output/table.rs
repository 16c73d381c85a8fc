//! Tables for people.

use comfy_table::{Cell, CellAlignment, Color, LineStyle, Table, TableStyle};

/// How the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Words: to the left.
    Words(&'static str),
    /// Numbers: to the right.
    Numbers(&'static str),
}

/// What a cell means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Good.
    Good,
    /// Bad.
    Bad,
}

impl Tone {
    /// Gains are good, losses bad.
    #[must_use]
    pub fn of_gain(amount: tradeport_kernel::Decimal) -> Self {
        match amount.cmp(&tradeport_kernel::Decimal::ZERO) {
            std::cmp::Ordering::Greater => Self::Good,
            std::cmp::Ordering::Less => Self::Bad,
            std::cmp::Ordering::Equal => Self::Plain,
        }
    }
}

/// A table in the making.
#[derive(Clone, Debug)]
pub struct Grid {
    columns: Vec<Column>,
    headed: bool,
    rows: Vec<Vec<(String, Tone)>>,
}

impl Grid {
    /// A table with a header.
    #[must_use]
    pub const fn new(columns: Vec<Column>) -> Self {
        Self { columns, headed: true, rows: Vec::new() }
    }

    /// Names and values, without a header.
    #[must_use]
    pub fn facts() -> Self {
        Self { columns: vec![Column::Words(""), Column::Words("")], headed: false, rows: Vec::new() }
    }

    /// Adds a fact.
    pub fn fact(&mut self, name: &str, value: impl Into<String>) {
        self.rows.push(vec![(name.to_owned(), Tone::Plain), (value.into(), Tone::Plain)]);
    }

    /// Adds a row without any colour.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into_iter().map(|cell| (cell, Tone::Plain)).collect());
    }

    /// Adds a row.
    pub fn toned<const N: usize>(&mut self, cells: [(String, Tone); N]) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Is there no row?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As text.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let mut table = Table::new();
        let line = LineStyle::new('─', '─', '─', '─');
        let style = TableStyle::new();
        table.load_style(if self.headed { style.header_separator(line) } else { style }).force_no_tty();
        if colour {
            table.enforce_styling();
        }
        if self.headed {
            let name = |column: &Column| match column {
                Column::Words(name) | Column::Numbers(name) => (*name).to_owned(),
            };
            table.set_header(self.columns.iter().map(name));
        }
        for row in &self.rows {
            table.add_row(row.iter().map(|(text, tone)| cell(text, *tone)));
        }
        for (column, kind) in table.column_iter_mut().zip(&self.columns) {
            if matches!(kind, Column::Numbers(_)) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.trim_fmt()
    }
}

/// What others wrote, such as a broker's reason, does not move the terminal's cursor.
fn cell(text: &str, tone: Tone) -> Cell {
    let is_foreign = |it: char| it.is_control() && it != '\n';
    let text = text.replace(is_foreign, "\u{fffd}");
    match tone {
        Tone::Plain => Cell::new(text),
        Tone::Good => Cell::new(text).fg(Color::Green),
        Tone::Bad => Cell::new(text).fg(Color::Red),
    }
}

/// One row of a table that grows: its widths cannot wait for its end. A moment, then numbers in columns of `width`.
#[must_use]
pub fn growing_row<const N: usize>(cells: [impl AsRef<str>; N], width: usize) -> String {
    let mut cells = cells.iter().map(AsRef::as_ref);
    let moment = format!("{:<30}", cells.next().unwrap_or_default());
    cells.fold(moment, |row, cell| row + &format!("{cell:>width$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let mut grid = Grid::new(vec![Column::Words("symbol"), Column::Numbers("gain")]);
        grid.toned([("AAPL".into(), Tone::Plain), ("12.50".into(), Tone::Good)]);
        grid.toned([("IBM".into(), Tone::Plain), ("-3.00".into(), Tone::Bad)]);
        grid
    }

    #[test]
    fn without_colour_there_is_no_escape() {
        let text = grid().render(false);
        assert!(!text.contains('\u{1b}'));
        assert!(text.contains("AAPL") && text.contains("-3.00"), "{text}");
    }

    #[test]
    fn words_of_others_leave_the_terminal_alone() {
        let mut grid = Grid::facts();
        grid.fact("reason", "too\u{1b}[2Jmuch");
        assert!(grid.render(true).contains("too\u{fffd}[2Jmuch"), "{:?}", grid.render(true));
    }

    #[test]
    fn with_colour_gains_and_losses_differ() {
        let text = grid().render(true);
        assert!(text.contains("\u{1b}[38;5;10m") && text.contains("\u{1b}[38;5;9m"), "{text:?}");
    }
}
