//! The account summary: values by their tags, for one account or all.
//!
//! A connection has two summaries: TWS counts the ids that it was ever asked under, and a cancel gives none back. An id
//! that was cancelled may be asked under again. Values of the ledger come a second time, with an end marker of their own.

use super::REFRESH;
use super::keys::{self, Value};
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::parts::Parts;
use crate::server::session::SessionId;
use crate::wire::proto;
use std::collections::{BTreeMap, BTreeSet};
use tradeport_kernel::{AccountId, Timestamp};

/// A connection may ask under so many ids.
const MOST: usize = 2;
const LEDGER: &str = "$LEDGER";

/// What a connection wants to hear.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    accounts: Vec<AccountId>,
    tags: Vec<String>,
    pub(super) next: Timestamp,
    /// What was told last, by account, name and currency.
    told: BTreeMap<(AccountId, String, String), String>,
}

/// A client asks for a summary.
pub(crate) fn summary(context: &mut Context<'_>, request: &proto::AccountSummaryRequest) {
    let req_id = request.req_id.unwrap_or_default();
    match try_summary(context, req_id, request) {
        Ok(()) => {}
        Err(error) => context.refuse(error),
    }
}

fn try_summary(
    context: &mut Context<'_>,
    req_id: i32,
    request: &proto::AccountSummaryRequest,
) -> Result<(), ApiError> {
    let heard = context.kept().map(|kept| &kept.account);
    if heard.as_ref().is_some_and(|heard| heard.summaries.contains_key(&req_id)) {
        let text = "Error processing request.-'bU' : cause - Duplicate ticker id";
        return Err(ApiError::about(req_id, Code::Processing, text));
    }
    let is_full = |asked: &BTreeSet<i32>| asked.len() >= MOST && !asked.contains(&req_id);
    if heard.is_some_and(|heard| is_full(&heard.summary_ids)) {
        let text = "Error processing request.-'bU' : cause - Maximum number of account summary requests exceeded; \
                    desubscribe to previous request first";
        return Err(ApiError::about(req_id, Code::Processing, text));
    }
    let (id, next) = (context.id, context.world.now().after(REFRESH));
    let mut parts = context.parts();
    let accounts = match request.group.as_deref().unwrap_or_default() {
        "" | "All" => parts.world.accounts().to_vec(),
        name => vec![parts.account_named(req_id, Some(name))?],
    };
    let tags: Vec<String> = request
        .tags
        .as_deref()
        .unwrap_or_default()
        .split(',')
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .take(100)
        .collect();
    if tags.is_empty() {
        return Err(ApiError::invalid(req_id, "Please enter at least one tag"));
    }
    let mut wanted = Wanted { accounts, tags, next, told: BTreeMap::new() };
    tell(&mut parts, id, req_id, &mut wanted);
    let of_ledger = wanted.tags.iter().filter(|tag| tag.starts_with(LEDGER)).cloned().collect();
    let mut ledger = Wanted { tags: of_ledger, told: BTreeMap::new(), ..wanted.clone() };
    context.say(proto::AccountSummaryEnd { req_id: Some(req_id) });
    if !ledger.tags.is_empty() {
        tell(&mut context.parts(), id, req_id, &mut ledger);
        context.say(proto::AccountSummaryEnd { req_id: Some(req_id) });
    }
    if let Some(kept) = context.kept() {
        kept.account.summary_ids.insert(req_id);
        kept.account.summaries.insert(req_id, wanted);
    }
    Ok(())
}

/// Tells what has changed since the last time.
fn tell(parts: &mut Parts<'_>, id: SessionId, req_id: i32, wanted: &mut Wanted) {
    for account in &wanted.accounts {
        let Some(figures) = parts.figures(account) else { continue };
        let mut values = chosen(keys::whole(&figures), &wanted.tags);
        values.extend(by_currency(keys::ledger(&figures), &wanted.tags));
        for it in values {
            let key = (account.clone(), it.key.to_owned(), it.currency.clone());
            if wanted.told.insert(key, it.value.clone()).as_ref() == Some(&it.value) {
                continue;
            }
            let row = proto::AccountSummary {
                req_id: Some(req_id),
                account: Some(account.as_str().to_owned()),
                tag: Some(it.key.to_owned()),
                value: Some(it.value),
                currency: Some(it.currency),
            };
            parts.say(&[id], row);
        }
    }
}

fn chosen(values: Vec<Value>, tags: &[String]) -> Vec<Value> {
    let all = tags.iter().any(|tag| tag == "All");
    values.into_iter().filter(|it| all || tags.iter().any(|tag| tag == it.key)).collect()
}

/// `$LEDGER` is the account's own currency, `$LEDGER:EUR` one, `$LEDGER:ALL` every one.
fn by_currency(values: Vec<Value>, tags: &[String]) -> Vec<Value> {
    let asked: Vec<&str> = tags.iter().filter_map(|tag| tag.strip_prefix(LEDGER)).collect();
    let wanted = |currency: &str| {
        asked.iter().any(|asked| match asked.strip_prefix(':') {
            None => currency == "BASE",
            Some("ALL") => true,
            Some(one) => currency == one,
        })
    };
    values.into_iter().filter(|it| wanted(&it.currency)).collect()
}

/// A client has seen enough.
pub(crate) fn cancel_summary(context: &mut Context<'_>, request: &proto::CancelAccountSummary) {
    if let Some(kept) = context.kept() {
        kept.account.summaries.remove(&request.req_id.unwrap_or_default());
    }
}

/// Tells a connection what has changed in a while.
pub(super) fn tell_due(parts: &mut Parts<'_>, id: SessionId) {
    let now = parts.world.now();
    let Some(session) = parts.sessions.get_mut(&id) else { return };
    let mut due = Vec::new();
    for (req_id, it) in session.kept.account.summaries.iter_mut().filter(|(_, it)| it.next <= now) {
        it.next = now.after(REFRESH);
        due.push((*req_id, it.clone()));
    }
    for (req_id, mut it) in due {
        tell(parts, id, req_id, &mut it);
        if let Some(session) = parts.sessions.get_mut(&id) {
            session.kept.account.summaries.insert(req_id, it);
        }
    }
}
