//! What stands behind the program at the other end: the broker's own link, its data servers, and the streams that flow
//! from them; and when not being ready is worth an alarm.

use super::{Effect, Farms, Phase, Supervisor};
use crate::calendar::OutageKind;
use crate::subscriptions::{Generation, StreamId, StreamOrder};
use crate::{Condition, Farm, Notice, NoticeClass};
use tradeport_kernel::Timestamp;

impl Supervisor {
    /// Classes decide, never texts. What a notice speaks of must still show itself: see [`crate::Remedy`].
    pub(super) fn noticed(&mut self, notice: &Notice, now: Timestamp, effects: &mut Vec<Effect>) {
        if notice.class == NoticeClass::Unknown {
            self.raise(Condition::UnknownNotice, now, effects, || {
                format!("the broker said something that stands in no table: {}", notice.text)
            });
        }
        if self.up().is_none() {
            return;
        }
        let name = notice.farm.as_deref().unwrap_or_default();
        match notice.class {
            NoticeClass::BrokerOffline => self.offline(&notice.text, now, effects),
            NoticeClass::BrokerOnline => self.online(now),
            NoticeClass::DataLost => {
                self.back(now);
                self.register.data_lost(now);
            }
            NoticeClass::FarmDown(farm) => self.farms(|farms| farms.down(farm, name, now)),
            NoticeClass::FarmUp(farm) => self.farm_up(farm, name, now),
            // It sleeps because nobody needs it: it is no outage, and ends one.
            NoticeClass::FarmIdle(farm) => self.farms(|farms| {
                farms.up(farm, name, now);
            }),
            NoticeClass::SessionEnds => self.end_epoch(&notice.text, true, now, effects),
            NoticeClass::ReadOnly => {
                self.read_only = true;
                self.raise(Condition::ReadOnly, now, effects, || {
                    format!(
                        "no order is taken from us: {}; switch read-only off in TWS or IB Gateway",
                        notice.text
                    )
                });
            }
            _ => {}
        }
    }

    fn farms(&mut self, change: impl FnOnce(&mut Farms)) {
        if let Some(up) = self.up_mut() {
            change(&mut up.farms);
        }
    }

    fn farm_up(&mut self, farm: Farm, name: &str, now: Timestamp) {
        let news = self.up_mut().is_some_and(|up| up.farms.up(farm, name, now));
        if news {
            self.register.doubt(Some(farm), now);
        }
    }

    fn offline(&mut self, text: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(up) = self.up_mut() else { return };
        if up.offline_since.is_some() {
            return;
        }
        up.offline_since = Some(now);
        self.offline_total_since.get_or_insert(now);
        self.tell_lost_here(text, now, effects);
    }

    /// Back, and streams go on: or so it is said.
    fn online(&mut self, now: Timestamp) {
        if self.up().is_some_and(|up| up.offline_since.is_some()) {
            self.back(now);
            self.register.doubt(None, now);
        }
    }

    /// Whatever happened meanwhile is to be asked for: orders, executions, positions.
    fn back(&mut self, now: Timestamp) {
        if let Some(up) = self.up_mut() {
            up.offline_since = None;
            up.gate.doubt(now);
            up.pulse.ask_anew(now);
        }
    }

    pub(super) fn datum(
        &mut self,
        stream: StreamId,
        generation: Generation,
        delayed: bool,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        if !self.register.datum(stream, generation, delayed, now) {
            return;
        }
        let settle = self.settings.settle;
        let needs = self.register.needs(stream).unwrap_or_default();
        let Some(up) = self.up_mut() else { return };
        for farm in Farm::ALL.into_iter().filter(|farm| needs.has(*farm)) {
            up.farms.shown(farm, now, settle);
        }
        // Data that comes long after the broker was told to be offline proves that it is not.
        if up.offline_since.is_some_and(|since| now.since(since) >= settle) {
            self.online(now);
            self.wake = now;
        }
        if self.alarms.stands(Condition::StreamsSilent) && self.register.silent(now).next().is_none() {
            self.clear(Condition::StreamsSilent, effects);
        }
    }

    /// The broker's own link and its data servers.
    pub(super) fn look_upstream(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let expected = self.outlook.within(now).is_some();
        let settings = &self.settings;
        let (reconnect, restart) = (settings.offline_reconnect, settings.offline_restart);
        let (settle, alarm_after) = (settings.settle, settings.alarm_after);
        let offline = self.up().and_then(|up| up.offline_since);
        if let Some(since) = offline.filter(|_| !expected) {
            if now.since(since) >= alarm_after {
                self.raise(Condition::BrokerOffline, now, effects, || {
                    format!("TWS or IB Gateway has had no connection to the broker since {since}")
                });
            }
            if now.since(since) >= reconnect {
                self.end_epoch("the broker was offline for too long", true, now, effects);
                return;
            }
        }
        let total = self.offline_total_since.filter(|since| !expected && now.since(*since) >= restart);
        if total.is_some() && !std::mem::replace(&mut self.restart_wished, true) {
            effects.push(Effect::RestartGateway);
        }
        for farm in Farm::ALL {
            let Some(up) = self.up() else { return };
            let condition = Condition::FarmDown(farm);
            let long = settle.saturating_mul(3);
            if let Some(since) = up.farms.down_since(farm, now, long).filter(|_| !expected) {
                let names = up.farms.names_down(farm).join(", ");
                self.raise(condition, now, effects, || {
                    format!("{farm} servers are down since {since}: {names}")
                });
            } else if up.farms.is_settled(farm, now, settle) {
                self.clear(condition, effects);
            }
        }
    }

    pub(super) fn look_after_streams(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.register.next_deadline().is_none_or(|at| at > now) {
            return;
        }
        let Phase::Up(up) = &self.phase else { return };
        // Nothing can be asked for while the broker is offline; what is due stays due.
        if up.offline_since.is_some() {
            return;
        }
        let (epoch, farms) = (up.epoch, &up.farms);
        self.register.poll(now, |farm| farms.is_down(farm), &mut self.scratch);
        effects.extend(self.scratch.drain(..).map(|order| match order {
            StreamOrder::Open { stream, generation } => Effect::Open { epoch, stream, generation },
            StreamOrder::Drop { stream, generation } => Effect::Drop { stream, generation },
        }));
        let silent = self.register.silent(now).count();
        if silent == 0 {
            self.clear(Condition::StreamsSilent, effects);
        } else {
            self.raise(Condition::StreamsSilent, now, effects, || {
                format!("{silent} streams should speak and are silent")
            });
        }
    }

    /// Is not being ready worth an alarm?
    pub(super) fn worry(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(since) = self.worry_at(now).filter(|at| *at <= now).and(self.unready_since) else { return };
        match &self.phase {
            Phase::BackingOff { .. } | Phase::Connecting { .. } => {
                if self.went_in == Some(OutageKind::WeeklyLogin) {
                    self.raise(Condition::LoginNeeded, now, effects, || {
                        "the weekly login has run out: sign in to TWS or IB Gateway, with the second factor"
                            .to_owned()
                    });
                } else if self.id_taken {
                    let text = super::ConnectFailure::ClientIdTaken.to_string();
                    self.raise(Condition::ClientIdTaken, now, effects, || text);
                } else {
                    self.raise(Condition::LinkDown, now, effects, || {
                        format!("no link to the broker since {since}: {}", super::ConnectFailure::CHECKS)
                    });
                }
            }
            Phase::Up(up) if up.offline_since.is_none() && !up.gate.is_open() => {
                let names: Vec<String> = up.gate.missing().map(|it| it.to_string()).collect();
                self.raise(Condition::NotReady, now, effects, || {
                    format!("trading is blocked since {since}; not proven: {}", names.join(", "))
                });
            }
            _ => {}
        }
    }

    /// From when on not being ready is worth an alarm; not while an outage is expected, or only just over.
    fn worry_at(&self, now: Timestamp) -> Option<Timestamp> {
        let since = self.unready_since?;
        if self.outlook.within(now).is_some() {
            return None;
        }
        let plain = match &self.phase {
            Phase::Up(up) => up.gate.since().max(since).after(self.settings.alarm_after),
            _ => since.after(self.settings.alarm_after),
        };
        let over = self.outlook.just_over(now, self.settings.grace);
        Some(over.map_or(plain, |it| plain.max(it.range.end().after(self.settings.grace))))
    }

    /// When time alone will bring something.
    pub(super) fn next_wake(&self, now: Timestamp) -> Timestamp {
        let settings = &self.settings;
        let mut wake = self.outlook.next_deadline(now, settings.grace);
        let mut at = |moment: Option<Timestamp>| {
            if let Some(moment) = moment.filter(|it| *it > now) {
                wake = wake.min(moment);
            }
        };
        at(self.worry_at(now));
        match &self.phase {
            Phase::BackingOff { until } => at(Some(*until)),
            Phase::Connecting { deadline } | Phase::Stopping { deadline } => at(Some(*deadline)),
            Phase::Up(up) => {
                at(up.gate.next_deadline());
                at(Some(up.pulse.next_deadline()));
                at(up.pulse.fresh_until());
                at(up.farms.next_deadline(now, settings.settle));
                at(up.farms.next_deadline(now, settings.settle.saturating_mul(3)));
                at(Some(up.since.after(settings.stable_after)));
                at(Some(up.since.after(settings.handshake_limit)));
                if let Some(since) = up.offline_since {
                    at(Some(since.after(settings.alarm_after)));
                    at(Some(since.after(settings.offline_reconnect)));
                } else {
                    at(self.register.next_deadline());
                }
                at(self.offline_total_since.map(|since| since.after(settings.offline_restart)));
            }
            Phase::Down | Phase::Stopped => {}
        }
        wake
    }
}
