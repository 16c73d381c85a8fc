//! Profit and loss, told every second: of an account, and of one position.

use super::SECOND;
use crate::server::context::Context;
use crate::server::error::ApiError;
use crate::server::family::orders::plain;
use crate::server::family::parts::Parts;
use crate::server::session::SessionId;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_kernel::{AccountId, Decimal};

fn money(amount: Decimal) -> Option<f64> {
    Some(to_float(amount.round_dp(6)))
}

/// A client asks what an account earns.
pub(crate) fn pnl(context: &mut Context<'_>, request: &proto::PnLRequest) {
    let req_id = request.req_id.unwrap_or_default();
    let (id, next) = (context.id, context.world.now().after(SECOND));
    let mut parts = context.parts();
    let account = match parts.account_named(req_id, request.account.as_deref()) {
        Ok(account) => account,
        Err(error) => return context.refuse(error),
    };
    tell_account(&mut parts, id, req_id, &account);
    if let Some(kept) = context.kept() {
        kept.account.pnl.insert(req_id, account);
        kept.account.next_pnl.get_or_insert(next);
    }
}

/// A client asks what one position earns.
pub(crate) fn single(context: &mut Context<'_>, request: &proto::PnLSingleRequest) {
    let req_id = request.req_id.unwrap_or_default();
    let (id, next) = (context.id, context.world.now().after(SECOND));
    let con_id = request.con_id.unwrap_or_default();
    let mut parts = context.parts();
    let account = match parts.account_named(req_id, request.account.as_deref()) {
        Ok(account) => account,
        Err(error) => return context.refuse(error),
    };
    if con_id <= 0 {
        return context.refuse(ApiError::invalid(req_id, "Please enter a contract id"));
    }
    tell_single(&mut parts, id, req_id, (&account, con_id));
    if let Some(kept) = context.kept() {
        kept.account.singles.insert(req_id, (account, con_id));
        kept.account.next_pnl.get_or_insert(next);
    }
}

/// A client has seen enough of an account.
pub(crate) fn cancel_pnl(context: &mut Context<'_>, request: &proto::CancelPnL) {
    if let Some(kept) = context.kept() {
        kept.account.pnl.remove(&request.req_id.unwrap_or_default());
    }
}

/// A client has seen enough of a position.
pub(crate) fn cancel_single(context: &mut Context<'_>, request: &proto::CancelPnLSingle) {
    if let Some(kept) = context.kept() {
        kept.account.singles.remove(&request.req_id.unwrap_or_default());
    }
}

/// Tells a connection what is earned, when a second has passed.
pub(super) fn tell_due(parts: &mut Parts<'_>, id: SessionId) {
    let now = parts.world.now();
    let Some(session) = parts.sessions.get_mut(&id) else { return };
    let heard = &mut session.kept.account;
    if heard.next_pnl.is_none_or(|next| next > now) {
        return;
    }
    let watching = !heard.pnl.is_empty() || !heard.singles.is_empty();
    heard.next_pnl = watching.then(|| now.after(SECOND));
    let (accounts, singles) = (heard.pnl.clone(), heard.singles.clone());
    for (req_id, account) in &accounts {
        tell_account(parts, id, *req_id, account);
    }
    for (req_id, (account, con_id)) in &singles {
        tell_single(parts, id, *req_id, (account, *con_id));
    }
}

fn tell_account(parts: &mut Parts<'_>, id: SessionId, req_id: i32, account: &AccountId) {
    parts.refresh_account(account);
    let zero = Decimal::ZERO;
    let (mut daily, mut unrealized, mut realized) = (zero, zero, zero);
    let own = parts.currency_of(account);
    for ledger in parts.shared.account.of(account) {
        let (price, rate) = (parts.price_of(ledger), parts.rate_to(own, ledger.contract.currency()));
        let here = |amount: Decimal| amount.saturating_mul(rate);
        daily += here(ledger.earned_today(price).unwrap_or_default());
        unrealized += here(ledger.unrealized(price).unwrap_or_default());
        realized += here(ledger.realized_today());
    }
    let told = proto::PnL {
        req_id: Some(req_id),
        daily_pnl: money(daily),
        unrealized_pnl: money(unrealized),
        realized_pnl: money(realized),
    };
    parts.say(&[id], told);
}

fn tell_single(parts: &mut Parts<'_>, id: SessionId, req_id: i32, (account, con_id): (&AccountId, i32)) {
    parts.refresh_account(account);
    let number = i64::from(con_id);
    let ledger = parts.shared.account.of(account).find(|it| it.contract.id().number() == number);
    let price = ledger.and_then(|ledger| parts.price_of(ledger));
    let told = proto::PnLSingle {
        req_id: Some(req_id),
        position: Some(plain(ledger.map_or(Decimal::ZERO, |it| it.quantity()))),
        daily_pnl: ledger.and_then(|it| it.earned_today(price)).and_then(money),
        unrealized_pnl: ledger.and_then(|it| it.unrealized(price)).and_then(money),
        realized_pnl: ledger.and_then(|it| money(it.realized_today())),
        value: ledger.and_then(|it| it.worth(price)).and_then(money),
    };
    parts.say(&[id], told);
}
