//! `tradeport order`: everything about orders.

mod algos;
mod bare;
mod bracket;
mod by_service;
mod cancel;
mod change;
mod kind_words;
mod outcome;
mod place;
mod preview;
mod read;
mod repeat;
mod settle;
mod spread;
mod timeline;
pub(crate) mod view;
mod worded;

use crate::Session;
use crate::cli::{OrderCommand, PreviewArgs, TradeArgs};
use crate::exit::Exit;
use crate::fake::KeptStateError;
use crate::fault::{Fault, Report};
use crate::wiring::{held_now, is_in_use};
use by_service::Serving;
pub(crate) use kind_words::kind_words;
pub(crate) use timeline::phase_words;
use tradeport_orders::Side;
use tradeport_sqlite::OpenError;
use tradeport_trading::DeskError;

/// Runs a command about an order within a service, and says what came of it to whoever asked.
pub(crate) async fn obey(command: OrderCommand, session: &Session) -> Exit {
    match run_one(command, session).await {
        Ok(exit) => exit,
        Err(error) => {
            let report = Report::of(&error);
            session.output().fault(&report);
            report.exit()
        }
    }
}

/// What has become of an order that could not be kept.
const NOT_SENT: &str = "nothing was sent";

/// Runs one of the commands about orders.
pub(super) async fn run(mut command: OrderCommand, session: &Session) -> anyhow::Result<Exit> {
    let (undone, is_places) = (undone_by(&mut command), command.placing().is_some());
    let ended = match run_here_or_there(command.clone(), session).await {
        // A service has begun in this very moment. Without the databases nothing was done: it is asked now.
        Err(error) if is_in_use(&error) && Serving::of(session)?.is_some() => {
            run_here_or_there(command, session).await
        }
        ended => ended,
    };
    match (ended, undone) {
        // Nothing leaves before it can be kept, nor before there is anybody to send it to.
        (Err(error), Some(undone)) if error.downcast_ref::<OpenError>().is_some() || is_unreached(&error) => {
            Err(not_done(undone, error))
        }
        (Err(error), Some(NOT_SENT)) if is_places && is_unkept(&error) => Err(not_done(NOT_SENT, error)),
        (ended, _) => ended,
    }
}

/// Is it that something could not be kept, which is done before anything leaves?
fn is_unkept(error: &anyhow::Error) -> bool {
    let of_desk = matches!(
        error.downcast_ref(),
        Some(DeskError::Journal(_) | DeskError::Audit(_) | DeskError::Replay(_))
    );
    of_desk || error.downcast_ref::<KeptStateError>().is_some()
}

/// Is it that the broker could not be reached at all?
fn is_unreached(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Fault>().is_some_and(Fault::is_of_reaching)
}

/// What a command has not done that could not begin.
fn undone_by(command: &mut OrderCommand) -> Option<&'static str> {
    match command {
        OrderCommand::Cancel { .. } | OrderCommand::CancelAll(_) => Some("nothing was cancelled"),
        command => command.sends().then_some(NOT_SENT),
    }
}

/// The same error, which says first what was not done.
fn not_done(undone: &str, error: anyhow::Error) -> anyhow::Error {
    let Report { message, advice, .. } = Report::of(&error);
    Fault::new(Report::of(&error).exit(), format!("{undone}: {message}"), advice).because(error).into()
}

async fn run_here_or_there(command: OrderCommand, session: &Session) -> anyhow::Result<Exit> {
    match Serving::of(session)? {
        Some(service) if command.needs_a_desk() => service.run(command, session).await,
        _ => run_one(command, session).await,
    }
}

async fn run_one(mut command: OrderCommand, session: &Session) -> anyhow::Result<Exit> {
    if command.sends() {
        check_window(session)?;
    }
    match command {
        OrderCommand::Buy(order) => trade(Side::Buy, order, session).await,
        OrderCommand::Sell(order) => trade(Side::Sell, order, session).await,
        OrderCommand::Bracket(bracket) => bracket::run(bracket, session).await,
        OrderCommand::Spread(spread) => spread::run(spread, session).await,
        OrderCommand::TargetPercent(target) => place::target(target, session).await,
        OrderCommand::Preview(PreviewArgs { side, order }) => {
            place::look_ahead(side.side(), order, session).await
        }
        OrderCommand::Change(change) => change::run(change, session).await,
        OrderCommand::Cancel { key } => cancel::one(&key, session).await,
        OrderCommand::CancelAll(which) => cancel::all(&which, session).await,
        OrderCommand::List { all } => read::list(all, session).await,
        OrderCommand::Show { key } => read::show(&key, session).await,
        OrderCommand::Algos { name } => algos::run(name.as_ref(), session),
    }
}

/// Near an expected outage of TWS nothing new is sent; a service has its own gate. Cancels are always tried.
fn check_window(session: &Session) -> Result<(), Fault> {
    match held_now(session).filter(|_| session.host().is_none()) {
        None => Ok(()),
        Some(held) => {
            Err(Fault::failed(format!("{held}: nothing was sent"), "the same again once that is over"))
        }
    }
}

async fn trade(side: Side, trade: TradeArgs, session: &Session) -> anyhow::Result<Exit> {
    if trade.preview {
        place::look_ahead(side, trade.order, session).await
    } else {
        place::trade(side, trade.order, session).await
    }
}
