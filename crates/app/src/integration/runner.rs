//! Plays scenarios one after the other, and clears away what each has left.

use super::backend::Backend;
use super::checks::Check;
use super::cleaning::clear;
use super::report::{Played, Report};
use super::scenario::{Halt, Play, Scenario, Verdict};
use super::stage::Stage;
use crate::clock::SystemClock;
use crate::stop::Stop;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tradeport_kernel::Clock;

/// No scenario takes longer; one that does hangs.
const LONGEST: Duration = Duration::from_secs(180);

/// Plays scenarios on a broker, and tells each as it ends. When somebody asks to stop, the rest is skipped; whatever
/// happens, what was placed is cleared away.
pub async fn run(
    backend: Backend,
    scenarios: &[Scenario],
    stop: &Stop,
    mut tell: impl FnMut(&Played),
) -> Report {
    let Backend { name, mut stage } = backend;
    let mut report = Report::of(name, &stage).await;
    if let Err(error) = clear(&mut stage).await {
        report.left_over.push(format!("before the run: {error:#}"));
    }
    for scenario in scenarios {
        let began = SystemClock.now();
        let verdict = if stop.is_asked() {
            Verdict::Skipped("the run was interrupted".to_owned())
        } else {
            play(scenario, &mut stage, stop).await
        };
        let seconds = SystemClock.now().since(began).as_secs_f64();
        let played = Played {
            name: scenario.name,
            expected: scenario.expected,
            verdict,
            seconds,
            checks: stage.checks().take(),
        };
        tell(&played);
        report.played.push(played);
    }
    report.interrupted = stop.is_asked();
    if let Err(error) = clear(&mut stage).await {
        report.left_over.push(format!("after the run: {error:#}"));
    }
    if let Err(error) = stage.close().await {
        report.left_over.push(format!("it did not close in good order: {error:#}"));
    }
    report
}

async fn play(scenario: &Scenario, stage: &mut Stage, stop: &Stop) -> Verdict {
    for need in scenario.needs {
        if let Some(reason) = stage.lacks(*need).await {
            return Verdict::Skipped(reason);
        }
    }
    let ended = steps(scenario, stage, stop).await;
    let broken = stage.checks().first_broken().map(words);
    let verdict = match (ended, broken) {
        (_, Some(broken)) => Verdict::Failed(broken),
        (Err(Halt::Fail(error)), None) => Verdict::Failed(format!("{error:#}")),
        (Err(Halt::Skip(reason)), None) => Verdict::Skipped(reason),
        (Ok(()), None) if stage.checks().is_empty() => Verdict::Failed("nothing was looked at".to_owned()),
        (Ok(()), None) => Verdict::Passed,
    };
    match clear(stage).await {
        Ok(()) => verdict,
        Err(error) => {
            let before = verdict.reason().map(|reason| format!("{reason}; ")).unwrap_or_default();
            Verdict::Failed(format!("{before}it was not cleared away: {error:#}"))
        }
    }
}

fn words(check: &Check) -> String {
    format!("expected: {}; seen: {}", check.expected, check.seen)
}

/// The steps, until they end, somebody asks to stop, or it is clear that they never end.
async fn steps(scenario: &Scenario, stage: &mut Stage, stop: &Stop) -> Result<(), Halt> {
    let clock = stage.session().clock();
    let late = clock.sleep_until(clock.now().after(LONGEST));
    let steps = match scenario.play {
        Play::Steps(steps) => steps(stage),
        Play::Rests(kind) => async move { kind.play(stage).await }.boxed_local(),
    };
    tokio::select! {
        biased;
        ended = AssertUnwindSafe(steps).catch_unwind() => match ended {
            Ok(ended) => ended,
            Err(_) => Err(anyhow::anyhow!("it fell over: this is a bug of the platform").into()),
        },
        () = stop.asked() => Err(Halt::Skip("the run was interrupted".to_owned())),
        () = late => Err(anyhow::anyhow!("it did not end within {} s", LONGEST.as_secs()).into()),
    }
}
