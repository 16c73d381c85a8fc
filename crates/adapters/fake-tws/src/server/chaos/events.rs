//! Which rules something that happens sets off.

use super::{Chaos, Due, Note, Subject, Whom};
use crate::chaos::{Act, Event, Trigger};
use crate::server::session::{Session, SessionId};
use std::collections::BTreeMap;
use tradeport_kernel::Timestamp;

impl Chaos {
    /// What the families and the connections have done: the acts of the rules that it sets off.
    pub(super) fn happened(
        &mut self,
        note: Note,
        sessions: &BTreeMap<SessionId, Session>,
        now: Timestamp,
    ) -> Vec<Due> {
        let (client, whom, order) = match note {
            Note::Connection(id) => (None, Whom::Session(id), None),
            Note::Start(id, client_id) => (Some(client_id), Whom::Session(id), None),
            Note::Order { perm_id, client_id, .. } | Note::Execution { perm_id, client_id } => {
                let session = sessions.values().find(|it| it.client_id() == Some(client_id));
                let whom = session.map_or(Whom::Client(client_id), |it| Whom::Session(it.id));
                (Some(client_id), whom, Some(perm_id))
            }
        };
        let subject = Subject { order, number: None };
        let mut acts = Vec::new();
        for (act, at) in self.set_off(client, now, |event| is_it(event, note)) {
            let due = Due { act, whom, subject };
            match at {
                Some(at) => self.come(at, due),
                None => acts.push(due),
            }
        }
        acts
    }

    /// The acts of all rules that an event sets off, each with its moment if it comes later.
    pub(super) fn set_off(
        &mut self,
        client: Option<i32>,
        now: Timestamp,
        is_it: impl Fn(&Event) -> bool,
    ) -> Vec<(Act, Option<Timestamp>)> {
        let seed = self.seed;
        let mut acts = Vec::new();
        for standing in &mut self.rules {
            let Trigger::On(event) = standing.rule().trigger else { continue };
            let is_hers = standing.rule().client.is_none_or(|wanted| client == Some(wanted));
            if is_hers && is_it(&event) && standing.happens(now, seed) {
                let rule = standing.rule();
                let at = (!rule.after.is_zero()).then(|| now.after(rule.after));
                acts.extend(rule.acts.iter().map(|act| (act.clone(), at)));
            }
        }
        acts
    }
}

fn is_it(event: &Event, note: Note) -> bool {
    match (event, note) {
        (Event::Connection, Note::Connection(_))
        | (Event::Start, Note::Start(..))
        | (Event::Execution, Note::Execution { .. }) => true,
        (Event::Order(wanted), Note::Order { status, .. }) => wanted.text() == status,
        _ => false,
    }
}
