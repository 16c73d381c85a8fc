//! Positions, of all accounts or of one, now and whenever one changes.

use super::ledger::Ledger;
use crate::server::context::Context;
use crate::server::family::orders::plain;
use crate::server::family::parts::Parts;
use crate::server::lookup;
use crate::server::session::SessionId;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_kernel::{AccountId, Symbol};

/// An account whose positions a connection hears of by a request of its own.
#[derive(Clone, Debug)]
pub(crate) struct Multi {
    account: AccountId,
    model: String,
}

fn row(account: &AccountId, ledger: &Ledger) -> proto::Position {
    proto::Position {
        account: Some(account.as_str().to_owned()),
        contract: Some(lookup::contract_of(&ledger.contract)),
        position: Some(plain(ledger.quantity())),
        avg_cost: Some(to_float(ledger.average_cost())),
    }
}

fn multi_row(req_id: i32, it: &Multi, ledger: &Ledger) -> proto::PositionMulti {
    let row = row(&it.account, ledger);
    proto::PositionMulti {
        req_id: Some(req_id),
        account: row.account,
        contract: row.contract,
        position: row.position,
        avg_cost: row.avg_cost,
        model_code: Some(it.model.clone()),
    }
}

/// A client asks for the positions of all accounts.
pub(crate) fn positions(context: &mut Context<'_>) {
    let rows: Vec<proto::Position> = context
        .shared
        .account
        .rows
        .iter()
        .filter(|(_, ledger)| !ledger.quantity().is_zero())
        .map(|((account, _), ledger)| row(account, ledger))
        .collect();
    for row in rows {
        context.say(row);
    }
    context.say(proto::PositionEnd {});
    if let Some(kept) = context.kept() {
        kept.account.positions = true;
    }
}

/// A client has seen enough.
pub(crate) fn cancel_positions(context: &mut Context<'_>) {
    if let Some(kept) = context.kept() {
        kept.account.positions = false;
    }
}

/// A client asks for the positions of one account.
pub(crate) fn multi(context: &mut Context<'_>, request: &proto::PositionsMultiRequest) {
    let req_id = request.req_id.unwrap_or_default();
    let account = match context.parts().account_named(req_id, request.account.as_deref()) {
        Ok(account) => account,
        Err(error) => return context.refuse(error),
    };
    let it = Multi { account, model: request.model_code.clone().unwrap_or_default() };
    let held = context.shared.account.of(&it.account).filter(|ledger| !ledger.quantity().is_zero());
    let rows: Vec<_> = held.map(|ledger| multi_row(req_id, &it, ledger)).collect();
    for row in rows {
        context.say(row);
    }
    context.say(proto::PositionMultiEnd { req_id: Some(req_id) });
    if let Some(kept) = context.kept() {
        kept.account.positions_multi.insert(req_id, it);
    }
}

/// A client has seen enough of one account.
pub(crate) fn cancel_multi(context: &mut Context<'_>, request: &proto::CancelPositionsMulti) {
    if let Some(kept) = context.kept() {
        kept.account.positions_multi.remove(&request.req_id.unwrap_or_default());
    }
}

/// Tells whoever hears of positions that one has changed.
pub(super) fn tell_changed(parts: &mut Parts<'_>, account: &AccountId, symbol: Symbol) {
    let Some(ledger) = parts.shared.account.rows.get(&(account.clone(), symbol)).cloned() else { return };
    let mut all: Vec<SessionId> = Vec::new();
    let mut single = Vec::new();
    for session in parts.sessions.values() {
        if session.kept.account.positions {
            all.push(session.id);
        }
        let same = session.kept.account.positions_multi.iter().filter(|(_, it)| it.account == *account);
        single.extend(same.map(|(req_id, it)| (session.id, multi_row(*req_id, it, &ledger))));
    }
    parts.say(&all, row(account, &ledger));
    for (id, row) in single {
        parts.say(&[id], row);
    }
}
