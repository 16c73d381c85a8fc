//! A report for people: a table of all scenarios, then what each of them expected and saw.

use super::{Played, Report};
use crate::integration::scenario::Verdict;
use std::fmt::Write;

/// The report as Markdown.
pub(super) fn text(report: &Report) -> String {
    let mut text = format!("# Integration: {}\n\n", report.backend);
    let day = report.began.to_utc().date();
    // Writing into a text does not fail.
    let mut line = |words: String| writeln!(text, "{words}").unwrap_or_default();
    line(format!("`tradeport` {}, {day}.", env!("CARGO_PKG_VERSION")));
    if let Some(why) = &report.not_opened {
        line(format!("\nNothing was played: {why}"));
        return text;
    }
    let counts = report.counts();
    line(format!(
        "Account {}. {} passed, {} failed, {} skipped.",
        report.account, counts.passed, counts.failed, counts.skipped
    ));
    if report.interrupted {
        line("\nThe run was interrupted; what came after that was skipped.".to_owned());
    }
    for left in &report.left_over {
        line(format!("\n**Left over** {}", cell(left)));
    }
    line("\n| scenario | expected | outcome | why |\n| --- | --- | --- | --- |".to_owned());
    for played in &report.played {
        line(row(played));
    }
    for played in report.played.iter().filter(|played| !played.checks.is_empty()) {
        line(format!("\n## {}: {}\n", played.name, played.verdict.word()));
        if let Verdict::Failed(reason) = &played.verdict {
            line(format!("{}\n", cell(reason)));
        }
        line("| expected | seen | |\n| --- | --- | --- |".to_owned());
        for check in &played.checks {
            let held = if check.held { "as expected" } else { "**otherwise**" };
            line(format!("| {} | {} | {held} |", cell(&check.expected), cell(&check.seen)));
        }
    }
    text
}

fn row(played: &Played) -> String {
    let why = played.verdict.reason().map(cell).unwrap_or_default();
    format!("| `{}` | {} | {} | {why} |", played.name, cell(played.expected), played.verdict.word())
}

/// Text that stays within its cell.
fn cell(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.replace('|', "\\|")
}
