//! What becomes of requests on their way in.

use super::outage::{Verdict, is_for_data};
use super::{Chaos, Due, MOST_HELD, Subject, Whom};
use crate::chaos::{Act, ActKind, Event, text_of};
use crate::server::Server;
use crate::server::error::ApiError;
use crate::server::session::{Session, SessionId};
use crate::wire::proto::ErrorMessage;
use crate::wire::{Codec, Request, RequestKind};
use tradeport_kernel::Timestamp;

/// What rules make of a request.
#[derive(Debug, Default)]
struct Fate {
    is_ignored: bool,
    is_doubled: bool,
    hold: Option<std::time::Duration>,
    refusal: Option<(i32, String)>,
}

impl Server {
    /// A request has arrived: it is answered, unless the scenario has something else in mind.
    pub(in crate::server) fn asked(&mut self, id: SessionId, codec: Codec, request: Request) {
        if self.chaos.is_quiet() {
            return self.answer(id, codec, request);
        }
        let Some(request) = self.judge(id, request) else { return };
        self.answer_and_note(id, codec, request);
    }

    /// Answers, and takes note of a client that has started with it.
    pub(in crate::server) fn answer_and_note(&mut self, id: SessionId, codec: Codec, request: Request) {
        let client = |server: &Self| server.sessions.get(&id).and_then(Session::client_id);
        let before = client(self);
        self.answer(id, codec, request);
        if let (None, Some(client_id)) = (before, client(self)) {
            self.outbox.note(super::Note::Start(id, client_id));
        }
    }

    /// Answers requests that have waited.
    pub(super) fn answer_late(&mut self, requests: Vec<(SessionId, Request)>) {
        for (id, request) in requests {
            if let Some(codec) = self.sessions.get(&id).and_then(Session::codec) {
                self.answer_and_note(id, codec, request);
                self.tell_effects();
            }
        }
    }

    /// The request, if it is to be answered now.
    fn judge(&mut self, id: SessionId, request: Request) -> Option<Request> {
        let now = self.world.now();
        let (kind, number) = (request.kind(), number_of(&request));
        let client = self.sessions.get(&id).and_then(Session::client_id);
        let order = client.zip(number).and_then(|(client, number)| self.parts().live_order(client, number));
        let order = order.filter(|_| matches!(kind, RequestKind::PlaceOrder | RequestKind::CancelOrder));
        let subject = Subject { order, number };
        let (fate, acts) = self.chaos.received(id, client, kind, subject, now);
        for act in acts {
            self.perform(&act);
        }
        self.tell_effects();
        // What is cut ends only behind the request, which has arrived.
        self.follow();
        if fate.is_ignored {
            return None;
        }
        if let Some((code, text)) = fate.refusal {
            self.refuse(id, number, code, text);
            return None;
        }
        if fate.is_doubled
            && let (Request::PlaceOrder(change), Some(_), Some(client)) = (&request, order, client)
        {
            if let Err(error) = self.parts().double(client, change) {
                self.outbox.say(id, error.message(now));
            }
            return None;
        }
        if let Some(span) = fate.hold
            && self.chaos.held.len() < MOST_HELD
        {
            let key = (now.after(span), self.chaos.count());
            self.chaos.held.insert(key, (id, request));
            return None;
        }
        if is_for_data(kind)
            && let Some(silence) = self.chaos.lines.get(&id).and_then(|line| line.silence.clone())
        {
            self.refuse(id, number, silence.code, silence.text);
            return None;
        }
        match self.chaos.outage.judge(id, request, number) {
            Verdict::Answer(request) => Some(request),
            Verdict::Waits => None,
            Verdict::Refuse(error) => {
                self.outbox.say(id, error.message(now));
                None
            }
        }
    }

    fn refuse(&mut self, id: SessionId, number: Option<i32>, code: i32, text: String) {
        self.outbox.say(id, message(number, code, text, self.world.now()));
    }
}

impl Chaos {
    fn received(
        &mut self,
        id: SessionId,
        client: Option<i32>,
        kind: RequestKind,
        subject: Subject,
        now: Timestamp,
    ) -> (Fate, Vec<Due>) {
        let is_it = |event: &Event| matches!(event, Event::Received(asked) if asked.holds(kind));
        let (mut fate, mut acts) = (Fate::default(), Vec::new());
        for (act, at) in self.set_off(client, now, is_it) {
            match (&act, at) {
                (Act::Ignore, _) => fate.is_ignored = true,
                (Act::Double, _) => fate.is_doubled = true,
                (Act::Hold(span), _) => fate.hold = Some(fate.hold.unwrap_or_default().saturating_add(*span)),
                (Act::Refuse(it), _) => {
                    let text = it.text.clone().unwrap_or_else(|| text_of(it.code));
                    fate.refusal = Some((it.code, text));
                }
                (_, at) if act.kind() != ActKind::Sent => {
                    let due = Due { act, whom: Whom::Session(id), subject };
                    match at {
                        Some(at) => self.come(at, due),
                        None => acts.push(due),
                    }
                }
                _ => {}
            }
        }
        (fate, acts)
    }
}

/// An error or a notice with any code.
pub(super) fn message(number: Option<i32>, code: i32, text: String, now: Timestamp) -> ErrorMessage {
    let any = ApiError::notice(crate::server::Code::Processing, text);
    let id = Some(number.unwrap_or(any.id));
    ErrorMessage { id, error_code: Some(code), ..any.message(now) }
}

/// The id that a client gave its request or its order. In the schema it is the first field of whatever has one.
pub(super) fn number_of(request: &Request) -> Option<i32> {
    if !has_number(request.kind()) {
        return None;
    }
    let mut bytes = Vec::new();
    request.put_protobuf(&mut bytes);
    let (first, mut rest) = bytes.split_first().map(|(first, rest)| (*first, rest))?;
    // Field 1, a number of variable length.
    if first != 8 {
        return None;
    }
    let number = prost::encoding::decode_varint(&mut rest).ok()?;
    // Negative numbers are written with all their sixty-four bits.
    i32::try_from(number.cast_signed()).ok()
}

const fn has_number(kind: RequestKind) -> bool {
    !matches!(
        kind,
        RequestKind::OpenOrders
            | RequestKind::AllOpenOrders
            | RequestKind::AccountData
            | RequestKind::AutoOpenOrders
            | RequestKind::CompletedOrders
            | RequestKind::CurrentTime
            | RequestKind::CurrentTimeInMillis
            | RequestKind::RequestFa
            | RequestKind::GlobalCancel
            | RequestKind::Ids
            | RequestKind::ManagedAccounts
            | RequestKind::MarketDataType
            | RequestKind::MarketRule
            | RequestKind::NewsBulletins
            | RequestKind::SetServerLogLevel
            | RequestKind::StartApi
    )
}
