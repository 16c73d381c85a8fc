//! Account updates: all values and positions of an account, now and whenever they change.

use super::figures::Figures;
use super::ledger::Ledger;
use super::{REFRESH, keys};
use crate::server::context::Context;
use crate::server::family::orders::plain;
use crate::server::family::parts::Parts;
use crate::server::lookup;
use crate::server::session::SessionId;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_kernel::{AccountId, Decimal, Symbol, Timestamp};

/// The one account that a connection watches.
#[derive(Clone, Debug)]
pub(crate) struct Updates {
    account: AccountId,
    pub(super) next: Timestamp,
}

/// An account that a connection watches by a request of its own.
#[derive(Clone, Debug)]
pub(crate) struct Multi {
    account: AccountId,
    model: String,
    ledger_only: bool,
    pub(super) next: Timestamp,
}

/// A client begins or ceases to watch an account.
pub(crate) fn updates(context: &mut Context<'_>, request: &proto::AccountDataRequest) {
    if request.subscribe == Some(false) {
        if let Some(kept) = context.kept() {
            kept.account.updates = None;
        }
        return;
    }
    let (id, next) = (context.id, context.world.now().after(REFRESH));
    let mut parts = context.parts();
    let account = match parts.account_named(-1, request.acct_code.as_deref()) {
        Ok(account) => account,
        Err(error) => return context.refuse(error),
    };
    tell_all(&mut parts, id, &account);
    parts.say(&[id], proto::AccountDataEnd { account_name: Some(account.as_str().to_owned()) });
    if let Some(kept) = context.kept() {
        kept.account.updates = Some(Updates { account, next });
    }
}

fn tell_all(parts: &mut Parts<'_>, id: SessionId, account: &AccountId) {
    let Some(figures) = parts.figures(account) else { return };
    tell_values(parts, id, &figures);
    let rows: Vec<Ledger> = parts.shared.account.of(account).cloned().collect();
    for ledger in rows.iter().filter(|ledger| !ledger.quantity().is_zero()) {
        tell_position(parts, id, account, ledger);
    }
    tell_time(parts, id);
}

fn tell_values(parts: &mut Parts<'_>, id: SessionId, figures: &Figures) {
    let account_name = Some(figures.account.as_str().to_owned());
    for it in keys::window(figures) {
        let value = proto::AccountValue {
            key: Some(it.key.to_owned()),
            value: Some(it.value),
            currency: Some(it.currency),
            account_name: account_name.clone(),
        };
        parts.say(&[id], value);
    }
}

fn tell_position(parts: &mut Parts<'_>, id: SessionId, account: &AccountId, ledger: &Ledger) {
    let price = parts.price_of(ledger);
    let money = |amount: Option<Decimal>| Some(to_float(amount.unwrap_or_default().round_dp(6)));
    let row = proto::PortfolioValue {
        contract: Some(lookup::contract_of(&ledger.contract)),
        position: Some(plain(ledger.quantity())),
        market_price: money(price),
        market_value: money(ledger.worth(price)),
        average_cost: money(Some(ledger.average_cost())),
        unrealized_pnl: money(ledger.unrealized(price)),
        realized_pnl: money(Some(ledger.realized_today())),
        account_name: Some(account.as_str().to_owned()),
    };
    parts.say(&[id], row);
}

fn tell_time(parts: &mut Parts<'_>, id: SessionId) {
    let (hour, minute, _) = parts.world.now().to_utc().time().as_hms();
    parts.say(&[id], proto::AccountUpdateTime { time_stamp: Some(format!("{hour:02}:{minute:02}")) });
}

/// A client watches an account, or all of them, by a request.
pub(crate) fn multi(context: &mut Context<'_>, request: &proto::AccountUpdatesMultiRequest) {
    let req_id = request.req_id.unwrap_or_default();
    let (id, next) = (context.id, context.world.now().after(REFRESH));
    let mut parts = context.parts();
    let account = match parts.account_named(req_id, request.account.as_deref()) {
        Ok(account) => account,
        Err(error) => return context.refuse(error),
    };
    let it = Multi {
        account,
        model: request.model_code.clone().unwrap_or_default(),
        ledger_only: request.ledger_and_nlv.unwrap_or_default(),
        next,
    };
    tell_multi(&mut parts, id, req_id, &it);
    context.say(proto::AccountUpdateMultiEnd { req_id: Some(req_id) });
    if let Some(kept) = context.kept() {
        kept.account.multi.insert(req_id, it);
    }
}

fn tell_multi(parts: &mut Parts<'_>, id: SessionId, req_id: i32, it: &Multi) {
    let Some(figures) = parts.figures(&it.account) else { return };
    let values = if it.ledger_only {
        let net = keys::whole(&figures).into_iter().filter(|value| value.key == "NetLiquidation");
        net.chain(keys::ledger(&figures)).collect()
    } else {
        keys::window(&figures)
    };
    for value in values {
        let told = proto::AccountUpdateMulti {
            req_id: Some(req_id),
            account: Some(it.account.as_str().to_owned()),
            model_code: Some(it.model.clone()),
            key: Some(value.key.to_owned()),
            value: Some(value.value),
            currency: Some(value.currency),
        };
        parts.say(&[id], told);
    }
}

/// A client ceases to watch by a request.
pub(crate) fn cancel_multi(context: &mut Context<'_>, request: &proto::CancelAccountUpdatesMulti) {
    if let Some(kept) = context.kept() {
        kept.account.multi.remove(&request.req_id.unwrap_or_default());
    }
}

/// Tells a connection what has not been told for a while.
pub(super) fn tell_due(parts: &mut Parts<'_>, id: SessionId) {
    let now = parts.world.now();
    let Some(session) = parts.sessions.get_mut(&id) else { return };
    let heard = &mut session.kept.account;
    let mut account = None;
    if let Some(updates) = heard.updates.as_mut().filter(|it| it.next <= now) {
        updates.next = now.after(REFRESH);
        account = Some(updates.account.clone());
    }
    let mut due = Vec::new();
    for (req_id, it) in heard.multi.iter_mut().filter(|(_, it)| it.next <= now) {
        it.next = now.after(REFRESH);
        due.push((*req_id, it.clone()));
    }
    if let Some(account) = account {
        tell_all(parts, id, &account);
    }
    for (req_id, it) in due {
        tell_multi(parts, id, req_id, &it);
    }
}

/// Tells those who watch an account that a position of it has changed.
pub(super) fn tell_changed(parts: &mut Parts<'_>, account: &AccountId, symbol: Symbol) {
    let watching: Vec<SessionId> = parts
        .sessions
        .values()
        .filter(|it| it.kept.account.updates.as_ref().is_some_and(|it| it.account == *account))
        .map(|it| it.id)
        .collect();
    if watching.is_empty() {
        return;
    }
    let Some(figures) = parts.figures(account) else { return };
    let ledger = parts.shared.account.rows.get(&(account.clone(), symbol)).cloned();
    for id in watching {
        if let Some(ledger) = &ledger {
            tell_position(parts, id, account, ledger);
        }
        tell_values(parts, id, &figures);
        tell_time(parts, id);
    }
}
