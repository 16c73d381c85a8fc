//! A broker, as far as the platform depends on it: one value for each port.

use std::sync::Arc;
use tradeport_connection::BrokerLink;
use tradeport_contracts::ContractCatalog;
use tradeport_market_data::{BarHistory, OptionFeed, QuoteFeed, TickFeed};
use tradeport_orders::OrderGateway;
use tradeport_portfolio::{AccountFeed, PnlFeed};

/// Every port of a broker; clones are the same broker.
#[derive(Clone)]
pub struct BrokerPorts {
    /// The link to it.
    pub link: Arc<dyn BrokerLink>,
    /// Its quotes.
    pub quotes: Arc<dyn QuoteFeed>,
    /// What happens there one by one.
    pub ticks: Arc<dyn TickFeed>,
    /// What its model makes of options.
    pub options: Arc<dyn OptionFeed>,
    /// What it knows of the past.
    pub history: Arc<dyn BarHistory>,
    /// Its accounts.
    pub accounts: Arc<dyn AccountFeed>,
    /// What it says was gained.
    pub gains: Arc<dyn PnlFeed>,
    /// What it lists.
    pub catalog: Arc<dyn ContractCatalog>,
    /// The way to it, for orders.
    pub gateway: Arc<dyn OrderGateway>,
}
