//! What happens to the whole server: restarts, its order ids, connectivity and farms.

use super::asking::message;
use super::outage::{Outage, Serves, farm_words, serves};
use super::{Down, Whom};
use crate::chaos::{Data, Farm, FarmState, Restart, text_of};
use crate::server::Server;
use tradeport_kernel::Timestamp;

impl Server {
    pub(super) fn restart(&mut self, restart: Restart) {
        for id in self.sessions_of(Whom::Everyone) {
            self.cut(id);
        }
        self.roll_back(restart.roll_back);
        self.chaos.down = Some(Down { until: self.world.now().after(restart.down), port: restart.port });
    }

    /// The server is back, with connectivity and all farms: those who have waited in silence are closed.
    pub(super) fn come_up(&mut self, now: Timestamp) {
        if self.chaos.down.is_none_or(|down| down.until > now) {
            return;
        }
        self.chaos.down = None;
        self.chaos.outage = Outage::default();
        self.tell_effects();
        for id in self.sessions_of(Whom::Everyone) {
            self.cut(id);
        }
        self.end_cut();
    }

    pub(super) fn roll_back(&mut self, by: u32) {
        let next = self.shared.connection.next_order_id;
        self.next_order_id(next.saturating_sub(i32::try_from(by).unwrap_or(i32::MAX)).max(1));
    }

    pub(super) fn next_order_id(&mut self, id: i32) {
        let next = &mut self.shared.connection.next_order_id;
        if id < *next {
            self.shared.orders.forget_ids(id);
        }
        *next = id;
    }

    pub(super) fn restore(&mut self, data: Data) {
        let waiting = self.chaos.outage.restore();
        let code = if data == Data::Lost { 1101 } else { 1102 };
        self.tell_all(code, text_of(code));
        self.resume_streams(data);
        self.tell_effects();
        self.answer_late(waiting);
    }

    /// Streams begin again, or are gone.
    pub(super) fn resume_streams(&mut self, data: Data) {
        match data {
            Data::Kept => self.reset_depth_of(Whom::Everyone),
            Data::Lost => {
                for session in self.sessions.values_mut() {
                    session.kept.market_data.lose();
                    session.kept.history.lose();
                }
            }
        }
    }

    pub(super) fn farm(&mut self, farm: &Farm) {
        self.chaos.outage.farm(&farm.name, farm.is);
        let (code, text) = farm_words(&farm.name, farm.is);
        self.tell_all(code, text);
        match (serves(&farm.name), farm.is) {
            (Serves::Data, FarmState::Ok) => self.resume_streams(farm.data),
            (Serves::History, FarmState::Broken) => self.end_updates(),
            _ => {}
        }
    }

    /// History that is kept up to date is no more.
    pub(super) fn end_updates(&mut self) {
        let now = self.world.now();
        for id in self.started(Whom::Everyone) {
            let Some(session) = self.sessions.get_mut(&id) else { continue };
            for number in session.kept.history.lose() {
                self.tell(id, message(Some(number), 10_182, text_of(10_182), now));
            }
        }
    }
}
