//! A full session of the Rust client against a TWS: `client_session HOST:PORT`.
//!
//! Prints one line for each check, and at last how many there were. Ends with 1 when one has failed. It is the library's
//! own behaviour that is looked at here, without anything of the adapter.

#![expect(clippy::print_stdout, reason = "what it found is what it is for")]

use futures::StreamExt;
use ibapi::accounts::AccountSummaryResult;
use ibapi::accounts::types::{AccountGroup, AccountId, ContractId};
use ibapi::market_data::historical::{BarSize, ToDuration, WhatToShow};
use ibapi::market_data::{IgnoreSize, SmartDepth, TradingHours};
use ibapi::orders::{Action, ExecutionFilter, Order, OrderStatusKind, OrderUpdate, TimeInForce};
use ibapi::prelude::{Client, Contract, SecurityType, TickTypes};
use ibapi::scanner::ScannerSubscription;
use ibapi::subscriptions::SubscriptionItemStreamExt;
use std::fmt::Debug;
use std::process::ExitCode;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(15);

/// Counts what was checked; a failure is told and the session goes on.
#[derive(Default)]
struct Checks {
    passed: u32,
    failed: u32,
}

impl Checks {
    fn check(&mut self, name: &str, holds: bool, seen: impl Debug) {
        if holds {
            self.passed += 1;
            println!("ok   {name}");
        } else {
            self.failed += 1;
            let seen: String = format!("{seen:?}").chars().take(400).collect();
            println!("FAIL {name}: {seen}");
        }
    }

    /// What an answer is, if it is one.
    fn good<T, E: Debug>(&mut self, name: &str, answer: Result<T, E>) -> Option<T> {
        match answer {
            Ok(value) => {
                self.check(name, true, ());
                Some(value)
            }
            Err(error) => {
                self.check(name, false, error);
                None
            }
        }
    }
}

/// The first item of a stream that is wanted.
async fn first<T>(stream: impl futures::Stream<Item = T>, wanted: impl Fn(&T) -> bool) -> Option<T> {
    let mut stream = std::pin::pin!(stream.filter(|item| std::future::ready(wanted(item))));
    tokio::time::timeout(PATIENCE, stream.next()).await.ok().flatten()
}

async fn reference(client: &Client, checks: &mut Checks) -> Option<Contract> {
    let asked = Contract::stock("AAPL").build();
    let details = checks.good("contract details of a share", client.contract_details(&asked).await)?;
    checks.check("there is one such share", details.len() == 1, details.len());
    let stock = details.first()?.contract.clone();
    let unknown = Contract::stock("NOSUCHTHING").build();
    checks.check("an unknown share is an error", client.contract_details(&unknown).await.is_err(), ());
    let found = client.matching_symbols("AAPL").await;
    checks.check("symbols are found", found.as_ref().is_ok_and(|it| !it.is_empty()), found);
    let number = stock.contract_id;
    if let Some(chains) = checks.good(
        "an option chain is asked for",
        client.option_chain("AAPL", SecurityType::Stock, number).subscribe().await,
    ) {
        let chain = first(chains.filter_data(), Result::is_ok).await;
        let holds = matches!(&chain, Some(Ok(it)) if !it.strikes.is_empty() && !it.expirations.is_empty());
        checks.check("it has expiries and strikes", holds, chain);
    }
    let time = client.server_time().await;
    checks.check("the time is told", time.is_ok(), time);
    Some(stock)
}

async fn history(client: &Client, stock: &Contract, checks: &mut Checks) {
    let daily = client.historical_data(stock, BarSize::Day).what_to_show(WhatToShow::Trades);
    let daily = daily.duration(10.days()).fetch().await;
    checks.check("daily bars", daily.as_ref().is_ok_and(|it| it.bars.len() >= 5), daily);
    let head = client.head_timestamp(stock, WhatToShow::Trades, TradingHours::Regular).await;
    checks.check("history has a beginning", head.is_ok(), head);
    let histogram = client.histogram_data(stock, TradingHours::Regular, BarSize::Day).await;
    checks.check("a histogram", histogram.as_ref().is_ok_and(|it| !it.is_empty()), histogram);
}

async fn quotes(client: &Client, stock: &Contract, checks: &mut Checks) {
    if let Some(ticks) = checks
        .good("a quote is asked for", client.market_data(stock).generic_ticks(&["233"]).subscribe().await)
    {
        let price = first(ticks.filter_data(), |it| matches!(it, Ok(TickTypes::Price(it)) if it.price > 0.0));
        let price = price.await;
        checks.check("a quote streams", price.is_some(), price);
    }
    if let Some(ticks) =
        checks.good("tick by tick is asked for", client.tick_by_tick(stock, 0).bid_ask(IgnoreSize::No).await)
    {
        let tick = first(ticks.filter_data(), Result::is_ok).await;
        checks.check("tick by tick", tick.is_some(), tick);
    }
    let depth = client.market_depth(stock, 5).smart_depth(SmartDepth::No).subscribe().await;
    if let Some(depth) = checks.good("depth is asked for", depth) {
        let row = first(depth.filter_data(), Result::is_ok).await;
        checks.check("depth", row.is_some(), row);
    }
    if let Some(bars) =
        checks.good("real-time bars are asked for", client.realtime_bars(stock).subscribe().await)
    {
        let bar = first(bars.filter_data(), Result::is_ok).await;
        checks.check("a real-time bar", bar.is_some(), bar);
    }
}

fn order(kind: &str, limit: Option<f64>) -> Order {
    Order {
        action: Action::Buy,
        total_quantity: 10.0,
        order_type: kind.into(),
        limit_price: limit,
        tif: TimeInForce::Day,
        transmit: true,
        ..Order::default()
    }
}

async fn orders(client: &Client, stock: &Contract, checks: &mut Checks) {
    let updates = checks.good("order updates are listened to", client.order_update_stream().await);
    let base = checks.good("an order id is given", client.next_valid_order_id().await);
    let (Some(updates), Some(base)) = (updates, base) else { return };
    let mut updates = updates.filter_data();
    let market = client.submit_order(base, stock, &order("MKT", None)).await;
    checks.check("a market order is sent", market.is_ok(), market);
    let filled = first(
        updates.by_ref(),
        |it| matches!(it, Ok(OrderUpdate::OrderStatus(it)) if it.order_id == base && it.status == OrderStatusKind::Filled),
    );
    checks.check("it fills", filled.await.is_some(), ());
    let cost = first(updates.by_ref(), |it| matches!(it, Ok(OrderUpdate::CommissionReport(_)))).await;
    checks.check("it has a commission", cost.is_some(), cost);
    let resting = client.submit_order(base + 1, stock, &order("LMT", Some(10.0))).await;
    checks.check("an order far away is sent", resting.is_ok(), resting);
    let rests = first(
        updates.by_ref(),
        |it| matches!(it, Ok(OrderUpdate::OrderStatus(it)) if it.order_id == base + 1 && it.status == OrderStatusKind::Submitted),
    );
    checks.check("it rests", rests.await.is_some(), ());
    let cancel = client.cancel_order(base + 1, "").await.map(drop);
    checks.check("its cancel is sent", cancel.is_ok(), cancel);
    let cancelled = first(
        updates,
        |it| matches!(it, Ok(OrderUpdate::OrderStatus(it)) if it.order_id == base + 1 && it.status == OrderStatusKind::Cancelled),
    );
    checks.check("it is cancelled", cancelled.await.is_some(), ());
    if let Some(told) =
        checks.good("executions are asked for", client.executions(ExecutionFilter::default()).await)
    {
        let execution = first(told.filter_data(), Result::is_ok).await;
        checks.check("executions are told again", execution.is_some(), execution);
    }
    if let Some(told) = checks.good("completed orders are asked for", client.completed_orders(false).await) {
        let completed = first(told.filter_data(), Result::is_ok).await;
        checks.check("completed orders are told", completed.is_some(), completed);
    }
}

async fn account(client: &Client, stock: &Contract, checks: &mut Checks) {
    let accounts = client.managed_accounts().await;
    checks.check("accounts are told", accounts.as_ref().is_ok_and(|it| !it.is_empty()), &accounts);
    let Some(name) = accounts.ok().and_then(|it| it.first().cloned()) else { return };
    let name: AccountId = name.as_str().into();
    if let Some(told) = checks.good("positions are asked for", client.positions().await) {
        let position = first(told.filter_data(), Result::is_ok).await;
        checks.check("positions are told", position.is_some(), position);
    }
    if let Some(told) = checks.good("profit and loss is asked for", client.pnl(&name, None).await) {
        let pnl = first(told.filter_data(), Result::is_ok).await;
        checks.check("profit and loss", pnl.is_some(), pnl);
    }
    let number = ContractId::from(stock.contract_id);
    let single = client.pnl_single(&name, number, None).await;
    if let Some(told) = checks.good("that of a position is asked for", single) {
        let pnl = first(told.filter_data(), Result::is_ok).await;
        checks.check("profit and loss of a position", pnl.is_some(), pnl);
    }
    let summary = client.account_summary(&AccountGroup("All".to_owned()), &["NetLiquidation"]).await;
    if let Some(told) = checks.good("a summary is asked for", summary) {
        let row = first(told.filter_data(), |it| matches!(it, Ok(AccountSummaryResult::Summary(_)))).await;
        checks.check("an account summary", row.is_some(), row);
    }
}

async fn others(client: &Client, checks: &mut Checks) {
    let scan = ScannerSubscription {
        number_of_rows: 5,
        instrument: Some("STK".to_owned()),
        location_code: Some("STK.US.MAJOR".to_owned()),
        scan_code: Some("TOP_PERC_GAIN".to_owned()),
        ..ScannerSubscription::default()
    };
    if let Some(scan) =
        checks.good("a scan is asked for", client.scanner_subscription(&scan, &Vec::new()).await)
    {
        let rows = first(scan.filter_data(), |it| matches!(it, Ok(rows) if !rows.is_empty())).await;
        checks.check("a scanner finds something", rows.is_some(), rows);
    }
    let parameters = client.scanner_parameters().await;
    checks.check("scanner parameters", parameters.as_ref().is_ok_and(|it| !it.is_empty()), parameters);
    let providers = client.news_providers().await;
    checks.check("news providers", providers.as_ref().is_ok_and(|it| !it.is_empty()), providers);
}

async fn session(address: &str, checks: &mut Checks) -> Option<()> {
    let client = checks.good("connects", Client::connect(address, 31).await)?;
    let stock = reference(&client, checks).await?;
    history(&client, &stock, checks).await;
    quotes(&client, &stock, checks).await;
    orders(&client, &stock, checks).await;
    account(&client, &stock, checks).await;
    others(&client, checks).await;
    client.disconnect().await;
    drop(client);
    let again = checks.good("connects again", Client::connect(address, 32).await)?;
    let positions = checks.good("positions are asked for again", again.positions().await)?;
    let position = first(positions.filter_data(), Result::is_ok).await;
    checks.check("positions are there again", position.is_some(), position);
    Some(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut checks = Checks::default();
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4002".to_owned());
    session(&address, &mut checks).await;
    println!("{} checks, {} failed", checks.passed + checks.failed, checks.failed);
    if checks.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
