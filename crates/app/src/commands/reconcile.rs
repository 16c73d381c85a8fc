//! `tradeport reconcile`: what is known, held against the broker and against statements.

use crate::Session;
use crate::cli::ReconcileArgs;
use crate::exit::Exit;
use crate::fault::{Fault, Report};
use crate::output::{Column, Grid, Tone};
use crate::reconciling::{ReconcileReport, Wish, answer, ask, fulfil, statements_of, take_back};
use crate::service::file::ServiceLock;
use crate::wiring::{Platform, is_in_use};
use anyhow::Context;
use std::path::Path;
use std::time::Duration;

/// On whose behalf.
const ACTOR: &str = "command line";
/// So long a service may take.
const SERVICE_ANSWERS: Duration = Duration::from_secs(60);
/// So often it is looked whether it has answered.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Reconciles, and prints what was found.
pub(super) async fn run(arguments: &ReconcileArgs, session: &Session) -> anyhow::Result<Exit> {
    let wish = wish_of(arguments, session)?;
    // What cannot be read is told before anybody is asked.
    statements_of(&wish)?;
    let folder = session.storage()?.folder;
    let report = if ServiceLock::is_held(&folder) {
        by_service(&folder, &wish, session).await?
    } else {
        match here(&wish, session).await {
            // A service has begun in this very moment.
            Err(error) if is_in_use(&error) && ServiceLock::is_held(&folder) => {
                by_service(&folder, &wish, session).await?
            }
            done => done?,
        }
    };
    let printed =
        if session.output().is_json() { session.output().document(&report) } else { print(&report, session) };
    let exit = broken(&report).map_or(Exit::Done, |fault| {
        session.output().fault(&Report::of(&fault.into()));
        Exit::Failed
    });
    exit.after(printed)
}

/// What is wrong with the books.
fn broken(report: &ReconcileReport) -> Option<Fault> {
    let first = report.breaks.first()?;
    let others = match report.breaks.len() - 1 {
        0 => String::new(),
        others => format!(", and {others} more"),
    };
    let message = format!("something does not fit: {}, {}{others}", first.cause, first.subject);
    let advice = "what each break says is to be done; one that is well is ended by tradeport reconcile --solve NAME --reason TEXT";
    Some(Fault::failed(message, advice))
}

fn wish_of(arguments: &ReconcileArgs, session: &Session) -> anyhow::Result<Wish> {
    let flex = arguments.flex.as_ref().map(std::path::absolute).transpose();
    let reason = arguments.reason.as_ref().map(|reason| reason.as_str().to_owned());
    Ok(Wish {
        at: session.clock().now(),
        flex: flex.context("this folder has no name")?,
        solve: arguments.solve.clone().zip(reason),
    })
}

async fn here(wish: &Wish, session: &Session) -> anyhow::Result<ReconcileReport> {
    let platform = Platform::open(session).await?;
    let done = fulfil(platform.desk(), wish, ACTOR, std::future::pending()).await;
    platform.close().await?;
    done
}

async fn by_service(folder: &Path, wish: &Wish, session: &Session) -> anyhow::Result<ReconcileReport> {
    ask(folder, wish)?;
    let clock = session.clock();
    let late = clock.now().after(SERVICE_ANSWERS);
    loop {
        if let Some(report) = answer(folder, wish)? {
            return Ok(report);
        }
        if !ServiceLock::is_held(folder) {
            // It may have answered with its last breath.
            if let Some(report) = answer(folder, wish)? {
                return Ok(report);
            }
            let ended = "the service has ended before it answered";
            return Err(unanswered(ended, "the same again", take_back(folder, wish), wish).into());
        }
        if clock.now() > late {
            let silent = format!("the service did not answer within {} s", SERVICE_ANSWERS.as_secs());
            let advice = "tradeport status tells how it does; then the same again";
            return Err(unanswered(&silent, advice, take_back(folder, wish), wish).into());
        }
        clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
    }
}

/// What is certain without an answer. A break that the service was to end it may have ended, or be about to.
fn unanswered(how: &str, advice: &str, was_not_taken: bool, wish: &Wish) -> Fault {
    match &wish.solve {
        _ if was_not_taken => Fault::failed(format!("{how}, and had not begun: nothing was changed"), advice),
        None => Fault::failed(how, advice),
        Some((name, _)) => Fault::new(
            Exit::OutcomeUnknown,
            format!("{how}: break {name} may be ended or not"),
            "tradeport reconcile prints the breaks that stand",
        ),
    }
}

fn print(report: &ReconcileReport, session: &Session) -> anyhow::Result<()> {
    let output = session.output();
    output.grid(&facts(report))?;
    for grid in [others(report), breaks(report)].iter().filter(|grid| !grid.is_empty()) {
        output.text("")?;
        output.grid(grid)?;
    }
    if !report.others.is_empty() {
        output.text("")?;
        output.text("orders of others are shown and left alone: cancel them in TWS, or with the program that placed them")?;
    }
    Ok(())
}

fn facts(report: &ReconcileReport) -> Grid {
    let mut grid = Grid::facts();
    grid.fact("reconciled", format!("{}, in epoch {}", report.at, report.epoch));
    grid.fact("open orders", format!("{} of ours, {} of others", report.ours, report.others.len()));
    for it in &report.statements {
        let amounts: Vec<String> = it.cash.iter().map(ToString::to_string).collect();
        let cash = if amounts.is_empty() { "not".to_owned() } else { amounts.join(" and ") };
        let days = format!("{} to {}", it.from, it.to);
        let words =
            format!("{days}: {} trades, {} positions and cash {cash} tied out", it.trades, it.positions);
        grid.fact(&format!("statement of {}", it.account), words);
    }
    for question in &report.open_questions {
        grid.fact("not compared", question.clone());
    }
    let (words, tone) = match report.breaks.len() {
        0 => ("none: everything fits".to_owned(), Tone::Good),
        count => (count.to_string(), Tone::Bad),
    };
    grid.toned([("breaks".to_owned(), Tone::Plain), (words, tone)]);
    grid
}

fn others(report: &ReconcileReport) -> Grid {
    let mut grid = Grid::new(["order of", "number", "account", "what", "key"].map(Column::Words).to_vec());
    for it in &report.others {
        let what = format!("{} {} {}", it.side, it.size, it.symbol);
        let key = it.key.as_ref().map_or_else(String::new, ToString::to_string);
        let number = it.perm_id.map_or_else(String::new, |number| number.to_string());
        grid.row([it.origin.to_string(), number, it.account.to_string(), what, key]);
    }
    grid
}

fn breaks(report: &ReconcileReport) -> Grid {
    let columns = ["break", "about", "cause", "here", "broker", "since", "what to do"];
    let mut grid = Grid::new(columns.map(Column::Words).to_vec());
    for it in &report.breaks {
        grid.toned([
            (it.name.clone(), Tone::Bad),
            (it.subject.clone(), Tone::Bad),
            (it.cause.to_string(), Tone::Bad),
            (it.ours.clone(), Tone::Plain),
            (it.broker.clone(), Tone::Plain),
            (it.since.to_string(), Tone::Plain),
            (it.remedy.clone(), Tone::Plain),
        ]);
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{FastClock, SystemClock};
    use crate::config::variables::Variables;
    use crate::config::{OutputFormat, load};
    use crate::output::Output;
    use crate::reconciling::asked;
    use crate::stop::Stop;
    use crate::wiring::Tried;
    use std::sync::Arc;
    use tradeport_kernel::Timestamp;

    /// Exit code and words of a command beside a service that does not answer: one that takes the wish, or does not.
    async fn told(solve: bool, is_taken: bool) -> (u8, String) {
        let folder = tempfile::tempdir().unwrap();
        let variables: Variables = [("DB_PATH", folder.path())].into_iter().collect();
        let clock = Arc::new(FastClock::starting(Arc::new(SystemClock), Timestamp::EPOCH, 200.0));
        let loaded = load(None, &variables, &[]).unwrap();
        let session = Session::new(loaded, Output::new(OutputFormat::Json, false), Stop::never(), clock);
        let Tried::Got(_service) = ServiceLock::try_take(folder.path()).unwrap() else {
            panic!("it is free")
        };
        let solve = solve.then(|| ("abc".to_owned(), "it is well".to_owned()));
        let wish = Wish { at: session.clock().now(), flex: None, solve };
        let command = by_service(folder.path(), &wish, &session);
        let service = async {
            while is_taken && asked(folder.path()).is_empty() {
                session.clock().sleep_until(session.clock().now().after(LOOK_EVERY)).await;
            }
        };
        let (done, ()) = tokio::join!(command, service);
        let report = Report::of(&done.unwrap_err());
        (report.exit_code, format!("{} {}", report.message, report.advice))
    }

    #[tokio::test]
    async fn what_is_certain_of_a_break_is_told_without_an_answer_of_the_service() {
        let silent = "the service did not answer within 60 s";
        for solve in [false, true] {
            let (code, words) = told(solve, false).await;
            assert!(
                code == 1 && words.contains(&format!("{silent}, and had not begun: nothing was changed")),
                "{words}"
            );
        }
        let (code, words) = told(true, true).await;
        assert!(code == 4 && words.contains(&format!("{silent}: break abc may be ended or not")), "{words}");
        let (code, words) = told(false, true).await;
        assert!(code == 1 && words.starts_with(&format!("{silent} tradeport status")), "{words}");
    }
}
