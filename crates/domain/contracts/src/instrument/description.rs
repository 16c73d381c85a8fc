//! All that can be said of an instrument, and the rules that make it one.

use super::kind::Strikes;
use super::refusal::shown;
use super::{Facts, Instrument, InstrumentKind, NotAnInstrument};
use crate::{ComboLeg, ContractId, DeltaNeutral, Expiry, Identifier, Right};
use tradeport_kernel::{Currency, Decimal};

/// All that can be said of an instrument, before it is checked. The typed constructors ([`Stock::new`] and its
/// companions) are the usual way to an [`Instrument`]; adapters and files come this way.
///
/// [`Stock::new`]: crate::Stock::new
///
/// ```
/// use tradeport_contracts::{Description, Instrument, InstrumentKind, Right};
///
/// // What a form or a file says, whichever kind it is; `check` decides whether it is an instrument.
/// let said = Description {
///     symbol: Some("AAPL".to_owned()),
///     expiry: Some("20250117".parse()?),
///     strike: Some("150".parse()?),
///     right: Some(Right::Call),
///     ..Description::of(InstrumentKind::Option)
/// };
/// assert_eq!(said.clone().check()?.to_string(), "AAPL 20250117C150");
///
/// let stock = Description { kind: Some(InstrumentKind::Stock), ..said };
/// assert_eq!(stock.check().unwrap_err().to_string(), "a stock has no expiry, and 20250117 was given");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Description {
    /// What it is; may be unsaid where a number says which one is meant.
    pub kind: Option<InstrumentKind>,
    /// Its symbol, or that of what it is derived from.
    pub symbol: Option<String>,
    /// When it ends.
    pub expiry: Option<Expiry>,
    /// At which price it may be exercised.
    pub strike: Option<Decimal>,
    /// Call or put.
    pub right: Option<Right>,
    /// Units of the underlying in one contract.
    pub multiplier: Option<Decimal>,
    /// Where it is routed to.
    pub exchange: Option<String>,
    /// Where it is listed, when it is routed elsewhere.
    pub primary_exchange: Option<String>,
    /// What it is priced in.
    pub currency: Option<Currency>,
    /// Its symbol at its exchange.
    pub local_symbol: Option<String>,
    /// The class within a product.
    pub trading_class: Option<String>,
    /// Whether contracts that have ended are meant too.
    pub include_expired: bool,
    /// The broker's number.
    pub id: Option<ContractId>,
    /// A public number.
    pub identifier: Option<Identifier>,
    /// The broker's code of who issued it.
    pub issuer: Option<String>,
    /// What a combo is made of.
    pub legs: Vec<ComboLeg>,
    /// What a combo is hedged with.
    pub delta_neutral: Option<DeltaNeutral>,
}

/// How an instrument says which one is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// As one of a kind.
    Kind(InstrumentKind),
    /// By the broker's number; whatever stands beside it only describes.
    Id,
    /// By a public number; whatever stands beside it only describes.
    Identifier,
    /// All that one issuer issued.
    Issuer,
}

impl Description {
    /// What is known of a kind when nothing else is said: its usual exchange and currency.
    #[must_use]
    pub fn of(kind: InstrumentKind) -> Self {
        Self {
            kind: Some(kind),
            exchange: kind.usual_exchange().map(str::to_owned),
            currency: kind.usual_currency(),
            ..Self::default()
        }
    }

    /// The instrument that is meant.
    /// Errors: the first rule that it breaks.
    pub fn check(self) -> Result<Instrument, NotAnInstrument> {
        let naming = self.naming()?;
        self.check_texts()?;
        self.check_numbers()?;
        if let Some(kind) = self.kind {
            self.check_kind(kind)?;
        }
        Ok(Instrument::from_facts(naming, Facts::new(self)))
    }

    /// How it names what is meant.
    pub(super) fn naming(&self) -> Result<Naming, NotAnInstrument> {
        let has_terms = self.expiry.is_some() || self.strike.is_some() || self.right.is_some();
        let is_whole = !has_terms && self.legs.is_empty();
        if is_whole && self.symbol.is_none() && self.local_symbol.is_none() {
            let is_feed = self.kind == Some(InstrumentKind::NewsFeed);
            match (self.number(), &self.issuer) {
                (Some(number), _) => return Ok(number),
                (None, Some(_)) => return Ok(Naming::Issuer),
                (None, None) if is_feed => return Ok(Naming::Kind(InstrumentKind::NewsFeed)),
                (None, None) => {}
            }
        }
        // A number says which one is meant, even where a symbol stands beside it and nothing says the kind.
        if let Some(number) = self.number().filter(|_| is_whole && self.kind.is_none()) {
            return Ok(number);
        }
        let kind = self.kind.ok_or(NotAnInstrument::NoKind)?;
        let named = self.symbol.is_some()
            || self.local_symbol.is_some()
            || self.id.is_some()
            || self.identifier.is_some();
        if named { Ok(Naming::Kind(kind)) } else { Err(NotAnInstrument::Unnamed { kind }) }
    }

    /// The number that it is named by, the broker's before a public one.
    fn number(&self) -> Option<Naming> {
        match (self.id, &self.identifier) {
            (Some(_), _) => Some(Naming::Id),
            (None, Some(_)) => Some(Naming::Identifier),
            (None, None) => None,
        }
    }

    fn check_texts(&self) -> Result<(), NotAnInstrument> {
        if let Some(symbol) = self.symbol.as_deref().filter(|symbol| !is_text(symbol)) {
            return Err(NotAnInstrument::Symbol(shown(symbol)));
        }
        let exchanges = [&self.exchange, &self.primary_exchange];
        if let Some(exchange) = exchanges.into_iter().flatten().find(|exchange| !is_exchange(exchange)) {
            return Err(NotAnInstrument::Exchange(shown(exchange)));
        }
        let texts = [
            ("local symbol", &self.local_symbol),
            ("trading class", &self.trading_class),
            ("issuer", &self.issuer),
        ];
        for (field, text) in texts {
            if let Some(text) = text.as_deref().filter(|text| !is_text(text)) {
                return Err(NotAnInstrument::Text { field, given: shown(text) });
            }
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<(), NotAnInstrument> {
        if let Some(id) = self.id.filter(|id| id.number() <= 0) {
            return Err(NotAnInstrument::ContractId(id.number()));
        }
        for (field, number) in [("strike", self.strike), ("multiplier", self.multiplier)] {
            if let Some(given) = number.filter(|number| !is_reasonable(*number)) {
                return Err(NotAnInstrument::Digits { field, given });
            }
        }
        match self.multiplier {
            Some(multiplier) if multiplier <= Decimal::ZERO => Err(NotAnInstrument::Multiplier(multiplier)),
            _ => Ok(()),
        }
    }

    fn check_kind(&self, kind: InstrumentKind) -> Result<(), NotAnInstrument> {
        let superfluous = |field, given: String| Err(NotAnInstrument::Superfluous { kind, field, given });
        if let Some(expiry) = self.expiry {
            if !kind.has_expiry() {
                return superfluous("expiry", expiry.to_string());
            }
            if kind.ends_on_weekdays() && expiry.is_on_weekend() {
                return Err(NotAnInstrument::Weekend { kind, expiry });
            }
        }
        if let Some(right) = self.right.filter(|_| kind.strikes() == Strikes::None) {
            return superfluous("right", right.to_string());
        }
        if let Some(strike) = self.strike {
            let expected = match kind.strikes() {
                Strikes::None => return superfluous("strike", strike.to_string()),
                Strikes::Positive if strike <= Decimal::ZERO => "a price above zero",
                Strikes::NotNegative if strike < Decimal::ZERO => "zero or above",
                Strikes::Positive | Strikes::NotNegative => "",
            };
            if !expected.is_empty() {
                return Err(NotAnInstrument::Strike { kind, given: strike, expected });
            }
        }
        if kind != InstrumentKind::Combo && (!self.legs.is_empty() || self.delta_neutral.is_some()) {
            return superfluous("legs", format!("{} legs or a hedge", self.legs.len()));
        }
        self.check_special(kind)
    }

    /// The rules of single kinds.
    fn check_special(&self, kind: InstrumentKind) -> Result<(), NotAnInstrument> {
        match kind {
            InstrumentKind::Forex => self.check_pair(),
            InstrumentKind::EventContract => self.check_event(),
            InstrumentKind::Option if is_forecast_exchange(self.exchange.as_deref()) => {
                Err(NotAnInstrument::Event(
                    "FORECASTX lists event contracts, no options: describe an event contract",
                ))
            }
            InstrumentKind::FuturesOption if is_event_class(self.trading_class.as_deref()) => {
                Err(NotAnInstrument::Event(
                    "trading classes EC.. hold event contracts: describe an event contract",
                ))
            }
            InstrumentKind::Combo if self.legs.is_empty() && self.id.is_none() => {
                Err(NotAnInstrument::NoLegs)
            }
            InstrumentKind::NewsFeed if self.exchange.is_none() && self.id.is_none() => {
                Err(NotAnInstrument::Missing { kind, missing: "the code of its provider as its exchange" })
            }
            _ => Ok(()),
        }
    }

    fn check_pair(&self) -> Result<(), NotAnInstrument> {
        let Some(base) = self.symbol.as_deref() else { return Ok(()) };
        let base: Currency = base.parse().map_err(|_| NotAnInstrument::NotACurrency(shown(base)))?;
        match self.currency {
            Some(quote) if quote == base => Err(NotAnInstrument::SameCurrency(base.to_string())),
            Some(_) => Ok(()),
            None => Err(NotAnInstrument::Missing {
                kind: InstrumentKind::Forex,
                missing: "the currency that it is priced in",
            }),
        }
    }

    fn check_event(&self) -> Result<(), NotAnInstrument> {
        if self.strike.is_some() != self.right.is_some() {
            return Err(NotAnInstrument::Event(
                "an event contract has a strike and a side (yes or no), or neither when all of a question are meant",
            ));
        }
        if is_forecast_exchange(self.exchange.as_deref()) || is_event_class(self.trading_class.as_deref()) {
            return Ok(());
        }
        Err(NotAnInstrument::Event("an event contract is on FORECASTX, or its trading class begins with EC"))
    }
}

/// Whether `exchange` is where forecast contracts trade. Its code at the broker has no final E.
pub(super) fn is_forecast_exchange(exchange: Option<&str>) -> bool {
    exchange == Some("FORECASTX")
}

/// Whether a trading class of futures options holds yes-or-no contracts: the exchange names those `EC` and the
/// product.
pub(super) fn is_event_class(class: Option<&str>) -> bool {
    class.is_some_and(|class| class.len() >= 4 && class.starts_with("EC"))
}

/// 1 to 64 printable characters, no blank at either end.
pub(super) fn is_text(text: &str) -> bool {
    let printable = text.bytes().all(|c| c == b' ' || c.is_ascii_graphic());
    !text.is_empty() && text.len() <= 64 && printable && text.trim() == text
}

pub(super) fn is_exchange(code: &str) -> bool {
    let good = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, b'.' | b'-' | b'_');
    let starts = code.bytes().next().is_some_and(|c| c.is_ascii_alphanumeric());
    starts && code.len() <= 24 && code.bytes().all(good)
}

/// Up to a thousand million, and at most 15 digits: what a binary float carries without loss.
pub(super) fn is_reasonable(number: Decimal) -> bool {
    let number = number.normalize();
    number.abs() <= Decimal::from(1_000_000_000) && number.mantissa().unsigned_abs() < 10_u128.pow(15)
}
