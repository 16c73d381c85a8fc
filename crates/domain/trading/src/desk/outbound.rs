//! What leaves: orders, cancels, targets.

use super::{DeskError, OrderDesk, Placed, state::DeskState};
use crate::PlatformEvent;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Quantity, SignedQuantity, Symbol, Timestamp};
use tradeport_orders::{
    CancelError, ClearedCancel, ClearedOrder, JournalEntry, JournalError, JournalReceipt, Order, OrderDraft,
    OrderInput, OrderIntent, OrderKind, SubmitError,
};
use tradeport_portfolio::{TargetInputs, TargetPercent, TargetRules};
use tradeport_risk::{RiskRefusal, RiskVerdict, judge};

/// What the first half of a submission decided.
enum Admission {
    /// In the journal and approved; to be sent.
    Cleared(ClearedOrder),
    /// In the journal and stopped by risk.
    Stopped(RiskRefusal),
    /// The key was there before.
    Repeat,
}

impl OrderDesk {
    /// Places an order: risk verdict, journal, gateway, state.
    ///
    /// The same intent under the same key is placed once, whatever happens in between: a repeat returns what became of
    /// the first. An outcome that nobody knows is `Ok` with the state `Unknown`; it is never sent again.
    pub async fn submit(&self, intent: OrderIntent) -> Result<Placed, DeskError> {
        let contract = self.contract(intent.symbol()).await?;
        check_fit(&contract, &intent)?;
        let key = intent.key().clone();
        let detail =
            format!("{} {} {} {}", intent.side(), intent.size(), intent.symbol(), intent.kind().name());
        let (repeat, refusal) = match self.admit(intent).await? {
            Admission::Repeat => (true, None),
            Admission::Stopped(refusal) => {
                self.audit("order stopped", &key, format!("{detail}: {refusal}")).await?;
                (false, Some(refusal))
            }
            Admission::Cleared(order) => {
                self.send(&order, detail).await?;
                (false, None)
            }
        };
        let order = self.order(&key).await.ok_or(DeskError::UnknownOrder(key))?;
        Ok(Placed { order, repeat, refusal })
    }

    /// Sends a cleared order and keeps what became of it.
    async fn send(&self, order: &ClearedOrder, detail: String) -> Result<(), DeskError> {
        let key = order.intent().key();
        if let Err(error) = self.audit("order cleared", key, detail).await {
            // Certain: it stays here. Should the journal fail too, the broker's snapshots will prove it.
            self.happened(key, OrderInput::NotSent { reason: error.to_string() }).await?;
            return Err(error);
        }
        let outcome = outcome_of(self.ports.gateway.submit(order).await);
        let kept = self.happened(key, outcome).await;
        kept.map(drop).map_err(|cause| DeskError::AnswerNotKept { key: key.clone(), cause: Box::new(cause) })
    }

    /// Under the lock: judge, keep, and only then clear.
    async fn admit(&self, intent: OrderIntent) -> Result<Admission, DeskError> {
        let now = self.ports.clock.now();
        let mut state = self.state.lock().await;
        if let Some(known) = state.book().get(intent.key()) {
            return if *known.intent() == intent {
                Ok(Admission::Repeat)
            } else {
                Err(DeskError::KeyReused(intent.key().clone()))
            };
        }
        if state.portfolio(intent.account()).is_none() {
            return Err(DeskError::UnknownAccount(intent.account().clone()));
        }
        let verdict = self.judge(&state, &intent, now);
        let key = intent.key().clone();
        let happened = |input| JournalEntry::happened(key.clone(), input, now);
        let mut entries = vec![JournalEntry::intended(intent.clone(), now)];
        match &verdict {
            RiskVerdict::Approved { rules } => {
                entries.extend([
                    happened(OrderInput::RiskApproved { rules: *rules }),
                    happened(OrderInput::Sent),
                ]);
            }
            RiskVerdict::Refused(RiskRefusal { rule, number, limit }) => {
                let (rule, number, limit) = (rule.to_string(), number.clone(), limit.clone());
                entries.push(happened(OrderInput::RiskRefused { rule, number, limit }));
            }
        }
        let receipts = self.keep(&mut state, &entries).await?;
        match verdict {
            RiskVerdict::Approved { .. } => {
                let receipt = receipts.first().ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
                Ok(Admission::Cleared(ClearedOrder::by_desk(intent, receipt)?))
            }
            RiskVerdict::Refused(refusal) => {
                self.bus.publish(&PlatformEvent::RiskRefused { key, refusal: refusal.clone() });
                Ok(Admission::Stopped(refusal))
            }
        }
    }

    fn judge(&self, state: &DeskState, intent: &OrderIntent, now: Timestamp) -> RiskVerdict {
        let limit = self.settings.policy.max_quote_age();
        let view = self.board(|board| {
            let quote = board.fresh(intent.symbol(), now, limit).copied();
            state.view(intent, now, quote, |symbol| board.fresh_mid(symbol, now, limit).ok())
        });
        judge(&self.settings.policy, &view, intent)
    }

    /// Keeps entries, then lets them take effect, in this order and under the caller's lock.
    pub(super) async fn keep(
        &self,
        state: &mut DeskState,
        entries: &[JournalEntry],
    ) -> Result<Vec<JournalReceipt>, DeskError> {
        let receipts = self.ports.journal.append(entries).await.map_err(|error| match error {
            JournalError::DuplicateIntent(key) => DeskError::KeyReused(key),
            other => DeskError::Journal(other),
        })?;
        for entry in entries {
            let applied = state.apply(entry)?;
            for event in state.settle(entry, &applied) {
                self.bus.publish(&event);
            }
        }
        Ok(receipts)
    }

    pub(super) async fn happened(
        &self,
        key: &OrderKey,
        input: OrderInput,
    ) -> Result<Vec<JournalReceipt>, DeskError> {
        let entry = JournalEntry::happened(key.clone(), input, self.ports.clock.now());
        let mut state = self.state.lock().await;
        self.keep(&mut state, &[entry]).await
    }

    /// Asks to cancel an order. The broker's answer comes as an event: until then it can still trade.
    pub async fn cancel(&self, key: &OrderKey) -> Result<Order, DeskError> {
        let order = self.order(key).await.ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
        if order.state().is_final() {
            return Err(DeskError::Ended { key: key.clone(), state: order.state() });
        }
        let receipts = self.happened(key, OrderInput::CancelRequested).await?;
        let receipt = receipts.first().ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
        let cancel = ClearedCancel::by_desk(key.clone(), order.perm_id(), order.broker_order_id(), receipt)?;
        let sent = self.ports.gateway.cancel(&cancel).await;
        if let Err(CancelError::Refused { .. } | CancelError::NotSent(_) | CancelError::NoSuchOrder(_)) =
            &sent
        {
            let reason = sent.as_ref().err().map(ToString::to_string).unwrap_or_default();
            self.happened(key, OrderInput::CancelRefused { reason }).await?;
        }
        self.audit("cancel sent", key, String::new()).await?;
        sent?;
        self.order(key).await.ok_or_else(|| DeskError::UnknownOrder(key.clone()))
    }

    /// Brings the account's share in an instrument to `target` with one market order, counting what is in flight as
    /// done; `None` when the trade would be too small to make.
    pub async fn target(
        &self,
        key: OrderKey,
        account: &AccountId,
        symbol: Symbol,
        target: TargetPercent,
        rules: &TargetRules,
    ) -> Result<Option<Placed>, DeskError> {
        let contract = self.contract(symbol).await?;
        let inputs = self.target_inputs(account, &contract).await?;
        let Some((side, quantity)) = target.trade(&inputs, rules)? else { return Ok(None) };
        let draft = OrderDraft::new(key, account.clone(), symbol, side, quantity, OrderKind::Market);
        let intent = draft.check().map_err(|error| DeskError::NoPrice(error.to_string()))?;
        self.submit(intent).await.map(Some)
    }

    async fn target_inputs(
        &self,
        account: &AccountId,
        contract: &Contract,
    ) -> Result<TargetInputs, DeskError> {
        let (now, limit) = (self.ports.clock.now(), self.settings.policy.max_quote_age());
        let symbol = contract.symbol();
        let state = self.state.lock().await;
        let portfolio = state.portfolio(account).ok_or_else(|| DeskError::UnknownAccount(account.clone()))?;
        let price = |symbol: Symbol| -> Result<Price, DeskError> {
            self.board(|board| board.fresh_mid(symbol, now, limit))
                .map_err(|why| DeskError::NoPrice(why.to_string()))
        };
        let value = portfolio.value(|symbol| price(symbol).ok())?;
        let held = portfolio.position(symbol).map_or(Decimal::ZERO, |held| held.quantity().as_decimal());
        let (buys, sells) = state.open(account, symbol);
        let unknown = || DeskError::NoPrice("an open order's quantity is not known".to_owned());
        let (buys, sells) = (buys.ok_or_else(unknown)?, sells.ok_or_else(unknown)?);
        Ok(TargetInputs {
            symbol,
            portfolio_value: value.total,
            held: SignedQuantity::new(held + buys - sells)
                .map_err(|error| DeskError::NoPrice(error.to_string()))?,
            price: price(symbol)?,
            multiplier: contract.multiplier(),
            lot: contract.lot(),
        })
    }
}

fn outcome_of(result: Result<tradeport_orders::Accepted, SubmitError>) -> OrderInput {
    match result {
        Ok(accepted) => OrderInput::Accepted {
            perm_id: accepted.perm_id,
            broker_order_id: Some(accepted.broker_order_id),
        },
        Err(SubmitError::Refused { reason }) => OrderInput::Refused { reason },
        Err(SubmitError::NotSent(cause)) => OrderInput::NotSent { reason: cause.to_string() },
        Err(SubmitError::OutcomeUnknown(cause)) => OrderInput::OutcomeUnknown { reason: cause.to_string() },
        Err(error @ SubmitError::Unsupported(_)) => OrderInput::NotSent { reason: error.to_string() },
    }
}

/// Refuses before a round trip what every broker refuses: prices and quantities between the steps.
fn check_fit(contract: &Contract, intent: &OrderIntent) -> Result<(), DeskError> {
    let symbol = contract.symbol();
    let kind = intent.kind();
    for price in [kind.limit_price(), kind.trigger_price()].into_iter().flatten() {
        if !price.is_positive() {
            return Err(DeskError::PriceNotPositive { symbol, price: price.as_decimal() });
        }
        if !contract.fits_step(price) {
            let (price, step) = (price.as_decimal(), contract.price_step());
            return Err(DeskError::PriceStep { symbol, price, step });
        }
    }
    // Money buys what lots it buys: the broker cuts it to size.
    let Some(quantity) = intent.quantity().map(Quantity::as_decimal) else { return Ok(()) };
    match quantity.checked_rem(contract.lot()) {
        Some(rest) if rest.is_zero() => Ok(()),
        _ => Err(DeskError::Lot { symbol, quantity, lot: contract.lot() }),
    }
}
