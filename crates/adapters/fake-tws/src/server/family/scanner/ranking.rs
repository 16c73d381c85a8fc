//! The order of contracts by a measure.

use super::codes::{self, Measure};
use super::filters;
use crate::server::world::World;
use crate::wire::proto::ScannerSubscription;
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_fake_broker::house::{Catalog, mix};
use tradeport_kernel::{Decimal, Timestamp};
use tradeport_market_data::Quote;

/// Volumes, and the highest and the lowest price, are looked at this often.
const SAMPLES: u32 = 12;
/// What is of late.
const LATE: Duration = Duration::from_secs(900);
const DAY: Duration = Duration::from_secs(86_400);

/// What is seen of one contract.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) price: Decimal,
    close: Decimal,
    open: Decimal,
    before: Decimal,
    high: Decimal,
    low: Decimal,
    /// What quotes have displayed since the last close.
    pub(super) volume: Decimal,
    late: Decimal,
    chance: u64,
}

/// What is seen of contracts at one moment, looked at once for all scans, and only at what a scan asks for.
#[derive(Debug, Default)]
pub(super) struct Looks(Option<Vec<Seen>>);

#[derive(Debug)]
struct Seen {
    contract: Contract,
    /// Nothing before it was looked at; then nothing where there is nothing to see.
    look: Option<Option<Look>>,
}

impl Looks {
    fn at(&mut self, world: &World, place: &str) -> impl Iterator<Item = (&Contract, &Look)> {
        let unseen = |contract| Seen { contract, look: None };
        let all = self.0.get_or_insert_with(|| world.catalog().quoted().map(unseen).collect());
        all.iter_mut().filter(move |seen| codes::lies_in(&seen.contract, place)).filter_map(|seen| {
            let look = seen.look.get_or_insert_with(|| Look::of(world, &seen.contract)).as_ref()?;
            Some((&seen.contract, look))
        })
    }
}

impl Look {
    fn of(world: &World, contract: &Contract) -> Option<Self> {
        let now = world.now();
        let (close, open) = day(contract, now);
        let price = world.quote(contract).and_then(middle)?;
        let at = |at: Timestamp| world.quote_at(contract, at).and_then(middle);
        let (mut high, mut low, mut volume, mut late) = (price, price, Decimal::ZERO, Decimal::ZERO);
        let piece = now.since(close) / SAMPLES;
        for number in 1..=SAMPLES {
            let quote = world.quote_at(contract, close.after(piece * number))?;
            let middle = middle(quote)?;
            (high, low) = (high.max(middle), low.min(middle));
            late = displayed(&quote);
            volume = volume.checked_add(late)?;
        }
        Some(Self {
            price,
            close: at(close)?,
            open: at(open)?,
            before: at(now.before(LATE))?,
            high,
            low,
            volume,
            late,
            chance: mix(contract.id().number().cast_unsigned()
                ^ now.nanos().div_euclid(3_600_000_000_000).cast_unsigned()),
        })
    }

    /// The gain since the last close, in percent.
    pub(super) fn gain(&self) -> Option<Decimal> {
        percent(self.price, self.close)
    }

    /// The gain since the open, in percent.
    pub(super) fn gain_since_open(&self) -> Option<Decimal> {
        percent(self.price, self.open)
    }

    /// From the last close to the open, in percent.
    pub(super) fn gap(&self) -> Option<Decimal> {
        percent(self.open, self.close)
    }

    fn measured(&self, by: Measure) -> Option<Decimal> {
        match by {
            Measure::Gain => self.gain(),
            Measure::GainSinceOpen => self.gain_since_open(),
            Measure::Gap => self.gap(),
            Measure::Volume => Some(self.volume),
            Measure::Value => self.volume.checked_mul(self.price),
            Measure::Heat => self.late.checked_div(self.volume),
            Measure::Movement => percent(self.price, self.before).map(|percent| percent.abs()),
            Measure::Range => percent(self.high, self.low),
            Measure::PutCall => Some(Decimal::new(i64::try_from(self.chance % 300).ok()?, 2)),
            Measure::Nothing => None,
        }
    }
}

fn percent(new: Decimal, old: Decimal) -> Option<Decimal> {
    new.checked_sub(old)?.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(old)
}

fn middle(quote: Quote) -> Option<Decimal> {
    quote.mid().or_else(|| quote.ask().map(|level| level.price())).map(|price| price.as_decimal())
}

fn displayed(quote: &Quote) -> Decimal {
    let sides = [quote.bid(), quote.ask()].into_iter().flatten();
    sides.filter_map(|level| level.size()).map(|size| size.as_decimal()).sum()
}

/// The last close, and the open after it where that is past; what markets do not tell is a day ago.
fn day(contract: &Contract, now: Timestamp) -> (Timestamp, Timestamp) {
    let schedule = Catalog::calendar(contract).map(|calendar| calendar.regular());
    let last = schedule.and_then(|schedule| schedule.last_trading_day(now).ok().flatten());
    let close = last.map_or(now.before(DAY), |day| day.close());
    let today = schedule.and_then(|schedule| schedule.trading_day_of(now).ok().flatten());
    (close, today.map_or(close, |day| day.open()))
}

/// The contracts that a scan finds, the first of them first. Equals stand in the order of their ids.
pub(super) fn ranked(
    world: &World,
    looks: &mut Looks,
    wanted: &ScannerSubscription,
    most: usize,
) -> Vec<Contract> {
    let place = wanted.location_code.as_deref().unwrap_or_default();
    let Some(code) = codes::find(wanted.scan_code.as_deref().unwrap_or_default()) else { return Vec::new() };
    let seen = looks.at(world, place).filter(|(contract, look)| filters::lets_in(wanted, contract, look));
    let mut found: Vec<(Decimal, &Contract)> =
        seen.filter_map(|(contract, look)| Some((look.measured(code.measure)?, contract))).collect();
    found.sort_by(|(a, first), (b, second)| {
        let order = if code.ascending { a.cmp(b) } else { b.cmp(a) };
        order.then(first.id().cmp(&second.id()))
    });
    // Who gains is not among the losers.
    let sign_is_right = |measured: &Decimal| match code.measure {
        Measure::Gain | Measure::GainSinceOpen | Measure::Gap => {
            measured.is_sign_negative() == code.ascending
        }
        _ => true,
    };
    let found = found.into_iter().filter(|(measured, _)| sign_is_right(measured));
    found.take(most).map(|(_, contract)| contract.clone()).collect()
}
