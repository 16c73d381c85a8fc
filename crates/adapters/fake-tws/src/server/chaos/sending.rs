//! What becomes of messages on their way out.

use super::alter::alter;
use super::line::{Line, Parcel, Payload, Way};
use super::{Chaos, Due, MOST_LATE, Subject, Whom};
use crate::chaos::{Act, ActKind, Event, OrderState};
use crate::server::outbox::Item;
use crate::server::session::{Session, SessionId};
use crate::wire::{Answer, Codec};
use std::collections::BTreeMap;
use tradeport_kernel::Timestamp;

/// So often is one message sent at most, whatever rules say together.
const MOST_COPIES: usize = 1_000;

impl Chaos {
    /// Lets messages pass, or what is left of them; the acts that they set off.
    pub(super) fn pass(
        &mut self,
        items: Vec<(SessionId, Item)>,
        sessions: &BTreeMap<SessionId, Session>,
        now: Timestamp,
    ) -> Vec<Due> {
        let mut acts = Vec::new();
        for (to, item) in items {
            let parcel = match item {
                Item::Raw(bytes) => Parcel::plain(Payload::Bytes(bytes)),
                Item::Close(reason) => Parcel::plain(Payload::Close(reason)),
                // The outbox has made answers of them.
                Item::Tick(_) => continue,
                Item::Answer(answer) => {
                    self.pass_answer(to, answer, sessions, now, &mut acts);
                    continue;
                }
            };
            if sessions.contains_key(&to) {
                self.emit(to, parcel, codec_of(sessions, to), now);
            } else if let Payload::Close(reason) = parcel.payload {
                self.ready.push((to, Item::Close(reason)));
            }
        }
        acts
    }

    fn pass_answer(
        &mut self,
        to: SessionId,
        mut answer: Answer,
        sessions: &BTreeMap<SessionId, Session>,
        now: Timestamp,
        due: &mut Vec<Due>,
    ) {
        let Some(session) = sessions.get(&to) else { return };
        if self.outage.swallows(&answer) || self.is_silent(to, &answer) {
            return;
        }
        self.outage.as_it_is(&mut answer);
        let client = session.client_id();
        let set_off = self.set_off(client, now, |event| is_sending(event, &answer));
        let answer = self.worded(answer);
        if set_off.is_empty() {
            return self.emit(to, Parcel::plain(Payload::Answer(answer)), session.codec(), now);
        }
        let subject = subject_of(&answer);
        let mut parcels = vec![Parcel::plain(Payload::Answer(answer))];
        for (act, at) in set_off {
            if act.kind() == ActKind::Sent {
                change(&mut parcels, &act, session.codec());
                continue;
            }
            let act = Due { act, whom: Whom::Session(to), subject };
            match at {
                Some(at) => self.come(at, act),
                None => due.push(act),
            }
        }
        for parcel in parcels {
            self.emit(to, parcel, session.codec(), now);
        }
    }

    /// Says something that no rule is asked about.
    pub(super) fn say(
        &mut self,
        to: SessionId,
        answer: impl Into<Answer>,
        sessions: &BTreeMap<SessionId, Session>,
        now: Timestamp,
    ) {
        let answer = self.worded(answer.into());
        self.emit(to, Parcel::plain(Payload::Answer(answer)), codec_of(sessions, to), now);
    }

    /// Sends, as far as the connection lets anything through.
    pub(super) fn emit(&mut self, to: SessionId, mut parcel: Parcel, codec: Option<Codec>, now: Timestamp) {
        if !parcel.delay.is_zero() && self.late.len() < MOST_LATE {
            let at = now.after(std::mem::take(&mut parcel.delay));
            let key = (at, self.count());
            self.late.insert(key, (to, parcel));
            return;
        }
        let mut way = Way { id: to, codec, now, ready: &mut self.ready };
        self.lines.entry(to).or_default().take(parcel, &mut way);
    }

    /// Time has passed on every connection; those that are read again.
    pub(super) fn turn_lines(
        &mut self,
        sessions: &BTreeMap<SessionId, Session>,
        now: Timestamp,
    ) -> Vec<SessionId> {
        let mut woken = Vec::new();
        let due: Vec<SessionId> = self
            .lines
            .iter()
            .filter(|(_, line)| line.next().is_some_and(|at| at <= now))
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            let codec = codec_of(sessions, id);
            let Some(line) = self.lines.get_mut(&id) else { continue };
            let was_still = line.is_still();
            line.turn(&mut Way { id, codec, now, ready: &mut self.ready });
            if was_still && !line.is_still() {
                woken.push(id);
            }
        }
        woken
    }

    /// Sends what was late and is due.
    pub(super) fn turn_late(&mut self, sessions: &BTreeMap<SessionId, Session>, now: Timestamp) {
        while let Some(entry) = self.late.first_entry().filter(|entry| entry.key().0 <= now) {
            let (to, parcel) = entry.remove();
            if sessions.contains_key(&to) {
                self.emit(to, parcel, codec_of(sessions, to), now);
            }
        }
    }

    pub(super) fn line(&mut self, id: SessionId) -> &mut Line {
        self.lines.entry(id).or_default()
    }

    fn is_silent(&self, to: SessionId, answer: &Answer) -> bool {
        let silence = self.lines.get(&to).and_then(|line| line.silence.as_ref());
        silence.is_some() && crate::chaos::Said::Data.holds(answer.kind())
    }

    /// In the language of the server, and by its clock.
    fn worded(&self, mut answer: Answer) -> Answer {
        match &mut answer {
            Answer::ErrorMessage(message) => {
                let (code, text) = (message.error_code.unwrap_or_default(), message.error_msg.take());
                message.error_msg = text.map(|text| self.language.tell(code, &text));
            }
            Answer::CurrentTime(it) => {
                it.current_time = it.current_time.map(|at| at.saturating_add(self.clock_off / 1_000));
            }
            Answer::CurrentTimeInMillis(it) => {
                let at = it.current_time_in_millis;
                it.current_time_in_millis = at.map(|at| at.saturating_add(self.clock_off));
            }
            _ => {}
        }
        answer
    }
}

fn codec_of(sessions: &BTreeMap<SessionId, Session>, id: SessionId) -> Option<Codec> {
    sessions.get(&id).and_then(Session::codec)
}

/// Does an act on a message to what is left of it.
fn change(parcels: &mut Vec<Parcel>, act: &Act, codec: Option<Codec>) {
    match act {
        Act::Drop => parcels.clear(),
        Act::Duplicate(times) => {
            let all = parcels.clone();
            for _ in 0..*times {
                parcels.extend(all.iter().cloned());
                parcels.truncate(MOST_COPIES);
            }
        }
        Act::Delay(by) => parcels.iter_mut().for_each(|it| it.delay = it.delay.saturating_add(*by)),
        Act::Reorder(reorder) => parcels.iter_mut().for_each(|it| it.behind = Some(*reorder)),
        Act::Split(split) => parcels.iter_mut().for_each(|it| it.split = Some(*split)),
        Act::Merge(merge) => parcels.iter_mut().for_each(|it| it.merge = Some(*merge)),
        Act::Truncate(bytes) => parcels.iter_mut().for_each(|it| it.truncate(*bytes, codec)),
        Act::Alter(how) => {
            for parcel in parcels {
                if let Payload::Answer(answer) = &mut parcel.payload {
                    alter(answer, *how);
                }
            }
        }
        Act::Tear(bytes) => parcels.iter_mut().for_each(|it| it.tear(*bytes, codec)),
        _ => {}
    }
}

fn is_sending(event: &Event, answer: &Answer) -> bool {
    let Event::Sending { message, code, status } = event else { return false };
    message.holds(answer.kind())
        && code.is_none_or(|code| matches!(answer, Answer::ErrorMessage(it) if it.error_code == Some(code)))
        && status.is_none_or(|status| has_status(answer, status))
}

fn has_status(answer: &Answer, wanted: OrderState) -> bool {
    match answer {
        Answer::OrderStatus(it) => says(it.status.as_deref(), wanted),
        Answer::OpenOrder(it) => says(it.order_state.as_ref().and_then(|it| it.status.as_deref()), wanted),
        Answer::CompletedOrder(it) => {
            says(it.order_state.as_ref().and_then(|it| it.status.as_deref()), wanted)
        }
        _ => false,
    }
}

/// Does an order's message say this status?
fn says(status: Option<&str>, wanted: OrderState) -> bool {
    status == Some(wanted.text())
}

/// The order or the request that a message is about.
fn subject_of(answer: &Answer) -> Subject {
    let (order, number) = match answer {
        Answer::OrderStatus(it) => (it.perm_id, it.order_id),
        Answer::OpenOrder(it) => (it.order.as_ref().and_then(|it| it.perm_id), it.order_id),
        Answer::ExecutionDetails(it) => {
            let execution = it.execution.as_ref();
            (execution.and_then(|it| it.perm_id), execution.and_then(|it| it.order_id))
        }
        Answer::ErrorMessage(it) => (None, it.id),
        Answer::TickPrice(it) => (None, it.req_id),
        Answer::TickSize(it) => (None, it.req_id),
        Answer::RealTimeBarTick(it) => (None, it.req_id),
        Answer::HistoricalDataUpdate(it) => (None, it.req_id),
        _ => (None, None),
    };
    Subject { order, number }
}
