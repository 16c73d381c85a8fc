//! `tradeport integration`: the scenarios, on simulated brokers or on a real TWS, with a report.

use crate::Session;
use crate::cli::IntegrationArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::integration::{self, Backend, Paths, Report, Scenario, Target};
use serde::Serialize;
use std::path::Path;

/// What a run came to, for JSON.
#[derive(Serialize)]
struct View<'a> {
    backend: &'a str,
    passed: usize,
    failed: usize,
    skipped: usize,
    not_opened: Option<&'a str>,
    left_over: &'a [String],
    report: Paths,
}

/// Plays what was asked for. It is done when nothing failed, and something passed on every broker.
pub(super) async fn run(arguments: &IntegrationArgs, session: &Session) -> anyhow::Result<Exit> {
    if arguments.list {
        for name in integration::names() {
            session.output().text(name)?;
        }
        return Ok(Exit::Done);
    }
    let scenarios = integration::chosen(&arguments.only);
    if scenarios.is_empty() {
        let message = format!("no scenario is named {}", arguments.only.join(" or "));
        return Err(Fault::usage(message, "tradeport integration --list prints their names").into());
    }
    let mut reports = Vec::new();
    for target in targets(arguments) {
        if !session.stop().is_asked() {
            reports.push(on(&target, &scenarios, &arguments.report, session).await);
        }
    }
    show(&reports, &arguments.report, session)?;
    if session.stop().is_asked() {
        return Ok(Exit::Interrupted);
    }
    if reports.iter().all(Report::is_good) {
        return Ok(Exit::Done);
    }
    let fault =
        Fault::failed("not every scenario passed", "the report tells what was expected and what was seen");
    session.output().fault(&crate::fault::Report::of(&fault.into()));
    Ok(Exit::Failed)
}

fn targets(arguments: &IntegrationArgs) -> Vec<Target> {
    match &arguments.tws {
        Some(place) => vec![Target::Tws {
            host: place.host.clone(),
            port: place.port,
            client_id: arguments.client_id,
            account: arguments.account.clone(),
            may_trade: !arguments.look_only,
        }],
        None => vec![Target::Fake, Target::FakeTws],
    }
}

async fn on(target: &Target, scenarios: &[Scenario], folder: &Path, session: &Session) -> Report {
    let output = session.output();
    output.say(&format!("{}: {} scenarios", target.name(), scenarios.len()));
    let kept = folder.join(format!("{}-state", target.name()));
    let backend = match Backend::open(target, &kept, session).await {
        Ok(backend) => backend,
        Err(error) => return Report::not_opened(target.name(), &error),
    };
    integration::run(backend, scenarios, session.stop(), |played| {
        let why = played.verdict.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
        output.say(&format!("  {:8} {}{why}", played.verdict.word(), played.name));
    })
    .await
}

fn show(reports: &[Report], folder: &Path, session: &Session) -> anyhow::Result<()> {
    let mut views = Vec::new();
    for report in reports {
        let counts = report.counts();
        views.push(View {
            backend: &report.backend,
            passed: counts.passed,
            failed: counts.failed,
            skipped: counts.skipped,
            not_opened: report.not_opened.as_deref(),
            left_over: &report.left_over,
            report: integration::write(report, folder)?,
        });
    }
    let output = session.output();
    if output.is_json() {
        return output.document(&views);
    }
    for view in &views {
        let View { backend, passed, failed, skipped, .. } = view;
        match view.not_opened {
            Some(why) => output.text(&format!("{backend}: not opened, {why}"))?,
            None => {
                output.text(&format!("{backend}: {passed} passed, {failed} failed, {skipped} skipped"))?
            }
        }
        for left in view.left_over {
            output.text(&format!("{backend}: left over {left}"))?;
        }
        output.text(&format!("  {}\n  {}", view.report.markdown.display(), view.report.junit.display()))?;
    }
    Ok(())
}
