//! `tradeport order`: everything about orders.

mod algos;
mod bracket;
mod by_service;
mod cancel;
mod change;
mod kind_words;
mod outcome;
mod place;
mod preview;
mod read;
mod settle;
mod spread;
mod timeline;
pub(crate) mod view;
mod worded;

use crate::Session;
use crate::cli::{OrderCommand, PreviewArgs, TradeArgs};
use crate::exit::Exit;
use crate::fault::{Fault, Report};
use crate::service::file::ServiceLock;
use tradeport_orders::Side;
use tradeport_sqlite::OpenError;

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

/// Runs one of the commands about orders.
pub(super) async fn run(command: OrderCommand, session: &Session) -> anyhow::Result<Exit> {
    if command.needs_a_desk()
        && let Some(service) = by_service::Serving::of(session)?
    {
        return service.run(command, session).await;
    }
    run_one(command, session).await.map_err(|error| explained(error, session))
}

/// A service that has begun just now is asked the next time.
fn explained(error: anyhow::Error, session: &Session) -> anyhow::Error {
    let in_use = matches!(error.downcast_ref(), Some(OpenError::InUse { .. }));
    match session.storage() {
        Ok(storage) if in_use && ServiceLock::is_held(&storage.folder) => {
            let message = format!("the service in {} has the orders", storage.folder.display());
            let advice = "the same again, which goes through it; or another folder: --data-dir DIR";
            Fault::failed(message, advice).because(error).into()
        }
        _ => error,
    }
}

async fn run_one(command: OrderCommand, session: &Session) -> anyhow::Result<Exit> {
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

async fn trade(side: Side, trade: TradeArgs, session: &Session) -> anyhow::Result<Exit> {
    if trade.preview {
        place::look_ahead(side, trade.order, session).await
    } else {
        place::trade(side, trade.order, session).await
    }
}
