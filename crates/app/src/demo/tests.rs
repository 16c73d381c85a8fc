//! A short run, twice: the same to the byte, and its money and figures tie out with what was stored.

use super::*;
use crate::report::to_html;
use clap::Parser;
use std::num::NonZero;
use time::macros::date;
use tradeport_kernel::{Decimal, TimeRange};
use tradeport_orders::{OrderJournal, OrderState};
use tradeport_portfolio::PortfolioStore;

#[derive(clap::Parser)]
struct Typed {
    #[command(flatten)]
    demo: DemoArgs,
}

struct Played {
    market: Market,
    settings: RunSettings,
    outcome: Outcome,
    stores: SqliteStores,
    _folder: tempfile::TempDir,
}

impl Played {
    fn report(&self) -> DemoReport {
        outcome::report(&self.market, &self.settings, &self.outcome, Path::new("/somewhere/demo")).unwrap()
    }
}

fn play_between(from: Date, to: Date, seed: u64) -> Played {
    let folder = tempfile::tempdir().unwrap();
    let market = Market::bundled().unwrap().within(Some(from), Some(to)).unwrap();
    let settings = RunSettings::new(&market, seed, 0.05, Duration::from_secs(300)).unwrap();
    let sqlite = SqliteConfig::in_folder(folder.path()).unwrap();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(NonZero::<usize>::MIN.get()).build();
    let played = runtime.unwrap().block_on(async {
        play(
            &market,
            &settings,
            QuoteSource::made(&market, &settings).unwrap(),
            &sqlite,
            &Stop::never(),
            &ProgressBar::hidden(),
        )
        .await
        .unwrap()
    });
    let stores =
        SqliteStores::open(&sqlite, Arc::new(VirtualClock::new(engine::beginning(&market).unwrap())))
            .unwrap();
    Played { market, settings, outcome: played, stores, _folder: folder }
}

fn half_a_year(seed: u64) -> Played {
    play_between(date!(2012 - 01 - 01), date!(2012 - 06 - 30), seed)
}

#[test]
fn the_same_arguments_give_the_same_texts_and_another_seed_does_not() {
    let (one, two) = (half_a_year(1).report(), half_a_year(1).report());
    assert_eq!(report::to_terminal(&one), report::to_terminal(&two));
    assert_eq!(to_html(&one), to_html(&two));
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&two).unwrap());
    let other = half_a_year(2).report();
    assert_ne!(one.account.net_liquidation, other.account.net_liquidation);
}

#[test]
fn the_money_ties_out_to_the_last_digit_from_the_orders_alone() {
    let played = half_a_year(1);
    let account = played.report().account;
    let (mut cash, mut commissions) = (account.starting_cash, Decimal::ZERO);
    for order in &played.outcome.orders {
        for execution in order.executions().filter(|it| it.part.moves_position()) {
            let signed = execution.side.signed(execution.quantity).as_decimal();
            cash -= execution.price.as_decimal() * signed;
        }
        commissions += order.commissions().map(|commission| commission.amount()).sum::<Decimal>();
    }
    assert_eq!(account.cash, cash - commissions);
    assert_eq!(account.commissions, commissions);
    assert!(commissions > Decimal::ZERO);
    let closes = &played.market.days.last().unwrap().bars;
    let value = |bar: &tradeport_market_data::Bar| {
        let held = played.outcome.portfolio.position(bar.symbol()).map(|it| it.quantity().as_decimal());
        held.unwrap_or_default() * bar.prices().close.as_decimal()
    };
    assert_eq!(account.net_liquidation, account.cash + closes.iter().map(value).sum::<Decimal>());
    let gains = account.realized + account.unrealized - account.commissions;
    assert_eq!(account.net_liquidation, account.starting_cash + gains);
}

#[test]
fn what_was_stored_says_the_same_as_the_report() {
    let played = half_a_year(1);
    let report = played.report();
    let stored = futures::executor::block_on(async {
        let portfolio = played.stores.portfolio();
        let last = portfolio.last_snapshot(&played.settings.account).await.unwrap().unwrap();
        assert_eq!(last, played.outcome.snapshot);
        let records = portfolio.performance(&played.settings.account, TimeRange::ALL).await.unwrap();
        let snapshots = portfolio.snapshots(&played.settings.account, TimeRange::ALL).await.unwrap();
        let counted =
            report.databases[1].tables.iter().find(|table| table.name == "portfolio_snapshots").unwrap();
        assert_eq!(snapshots.len() as u64, counted.rows);
        assert_eq!(snapshots[0].total_value.amount(), played.settings.cash, "before anything was traded");
        records.last().cloned().unwrap()
    });
    let ours = &report.performance.portfolio;
    assert_eq!(stored.observations, ours.observations as u64);
    let pairs = [
        (stored.total_return, ours.total_return),
        (stored.sharpe_ratio, ours.sharpe),
        (stored.max_drawdown, ours.max_drawdown),
        (stored.volatility, ours.annual_volatility),
        (stored.omega_ratio, ours.omega),
        (stored.cvar, ours.cvar_historical),
    ];
    for (loops, reports) in pairs {
        let (loops, reports) = (loops.unwrap(), reports.unwrap());
        assert!((loops - reports).abs() < 1e-9, "the loop says {loops}, the report {reports}");
    }
}

#[test]
fn every_quote_is_recorded_and_every_order_is_in_the_journal() {
    let played = half_a_year(1);
    let bars: usize = played.market.days.iter().map(|day| day.bars.len()).sum();
    let recording = played.outcome.recording;
    assert_eq!(recording.stored, (bars * quotes::QUOTES_A_DAY) as u64);
    assert_eq!((recording.marked, recording.refused, recording.dropped, recording.gaps), (0, 0, 0, 0));
    let journal = futures::executor::block_on(played.stores.journal().read(0, 100_000)).unwrap();
    for order in &played.outcome.orders {
        assert!(journal.iter().any(|record| record.entry.key == *order.intent().key()), "{order:?}");
        assert!(order.state().is_final(), "{order:?} is still alive");
    }
    let filled = played.outcome.orders.iter().filter(|order| order.state() == OrderState::Filled).count();
    assert!(filled * 2 > played.outcome.orders.len(), "most orders should fill: {filled}");
}

#[test]
fn a_split_changes_shares_and_not_the_value() {
    let played = play_between(date!(2005 - 02 - 01), date!(2005 - 03 - 31), 1);
    assert_eq!(played.report().orders.splits, 1);
    let place = played.market.days.iter().position(|day| day.day == date!(2005 - 02 - 28)).unwrap();
    let (before, after) = (played.outcome.closes[place - 1].1, played.outcome.closes[place].1);
    let step = after / before;
    assert!(
        (step - Decimal::ONE).abs() < Decimal::new(3, 2),
        "the value moves by {step} on the day of the split"
    );
}

#[test]
fn a_period_without_sessions_and_a_place_without_folder_are_wrong_usage() {
    let market = Market::bundled().unwrap();
    assert!(market.within(Some(date!(2014 - 01 - 01)), None).is_err());
    let placed = |path: &str| {
        let words = ["demo", "--bars", "Cargo.toml", "--report", path];
        check_report_place(&Typed::parse_from(words).demo)
    };
    assert!(placed("no/such/folder/report.html").is_err());
    assert!(placed("./Cargo.toml").unwrap_err().to_string().contains("would replace Cargo.toml"));
    assert!(placed("report.html").is_ok());
    assert!(day("2012-02-30").is_err() && day("2012-02-29").is_ok());
}
