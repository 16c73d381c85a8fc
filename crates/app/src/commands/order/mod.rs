//! `tradeport order`: everything about orders.

mod place;
mod read;
pub(crate) mod view;

use crate::Session;
use crate::cli::OrderCommand;
use crate::exit::Exit;
use tradeport_orders::Side;

/// Runs one of the commands about orders.
pub(super) async fn run(command: OrderCommand, session: &Session) -> anyhow::Result<Exit> {
    match command {
        OrderCommand::Buy(order) => place::trade(Side::Buy, order, session).await,
        OrderCommand::Sell(order) => place::trade(Side::Sell, order, session).await,
        OrderCommand::TargetPercent(target) => place::target(target, session).await,
        OrderCommand::Cancel { key } => place::cancel(&key, session).await,
        OrderCommand::List { all } => read::list(all, session).await,
        OrderCommand::Show { key } => read::show(&key, session).await,
    }
}
