//! Instruments of every kind, at random: each field said or unsaid as the kind allows.
//!
//! An instrument is built from a row of random numbers, each of which decides one thing; zero decides for the simplest.
//! That is much faster than a strategy for every field, and it shrinks field by field all the same.

use proptest::prelude::*;
use tradeport_contracts::{
    ComboLeg, ContractId, DeltaNeutral, Description, Expiry, Identifier, Instrument, InstrumentKind as Kind,
    LegAction, LegEffect, Right, Scheme, ShortSale,
};
use tradeport_kernel::{Currency, Decimal, Price};

/// Instruments of one kind, named in whatever way.
pub fn instrument(kind: Kind) -> impl Strategy<Value = Instrument> {
    rows().prop_filter_map("breaks a rule", move |row| {
        let mut dice = Dice { row, at: 0 };
        let mut it = Description { kind: Some(kind), ..dice.common() };
        dice.name(kind, &mut it);
        dice.terms(kind, &mut it);
        match kind {
            Kind::Combo => {
                it.legs = (0..=dice.up_to(6)).map(|_| dice.leg()).collect();
                it.delta_neutral = dice.sometimes(3).then(|| dice.hedge());
            }
            Kind::Forex if it.symbol.is_some() => it.currency = Some(dice.currency()),
            Kind::EventContract if dice.sometimes(3) => {
                it.trading_class = Some(format!("EC{}", dice.letters(2, 4)));
            }
            Kind::EventContract => it.exchange = Some("FORECASTX".to_owned()),
            Kind::NewsFeed if it.exchange.is_none() => it.exchange = Some("BRF".to_owned()),
            _ => {}
        }
        it.check().ok()
    })
}

/// Instruments that a number names alone, said to be of a kind or not.
pub fn numbered_instrument() -> impl Strategy<Value = Instrument> {
    rows().prop_filter_map("breaks a rule", |row| {
        let mut dice = Dice { row, at: 0 };
        let mut it = Description { id: None, identifier: None, issuer: None, ..dice.common() };
        it.kind = dice.sometimes(2).then(|| dice.one_of(&Kind::ALL));
        match dice.up_to(2) {
            0 => it.id = Some(dice.id()),
            1 => it.identifier = Some(dice.identifier()),
            _ => it.issuer = Some(dice.text()),
        }
        it.check().ok()
    })
}

/// Enough for the longest combo.
fn rows() -> impl Strategy<Value = Vec<u64>> {
    (prop::array::uniform32(any::<u64>()), prop::array::uniform32(any::<u64>()))
        .prop_map(|(a, b)| [a, b].concat())
}

/// A row of random numbers, used one after the other; when it is used up it begins again.
struct Dice {
    row: Vec<u64>,
    at: usize,
}

impl Dice {
    fn roll(&mut self) -> u64 {
        let number = self.row[self.at % self.row.len()];
        self.at += 1;
        number
    }

    /// 0 to `last`.
    fn up_to(&mut self, last: u64) -> u64 {
        self.roll() % (last + 1)
    }

    /// Once in so many times.
    fn sometimes(&mut self, times: u64) -> bool {
        self.up_to(times - 1) == times - 1
    }

    fn one_of<T: Clone>(&mut self, among: &[T]) -> T {
        among[usize::try_from(self.up_to(among.len() as u64 - 1)).expect("made within the rules")].clone()
    }

    fn common(&mut self) -> Description {
        Description {
            exchange: (!self.sometimes(10)).then(|| self.exchange()),
            primary_exchange: self.sometimes(4).then(|| self.exchange()),
            multiplier: self.sometimes(4).then(|| self.number()),
            id: self.sometimes(5).then(|| self.id()),
            trading_class: self.sometimes(4).then(|| self.text()),
            issuer: self.sometimes(10).then(|| self.text()),
            currency: (!self.sometimes(10)).then(|| self.currency()),
            identifier: self.sometimes(10).then(|| self.identifier()),
            include_expired: self.sometimes(4),
            ..Description::default()
        }
    }

    /// Symbol and local symbol, one of them at least.
    fn name(&mut self, kind: Kind, it: &mut Description) {
        let form = self.up_to(5);
        if form != 5 {
            it.symbol = Some(if kind == Kind::Forex { self.currency().to_string() } else { self.text() });
        }
        it.local_symbol = (form >= 4).then(|| self.text());
    }

    fn terms(&mut self, kind: Kind, it: &mut Description) {
        let said = !self.sometimes(5);
        match kind {
            Kind::Option | Kind::FuturesOption | Kind::Warrant | Kind::StructuredProduct => {
                it.expiry = said.then(|| self.weekday());
                it.strike = (!self.sometimes(5)).then(|| self.number());
                it.right = (!self.sometimes(5)).then(|| self.one_of(&Right::ALL));
            }
            Kind::EventContract => {
                it.expiry = said.then(|| self.expiry());
                if !self.sometimes(5) {
                    it.strike = Some(if self.sometimes(4) { Decimal::ZERO } else { self.number() });
                    it.right = Some(self.one_of(&Right::ALL));
                }
            }
            Kind::Future => it.expiry = said.then(|| self.weekday()),
            Kind::Forward | Kind::Bond | Kind::Bill | Kind::FixedIncome | Kind::Icu | Kind::Ics => {
                it.expiry = said.then(|| self.expiry());
            }
            _ => {}
        }
    }

    fn id(&mut self) -> ContractId {
        ContractId::new(i64::try_from(self.up_to(0x7FFF_FFFE)).expect("made within the rules") + 1)
    }

    fn letters(&mut self, least: u64, most: u64) -> String {
        let count = least + self.up_to(most - least);
        self.word(count, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    }

    /// So many characters of an alphabet; the first is not a sign.
    fn word(&mut self, count: u64, alphabet: &[u8]) -> String {
        (0..count).map(|_| char::from(self.one_of(alphabet))).collect()
    }

    /// Plain texts mostly; among the others those that look like something else.
    fn text(&mut self) -> String {
        const ODD: [&str; 18] = [
            "*",
            "-",
            "%",
            "@/;=#*|",
            "id:7",
            "stock:A",
            "EUR.USD",
            "ES 202503",
            "A 20250117C150",
            "A *",
            "BRF:BRF_ALL",
            "isin:X",
            "lowercase",
            "A  B",
            "x",
            "20250117",
            "C1",
            "%41",
        ];
        match self.up_to(7) {
            0..=3 => self.letters(1, 6),
            4 => format!("{} {}", self.letters(1, 3), self.letters(1, 4)),
            5 | 6 => {
                let printable: Vec<u8> = (b' '..=b'~').collect();
                let middle = self.up_to(12);
                format!("A{}!", self.word(middle, &printable))
            }
            _ => self.one_of(&ODD).to_owned(),
        }
    }

    fn exchange(&mut self) -> String {
        match self.up_to(5) {
            0..=2 => "SMART".to_owned(),
            3 | 4 => self.letters(1, 8),
            _ => format!("{}{}", self.letters(1, 3), self.word(8, b"AZ09._-")),
        }
    }

    fn currency(&mut self) -> Currency {
        let code =
            if self.sometimes(2) { self.word(3, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ") } else { "USD".to_owned() };
        code.parse().expect("made within the rules")
    }

    /// Above zero, up to a thousand million, of at most 15 digits.
    fn number(&mut self) -> Decimal {
        let (digits, scale) = match self.up_to(4) {
            0..=2 => (self.up_to(99_998), self.up_to(2)),
            3 => (self.up_to(999_999_998), self.up_to(11)),
            _ => (self.up_to(999_999_999_999_998), 6 + self.up_to(13)),
        };
        Decimal::new(
            i64::try_from(digits).expect("made within the rules") + 1,
            u32::try_from(scale).expect("made within the rules"),
        )
    }

    fn expiry(&mut self) -> Expiry {
        let year = 1901 + i32::try_from(self.up_to(298)).expect("made within the rules");
        let month = 1 + u8::try_from(self.up_to(11)).expect("made within the rules");
        let day = 1 + u8::try_from(self.up_to(27)).expect("made within the rules");
        if self.sometimes(3) {
            Expiry::in_month(year, month).expect("made within the rules")
        } else {
            Expiry::on(year, month, day).expect("made within the rules")
        }
    }

    /// A month, or a day from Monday to Friday.
    fn weekday(&mut self) -> Expiry {
        let mut expiry = self.expiry();
        while expiry.is_on_weekend() {
            expiry = Expiry::try_from(
                expiry.day().expect("made within the rules").previous_day().expect("made within the rules"),
            )
            .expect("made within the rules");
        }
        expiry
    }

    fn identifier(&mut self) -> Identifier {
        const CONSONANTS: &[u8] = b"0123456789BCDFGHJKLMNPQRSTVWXYZ";
        let (scheme, body) = match self.up_to(4) {
            0 => (Scheme::Isin, format!("US{}", self.letters(9, 9))),
            1 => (Scheme::Cusip, self.word(8, b"0123456789ABCXYZ*@#")),
            2 => (Scheme::Sedol, self.word(6, CONSONANTS)),
            3 => (Scheme::Figi, format!("BBG{}", self.word(8, CONSONANTS))),
            _ => return Scheme::Ric.read(&self.word(9, b"ABC.=/@%;*#|x1")).expect("made within the rules"),
        };
        ('0'..='9')
            .find_map(|digit| scheme.read(&format!("{body}{digit}")).ok())
            .expect("made within the rules")
    }

    fn leg(&mut self) -> ComboLeg {
        let effects = [LegEffect::Same, LegEffect::Open, LegEffect::Close, LegEffect::Unknown];
        let ratio = 1 + u32::try_from(self.up_to(0x7FFF_FFFE)).expect("made within the rules");
        let leg =
            ComboLeg::new(self.id(), ratio, self.one_of(&LegAction::ALL)).expect("made within the rules");
        let leg =
            if self.sometimes(5) { leg } else { leg.on(&self.exchange()).expect("made within the rules") };
        let leg = leg.with_effect(self.one_of(&effects));
        let leg = match self.up_to(3) {
            2 => leg.with_short_sale(ShortSale::HeldByBroker).expect("made within the rules"),
            3 => leg.with_short_sale(ShortSale::HeldAt(self.text())).expect("made within the rules"),
            _ => leg,
        };
        if self.sometimes(4) {
            leg.with_exemption(u16::try_from(self.up_to(65_535)).expect("made within the rules"))
        } else {
            leg
        }
    }

    fn hedge(&mut self) -> DeltaNeutral {
        let (sold, delta) = (self.sometimes(2), self.number());
        let hedge =
            DeltaNeutral::new(self.id(), if sold { -delta } else { delta }).expect("made within the rules");
        match Price::new(self.number()).ok().filter(|_| self.sometimes(2)) {
            Some(price) => hedge.at(price).expect("made within the rules"),
            None => hedge,
        }
    }
}
