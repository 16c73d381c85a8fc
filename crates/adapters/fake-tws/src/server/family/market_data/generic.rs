//! Generic ticks: what a stream tells besides its quotes, when it is asked to.
//!
//! Their values are plausible ones of the simulated market, and follow from the contract and the time alone.
//!
//! Left out: headlines, which are the news family's; a stream that asks for them gets those of its contract.

use super::security_type;
use super::ticks::Teller;
use crate::server::board::{Face, Side, double};
use crate::server::outbox::Outbox;
use crate::server::session::SessionId;
use crate::server::world::World;
use tradeport_contracts::Contract;
use tradeport_kernel::Decimal;

/// A generic tick: its number, and its name in the list that an error shows.
struct Generic(u16, &'static str);

/// All that are served.
const ALL: [Generic; 33] = [
    Generic(100, "Option Volume"),
    Generic(101, "Option Open Interest"),
    Generic(104, "Historical Volatility"),
    Generic(105, "Average Opt Volume"),
    Generic(106, "impvolat"),
    Generic(162, "Index Future Premium"),
    Generic(165, "Misc. Stats"),
    Generic(221, "Mark Price"),
    Generic(225, "Auction"),
    Generic(232, "Mark Price"),
    Generic(233, "RTVolume"),
    Generic(236, "inventory"),
    Generic(256, "Inventory"),
    Generic(258, "Fundamentals"),
    Generic(292, "Wide_news"),
    Generic(293, "TradeCount"),
    Generic(294, "TradeRate"),
    Generic(295, "VolumeRate"),
    Generic(318, "LastRTHTrade"),
    Generic(375, "RTTrdVolume"),
    Generic(411, "rthistvol"),
    Generic(456, "IBDividends"),
    Generic(460, "Bond Factor Multiplier"),
    Generic(576, "EtfNavBidAsk(navbidask)"),
    Generic(577, "EtfNavLast(navlast)"),
    Generic(578, "EtfNavClose(navclose)"),
    Generic(586, "IPOHLMPRC"),
    Generic(588, "Pl Price Delayed"),
    Generic(595, "ShortTermVolume3Minutes"),
    Generic(614, "EtfNavMisc(high/low)"),
    Generic(619, "Creditman Slow Mark Price"),
    Generic(623, "EtfFrozenNavLast(fnavlast)"),
    Generic(787, "OddLotQuotes"),
];

/// Those that coins have.
const OF_COINS: [u16; 6] = [165, 232, 292, 293, 294, 295];
/// Those that delayed data has.
const DELAYED: [u16; 8] = [101, 106, 165, 221, 232, 236, 258, 292];
/// Odd lots are told from this version on.
const ODD_LOTS: i32 = 225;
/// A list with more entries than there are is nonsense.
const MOST: usize = 64;

/// A week, in seconds.
const WEEK: i64 = 7 * 86_400;

/// The generic ticks that a stream wants, in the order of their numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    numbers: Vec<u16>,
    news_from: Vec<String>,
    is_off: bool,
}

impl Wanted {
    /// Reads a list; an error is the text that TWS has for it.
    pub(super) fn parse(list: &str, contract: &Contract, version: i32) -> Result<Self, String> {
        let mut wanted = Self::default();
        let refuse = || refusal(list, contract);
        for entry in list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (number, rest) = entry.split_once(':').unwrap_or((entry, ""));
            if number == "mdoff" {
                wanted.is_off = true;
                continue;
            }
            let number: u16 = number.parse().map_err(|_| refuse())?;
            if !is_legal(number, contract) || wanted.numbers.len() >= MOST {
                return Err(refuse());
            }
            if number == 292 {
                wanted.news_from.extend(rest.split('+').filter(|it| !it.is_empty()).map(str::to_owned));
            }
            if number != 787 || version >= ODD_LOTS {
                wanted.numbers.push(number);
            }
        }
        wanted.numbers.sort_unstable();
        wanted.numbers.dedup();
        Ok(wanted)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The providers whose headlines are wanted, none for all of them; `None` when no headlines are.
    pub(super) fn news_from(&self) -> Option<Vec<&str>> {
        let is_wanted = self.numbers.contains(&292);
        is_wanted.then(|| self.news_from.iter().map(String::as_str).collect())
    }

    /// Are the usual ticks not wanted?
    pub(super) const fn is_off(&self) -> bool {
        self.is_off
    }

    /// Lets go of what delayed data does not have; says whether there was any.
    pub(super) fn keep_delayed(&mut self) -> bool {
        let before = self.numbers.len();
        self.numbers.retain(|number| DELAYED.contains(number));
        self.numbers.len() < before
    }
}

fn is_legal(number: u16, contract: &Contract) -> bool {
    match security_type(contract) {
        "CRYPTO" => OF_COINS.contains(&number),
        _ => ALL.iter().any(|it| it.0 == number),
    }
}

fn refusal(list: &str, contract: &Contract) -> String {
    let legal: Vec<String> = ALL
        .iter()
        .filter(|it| is_legal(it.0, contract))
        .map(|Generic(number, name)| format!("{number}({name})"))
        .collect();
    let list: String = list.chars().take(200).collect();
    format!(
        "Error validating request.-'bT' : cause - Incorrect generic tick list of {list}.  Legal ones for ({}) are: {}",
        security_type(contract),
        legal.join(",")
    )
}

/// Where one generic tick is told.
struct Voice<'a> {
    teller: &'a Teller,
    outbox: &'a mut Outbox,
    to: SessionId,
}

impl Voice<'_> {
    fn price(&mut self, number: i32, price: Decimal) {
        self.teller.plain_price(number, price, self.outbox, self.to);
    }

    fn size(&mut self, number: i32, size: Decimal) {
        self.teller.size(number, size.trunc(), self.outbox, self.to);
    }

    fn value(&mut self, number: i32, value: f64) {
        self.teller.value(number, value, self.outbox, self.to);
    }

    fn text(&mut self, number: i32, text: String) {
        self.teller.text(number, text, self.outbox, self.to);
    }
}

/// Tells all that are wanted, when a stream begins; those that follow a trade are told with each.
pub(super) fn tell_all(wanted: &Wanted, face: &Face, teller: &Teller, outbox: &mut Outbox, to: SessionId) {
    let mut voice = Voice { teller, outbox, to };
    for number in &wanted.numbers {
        match number {
            165 => weeks(face, &mut voice),
            _ => steady(*number, face, &mut voice),
        }
    }
    tell_trade(wanted, face, teller, outbox, to);
}

/// What stays as it is for a day.
fn steady(number: u16, face: &Face, voice: &mut Voice<'_>) {
    let volume = face.day.map_or(Decimal::ZERO, |day| day.volume);
    let before = face.day.map_or(face.last.price, |day| day.close_before);
    let part = |divisor: i64| volume / Decimal::from(divisor);
    let id = Decimal::from(face.contract().id().number() % 1_000);
    match number {
        100 => [(29, part(180)), (30, part(260))].into_iter().for_each(|(it, size)| voice.size(it, size)),
        101 => {
            voice.size(27, Decimal::from(41_000) + id);
            voice.size(28, Decimal::from(37_000) + id);
        }
        105 => voice.size(87, Decimal::from(9_000) + id),
        162 => voice.value(31, double(face.last.price) * 0.001),
        225 => auction(face, voice),
        236 | 256 => {
            voice.value(46, 3.0);
            voice.size(89, Decimal::from(2_500_000) + id);
        }
        258 => voice.text(47, "MKTCAP=411342.4;PEEXCLXOR=11.5;TTMEPSXCLX=37.4;YIELD=1.9".to_owned()),
        318 => voice.price(57, before),
        456 => voice.text(59, dividends(face)),
        460 => voice.value(60, 1.0),
        576 => {
            voice.price(94, face.last.price - face.tape().step());
            voice.price(95, face.last.price + face.tape().step());
        }
        577 => voice.price(96, face.last.price),
        578 => [92, 93].into_iter().for_each(|it| voice.price(it, before)),
        586 => [101, 102].into_iter().for_each(|it| voice.value(it, double(face.last.price))),
        588 => voice.size(86, Decimal::from(120_000) + id),
        614 => {
            voice.price(98, face.day.map_or(before, |day| day.high));
            voice.price(99, face.day.map_or(before, |day| day.low));
        }
        619 => voice.price(79, face.last.price),
        623 => voice.price(97, before),
        787 => odd_lots(face, voice),
        _ => {}
    }
}

/// What changes with a trade.
pub(super) fn tell_trade(wanted: &Wanted, face: &Face, teller: &Teller, outbox: &mut Outbox, to: SessionId) {
    let Some(day) = &face.day else { return };
    let mut voice = Voice { teller, outbox, to };
    let second = face.last.second;
    for number in &wanted.numbers {
        match number {
            221 | 232 => voice.price(37, face.last.price),
            233 | 375 if !face.last.size.is_zero() => {
                let total = day.volume.normalize();
                let average =
                    ((day.open + day.high + day.low + face.last.price) / Decimal::from(4)).normalize();
                let (price, size) = (face.last.price, face.last.size.normalize());
                let millis = second.saturating_mul(1_000);
                let text = format!("{price};{size};{millis};{total};{average};true");
                voice.text(if *number == 233 { 48 } else { 77 }, text);
            }
            293 => voice.value(54, day.trades as f64),
            294 => voice.value(55, 60.0),
            295 => voice.value(56, double(face.tape().volume(second - 59, second + 1))),
            595 => {
                for (tick, minutes) in [(63, 3), (64, 5), (65, 10)] {
                    voice.size(tick, face.tape().volume(second + 1 - minutes * 60, second + 1));
                }
            }
            _ => {}
        }
    }
}

/// Tells the volatilities that are wanted; for what has none there are none.
pub(super) fn tell_volatility(
    wanted: &Wanted,
    contract: &Contract,
    world: &World,
    teller: &Teller,
    outbox: &mut Outbox,
    to: SessionId,
) {
    let second = world.now().nanos().div_euclid(1_000_000_000);
    for (number, tick, which) in [(104, 23, "HV"), (106, 24, "IV"), (411, 58, "HV")] {
        if wanted.numbers.contains(&number)
            && let Some(tape) = world.volatility(contract, which)
        {
            teller.value(tick, double(tape.price(second)), outbox, to);
        }
    }
}

/// The extremes of a quarter, of half a year and of a year, and the usual volume.
fn weeks(face: &Face, voice: &mut Voice<'_>) {
    let until = face.last.second + 1;
    for (low, high, weeks) in [(15, 16, 13), (17, 18, 26), (19, 20, 52)] {
        if let Some((lowest, highest)) = face.tape().extremes(until - weeks * WEEK, until) {
            voice.price(low, lowest);
            voice.price(high, highest);
        }
    }
    // A day of six hours and a half, in hundreds.
    voice.size(21, face.tape().volume(until - 23_400, until) / Decimal::ONE_HUNDRED);
}

fn auction(face: &Face, voice: &mut Voice<'_>) {
    let usual = face.tape().volume(face.last.second - 599, face.last.second + 1);
    voice.size(34, usual);
    voice.price(35, face.last.price);
    voice.size(36, usual / Decimal::TEN);
    voice.size(61, usual / Decimal::from(20));
}

/// Paid in the last twelve months, to be paid in the next, when next, and how much then.
fn dividends(face: &Face) -> String {
    let year = (face.last.price * Decimal::new(2, 2)).round_dp(2);
    let quarter = (year / Decimal::from(4)).round_dp(2);
    let next = tradeport_kernel::Timestamp::from_seconds(face.last.second + 5 * WEEK).to_utc().date();
    format!("{year},{year},{}{:02}{:02},{quarter}", next.year(), u8::from(next.month()), next.day())
}

fn odd_lots(face: &Face, voice: &mut Voice<'_>) {
    let odd = |side: Side| Side { size: Decimal::from(37), ..side };
    let (teller, to) = (voice.teller, voice.to);
    teller.price(105, odd(face.bid), 0, voice.outbox, to);
    teller.price(106, odd(face.ask), 0, voice.outbox, to);
    [109, 110].into_iter().for_each(|it| voice.text(it, "Q".to_owned()));
}
