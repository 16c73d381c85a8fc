//! What happens to connections: who is taken, who is closed, whose market data stops.

use super::asking::message;
use super::line::{Parcel, Payload, Silence};
use super::{Chaos, Note, Whom};
use crate::chaos::{Port, StopData, text_of};
use crate::server::Server;
use crate::server::family::market_data;
use crate::server::outbox::Item;
use crate::server::session::{Session, SessionId};

impl Server {
    /// Somebody connects; `false` when it is not taken.
    pub(in crate::server) fn admits(&mut self, id: SessionId) -> bool {
        match self.chaos.down.map(|down| down.port) {
            None => {
                self.outbox.note(Note::Connection(id));
                true
            }
            Some(Port::Silent) => {
                self.chaos.line(id).fall_silent();
                true
            }
            Some(Port::Refuses | Port::Closes) => {
                self.chaos.ready.push((id, Item::Close("the server is restarting".to_owned())));
                false
            }
        }
    }

    pub(super) fn send_raw(&mut self, bytes: &[u8], whom: Whom) {
        let now = self.world.now();
        for id in self.started(whom) {
            let codec = self.sessions.get(&id).and_then(Session::codec);
            self.chaos.emit(id, Parcel::plain(Payload::Bytes(bytes.to_vec())), codec, now);
        }
    }

    /// Nothing more is said or read on a connection; it ends once what is going on is done.
    pub(in crate::server) fn cut(&mut self, id: SessionId) {
        self.chaos.line(id).fall_silent();
        self.chaos.cut.push(id);
    }

    pub(super) fn end_cut(&mut self) {
        let mut cut = std::mem::take(&mut self.chaos.cut);
        cut.sort_unstable();
        cut.dedup();
        for id in cut {
            self.sessions.remove(&id);
            self.outbox.forget(id);
            self.chaos.end(id, "the scenario closes it");
        }
    }

    pub(super) fn stop_data(&mut self, stop: &StopData, whom: Whom) {
        let now = self.world.now();
        let text = stop.text.clone().unwrap_or_else(|| text_of(stop.code));
        for id in self.started(whom) {
            let Some(session) = self.sessions.get(&id) else { continue };
            for number in session.kept.market_data.ids() {
                self.tell(id, message(Some(number), stop.code, text.clone(), now));
            }
            let until = stop.lasts.map(|lasts| now.after(lasts));
            self.chaos.line(id).silence = Some(Silence { until, code: stop.code, text: text.clone() });
        }
    }

    pub(super) fn reset_depth_of(&mut self, whom: Whom) {
        for id in self.started(whom) {
            if let Some(session) = self.sessions.get_mut(&id) {
                market_data::depth::reset(session, &mut self.world, &mut self.outbox);
            }
        }
    }

    /// A client that starts while the server has no connection of its own is told so.
    pub(super) fn greet_offline(&mut self, note: Note) {
        if let Note::Start(id, _) = note
            && self.chaos.is_offline()
        {
            self.tell(id, message(None, 2110, text_of(2110), self.world.now()));
        }
    }
}

impl Chaos {
    /// A connection ends, and with it all that waited for it but the end.
    fn end(&mut self, id: SessionId, reason: &str) {
        self.lines.remove(&id);
        self.late.retain(|_, (to, _)| *to != id);
        self.held.retain(|_, (from, _)| *from != id);
        self.outage.forget(id);
        self.ready.push((id, Item::Close(reason.to_owned())));
    }
}
