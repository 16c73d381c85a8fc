//! The report as one HTML file that needs nothing else: styles and charts are inside, no script, no link outwards.
//! It follows the reader's light or dark theme, and prints.

use super::calendar::{YearOfReturns, monthly_returns, short_name};
use super::terminal::figure_rows;
use super::text::{UNDEFINED, amount, count, len, number, percent, ratio};
use super::value::{AccountFigures, DemoReport, OrderFigures, PositionLine};
use super::{Comparison, charts};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rust_decimal::prelude::ToPrimitive;
use time::Month;
use tradeport_kernel::Decimal;

const STYLE: &str = include_str!("style.css");

/// The whole page.
pub(crate) fn to_html(report: &DemoReport) -> String {
    let title = format!("tradeport demo, {} to {}", report.period.first, report.period.last);
    let start = report.account.starting_cash.to_f64().unwrap_or(f64::NAN);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main {
                (header(report))
                (tiles(report))
                (curves(report))
                (performance(&report.performance))
                (months(&monthly_returns(&report.curve, start)))
                div.columns { (account(&report.account)) (orders(&report.orders)) }
                (positions(&report.positions))
                (recording(report))
                (remarks(report))
            } }
        }
    }
    .into_string()
}

fn header(report: &DemoReport) -> Markup {
    let symbols: Vec<&str> = report.instruments.iter().map(|listed| listed.symbol.as_str()).collect();
    html! {
        header {
            h1 { "Monthly rebalancing of " (symbols.join(", ")) }
            p.lead {
                (report.period.first) " to " (report.period.last) ", " (len(report.period.sessions))
                " sessions, on a simulated broker."
            }
        }
    }
}

fn tiles(report: &DemoReport) -> Markup {
    let both = &report.performance;
    let tile = |name: &str, value: String, beside: String| {
        html! { div.tile { div.name { (name) } div.value { (value) } div.beside { (beside) } } }
    };
    let against = |text: String| format!("benchmark {text}");
    html! {
        section.tiles aria-label="Key figures" {
            (tile("Net liquidation", amount(report.account.net_liquidation.round()).replace(".00", ""),
                format!("{} from {}", report.account.currency, number(report.account.starting_cash))))
            (tile("Growth a year", percent(both.portfolio.cagr), against(percent(both.benchmark.cagr))))
            (tile("Sharpe ratio", ratio(both.portfolio.sharpe), against(ratio(both.benchmark.sharpe))))
            (tile("Maximum drawdown", percent(both.portfolio.max_drawdown),
                against(percent(both.benchmark.max_drawdown))))
        }
    }
}

fn curves(report: &DemoReport) -> Markup {
    let equity = charts::equity(&report.curve);
    let drawdown = charts::drawdown(&report.curve, &report.performance.drawdowns);
    html! {
        section {
            h2 { "Value at each close" }
            p.legend { span.key.portfolio {} "portfolio" span.key.benchmark {} "benchmark"
                span.note { "logarithmic scale: equal heights are equal returns" } }
            @if let Some(chart) = equity { (chart) } @else { p { "Too few sessions to draw." } }
            h2 { "Drawdown" }
            @if let Some(chart) = drawdown { (chart) } @else { p { "Too few sessions to draw." } }
        }
    }
}

fn performance(both: &Comparison) -> Markup {
    html! {
        section {
            h2 { "Performance" }
            div.wide { table {
                thead { tr { th {} th { "Portfolio" } th { "Benchmark" } } }
                tbody {
                    @for (name, ours, theirs) in figure_rows(both) {
                        tr { th scope="row" { (name) } td { (ours) } td { (theirs) } }
                    }
                }
            } }
            p.note {
                "Against the benchmark: beta " (ratio(both.relative.beta)) ", alpha " (percent(both.relative.alpha))
                " a year, information ratio " (ratio(both.relative.information_ratio)) ", tracking error "
                (percent(both.relative.tracking_error)) ". Figures are of daily closes, annualised with 252 days; ratios \
                 are against a risk-free rate of " (percent(Some(both.risk_free_rate))) " a year."
            }
        }
    }
}

fn months(years: &[YearOfReturns]) -> Markup {
    let names = std::iter::successors(Some(Month::January), |month| Some(month.next())).take(12);
    html! {
        section {
            h2 { "Monthly returns of the portfolio, in percent" }
            div.wide { table.months {
                thead { tr { th {} @for name in names { th { (short_name(name)) } } th { "Year" } } }
                tbody {
                    @for year in years {
                        tr {
                            th scope="row" { (year.year) }
                            @for month in year.months { (month_cell(month)) }
                            td.total { (one_place(year.total)) }
                        }
                    }
                }
            } }
        }
    }
}

fn month_cell(month: Option<f64>) -> Markup {
    let Some(value) = month else { return html! { td.none { "·" } } };
    // Full colour from 15 % on.
    let strength = (value.abs() / 0.15).min(1.0) * 55.0;
    let colour = if value < 0.0 { "--loss" } else { "--gain" };
    let style = format!("background:color-mix(in srgb,var({colour}) {strength:.0}%,transparent)");
    html! { td style=(style) { (one_place(value)) } }
}

fn one_place(fraction: f64) -> String {
    let text = format!("{:.1}", fraction * 100.0);
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

fn account(account: &AccountFigures) -> Markup {
    let rows = [
        ("Starting cash", account.starting_cash),
        ("+ realized gains", account.realized),
        ("+ unrealized gains", account.unrealized),
        ("− commissions", account.commissions),
    ];
    html! {
        section {
            h2 { "Account " (account.account) ", " (account.currency) }
            table {
                tbody {
                    @for (name, value) in rows { tr { th scope="row" { (name) } td { (amount(value)) } } }
                    tr.total { th scope="row" { "= net liquidation" } td { (amount(account.net_liquidation)) } }
                    tr { th scope="row" { "of which cash" } td { (amount(account.cash)) } }
                    tr { th scope="row" { "of which positions" } td { (amount(account.positions)) } }
                }
            }
        }
    }
}

fn orders(orders: &OrderFigures) -> Markup {
    html! {
        section {
            h2 { "Orders by outcome" }
            table {
                thead { tr { th { "Outcome" } th.text { "Kind" } th { "Orders" } } }
                tbody {
                    @for row in &orders.outcomes {
                        tr { th scope="row" { (row.outcome) } td.text { (row.kind) } td { (len(row.orders)) } }
                    }
                    tr.total { th scope="row" { "all" } td {} td { (len(orders.orders)) } }
                }
            }
            p.note {
                (len(orders.rebalancings)) " rebalancings, " (len(orders.executions)) " executions, "
                (len(orders.in_parts)) " orders traded in several parts, " (amount(orders.turnover)) " traded; splits taken in: "
                (len(orders.splits)) "."
            }
        }
    }
}

fn positions(positions: &[PositionLine]) -> Markup {
    let heads = ["", "Quantity", "Average", "Close", "Value", "Share", "Unrealized", "Realized"];
    html! {
        section {
            h2 { "Positions at the last close" }
            div.wide { table {
                thead { tr { @for head in heads { th { (head) } } } }
                tbody {
                    @for position in positions {
                        tr {
                            th scope="row" { (position.symbol) }
                            td { (number(position.quantity)) }
                            td { (position.average_price.map_or_else(|| UNDEFINED.to_owned(), amount)) }
                            td { (amount(position.price)) }
                            td { (amount(position.value)) }
                            td { (format!("{:.1} %", position.share * Decimal::ONE_HUNDRED)) }
                            td { (amount(position.unrealized)) }
                            td { (amount(position.realized)) }
                        }
                    }
                }
            } }
        }
    }
}

fn recording(report: &DemoReport) -> Markup {
    let recorded = report.recording;
    html! {
        section {
            h2 { "Recorded" }
            p {
                (count(recorded.stored)) " quotes stored, " (count(recorded.marked)) " of them marked; "
                (count(recorded.refused)) " refused, " (count(recorded.dropped)) " dropped, "
                (count(recorded.gaps)) " gaps."
            }
            @for file in &report.databases {
                h3 { code { (file.path) } }
                div.wide { table { tbody {
                    @for table in &file.tables {
                        tr { th scope="row" { code { (table.name) } } td { (count(table.rows)) " rows" } }
                    }
                } } }
            }
        }
    }
}

fn remarks(report: &DemoReport) -> Markup {
    html! {
        section {
            h2 { "How it was made" }
            div.wide { table.settings { tbody {
                @for setting in &report.settings {
                    tr { th scope="row" { (setting.name) } td.text { (setting.value) } }
                }
            } } }
            h2 { "Keep in mind" }
            ul { @for caveat in &report.caveats { li { (caveat) } } }
            h2 { "Where the prices come from" }
            p { (report.provenance) }
            h2 { "Try next" }
            @for command in &report.next { pre { code { (command) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::value::sample;

    #[test]
    fn the_page_needs_nothing_from_outside_and_runs_nothing() {
        let page = to_html(&sample::report(400));
        for outside in ["http://", "https://", "src=", "href=", "@import", "url(", "<script"] {
            assert!(!page.contains(outside), "{outside} is in the page");
        }
        for part in ["<svg", "Drawdown", "Monthly returns", "AAPL", "prefers-color-scheme"] {
            assert!(page.contains(part), "{part} is missing");
        }
    }

    #[test]
    fn texts_cannot_become_markup() {
        let mut report = sample::report(10);
        report.databases[0].path = "/data/<b>&\"x".to_owned();
        let page = to_html(&report);
        assert!(page.contains("/data/&lt;b&gt;&amp;"), "the path is not escaped");
    }

    #[test]
    fn a_run_of_one_day_or_none_is_still_a_page() {
        for days in [0, 1, 2] {
            assert!(to_html(&sample::report(days)).contains("</html>"));
        }
    }
}
