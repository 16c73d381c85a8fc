//! What can be typed.
//!
//! Values are parsed into the domain's types right here, so a bad one is refused before anything is opened.
//!
//! Left out: what commands do (`commands`).

mod audit;
mod backup;
mod contract;
mod fake_tws;
mod integration;
mod order;
mod reconcile;
mod risk;
mod span;
mod spec;
mod wire;

pub use audit::{AuditCommand, ShowArgs, VerifyArgs};
pub use backup::BackupArgs;
pub use contract::{ChainArgs, ContractCommand, HoursArgs};
pub use fake_tws::{Excess, FakeTwsArgs};
pub use integration::{IntegrationArgs, NotAPlace, Place};
pub use order::{
    AlgoArgs, AlgoName, AttributesText, BracketArgs, CancelAllArgs, CashText, ChangeArgs, ConditionArgs,
    ExpiryText, Extras, Family, FillArgs, Flag, GroupArgs, Heading, KINDS, Kind, Known, LegPriceText,
    LegText, MidOffsetsText, OcaEffectText, OffsetText, OrderArgs, OrderCommand, OrderOptions, ParamText,
    Part, PreviewArgs, RangeText, RareTerms, RareTime, Row, SideText, SpreadArgs, SpreadCommand,
    SpreadOptions, StopText, StrategyText, StrikeText, TargetArgs, TargetText, Terms, TifText, TimeArgs,
    TradeArgs, TrailText, TriggerBy, VolatilityFrom, VolatilityOf, WhenText, YesNo,
};
pub use reconcile::ReconcileArgs;
pub use risk::{GuardArgs, RiskCommand, RiskKillArgs, RiskResumeArgs, RiskShowArgs};
pub use span::{EndMoment, Span, UtcMoment};
pub use spec::{DayOrMonth, NotASpec, Spec};
pub use wire::{WireCommand, WireRecordArgs, WireShowArgs};

use crate::config::{Assignment, BrokerChoice, Environment};
use crate::demo::DemoArgs;
use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args, Parser, Subcommand};
use std::path::PathBuf;
use tradeport_kernel::{AccountId, Symbol};

/// Trade and record with Interactive Brokers, or with a simulated broker that needs no account.
#[derive(Clone, Debug, Parser)]
#[command(name = "tradeport", bin_name = "tradeport", version, propagate_version = true, after_help = AFTER)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str =
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by risk, 4 outcome unknown, 130 interrupted.
First steps: tradeport demo, then tradeport quote AAPL, then tradeport order buy AAPL 10.";

/// What holds for every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// The broker to trade with
    #[arg(long, global = true, value_enum, value_name = "BROKER")]
    pub broker: Option<BrokerChoice>,
    /// The file of settings [default: tradeport.toml here, else in your folder for settings]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The environment; production refuses to start on defaults alone
    #[arg(long = "env", global = true, value_enum, value_name = "ENVIRONMENT")]
    pub environment: Option<Environment>,
    /// The folder of the databases [default: your folder for data, then tradeport/ENVIRONMENT]
    #[arg(long, global = true, value_name = "DIR", value_parser = NonEmptyStringValueParser::new())]
    pub data_dir: Option<String>,
    /// Allow ports of live accounts: real money
    #[arg(long, global = true)]
    pub allow_live: bool,
    /// Print JSON instead of tables, errors too
    #[arg(long, global = true)]
    pub json: bool,
    /// Log more to standard error; twice for everything
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

impl Global {
    /// The settings that these flags make.
    #[must_use]
    pub fn assignments(&self) -> Vec<Assignment> {
        let mut given = Vec::new();
        let mut give = |key, flag, value: Option<toml::Value>| {
            given.extend(value.map(|value| Assignment { key, flag, value }));
        };
        give("environment", "--env", self.environment.map(|it| it.as_str().into()));
        give("broker", "--broker", self.broker.map(|it| it.as_str().into()));
        give("storage.path", "--data-dir", self.data_dir.clone().map(Into::into));
        give("ib.allow_live", "--allow-live", self.allow_live.then_some(true.into()));
        give("output.format", "--json", self.json.then(|| "json".into()));
        let level = ["debug", "trace"].get(usize::from(self.verbose).wrapping_sub(1)).copied();
        let level = level.or((self.verbose > 2).then_some("trace"));
        give("log_level", "-v", level.map(Into::into));
        given
    }
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Run years of real prices through the whole platform: no account, no network
    Demo(DemoArgs),
    /// Run the platform until Ctrl-C: the link that heals itself, recorder, performance
    Serve(ServeArgs),
    /// Print how the service does: link, feeds, budget, alarms
    Status,
    /// Print quotes
    Quote(QuoteArgs),
    /// Record quotes into the database
    Record(RecordArgs),
    /// Look up what can be traded, and when
    #[command(subcommand)]
    Contract(ContractCommand),
    /// Send, cancel and look at orders
    #[command(subcommand)]
    Order(Box<OrderCommand>),
    /// Hold orders and accounts against the broker and statements: what does not fit
    Reconcile(ReconcileArgs),
    /// Look at the limits of risk; stop everything, and go on
    #[command(subcommand)]
    Risk(RiskCommand),
    /// Watch over the service: when it hangs or dies, stop everything
    Guard(GuardArgs),
    /// Print the account's money
    Account(MoneyArgs),
    /// Print what is held of each instrument
    Positions(AccountArgs),
    /// Print what was gained today and since the beginning, as the broker reckons it
    Pnl(MoneyArgs),
    /// Print how the portfolio has done
    Metrics(MetricsArgs),
    /// Be a TWS that any IB client connects to, on the simulated broker
    FakeTws(FakeTwsArgs),
    /// Play the integration scenarios on simulated brokers or on a TWS with a paper account
    #[command(hide = true)]
    Integration(IntegrationArgs),
    /// Look at recordings of the socket protocol, and make them
    #[command(subcommand)]
    Wire(WireCommand),
    /// Check and print the audit log: who did what
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Copy the databases while they are in use, and check the copy
    Backup(BackupArgs),
    /// Look at the settings
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// What the service does besides looking after orders.
#[derive(Clone, Debug, Args)]
#[command(after_help = SERVE_AFTER)]
pub struct ServeArgs {
    /// Instruments to record, such as AAPL IBM EUR.USD
    pub symbols: Vec<Spec>,
}

const SERVE_AFTER: &str =
    "Ctrl-C ends it in good order: what is recorded is written, orders at the broker stay where they are.
A second Ctrl-C ends it at once. While it runs it has the orders: other command lines place, change and cancel through it.
tradeport status shows how it does; one service runs in a folder.";

/// What to quote.
#[derive(Clone, Debug, Args)]
pub struct QuoteArgs {
    /// The instrument, such as AAPL, "ES 202612@CME" or EUR.USD
    pub symbol: Spec,
    /// Print every quote until Ctrl-C
    #[arg(long)]
    pub watch: bool,
    /// Print what was recorded, in the order of recording
    #[arg(long, conflicts_with = "watch")]
    pub recorded: bool,
}

/// What to record.
#[derive(Clone, Debug, Args)]
pub struct RecordArgs {
    /// The instruments, such as AAPL IBM EUR.USD
    #[arg(required = true)]
    pub symbols: Vec<Spec>,
    /// For how long, such as 90s, 10m or 6h30m [default: 6h30m, see recorder.max_seconds]
    #[arg(long = "for", value_name = "TIME")]
    pub length: Option<Span>,
    /// Stop after so many quotes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_rows: Option<u64>,
}

/// Whose account.
#[derive(Clone, Debug, Args)]
pub struct AccountArgs {
    /// The account [default: the configured one]
    #[arg(long)]
    pub account: Option<AccountId>,
}

/// Whose money, and for how long to look.
#[derive(Clone, Debug, Args)]
pub struct MoneyArgs {
    /// Whose.
    #[command(flatten)]
    pub whose: AccountArgs,
    /// Print every change until Ctrl-C
    #[arg(long)]
    pub watch: bool,
}

/// Which stretch of time.
#[derive(Clone, Debug, Args)]
pub struct MetricsArgs {
    /// From this day or moment on, such as 2025-03-01 or 2025-03-01T14:30:00Z
    #[arg(long, value_name = "TIME")]
    pub from: Option<UtcMoment>,
    /// Up to, not including, this day or moment
    #[arg(long, value_name = "TIME")]
    pub to: Option<UtcMoment>,
    /// The account [default: the configured one]
    #[arg(long)]
    pub account: Option<AccountId>,
    /// Compare with the recorded quotes of this instrument [default: performance.benchmark_symbol]
    #[arg(long, value_name = "SYMBOL")]
    pub benchmark: Option<Symbol>,
}

/// What to do with settings.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting, its value, and where that came from
    Show,
    /// Check the settings, or one file of them
    Check {
        /// The file [default: what is in force now]
        file: Option<PathBuf>,
    },
}
