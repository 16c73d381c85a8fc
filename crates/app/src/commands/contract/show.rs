//! `tradeport contract show`: all that the broker says of one contract.

use super::{exchange_of, kind_of};
use crate::Session;
use crate::cli::Spec;
use crate::exit::Exit;
use crate::output::Grid;
use crate::wiring::Broker;
use serde::Serialize;
use tradeport_contracts::{Contract, ContractDetails, Expiry, PriceBand, Right};
use tradeport_kernel::{Decimal, Price};

/// A contract, for JSON and for a table.
#[derive(Serialize)]
struct View<'a> {
    symbol: String,
    kind: &'static str,
    name: &'a str,
    id: i64,
    exchange: String,
    currency: String,
    expiry: Option<Expiry>,
    strike: Option<Decimal>,
    right: Option<Right>,
    multiplier: Decimal,
    price_step: Decimal,
    price_bands: &'a [PriceBand],
    lot: Decimal,
    minimum_size: Option<Decimal>,
    local_symbol: Option<&'a str>,
    trading_class: Option<&'a str>,
    underlying: Option<&'a str>,
    exchanges: &'a [String],
    order_kinds: &'a [String],
    time_zone: Option<&'a str>,
    trading_hours: &'a str,
    liquid_hours: &'a str,
    tradable_now: bool,
    mid: Option<Price>,
}

/// Prints one contract.
pub(super) async fn run(spec: &Spec, broker: &Broker, session: &Session) -> anyhow::Result<Exit> {
    let contract = broker.find(spec.instrument()).await?;
    let mid = broker.quote(&contract).await.and_then(|quote| quote.mid());
    let view = View::of(&contract, mid, session);
    if session.output().is_json() {
        session.output().document(&view)?;
    } else {
        session.output().grid(&view.facts())?;
    }
    Ok(Exit::Done)
}

impl<'a> View<'a> {
    fn of(contract: &'a Contract, mid: Option<Price>, session: &Session) -> Self {
        let (details, said): (&ContractDetails, _) =
            (contract.details(), contract.instrument().description());
        let now = session.clock().now();
        Self {
            symbol: contract.symbol().to_string(),
            kind: kind_of(contract),
            name: contract.name(),
            id: contract.id().number(),
            exchange: exchange_of(contract),
            currency: contract.currency().to_string(),
            expiry: details.expiry.or(said.expiry),
            strike: said.strike,
            right: said.right,
            multiplier: contract.multiplier(),
            price_step: contract.price_step(),
            price_bands: &details.price_bands,
            lot: contract.lot(),
            minimum_size: details.minimum_size,
            local_symbol: details.local_symbol.as_deref(),
            trading_class: details.trading_class.as_deref(),
            underlying: details.underlying_symbol.as_deref(),
            exchanges: &details.exchanges,
            order_kinds: &details.order_kinds,
            time_zone: details.time_zone.as_deref(),
            trading_hours: &details.trading_hours,
            liquid_hours: &details.liquid_hours,
            tradable_now: contract.sessions().is_open(now) && !details.order_kinds.is_empty(),
            mid,
        }
    }

    fn facts(&self) -> Grid {
        let mut grid = Grid::facts();
        let mut say = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                grid.fact(name, value);
            }
        };
        let text = |text: Option<&str>| text.map(str::to_owned);
        say("symbol", Some(self.symbol.clone()));
        say("name", Some(self.name.to_owned()));
        say("kind", Some(self.kind.to_owned()));
        say("id", Some(self.id.to_string()));
        say("underlying", text(self.underlying));
        say("last day", self.expiry.map(|it| it.day().map_or_else(|| it.to_string(), |day| day.to_string())));
        say("strike", self.strike.map(|it| it.to_string()));
        say("right", self.right.map(|it| it.to_string()));
        say("exchange", Some(self.exchange.clone()));
        say("routes", Some(self.exchanges.join(", ")));
        say("currency", Some(self.currency.clone()));
        say("multiplier", Some(self.multiplier.to_string()));
        say("price step", Some(self.steps()));
        say("lot", Some(self.lot.to_string()));
        say("local symbol", text(self.local_symbol));
        say("trading class", text(self.trading_class));
        say(
            "orders",
            Some(if self.order_kinds.is_empty() {
                "none: quoted only".to_owned()
            } else {
                self.order_kinds.join(", ")
            }),
        );
        say("price", self.mid.map(|it| it.to_string()));
        say("tradable now", Some(if self.tradable_now { "yes" } else { "no" }.to_owned()));
        say("hours", Some(format!("tradeport contract hours {}", quoted(&self.symbol))));
        grid
    }

    fn steps(&self) -> String {
        let band = |band: &PriceBand| format!("{} from {}", band.step, band.from);
        // One that holds from zero on is the step of every price.
        match self.price_bands {
            [] => return self.price_step.to_string(),
            [only] if only.from.is_zero() => return only.step.to_string(),
            _ => {}
        }
        self.price_bands.iter().map(band).collect::<Vec<_>>().join(", ")
    }
}

/// As a shell takes it for one word.
fn quoted(symbol: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '@' | '/' | '-' | '_');
    if symbol.chars().all(plain) { symbol.to_owned() } else { format!("\"{symbol}\"") }
}
