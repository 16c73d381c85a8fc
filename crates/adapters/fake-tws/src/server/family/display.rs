//! Display groups: windows of the desktop that show the same contract, which clients may set and hear of.
//!
//! | request | answer |
//! | --- | --- |
//! | 67 | 67: the groups that there are |
//! | 68 | 68 with what the group shows, and again whenever that changes |
//! | 69 | 68 to all who have subscribed to the group |
//! | 70 | nothing |

use crate::server::context::Context;
use crate::server::error::{ApiError, NO_REQUEST};
use crate::server::lookup;
use crate::server::outbox::Outbox;
use crate::server::session::{Session, SessionId};
use crate::wire::proto::{
    DisplayGroupList, DisplayGroupUpdated, QueryDisplayGroupsRequest, SubscribeToGroupEventsRequest,
    UnsubscribeFromGroupEventsRequest, UpdateDisplayGroupRequest,
};
use std::collections::BTreeMap;

/// The numbers of the groups, the most used first.
const GROUPS: [i32; 7] = [1, 2, 3, 4, 5, 6, 7];
/// What a group shows that shows nothing.
const NOTHING: &str = "none";
/// What a group shows when it shows a combo.
const COMBO: &str = "combo";

/// What is kept of a connection: the groups of its subscriptions, by their request ids.
#[derive(Debug, Default)]
pub(crate) struct Watched(BTreeMap<i32, i32>);

/// What is kept for all connections: what the groups show, such as `1001@SMART`.
#[derive(Debug, Default)]
pub(crate) struct Shown(BTreeMap<i32, String>);

impl Shown {
    fn of(&self, group: i32) -> String {
        self.0.get(&group).cloned().unwrap_or_else(|| NOTHING.to_owned())
    }
}

/// The groups that there are.
pub(crate) fn query(context: &mut Context<'_>, request: &QueryDisplayGroupsRequest) {
    let groups = GROUPS.map(|group| group.to_string()).join("|");
    context.say(DisplayGroupList { req_id: request.req_id, groups: Some(groups) });
}

/// What a group shows, now and whenever it changes.
pub(crate) fn subscribe(context: &mut Context<'_>, request: &SubscribeToGroupEventsRequest) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    let group = request.group_id.unwrap_or_default();
    if !GROUPS.contains(&group) {
        return context.refuse(ApiError::invalid(id, format!("There is no display group {group}")));
    }
    if let Some(kept) = context.kept() {
        kept.watched.0.insert(id, group);
    }
    let contract_info = Some(context.shared.shown.of(group));
    context.say(DisplayGroupUpdated { req_id: Some(id), contract_info });
}

/// The group of a subscription shows another contract: all of its subscribers hear of it.
pub(crate) fn update(context: &mut Context<'_>, request: &UpdateDisplayGroupRequest) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    let watched = context.kept().and_then(|kept| kept.watched.0.get(&id).copied());
    let Some(group) = watched else {
        let cause = "There is no subscription to a display group with this id";
        return context.refuse(ApiError::invalid(id, cause));
    };
    let info = request.contract_info.as_deref().unwrap_or_default();
    if !can_show(context, info) {
        return context.refuse(ApiError::invalid(id, format!("{info:?} is not a contract to show")));
    }
    context.shared.shown.0.insert(group, info.to_owned());
    tell_all(context.sessions, context.outbox, group, info);
}

/// `none`, `combo`, or the number of a contract, where it trades behind an `@`.
fn can_show(context: &Context<'_>, info: &str) -> bool {
    if matches!(info, NOTHING | COMBO) {
        return true;
    }
    let number = info.split('@').next().unwrap_or_default();
    number.parse().ok().and_then(|number| lookup::of_number(context.world, number)).is_some()
}

fn tell_all(sessions: &BTreeMap<SessionId, Session>, outbox: &mut Outbox, group: i32, info: &str) {
    for session in sessions.values() {
        for (req_id, _) in session.kept.watched.0.iter().filter(|(_, watched)| **watched == group) {
            let contract_info = Some(info.to_owned());
            outbox.say(session.id, DisplayGroupUpdated { req_id: Some(*req_id), contract_info });
        }
    }
}

/// No more of a subscription; one that there is not ends as quietly.
pub(crate) fn unsubscribe(context: &mut Context<'_>, request: &UnsubscribeFromGroupEventsRequest) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    if let Some(kept) = context.kept() {
        kept.watched.0.remove(&id);
    }
}
