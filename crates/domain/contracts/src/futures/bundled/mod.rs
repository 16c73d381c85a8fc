//! The products that come with the platform, by what they are on. Each row gives the code, the exchange, the
//! multiplier, the price step, the months and the rule of the last trade; what differs from the usual follows.
//!
//! The facts are those of `data/futures-specs.csv`; a test holds this table against that file, column by column. Its
//! few refinements are listed in `data/futures-specs.md`.
//!
//! First notice days are from the exchanges' contract specifications: CME Group, "first notice" of metals, grains and
//! treasuries on the last business day of the month before; ICE Futures U.S., so many business days before the first
//! business day of the month. Left out are those of products whose notice comes after the last trade.

mod crops;
mod currencies;
mod energy;
mod indices;
mod metals;
mod others;
mod rates;

use super::spec::FuturesDraft;
use super::words::{Confidence, Settlement};
use std::fmt::Debug;
use std::str::FromStr;
use tradeport_kernel::{Currency, Decimal};

/// An exchange by the broker's name of today, and of before 2022.
type Exchange = (&'static str, &'static str);
const CME: Exchange = ("CME", "GLOBEX");
const CME_CRYPTO: Exchange = ("CME", "CMECRYPTO");
const CBOT: Exchange = ("CBOT", "ECBOT");
const NYMEX: Exchange = ("NYMEX", "NYMEX");
const COMEX: Exchange = ("COMEX", "NYMEX");
const CFE: Exchange = ("CFE", "CFE");
const ICE_US: Exchange = ("NYBOT", "NYBOT");
const ICE_LONDON: Exchange = ("ICEEU", "LIFFE");
const ICE_ENERGY: Exchange = ("IPE", "IPE");
const EUREX: Exchange = ("EUREX", "DTB");
const PARIS: Exchange = ("MONEP", "MONEP");
const HONG_KONG: Exchange = ("HKFE", "HKFE");
const OSAKA: Exchange = ("OSE.JPN", "OSE.JPN");
const SYDNEY: Exchange = ("SNFE", "SNFE");

/// The first notice day of most products that are delivered from the first day of their month on.
const MONTH_END_BEFORE: &str = "last business day of the month before the contract month";

/// All products, those that others refer to before them.
pub(super) fn drafts() -> Vec<FuturesDraft> {
    [
        indices::drafts(),
        energy::drafts(),
        metals::drafts(),
        rates::drafts(),
        currencies::drafts(),
        crops::drafts(),
        others::drafts(),
    ]
    .concat()
}

fn cash(
    code: &str,
    exchange: Exchange,
    multiplier: &str,
    step: &str,
    months: &str,
    rule: &str,
) -> FuturesDraft {
    FuturesDraft {
        exchange_code: code.to_owned(),
        broker_symbol: code.to_owned(),
        trading_class: code.to_owned(),
        exchange: exchange.0.to_owned(),
        exchange_before_2022: exchange.1.to_owned(),
        multiplier: read::<Decimal>(multiplier),
        currency: Currency::USD,
        price_step: read::<Decimal>(step),
        price_magnifier: 1,
        months: read(months),
        last_trade: read(rule),
        first_notice: None,
        settlement: Settlement::Cash,
        confidence: Confidence::High,
        note: String::new(),
    }
}

fn delivered(
    code: &str,
    exchange: Exchange,
    multiplier: &str,
    step: &str,
    months: &str,
    rule: &str,
) -> FuturesDraft {
    FuturesDraft { settlement: Settlement::Delivery, ..cash(code, exchange, multiplier, step, months, rule) }
}

fn read<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("the texts of the bundled products are tested, each of them")
}

impl FuturesDraft {
    fn known_as(self, symbol: &str, class: &str) -> Self {
        Self { broker_symbol: symbol.to_owned(), trading_class: class.to_owned(), ..self }
    }

    fn paid_in(self, currency: &str) -> Self {
        Self { currency: read(currency), ..self }
    }

    fn in_cents(self) -> Self {
        Self { price_magnifier: 100, ..self }
    }

    fn noticed(self, rule: &str) -> Self {
        Self { first_notice: Some(read(rule)), ..self }
    }

    fn medium(self) -> Self {
        Self { confidence: Confidence::Medium, ..self }
    }

    fn low(self) -> Self {
        Self { confidence: Confidence::Low, ..self }
    }

    fn with_note(self, note: &str) -> Self {
        Self { note: note.to_owned(), ..self }
    }
}
