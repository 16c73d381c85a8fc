//! `tradeport contract`: what can be traded, and when. It only looks: nothing is listed, sent or kept.

mod chain;
mod hours;
mod show;

use crate::Session;
use crate::cli::ContractCommand;
use crate::exit::Exit;
use crate::output::{Column, Grid};
use crate::wiring::Broker;
use serde::Serialize;
use tradeport_contracts::Contract;
use tradeport_kernel::{Decimal, Price};

/// Runs one of the commands about contracts.
pub(super) async fn run(command: ContractCommand, session: &Session) -> anyhow::Result<Exit> {
    let broker = Broker::open(session).await?;
    match command {
        ContractCommand::Show { spec } => show::run(&spec, &broker, session).await,
        ContractCommand::Search { pattern, most } => search(&pattern, most, &broker, session).await,
        ContractCommand::Chain(arguments) => chain::run(&arguments, &broker, session).await,
        ContractCommand::Hours(arguments) => hours::run(&arguments, &broker, session).await,
    }
}

/// A contract that was found.
#[derive(Serialize)]
struct Found {
    symbol: String,
    kind: &'static str,
    name: String,
    exchange: String,
    currency: String,
    id: i64,
}

impl Found {
    fn of(contract: &Contract) -> Self {
        Self {
            symbol: contract.symbol().to_string(),
            kind: kind_of(contract),
            name: contract.name().to_owned(),
            exchange: exchange_of(contract),
            currency: contract.currency().to_string(),
            id: contract.id().number(),
        }
    }
}

async fn search(pattern: &str, most: u32, broker: &Broker, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let all = broker.catalog().search(pattern).await?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let found: Vec<Found> = all.iter().take(most).map(Found::of).collect();
    if output.is_json() {
        output.document(&found)?;
        return Ok(Exit::Done);
    }
    if found.is_empty() {
        let nearest = broker.nearest(pattern, 3).join(", ");
        let besides = if nearest.is_empty() { String::new() } else { format!("; the nearest: {nearest}") };
        output.say(&format!("nothing begins with {pattern:?}{besides}"));
        return Ok(Exit::Done);
    }
    let mut grid = Grid::new(vec![
        Column::Words("symbol"),
        Column::Words("kind"),
        Column::Words("name"),
        Column::Words("exchange"),
        Column::Words("currency"),
        Column::Numbers("id"),
    ]);
    for it in found {
        grid.row([it.symbol, it.kind.to_owned(), it.name, it.exchange, it.currency, it.id.to_string()]);
    }
    output.grid(&grid)?;
    if all.len() > most {
        output.say(&format!("{} more: a longer pattern, or --most {}", all.len() - most, all.len()));
    }
    Ok(Exit::Done)
}

fn kind_of(contract: &Contract) -> &'static str {
    contract.instrument().kind().map_or("security", |kind| kind.name())
}

/// Where it is listed, or where it is routed to.
fn exchange_of(contract: &Contract) -> String {
    let details = contract.details();
    let listed = details.primary_exchange.clone().or_else(|| details.exchanges.first().cloned());
    listed.or_else(|| contract.instrument().description().exchange.clone()).unwrap_or_default()
}

/// With two digits after the point, or as many as it has: whoever tells it may leave zeros out.
fn price_text(price: Option<Price>) -> String {
    number_text(price.map(|price| {
        let mut number = price.as_decimal().normalize();
        number.rescale(number.scale().max(2));
        number
    }))
}

fn number_text(number: Option<Decimal>) -> String {
    number.map_or_else(|| "-".to_owned(), |it| it.to_string())
}
