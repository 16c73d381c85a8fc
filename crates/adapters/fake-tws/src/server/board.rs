//! What every contract shows now: made once for each moment, whoever asks for it.
//!
//! **Whose price holds.** A price has three sources, the first that speaks holds: a quote that a script [holds] for good,
//! until it lets go; a quote that a script [publishes], until the market's next tick; the market itself.
//!
//! [holds]: super::World::hold
//! [publishes]: super::World::publish
//!
//! Left out: who is told (the streams), and history, which is the market's own whatever scripts say.

mod face;

pub(crate) use face::{Day, Face, Side, double};

use super::market_hours::MarketHours;
use super::settings::Prices;
use std::collections::BTreeMap;
use tradeport_contracts::{ComboLeg, Contract, ContractId, Instrument, LegAction};
use tradeport_fake_broker::house::{Catalog, FakeHours, SyntheticMarket, TICK, Tape};
use tradeport_kernel::{Symbol, Timestamp};
use tradeport_market_data::Quote;

/// More faces than these are not kept unless somebody looks at them.
const MOST_IDLE: usize = 256;

/// Which face of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FaceKey {
    pub(crate) contract: ContractId,
    /// As it was a quarter of an hour ago.
    pub(crate) is_delayed: bool,
}

/// A quote of a script.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scripted {
    pub(crate) quote: Quote,
    /// When the market speaks again; `None` for not before the script lets go.
    until: Option<Timestamp>,
    /// Counts the quotes of scripts.
    number: u64,
}

/// The faces of all contracts that somebody looks at.
#[derive(Debug)]
pub(crate) struct Board {
    market: SyntheticMarket,
    prices: Prices,
    hours: FakeHours,
    faces: BTreeMap<FaceKey, Face>,
    scripted: BTreeMap<Symbol, Scripted>,
    numbers: u64,
    /// The market's quotes that were made since they were last taken.
    fresh: Vec<Quote>,
}

impl Board {
    pub(crate) const fn new(market: SyntheticMarket, prices: Prices, hours: FakeHours) -> Self {
        Self {
            market,
            prices,
            hours,
            faces: BTreeMap::new(),
            scripted: BTreeMap::new(),
            numbers: 0,
            fresh: Vec::new(),
        }
    }

    /// Takes in a script's quote, for good or until the market's next tick.
    pub(crate) fn script(&mut self, quote: Quote, for_good: bool, now: Timestamp) {
        self.numbers += 1;
        let until = (!for_good).then(|| SyntheticMarket::tick_at(now).after(TICK));
        self.scripted.insert(quote.symbol(), Scripted { quote, until, number: self.numbers });
    }

    /// Gives a contract back to the market.
    pub(crate) fn release(&mut self, symbol: Symbol) {
        self.scripted.remove(&symbol);
    }

    /// What a script says of a contract.
    pub(crate) fn scripted(&self, symbol: Symbol, now: Timestamp) -> Option<Scripted> {
        self.scripted.get(&symbol).copied().filter(|it| it.until.is_none_or(|until| now < until))
    }

    /// Lets go of quotes whose time is over, and of faces that nobody has looked at since a moment.
    pub(crate) fn tidy(&mut self, since: Timestamp, now: Timestamp) {
        self.scripted.retain(|_, it| it.until.is_none_or(|until| now < until));
        if self.faces.len() > MOST_IDLE {
            self.faces.retain(|_, face| face.looked_at() >= since);
        }
    }

    /// The face of a contract that is looked at for the first time, or again; `None` for what has no price.
    pub(crate) fn open(&mut self, contract: &Contract, is_delayed: bool, now: Timestamp) -> Option<&Face> {
        let key = FaceKey { contract: contract.id(), is_delayed };
        if !self.faces.contains_key(&key) {
            let tape = self.tape_of(contract, now)?;
            // A combo trades while its legs do.
            let first = self.legs_of(contract, now).into_iter().next().map(|(_, leg)| leg);
            let hours = MarketHours::of(first.as_ref().unwrap_or(contract), self.hours);
            self.faces.insert(key, Face::new(tape, self.prices, hours, is_delayed));
        }
        self.show(key, now)
    }

    /// What a contract costs, a combo by its legs; `None` for what has no price.
    pub(crate) fn tape_of(&self, contract: &Contract, now: Timestamp) -> Option<Tape> {
        let legs = self.legs_of(contract, now);
        if legs.is_empty() {
            return self.market.tape_of(contract);
        }
        self.market.combo_tape(contract, &legs)
    }

    /// The legs of a combo, each so many times as it is bought, with a minus when it is sold; none of anything else.
    pub(crate) fn legs_of(&self, contract: &Contract, now: Timestamp) -> Vec<(i64, Contract)> {
        let Instrument::Combo(combo) = contract.instrument() else { return Vec::new() };
        let catalog = Catalog::at(self.hours, now);
        let leg = |leg: &ComboLeg| {
            let ratio = i64::from(leg.ratio());
            let signed = if leg.action() == LegAction::Buy { ratio } else { -ratio };
            Some((signed, catalog.by_id(leg.contract()).ok()?))
        };
        combo.legs().iter().filter_map(leg).collect()
    }

    /// What a contract shows now; `None` for what nobody has opened.
    pub(crate) fn show(&mut self, key: FaceKey, now: Timestamp) -> Option<&Face> {
        let face = self.faces.get_mut(&key)?;
        // Most times no script speaks at all.
        let is_scripted = !key.is_delayed && !self.scripted.is_empty();
        let scripted = if is_scripted { self.scripted.get(&face.symbol()).copied() } else { None };
        let scripted = scripted.filter(|it| it.until.is_none_or(|until| now < until));
        let is_new = face.turn(scripted.as_ref(), now);
        // The exchange makes a combo's price from its legs.
        let is_told = is_new && face.is_open && !key.is_delayed && !face.tape().is_combo();
        if is_told && scripted.is_none() {
            self.fresh.extend(face.quote);
        }
        Some(face)
    }

    /// The market's quotes that were made since the last time go into `quotes`, in place of what is there.
    pub(crate) fn take_fresh(&mut self, quotes: &mut Vec<Quote>) {
        quotes.clear();
        std::mem::swap(&mut self.fresh, quotes);
    }
}

impl Scripted {
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }
}
