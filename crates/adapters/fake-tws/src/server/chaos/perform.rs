//! When acts are done, and which is which. What takes more than a line stands beside it: `links`, `upheaval`.

use super::asking::message;
use super::{Due, Subject, Whom};
use crate::chaos::{About, Act, ClockOff, HandOrder, HandSide, Notice, OrderState, text_of};
use crate::server::Server;
use crate::server::family;
use crate::server::session::{Session, SessionId};
use crate::translate::number::to_float;
use crate::wire::proto;

/// What one thing may set off, one after the other; what would come then is left out.
const MOST_ROUNDS: usize = 16;

impl Server {
    /// Lets what was said pass, does what that sets off, and ends what it cuts.
    pub(in crate::server) fn settle(&mut self) {
        if !self.chaos.is_quiet() {
            self.follow();
            self.end_cut();
        }
    }

    /// Lets what was said pass, and does what that sets off.
    pub(super) fn follow(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let (notes, items) = self.outbox.take();
            if notes.is_empty() && items.is_empty() {
                return;
            }
            let now = self.world.now();
            let mut acts = self.chaos.pass(items, &self.sessions, now);
            for note in notes {
                self.greet_offline(note);
                acts.extend(self.chaos.happened(note, &self.sessions, now));
            }
            for act in &acts {
                self.perform(act);
            }
            self.tell_effects();
        }
        // What is left passes like the rest, but sets nothing off any more.
        let (_, items) = self.outbox.take();
        let left_out = self.chaos.pass(items, &self.sessions, self.world.now());
        if !left_out.is_empty() {
            tracing::warn!(
                acts = left_out.len(),
                "rules set one another off without end: the rest is left out"
            );
        }
    }

    /// Does what is due now.
    pub(in crate::server) fn chaos_on_time(&mut self) {
        if self.chaos.is_quiet() {
            return;
        }
        let now = self.world.now();
        let seed = self.chaos.seed;
        let mut acts = Vec::new();
        for standing in &mut self.chaos.rules {
            if standing.strikes(now, seed) {
                let rule = standing.rule();
                let whom = rule.client.map_or(Whom::Everyone, Whom::Client);
                let due = |act: &Act| Due { act: act.clone(), whom, subject: Subject::default() };
                acts.extend(rule.acts.iter().map(|act| (rule.after, due(act))));
            }
        }
        for (after, due) in acts {
            if after.is_zero() {
                self.perform(&due);
            } else {
                self.chaos.come(now.after(after), due);
            }
        }
        while let Some(entry) = self.chaos.to_come.first_entry().filter(|entry| entry.key().0 <= now) {
            let due = entry.remove();
            self.perform(&due);
        }
        self.chaos.turn_late(&self.sessions, now);
        let woken = self.chaos.turn_lines(&self.sessions, now);
        let mut held = Vec::new();
        while let Some(entry) = self.chaos.held.first_entry().filter(|entry| entry.key().0 <= now) {
            held.push(entry.remove());
        }
        self.answer_late(held);
        self.come_up(now);
        self.tell_effects();
        self.settle();
        for id in woken {
            self.receive(id, &[]);
        }
    }

    /// Looks whether there is still anything to play, and listens if so.
    pub(in crate::server) fn chaos_rests(&mut self) {
        if !self.chaos.is_quiet() {
            self.chaos.rest();
        }
        self.outbox.listen(!self.chaos.is_quiet());
    }

    pub(super) fn perform(&mut self, due: &Due) {
        let now = self.world.now();
        let Due { act, whom, subject } = due;
        match act {
            Act::Notice(notice) => self.give_notice(notice, *whom, *subject),
            Act::Cut => self.sessions_of(*whom).into_iter().for_each(|id| self.cut(id)),
            Act::HalfOpen => {
                for id in self.sessions_of(*whom) {
                    self.chaos.line(id).fall_silent();
                }
            }
            Act::Stall(span) => {
                for id in self.sessions_of(*whom) {
                    self.chaos.line(id).stall(now.after(*span));
                }
            }
            Act::StopData(stop) => self.stop_data(stop, *whom),
            Act::Raw(bytes) => self.send_raw(bytes, *whom),
            Act::ResetDepth => self.reset_depth_of(*whom),
            Act::Restart(restart) => self.restart(*restart),
            Act::NextOrderId(id) => self.next_order_id(*id),
            Act::RollBack(by) => self.roll_back(*by),
            Act::LoseConnectivity(outage) => {
                self.chaos.outage.lose(outage.orders);
                self.tell_all(1100, text_of(1100));
            }
            Act::RestoreConnectivity(data) => self.restore(*data),
            Act::Farm(farm) => self.farm(farm),
            Act::Language(language) => self.chaos.language = *language,
            Act::Clock(off) => self.chaos.clock_off = millis_ahead(*off),
            Act::EnterByHand(order) => self.enter_scripted(order),
            Act::Fill => self.parts().fill(subject.order),
            Act::Correct(correction) => self.parts().correct_last(subject.order, correction.by),
            Act::Bust(bust) => self.parts().bust_last(subject.order, bust.left),
            Act::Repeat => self.parts().repeat_last(subject.order),
            Act::Pretend(status) => self.pretend(*subject, *status),
            // These are done where the message or the request is.
            Act::Drop
            | Act::Duplicate(_)
            | Act::Delay(_)
            | Act::Reorder(_)
            | Act::Split(_)
            | Act::Merge(_)
            | Act::Truncate(_)
            | Act::Tear(_)
            | Act::Alter(_)
            | Act::Ignore
            | Act::Double
            | Act::Hold(_)
            | Act::Refuse(_) => {}
        }
    }

    pub(super) fn sessions_of(&self, whom: Whom) -> Vec<SessionId> {
        let is_it = |session: &&Session| match whom {
            Whom::Everyone => true,
            Whom::Client(client) => session.client_id() == Some(client),
            Whom::Session(id) => session.id == id,
        };
        self.sessions.values().filter(is_it).map(|session| session.id).collect()
    }

    pub(super) fn started(&self, whom: Whom) -> Vec<SessionId> {
        let is_ready = |id: &SessionId| self.sessions.get(id).is_some_and(family::connection::ready);
        self.sessions_of(whom).into_iter().filter(is_ready).collect()
    }

    pub(super) fn tell(&mut self, id: SessionId, answer: impl Into<crate::wire::Answer>) {
        let now = self.world.now();
        self.chaos.say(id, answer, &self.sessions, now);
    }

    pub(super) fn tell_all(&mut self, code: i32, text: String) {
        let told = message(None, code, text, self.world.now());
        for id in self.started(Whom::Everyone) {
            self.tell(id, told.clone());
        }
    }

    fn give_notice(&mut self, notice: &Notice, whom: Whom, subject: Subject) {
        let text = notice.text.clone().unwrap_or_else(|| text_of(notice.code));
        let number = subject.number.filter(|_| notice.about == About::It);
        let told = message(number, notice.code, text, self.world.now());
        for id in self.started(whom) {
            self.tell(id, told.clone());
        }
    }

    fn enter_scripted(&mut self, order: &HandOrder) {
        let contract = proto::Contract {
            symbol: Some(order.symbol.clone()),
            sec_type: Some("STK".to_owned()),
            exchange: Some("SMART".to_owned()),
            currency: Some("USD".to_owned()),
            ..proto::Contract::default()
        };
        let entered = proto::Order {
            action: Some(if order.side == HandSide::Buy { "BUY" } else { "SELL" }.to_owned()),
            total_quantity: Some(order.quantity.normalize().to_string()),
            order_type: Some(if order.limit.is_some() { "LMT" } else { "MKT" }.to_owned()),
            lmt_price: order.limit.map(to_float),
            account: self.world.accounts().first().map(|account| account.as_str().to_owned()),
            ..proto::Order::default()
        };
        if let Err(error) = self.parts().enter(&contract, &entered) {
            tracing::warn!(?error, symbol = order.symbol, "an order of the scenario was not taken");
        }
    }

    fn pretend(&mut self, subject: Subject, status: OrderState) {
        let Some((client_id, told, error)) = self.parts().pretend(subject.order, status.text()) else {
            return;
        };
        for id in self.parts().hearers(client_id) {
            self.tell(id, told.clone());
            if let Some(error) = error.clone() {
                self.tell(id, error);
            }
        }
    }
}

fn millis_ahead(off: ClockOff) -> i64 {
    let millis = |span: std::time::Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    match off {
        ClockOff::Ahead(span) => millis(span),
        ClockOff::Behind(span) => -millis(span),
    }
}
