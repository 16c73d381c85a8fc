//! The broker itself: what it was told to say, and what it was sent.

use super::{EPOCH, account, apple};
use async_trait::async_trait;
use futures::StreamExt;
use futures::channel::mpsc;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use tradeport_contracts::{
    CatalogError, Contract, ContractCatalog, ContractDraft, ContractId, Instrument, OptionChain,
    TradingSessions,
};
use tradeport_kernel::{
    AccountId, BrokerOrderId, ConnectionEpoch, Currency, Decimal, Money, OrderKey, Snapshot, Symbol,
    Timestamp, UnreadRow,
};
use tradeport_memory::MemoryJournal;
use tradeport_orders::{
    Accepted, BrokerEvent, BrokerNews, BrokerOrder, CancelError, CancelTag, ClearedCancel, ClearedChange,
    ClearedOrder, ClearedPreview, Execution, GatewayError, OrderChange, OrderEvents, OrderGateway,
    OrderIntent, OrderJournal, OrderPreview, PreviewError, SubmitError,
};
use tradeport_portfolio::{AccountEvents, AccountFeed, AccountFeedError, AccountSummary, Position};

/// What the broker was told to say, and what it was sent.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) answers: VecDeque<Result<Accepted, SubmitError>>,
    pub(crate) previews: VecDeque<Result<OrderPreview, PreviewError>>,
    pub(crate) previewed: Vec<OrderIntent>,
    /// No preview is answered.
    pub(crate) previews_hang: bool,
    /// What the listener is told when a preview is asked for.
    pub(crate) news_at_preview: Option<BrokerEvent>,
    pub(crate) change_answers: VecDeque<Result<(), SubmitError>>,
    pub(crate) changes: Vec<OrderChange>,
    /// What each changed order said before, by the desk's word.
    pub(crate) wordings: Vec<OrderIntent>,
    pub(crate) cancel_answers: VecDeque<Result<(), CancelError>>,
    pub(crate) tags: Vec<CancelTag>,
    /// What the listener is told once so many orders have been sent.
    pub(crate) news_after: Option<(usize, BrokerEvent)>,
    pub(crate) sent: Vec<OrderIntent>,
    /// Orders, changes and cancels are taken one step after they were called for, and answered another step later.
    pub(crate) slow: bool,
    /// So many of them were called for.
    pub(crate) calls: usize,
    pub(crate) held_back: Vec<bool>,
    pub(crate) written_when_sent: Vec<usize>,
    pub(crate) cancels: Vec<OrderKey>,
    /// How often everything of the login was to be cancelled.
    pub(crate) everything: usize,
    /// So many cancels must have come before the first of them is answered.
    pub(crate) cancels_together: usize,
    waiting: Vec<Waker>,
    pub(crate) open: Vec<BrokerOrder>,
    /// Open orders that nobody can read.
    pub(crate) unread: Vec<UnreadRow>,
    /// The same of orders that have ended, and of executions.
    pub(crate) unread_ended: Vec<UnreadRow>,
    pub(crate) unread_executions: Vec<UnreadRow>,
    pub(crate) completed: Vec<BrokerOrder>,
    pub(crate) executions: Vec<Execution>,
    pub(crate) positions: Vec<Position>,
    /// The accounts of the login, where they are not the usual one.
    pub(crate) managed: Vec<AccountId>,
    /// What can be traded besides the one share.
    pub(crate) listed: Vec<Contract>,
    /// What the catalog was asked for.
    pub(crate) resolved: Vec<Symbol>,
    /// The catalog cannot be asked for anything.
    pub(crate) catalog_down: bool,
    pub(crate) silent: bool,
    /// Whoever asks for open orders waits until this is over.
    pub(crate) open_hangs: bool,
    pub(crate) executions_of_an_earlier_epoch: bool,
    pub(crate) completed_of_an_earlier_epoch: bool,
    /// Executions are answered with an error.
    pub(crate) executions_refused: bool,
    /// At which asking for executions, counted from 1, the late ones have happened.
    pub(crate) trades_at_reading: Option<usize>,
    pub(crate) late_executions: Vec<Execution>,
    pub(crate) readings: usize,
    listener: Option<mpsc::UnboundedSender<BrokerEvent>>,
}

pub(crate) struct Broker {
    journal: MemoryJournal,
    script: Mutex<Script>,
}

impl Broker {
    pub(super) fn new(journal: MemoryJournal) -> Self {
        Self { journal, script: Mutex::default() }
    }

    pub(crate) fn script<T>(&self, work: impl FnOnce(&mut Script) -> T) -> T {
        work(&mut self.script.lock().unwrap())
    }

    /// A step that nothing comes of.
    async fn step(&self) {
        if self.script(|script| script.slow) {
            step().await;
        }
    }

    async fn called(&self) {
        self.script(|script| script.calls += 1);
        self.step().await;
    }

    pub(crate) fn say(&self, name: Option<&str>, news: BrokerNews) {
        let event = BrokerEvent { epoch: EPOCH, at: Timestamp::EPOCH, key: name.map(super::key), news };
        self.script(|script| script.listener.as_ref().unwrap().unbounded_send(event).unwrap());
    }
}

/// Waits once, and goes on with the next step.
pub(crate) async fn step() {
    let mut waited = false;
    poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[async_trait]
impl OrderGateway for Broker {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        self.called().await;
        let written = self.journal.of(order.intent().key()).await.unwrap().len();
        let answer = self.script(|script| {
            script.sent.push(order.intent().clone());
            script.held_back.push(order.is_held_back());
            script.written_when_sent.push(written);
            let number = i64::try_from(script.sent.len()).unwrap();
            let accepted =
                Accepted { epoch: EPOCH, perm_id: None, broker_order_id: BrokerOrderId::new(number) };
            let after = script.news_after.take_if(|(count, _)| *count == script.sent.len());
            if let Some((_, event)) = after {
                script.listener.as_ref().unwrap().unbounded_send(event).unwrap();
            }
            script.answers.pop_front().unwrap_or(Ok(accepted))
        });
        self.step().await;
        answer
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        let (answer, hangs) = self.script(|script| {
            script.previewed.push(order.intent().clone());
            if let Some(event) = script.news_at_preview.take() {
                script.listener.as_ref().unwrap().unbounded_send(event).unwrap();
            }
            (script.previews.pop_front().unwrap_or_else(|| Ok(OrderPreview::default())), script.previews_hang)
        });
        if hangs {
            std::future::pending::<()>().await;
        }
        // Whoever was told something gets to it first.
        step().await;
        answer
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        self.called().await;
        let answer = self.script(|script| {
            script.changes.push(change.change().clone());
            script.wordings.extend(change.wording().cloned());
            script.change_answers.pop_front().unwrap_or(Ok(()))
        });
        self.step().await;
        answer
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        self.called().await;
        let answer = self.script(|script| {
            script.cancels.push(cancel.key().clone());
            script.tags.push(cancel.tag().clone());
            script.cancel_answers.pop_front().unwrap_or(Ok(()))
        });
        let all_came = |script: &mut Script, context: &Context<'_>| {
            if script.cancels.len() >= script.cancels_together {
                script.waiting.drain(..).for_each(Waker::wake);
                return Poll::Ready(());
            }
            script.waiting.push(context.waker().clone());
            Poll::Pending
        };
        poll_fn(|context| self.script(|script| all_came(script, context))).await;
        self.step().await;
        answer
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        self.script(|script| script.everything += 1);
        Ok(())
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        let (sender, receiver) = mpsc::unbounded();
        self.script(|script| script.listener = Some(sender));
        Ok(receiver.boxed())
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        if self.script(|script| script.silent) {
            return Err(GatewayError::EpochLost(EPOCH));
        }
        while self.script(|script| script.open_hangs) {
            step().await;
        }
        let (open, unread) = self.script(|script| (script.open.clone(), script.unread.clone()));
        Ok(Snapshot::complete(EPOCH, Timestamp::EPOCH, open).with_unread(unread))
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        let (ended, unread) = self.script(|script| (script.completed.clone(), script.unread_ended.clone()));
        let earlier = self.script(|script| script.completed_of_an_earlier_epoch);
        let epoch = if earlier { ConnectionEpoch::new(0) } else { EPOCH };
        Ok(Snapshot::complete(epoch, Timestamp::EPOCH, ended).with_unread(unread))
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        if self.script(|script| script.executions_refused) {
            return Err(GatewayError::Unavailable("321: Error validating request".into()));
        }
        let (earlier, mut rows) = self.script(|script| {
            script.readings += 1;
            if script.trades_at_reading == Some(script.readings) {
                let late = std::mem::take(&mut script.late_executions);
                script.executions.extend(late);
            }
            (script.executions_of_an_earlier_epoch, script.executions.clone())
        });
        rows.retain(|execution| execution.at >= since);
        let epoch = if earlier { ConnectionEpoch::new(0) } else { EPOCH };
        let unread = self.script(|script| script.unread_executions.clone());
        Ok(Snapshot::complete(epoch, Timestamp::EPOCH, rows).with_unread(unread))
    }
}

#[async_trait]
impl AccountFeed for Broker {
    async fn accounts(&self) -> Result<Vec<AccountId>, AccountFeedError> {
        let managed = self.script(|script| script.managed.clone());
        Ok(if managed.is_empty() { vec![account()] } else { managed })
    }

    async fn summary(&self, account: &AccountId) -> Result<AccountSummary, AccountFeedError> {
        let cash = Money::new(Decimal::from(100_000), Currency::USD);
        let nothing = Money::zero(Currency::USD);
        Ok(AccountSummary {
            account: account.clone(),
            at: Timestamp::EPOCH,
            net_liquidation: cash,
            cash,
            positions_value: nothing,
            buying_power: cash,
            maintenance_margin: nothing,
            realized_pnl: nothing,
            unrealized_pnl: nothing,
            rates: Default::default(),
            balances: None,
        })
    }

    async fn positions(&self, _: &AccountId) -> Result<Snapshot<Position>, AccountFeedError> {
        Ok(Snapshot::complete(EPOCH, Timestamp::EPOCH, self.script(|script| script.positions.clone())))
    }

    async fn events(&self) -> Result<AccountEvents, AccountFeedError> {
        Err(AccountFeedError::Unsupported("events"))
    }
}

#[async_trait]
impl ContractCatalog for Broker {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        let symbol = instrument.symbol();
        self.script(|script| script.resolved.push(symbol));
        if self.script(|script| script.catalog_down) {
            return Err(CatalogError::Unavailable("no definitions".into()));
        }
        let listed =
            |script: &mut Script| script.listed.iter().find(|it| it.instrument() == instrument).cloned();
        if let Some(contract) = self.script(listed) {
            return Ok(contract);
        }
        if symbol != apple() {
            return Err(CatalogError::NotFound(symbol.to_string()));
        }
        let draft = ContractDraft {
            id: ContractId::new(265_598),
            symbol,
            instrument: instrument.clone(),
            name: "APPLE INC".into(),
            currency: Currency::USD,
            price_step: "0.01".parse().unwrap(),
            lot: Decimal::ONE,
            multiplier: Decimal::ONE,
            sessions: TradingSessions::always(),
            details: Default::default(),
        };
        Ok(draft.check().unwrap())
    }

    async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError> {
        let found = self.script(|script| script.listed.iter().find(|it| it.id() == id).cloned());
        found.ok_or_else(|| CatalogError::NotFound(id.number().to_string()))
    }

    async fn search(&self, _: &str) -> Result<Vec<Contract>, CatalogError> {
        Err(CatalogError::Unsupported("search"))
    }

    async fn option_chains(&self, _: &Instrument) -> Result<Vec<OptionChain>, CatalogError> {
        Err(CatalogError::Unsupported("option chains"))
    }
}
