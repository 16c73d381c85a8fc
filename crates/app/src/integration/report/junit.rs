//! A report for build servers: JUnit XML as Jenkins, GitHub and GitLab read it.

use super::{Played, Report};
use crate::integration::scenario::Verdict;
use std::fmt::Write;

/// The report as XML.
pub(super) fn text(report: &Report) -> String {
    let counts = report.counts();
    let tests = report.played.len() + usize::from(report.not_opened.is_some()) + report.left_over.len();
    let failures = counts.failed + report.left_over.len() + usize::from(report.not_opened.is_some());
    let skipped = counts.skipped;
    // The sum of nothing is below zero.
    let seconds = report.played.iter().fold(0.0, |sum, played| sum + played.seconds);
    let name = escaped(&report.backend);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing into a text does not fail.
    let mut line = |words: String| writeln!(text, "{words}").unwrap_or_default();
    line(format!(
        "<testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" \
         time=\"{seconds:.3}\" timestamp=\"{}\">",
        report.began
    ));
    if let Some(why) = &report.not_opened {
        line(format!("  <testcase classname=\"{name}\" name=\"open\" time=\"0\">"));
        line(format!("    <failure message=\"{}\"/>\n  </testcase>", escaped(why)));
    }
    for played in &report.played {
        line(case(&name, played));
    }
    for left in &report.left_over {
        line(format!("  <testcase classname=\"{name}\" name=\"left over\" time=\"0\">"));
        line(format!("    <failure message=\"{}\"/>\n  </testcase>", escaped(left)));
    }
    line("</testsuite>".to_owned());
    text
}

fn case(backend: &str, played: &Played) -> String {
    let (group, name) = played.name.split_once('.').unwrap_or(("", played.name));
    let mut inside = match &played.verdict {
        Verdict::Passed => String::new(),
        Verdict::Failed(reason) => format!("    <failure message=\"{}\"/>\n", escaped(reason)),
        Verdict::Skipped(reason) => format!("    <skipped message=\"{}\"/>\n", escaped(reason)),
    };
    if !played.checks.is_empty() {
        inside.push_str("    <system-out>");
        for check in &played.checks {
            let sign = if check.held { "ok" } else { "NOT" };
            let (expected, seen) = (escaped(&check.expected), escaped(&check.seen));
            writeln!(inside, "{sign} expected: {expected}; seen: {seen}").unwrap_or_default();
        }
        inside.push_str("</system-out>\n");
    }
    let opening = format!(
        "  <testcase classname=\"{backend}.{group}\" name=\"{}\" time=\"{:.3}\">\n",
        escaped(name),
        played.seconds
    );
    format!("{opening}{inside}  </testcase>")
}

/// Text within XML: its five characters in their other form, and none that XML forbids.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' | '\t' | '\r' => escaped.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
