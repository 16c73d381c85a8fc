//! The report for a terminal of 80 columns: text only, so that it reads the same in a file.

use super::text::{UNDEFINED, amount, count, float_amount, len, number, percent, ratio};
use super::value::{AccountFigures, DemoReport, OrderFigures, PositionLine};
use super::{Comparison, equity_curve};
use tradeport_kernel::Decimal;

const WIDTH: usize = 80;
const CURVE_ROWS: usize = 12;

/// The whole report as text, each line at most 80 columns wide but for paths and commands.
pub(crate) fn to_terminal(report: &DemoReport) -> String {
    let mut out = Text::default();
    settings(&mut out, report);
    account(&mut out, &report.account);
    positions(&mut out, &report.positions);
    orders(&mut out, &report.orders);
    performance(&mut out, &report.performance);
    curve(&mut out, report);
    recording(&mut out, report);
    out.heading("Keep in mind");
    report.caveats.iter().for_each(|caveat| out.bullet(caveat));
    out.heading("Try next");
    report.next.iter().for_each(|command| out.line(&format!("  {command}")));
    out.0
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        self.0.push_str(line.trim_end());
        self.0.push('\n');
    }

    fn heading(&mut self, title: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.line(title);
        self.line(&"─".repeat(WIDTH));
    }

    fn paragraph(&mut self, text: &str) {
        wrapped(text, WIDTH - 2).iter().for_each(|line| self.line(&format!("  {line}")));
    }

    fn bullet(&mut self, text: &str) {
        for (index, line) in wrapped(text, WIDTH - 4).iter().enumerate() {
            self.line(&format!("  {} {line}", if index == 0 { "-" } else { " " }));
        }
    }
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { continue };
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn settings(out: &mut Text, report: &DemoReport) {
    out.heading("tradeport demo");
    for setting in &report.settings {
        let lines = wrapped(&setting.value, WIDTH - 25);
        for (index, line) in lines.iter().enumerate() {
            out.line(&format!("  {:<22} {line}", if index == 0 { setting.name.as_str() } else { "" }));
        }
    }
}

fn account(out: &mut Text, account: &AccountFigures) {
    out.heading(&format!("Account {} ({})", account.account, account.currency));
    let lines = [
        ("Starting cash", account.starting_cash),
        ("+ realized gains", account.realized),
        ("+ unrealized gains", account.unrealized),
        ("- commissions", account.commissions),
        ("= net liquidation", account.net_liquidation),
        ("  of which cash", account.cash),
        ("  of which positions", account.positions),
    ];
    for (name, value) in lines {
        out.line(&format!("  {name:<28}{:>20}", amount(value)));
    }
}

fn positions(out: &mut Text, positions: &[PositionLine]) {
    out.heading("Positions at the last close");
    if positions.is_empty() {
        out.line("  none");
        return;
    }
    out.line(&position_row(["", "quantity", "average", "close", "value", "share", "unrealized"]));
    for position in positions {
        out.line(&position_row([
            position.symbol.as_str(),
            &number(position.quantity),
            &position.average_price.map_or_else(|| UNDEFINED.to_owned(), amount),
            &amount(position.price),
            &amount(position.value),
            &format!("{:.1} %", position.share * Decimal::ONE_HUNDRED),
            &amount(position.unrealized),
        ]));
    }
}

fn position_row(cells: [&str; 7]) -> String {
    let [symbol, quantity, average, close, value, share, unrealized] = cells;
    format!("  {symbol:<7}{quantity:>9}{average:>10}{close:>10}{value:>15}{share:>9}{unrealized:>16}")
}

fn orders(out: &mut Text, orders: &OrderFigures) {
    out.heading("Orders by outcome");
    for row in &orders.outcomes {
        out.line(&format!("  {:<16}{:<8}{:>8}", row.outcome, row.kind, len(row.orders)));
    }
    out.paragraph(&format!(
        "{} orders in {} rebalancings, {} executions; {} orders traded in several parts; {} traded; splits taken in: {}",
        len(orders.orders),
        len(orders.rebalancings),
        len(orders.executions),
        len(orders.in_parts),
        amount(orders.turnover),
        len(orders.splits),
    ));
}

fn performance(out: &mut Text, both: &Comparison) {
    out.heading("Performance, from daily closes");
    let row = |name: &str, ours: &str, theirs: &str| format!("  {name:<34}{ours:>20}{theirs:>22}");
    out.line(&row("", "portfolio", "benchmark"));
    for (name, ours, theirs) in figure_rows(both) {
        out.line(&row(name, &ours, &theirs));
    }
    out.paragraph(&format!(
        "Against the benchmark: beta {}, alpha {} a year, information ratio {}, tracking error {}. Ratios are against a \
         risk-free rate of {} a year.",
        ratio(both.relative.beta),
        percent(both.relative.alpha),
        ratio(both.relative.information_ratio),
        percent(both.relative.tracking_error),
        percent(Some(both.risk_free_rate)),
    ));
}

/// Name, portfolio and benchmark of every figure that both have.
pub(super) fn figure_rows(both: &Comparison) -> Vec<(&'static str, String, String)> {
    let (ours, theirs) = (&both.portfolio, &both.benchmark);
    vec![
        ("Total return", percent(ours.total_return), percent(theirs.total_return)),
        ("Growth a year (CAGR)", percent(ours.cagr), percent(theirs.cagr)),
        ("Volatility a year", percent(ours.annual_volatility), percent(theirs.annual_volatility)),
        ("Sharpe ratio", ratio(ours.sharpe), ratio(theirs.sharpe)),
        ("Sortino ratio", ratio(ours.sortino), ratio(theirs.sortino)),
        ("Omega ratio", ratio(ours.omega), ratio(theirs.omega)),
        ("Maximum drawdown", percent(ours.max_drawdown), percent(theirs.max_drawdown)),
        ("Calmar ratio", ratio(ours.calmar), ratio(theirs.calmar)),
        ("CVaR, worst 5 % of days", percent(ours.cvar_historical), percent(theirs.cvar_historical)),
        (
            "CVaR in money, at the last value",
            float_amount(both.portfolio_cvar_money),
            float_amount(both.benchmark_cvar_money),
        ),
    ]
}

fn curve(out: &mut Text, report: &DemoReport) {
    let drawing = equity_curve::draw(&report.curve, WIDTH, CURVE_ROWS);
    if drawing.is_empty() {
        return;
    }
    out.heading("Value at each close: line = portfolio, dots = benchmark (logarithmic scale)");
    drawing.lines().for_each(|line| out.line(line));
}

fn recording(out: &mut Text, report: &DemoReport) {
    let recorded = report.recording;
    out.heading("Recorded");
    out.paragraph(&format!(
        "{} quotes stored, {} of them marked; {} refused, {} dropped, {} gaps",
        count(recorded.stored),
        count(recorded.marked),
        count(recorded.refused),
        count(recorded.dropped),
        count(recorded.gaps),
    ));
    for file in &report.databases {
        out.line(&format!("  {}", file.path));
        for table in &file.tables {
            out.line(&format!("    {:<24}{:>12} rows", table.name, count(table.rows)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::value::sample;

    #[test]
    fn no_line_but_a_path_or_command_is_wider_than_the_terminal() {
        let mut report = sample::report(400);
        report.databases.clear();
        report.next.clear();
        let text = to_terminal(&report);
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH, "{} columns: {line:?}", line.chars().count());
            assert_eq!(line, line.trim_end());
        }
        for part in
            ["net liquidation", "AAPL", "filled", "Sharpe", "Maximum drawdown", "Omega", "CVaR in money"]
        {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
    }

    #[test]
    fn the_same_report_gives_the_same_text() {
        assert_eq!(to_terminal(&sample::report(50)), to_terminal(&sample::report(50)));
    }
}
