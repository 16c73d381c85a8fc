//! What a stream of quotes has told, and how it tells what is new.

use super::generic::Wanted;
use super::shown_size;
use crate::server::board::{Day, Face, Side, double};
use crate::server::outbox::{Outbox, Tick, Told};
use crate::server::session::SessionId;
use crate::wire::proto::{TickOptionComputation, TickString};
use tradeport_fake_broker::house::OptionModel;
use tradeport_kernel::{Decimal, Timestamp};

/// The numbers of ticks.
pub(super) mod kind {
    pub(crate) const BID_SIZE: i32 = 0;
    pub(crate) const BID: i32 = 1;
    pub(crate) const ASK: i32 = 2;
    pub(crate) const ASK_SIZE: i32 = 3;
    pub(crate) const LAST: i32 = 4;
    pub(crate) const LAST_SIZE: i32 = 5;
    pub(crate) const HIGH: i32 = 6;
    pub(crate) const LOW: i32 = 7;
    pub(crate) const VOLUME: i32 = 8;
    pub(crate) const CLOSE: i32 = 9;
    pub(crate) const BID_OPTION: i32 = 10;
    pub(crate) const ASK_OPTION: i32 = 11;
    pub(crate) const LAST_OPTION: i32 = 12;
    pub(crate) const MODEL_OPTION: i32 = 13;
    pub(crate) const OPEN: i32 = 14;
    pub(crate) const BID_EXCHANGE: i32 = 32;
    pub(crate) const ASK_EXCHANGE: i32 = 33;
    pub(crate) const LAST_TIME: i32 = 45;
    pub(crate) const HALTED: i32 = 49;
    pub(crate) const CUSTOM_OPTION: i32 = 53;
    pub(crate) const LAST_EXCHANGE: i32 = 84;
}

/// Live numbers with those of the same tick a quarter of an hour old.
const DELAYED: [(i32, i32); 17] = [
    (1, 66),
    (2, 67),
    (4, 68),
    (0, 69),
    (3, 70),
    (5, 71),
    (6, 72),
    (7, 73),
    (8, 74),
    (9, 75),
    (14, 76),
    (10, 80),
    (11, 81),
    (12, 82),
    (13, 83),
    (45, 88),
    (49, 90),
];

/// Says that an order at this price could be executed at once.
const CAN_EXECUTE: i32 = 1;

/// How one stream tells its ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Teller {
    pub(super) id: i32,
    pub(super) is_delayed: bool,
    pub(super) sizes_in_hundreds: bool,
    pub(super) volumes_in_hundreds: bool,
}

impl Teller {
    /// The number of a tick; `None` for what delayed data does not have.
    fn number(&self, live: i32) -> Option<i32> {
        if !self.is_delayed {
            return Some(live);
        }
        let delayed = DELAYED.iter().find(|(number, _)| *number == live).map(|(_, delayed)| *delayed);
        // Exchanges of quotes are live only; ticks that were asked for by number keep theirs.
        let is_exchange = matches!(live, kind::BID_EXCHANGE | kind::ASK_EXCHANGE | kind::LAST_EXCHANGE);
        delayed.or((!is_exchange).then_some(live))
    }

    fn say(&self, live: i32, told: Told, outbox: &mut Outbox, to: SessionId) {
        if let Some(number) = self.number(live) {
            outbox.tick(to, Tick { id: self.id, number, told });
        }
    }

    pub(super) fn price(&self, live: i32, side: Side, mask: i32, outbox: &mut Outbox, to: SessionId) {
        let size = shown_size(side.size, self.sizes_in_hundreds);
        self.say(live, Told::Price { price: side.price, size, mask }, outbox, to);
    }

    pub(super) fn plain_price(&self, live: i32, price: Decimal, outbox: &mut Outbox, to: SessionId) {
        self.price(live, Side { price: double(price), size: Decimal::ZERO }, 0, outbox, to);
    }

    /// A size of the market.
    pub(super) fn size(&self, live: i32, size: Decimal, outbox: &mut Outbox, to: SessionId) {
        self.say(live, Told::Size(shown_size(size, self.sizes_in_hundreds)), outbox, to);
    }

    /// What has traded in the day.
    fn volume(&self, volume: Decimal, outbox: &mut Outbox, to: SessionId) {
        let volume = shown_size(volume, self.volumes_in_hundreds);
        self.say(kind::VOLUME, Told::Size(volume), outbox, to);
    }

    pub(super) fn second(&self, live: i32, second: i64, outbox: &mut Outbox, to: SessionId) {
        self.say(live, Told::Second(second), outbox, to);
    }

    pub(super) fn text(&self, live: i32, value: String, outbox: &mut Outbox, to: SessionId) {
        let Some(number) = self.number(live) else { return };
        let message = TickString { req_id: Some(self.id), tick_type: Some(number), value: Some(value) };
        outbox.say(to, message);
    }

    pub(super) fn value(&self, live: i32, value: f64, outbox: &mut Outbox, to: SessionId) {
        self.say(live, Told::Value(value), outbox, to);
    }

    /// What an option's price means: its volatility, and how it moves.
    pub(super) fn computation(
        &self,
        live: i32,
        model: &OptionModel,
        price: f64,
        outbox: &mut Outbox,
        to: SessionId,
    ) {
        let Some(number) = self.number(live) else { return };
        outbox.say(to, computation(self.id, number, model, price, model.implied_volatility(price)));
    }
}

/// The answer about one price of an option. What cannot be computed is -1, or -2 for how it moves.
pub(super) fn computation(
    id: i32,
    number: i32,
    model: &OptionModel,
    price: f64,
    volatility: Option<f64>,
) -> TickOptionComputation {
    let greeks = volatility.map(|volatility| model.greeks(volatility));
    TickOptionComputation {
        req_id: Some(id),
        tick_type: Some(number),
        tick_attrib: Some(1),
        implied_vol: Some(volatility.unwrap_or(-1.0)),
        delta: Some(greeks.map_or(-2.0, |it| it.delta)),
        opt_price: Some(price),
        pv_dividend: Some(0.0),
        gamma: Some(greeks.map_or(-2.0, |it| it.gamma)),
        vega: Some(greeks.map_or(-2.0, |it| it.vega)),
        theta: Some(greeks.map_or(-2.0, |it| it.theta)),
        und_price: Some(model.spot),
    }
}

/// One price of the day.
type OfDay = fn(&Day) -> Decimal;

/// What a stream has told.
#[derive(Debug, Default)]
pub(super) struct Sent {
    bid: Option<Side>,
    ask: Option<Side>,
    last: Option<(i64, Decimal, Decimal)>,
    day: Option<Day>,
    model_at: Option<Timestamp>,
}

impl Sent {
    /// Tells what of a face it has not told, and takes note of it. Says whether there was a trade.
    pub(super) fn tell(
        &mut self,
        face: &Face,
        teller: &Teller,
        wanted: &Wanted,
        outbox: &mut Outbox,
        to: SessionId,
    ) -> bool {
        let last = (face.last.second, face.last.price, face.last.size);
        let traded = self.last != Some(last);
        if wanted.is_off() {
            self.last = Some(last);
            return traded;
        }
        let is_first = self.last.is_none();
        if !face.tape().is_index() {
            self.tell_sides(face, teller, outbox, to);
        }
        // A pair has quotes and no trades.
        if traded && (face.tape().is_index() || !face.last.size.is_zero()) {
            self.tell_last(face, teller, outbox, to);
        }
        self.last = Some(last);
        self.tell_day(face, teller, outbox, to);
        self.tell_model(face, teller, outbox, to);
        if is_first {
            teller.value(kind::HALTED, 0.0, outbox, to);
        }
        traded
    }

    fn tell_sides(&mut self, face: &Face, teller: &Teller, outbox: &mut Outbox, to: SessionId) {
        let is_first = self.bid.is_none();
        let sides = [
            (&mut self.bid, face.bid, kind::BID, kind::BID_SIZE),
            (&mut self.ask, face.ask, kind::ASK, kind::ASK_SIZE),
        ];
        let mut sizes = [None; 2];
        for ((sent, side, price, size), changed) in sides.into_iter().zip(&mut sizes) {
            if *sent == Some(side) {
                continue;
            }
            let same_price = sent.is_some_and(|told| told.price.to_bits() == side.price.to_bits());
            if !same_price {
                teller.price(price, side, if face.is_open { CAN_EXECUTE } else { 0 }, outbox, to);
            }
            // Live data tells a size once more, after the price that it came with.
            *changed = (same_price || !teller.is_delayed).then_some((size, side.size));
            *sent = Some(side);
        }
        for (number, size) in sizes.into_iter().flatten() {
            teller.size(number, size, outbox, to);
        }
        if is_first && face.contract().details().exchanges.iter().any(|exchange| exchange == "SMART") {
            teller.text(kind::BID_EXCHANGE, "KQ".to_owned(), outbox, to);
            teller.text(kind::ASK_EXCHANGE, "PQZ".to_owned(), outbox, to);
        }
    }

    fn tell_last(&self, face: &Face, teller: &Teller, outbox: &mut Outbox, to: SessionId) {
        let print = &face.last;
        let same_price = self.last.is_some_and(|(_, price, _)| price == print.price);
        if !same_price {
            let side = Side { price: double(print.price), size: print.size };
            teller.price(kind::LAST, side, 0, outbox, to);
        }
        let same_size = self.last.is_some_and(|(_, _, size)| size == print.size);
        let is_size_told = if same_price { !same_size } else { !teller.is_delayed };
        if is_size_told {
            teller.size(kind::LAST_SIZE, print.size, outbox, to);
        }
        if !print.size.is_zero() {
            teller.second(kind::LAST_TIME, print.second, outbox, to);
        }
        if self.last.is_none() && !face.tape().is_index() {
            teller.text(kind::LAST_EXCHANGE, "Q".to_owned(), outbox, to);
        }
    }

    fn tell_day(&mut self, face: &Face, teller: &Teller, outbox: &mut Outbox, to: SessionId) {
        let Some(day) = &face.day else { return };
        let before = self.day.as_ref();
        let is_new = |of: OfDay| before.map(of) != Some(of(day));
        if !day.volume.is_zero() && is_new(|it| it.volume) {
            teller.volume(day.volume, outbox, to);
        }
        let prices: [(i32, OfDay); 4] = [
            (kind::HIGH, |it| it.high),
            (kind::LOW, |it| it.low),
            (kind::CLOSE, |it| it.close_before),
            (kind::OPEN, |it| it.open),
        ];
        for (number, of) in prices {
            if is_new(of) {
                teller.plain_price(number, of(day), outbox, to);
            }
        }
        self.day = Some(*day);
    }

    fn tell_model(&mut self, face: &Face, teller: &Teller, outbox: &mut Outbox, to: SessionId) {
        if self.model_at == Some(face.at) {
            return;
        }
        let Some((model, volatility)) = face.tape().option(face.at) else { return };
        self.model_at = Some(face.at);
        for (number, price) in [(kind::BID_OPTION, face.bid.price), (kind::ASK_OPTION, face.ask.price)] {
            if price > 0.0 {
                teller.computation(number, &model, price, outbox, to);
            }
        }
        teller.computation(kind::LAST_OPTION, &model, double(face.last.price), outbox, to);
        let worth = model.value(volatility);
        if let Some(number) = teller.number(kind::MODEL_OPTION) {
            outbox.say(to, computation(teller.id, number, &model, worth, Some(volatility)));
        }
    }
}
