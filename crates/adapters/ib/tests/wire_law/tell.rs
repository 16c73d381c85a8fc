//! The other end tells something beside orders and contracts, and the library makes its objects of it.
//!
//! Left out: what anything means.

use crate::line::Line;
use futures::{Stream, StreamExt};
use ibapi::accounts::types::AccountId;
use ibapi::accounts::{AccountUpdate, AccountValue, PositionMulti, PositionUpdateMulti};
use ibapi::contracts::Contract;
use ibapi::market_data::historical::{Bar, BarSize, Duration};
use ibapi::market_data::realtime::{BidAsk, MidPoint, Trade};
use ibapi::market_data::{IgnoreSize, TradingHours};
use ibapi::orders::{CommissionReport, ExecutionData, OrderUpdate};
use ibapi::subscriptions::SubscriptionItem;
use tradeport_fake_tws::wire::{Answer, Request, proto};

/// So many values of a stream.
async fn take<T, E: std::fmt::Debug>(
    mut stream: impl Stream<Item = Result<SubscriptionItem<T>, E>> + Unpin,
    count: usize,
) -> Vec<T> {
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        match stream.next().await {
            Some(Ok(SubscriptionItem::Data(one))) => all.push(one),
            Some(Ok(SubscriptionItem::Notice(notice))) => panic!("a notice: {notice}"),
            Some(Err(error)) => panic!("an error: {error:?}"),
            None => panic!("the stream has ended"),
        }
    }
    all
}

fn tick_by_tick(request: &Request) -> Option<Option<i32>> {
    match request {
        Request::TickByTick(it) => Some(it.req_id),
        _ => None,
    }
}

fn numbered(rows: Vec<proto::TickByTickData>, req_id: Option<i32>) -> impl Iterator<Item = Answer> {
    rows.into_iter().map(move |row| proto::TickByTickData { req_id, ..row }.into())
}

impl Line {
    fn tell_updates(&mut self, answers: Vec<Answer>) -> Vec<OrderUpdate> {
        let Self { runtime, updates, peer, .. } = self;
        runtime.block_on(async {
            let count = answers.len();
            peer.say(answers).await;
            take(updates, count).await
        })
    }

    pub(crate) fn tell_executions(&mut self, answers: Vec<Answer>) -> Vec<ExecutionData> {
        let told = self.tell_updates(answers).into_iter();
        told.map(|update| match update {
            OrderUpdate::ExecutionData(data) => data,
            other => panic!("no execution: {other:?}"),
        })
        .collect()
    }

    pub(crate) fn tell_commissions(&mut self, answers: Vec<Answer>) -> Vec<CommissionReport> {
        let told = self.tell_updates(answers).into_iter();
        told.map(|update| match update {
            OrderUpdate::CommissionReport(report) => report,
            other => panic!("no cost: {other:?}"),
        })
        .collect()
    }

    pub(crate) fn tell_positions(&mut self, rows: Vec<proto::PositionMulti>) -> Vec<PositionMulti> {
        let Self { runtime, client, peer, .. } = self;
        runtime.block_on(async {
            let count = rows.len() + 1;
            let asked = client.positions_multi(None, None);
            let answered = async {
                let req_id = peer
                    .asked(|request| match request {
                        Request::PositionsMulti(it) => Some(it.req_id),
                        _ => None,
                    })
                    .await;
                let rows = rows.into_iter().map(|row| proto::PositionMulti { req_id, ..row }.into());
                peer.say(rows.chain([proto::PositionMultiEnd { req_id }.into()])).await;
            };
            let (stream, ()) = futures::join!(asked, answered);
            let told = take(&mut stream.unwrap(), count).await;
            let row = |it| match it {
                PositionUpdateMulti::Position(row) => Some(row),
                PositionUpdateMulti::PositionEnd => None,
            };
            told.into_iter().filter_map(row).collect()
        })
    }

    pub(crate) fn tell_bars(&mut self, historical_data_bars: Vec<proto::HistoricalDataBar>) -> Vec<Bar> {
        let Self { runtime, client, peer, .. } = self;
        runtime.block_on(async {
            let contract = Contract::stock("AAPL").build();
            let asked = client.historical_data(&contract, BarSize::Min).trading_hours(TradingHours::Extended);
            let asked = asked.duration(Duration::DAY).fetch();
            let answered = async {
                let req_id = peer
                    .asked(|request| match request {
                        Request::HistoricalData(it) => Some(it.req_id),
                        _ => None,
                    })
                    .await;
                let (start_date_str, end_date_str) = (None, None);
                let bars =
                    proto::HistoricalData { req_id, historical_data_bars, start_date_str, end_date_str };
                let (start_date_str, end_date_str) =
                    (Some("20260102 00:00:00 UTC".to_owned()), Some("20260103 00:00:00 UTC".to_owned()));
                let end = proto::HistoricalDataEnd { req_id, start_date_str, end_date_str };
                peer.say([Answer::from(bars), end.into()]).await;
            };
            let (told, ()) = futures::join!(asked, answered);
            told.unwrap().bars
        })
    }

    pub(crate) fn tell_quotes(&mut self, rows: Vec<proto::TickByTickData>) -> Vec<BidAsk> {
        let Self { runtime, client, peer, .. } = self;
        runtime.block_on(async {
            let (contract, count) = (Contract::stock("AAPL").build(), rows.len());
            let asked = client.tick_by_tick(&contract, 0).bid_ask(IgnoreSize::No);
            let answered = async {
                let req_id = peer.asked(tick_by_tick).await;
                peer.say(numbered(rows, req_id)).await;
            };
            let (stream, ()) = futures::join!(asked, answered);
            take(&mut stream.unwrap(), count).await
        })
    }

    pub(crate) fn tell_prints(&mut self, rows: Vec<proto::TickByTickData>) -> Vec<Trade> {
        let Self { runtime, client, peer, .. } = self;
        runtime.block_on(async {
            let (contract, count) = (Contract::stock("AAPL").build(), rows.len());
            let asked = client.tick_by_tick(&contract, 0).all_last();
            let answered = async {
                let req_id = peer.asked(tick_by_tick).await;
                peer.say(numbered(rows, req_id)).await;
            };
            let (stream, ()) = futures::join!(asked, answered);
            take(&mut stream.unwrap(), count).await
        })
    }

    pub(crate) fn tell_mids(&mut self, rows: Vec<proto::TickByTickData>) -> Vec<MidPoint> {
        let Self { runtime, client, peer, .. } = self;
        runtime.block_on(async {
            let (contract, count) = (Contract::stock("AAPL").build(), rows.len());
            let asked = client.tick_by_tick(&contract, 0).mid_point();
            let answered = async {
                let req_id = peer.asked(tick_by_tick).await;
                peer.say(numbered(rows, req_id)).await;
            };
            let (stream, ()) = futures::join!(asked, answered);
            take(&mut stream.unwrap(), count).await
        })
    }

    /// The figures of accounts, one after the other; the rows of each.
    pub(crate) fn tell_figures(&mut self, accounts: Vec<Vec<proto::AccountValue>>) -> Vec<Vec<AccountValue>> {
        let Self { runtime, client, peer, .. } = self;
        runtime.block_on(async {
            let account = AccountId::from("DU1");
            let counts: Vec<usize> = accounts.iter().map(Vec::len).collect();
            let asked = client.account_updates(&account);
            let answered = async {
                peer.asked(|request| match request {
                    Request::AccountData(it) if it.subscribe == Some(true) => Some(None),
                    _ => None,
                })
                .await;
                peer.say(accounts.into_iter().flatten().map(Answer::from)).await;
            };
            let (stream, ()) = futures::join!(asked, answered);
            let rows = take(&mut stream.unwrap(), counts.iter().sum()).await;
            let mut rows = rows.into_iter().map(|row| match row {
                AccountUpdate::AccountValue(row) => row,
                other => panic!("no such row was told: {other:?}"),
            });
            counts.into_iter().map(|count| rows.by_ref().take(count).collect()).collect()
        })
    }
}
