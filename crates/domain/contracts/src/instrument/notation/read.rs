//! From a text to the description that it says.

use super::escape::unescape;
use super::terms::{self, Terms};
use super::{NONE, UNSAID, kind_by_looks, legs};
use crate::instrument::refusal::shown;
use crate::instrument::{Description, InstrumentKind, NotAnInstrument, numbered};
use crate::{ContractId, Scheme};

/// What stands before the colon.
enum Head {
    Kind(InstrumentKind),
    Id,
    Scheme(Scheme),
    Issuer,
}

pub(super) fn description(text: &str) -> Result<Description, NotAnInstrument> {
    let refuse = |reason: String| NotAnInstrument::Notation { text: shown(text), reason };
    let mut parts = text.split(';');
    let head = parts.next().unwrap_or_default();
    let (rest, currency) = split(head, '/');
    let (rest, route) = split(rest, '@');
    let (word, body) = head_of(rest);
    let mut it = of_body(&word, body)?.ok_or_else(|| refuse(expectation(&word).to_owned()))?;
    if let Some(route) = route {
        let (exchange, primary) = split(route, ':');
        it.exchange = (exchange != NONE).then(|| exchange.to_owned());
        it.primary_exchange = primary.map(str::to_owned);
    }
    match currency {
        None => {}
        Some(_) if is_pair(&it) => return Err(refuse("a pair already says its currency".to_owned())),
        Some(NONE) => it.currency = None,
        Some(code) => {
            let code =
                code.parse().map_err(|error: tradeport_kernel::NotACurrency| refuse(error.to_string()))?;
            it.currency = Some(code);
        }
    }
    let mut seen = Vec::new();
    for part in parts {
        let (key, value) =
            part.split_once('=').ok_or_else(|| refuse(format!("{part:?} has no '=': expected key=value")))?;
        if key != "leg" && seen.contains(&key) {
            return Err(refuse(format!("{key} is said twice")));
        }
        seen.push(key);
        set(&mut it, key, value).map_err(refuse)?;
    }
    Ok(it)
}

/// The text before the first `at`, and what follows it.
fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn is_pair(it: &Description) -> bool {
    it.kind == Some(InstrumentKind::Forex) && it.symbol.is_some()
}

/// Whether `word` before a colon says what follows.
pub(super) fn is_word(word: &str) -> bool {
    head_of_word(word).is_some()
}

fn head_of_word(word: &str) -> Option<Head> {
    match word {
        "id" => Some(Head::Id),
        "issuer" => Some(Head::Issuer),
        _ => {
            let scheme = Scheme::ALL.into_iter().find(|scheme| scheme.word() == word).map(Head::Scheme);
            scheme.or_else(|| InstrumentKind::of_word(word).map(Head::Kind))
        }
    }
}

fn head_of(text: &str) -> (Head, &str) {
    let worded = text.split_once(':').and_then(|(word, body)| Some((head_of_word(word)?, body)));
    worded.unwrap_or_else(|| (Head::Kind(kind_by_looks(text)), text))
}

const fn expectation(head: &Head) -> &'static str {
    match head {
        Head::Kind(InstrumentKind::Forex) => "expected two currencies such as EUR.USD",
        Head::Kind(kind) if kind.has_terms() => {
            "expected a symbol and terms, such as AAPL 20250117C150 or FISV *"
        }
        Head::Kind(_) => {
            "expected a symbol; % @ / ; = # * | inside it are written as %25 %40 %2F %3B %3D %23 %2A %7C"
        }
        Head::Id => "expected a number above zero",
        Head::Scheme(_) | Head::Issuer => "expected a code",
    }
}

/// What a body says; `Ok(None)` if it is not of the form.
fn of_body(head: &Head, body: &str) -> Result<Option<Description>, NotAnInstrument> {
    let numbered =
        Description { exchange: Some(numbered::USUAL_EXCHANGE.to_owned()), ..Description::default() };
    Ok(match head {
        Head::Kind(kind) => of_kind(*kind, body),
        Head::Id => number(body).map(|id| Description { id: Some(id), ..numbered }),
        Head::Scheme(scheme) => match unescape(body) {
            Some(code) => Some(Description { identifier: Some(scheme.read(&code)?), ..numbered }),
            None => None,
        },
        Head::Issuer => {
            unescape(body).map(|code| Description { issuer: Some(code), ..Description::default() })
        }
    })
}

fn of_kind(kind: InstrumentKind, body: &str) -> Option<Description> {
    let usual = Description::of(kind);
    if kind.has_terms() {
        let (symbol, terms) = body.rsplit_once(' ')?;
        let Terms { expiry, right, strike, multiplier } = terms::read(terms)?;
        return Some(Description { symbol: symbol_of(symbol)?, expiry, right, strike, multiplier, ..usual });
    }
    if kind == InstrumentKind::Forex && body != UNSAID {
        let (base, quote) = body.split_once('.')?;
        return Some(Description { symbol: symbol_of(base)?, currency: Some(quote.parse().ok()?), ..usual });
    }
    Some(Description { symbol: symbol_of(body)?, ..usual })
}

#[expect(clippy::option_option, reason = "an unsaid symbol is not an unreadable one")]
fn symbol_of(text: &str) -> Option<Option<String>> {
    if text == UNSAID { Some(None) } else { unescape(text).map(Some) }
}

fn number(text: &str) -> Option<ContractId> {
    let plain = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit()) && !text.starts_with('0');
    if plain { text.parse().ok().map(ContractId::new) } else { None }
}

/// Sets what a key says; else what is wrong with it.
fn set(it: &mut Description, key: &str, value: &str) -> Result<(), String> {
    let unusable = || format!("{key} cannot be {value:?}");
    let text = || unescape(value).map(Some).ok_or_else(unusable);
    match key {
        "symbol" if it.symbol.is_none() => it.symbol = text()?,
        "local" => it.local_symbol = text()?,
        "class" => it.trading_class = text()?,
        "issuer" => it.issuer = text()?,
        "expiry" => it.expiry = Some(value.parse().map_err(|error: crate::NotAnExpiry| error.to_string())?),
        "multiplier" => it.multiplier = Some(terms::number(value).ok_or_else(unusable)?),
        "id" => it.id = Some(number(value).ok_or_else(unusable)?),
        "expired" if value == "yes" => it.include_expired = true,
        "kind" => it.kind = Some(InstrumentKind::of_word(value).ok_or_else(unusable)?),
        "leg" => it.legs.push(legs::read_leg(value)?),
        "neutral" => it.delta_neutral = Some(legs::read_hedge(value)?),
        _ => {
            let scheme = Scheme::ALL.into_iter().find(|scheme| scheme.word() == key).ok_or_else(unusable)?;
            let identifier = unescape(value).ok_or_else(unusable)?;
            it.identifier = Some(scheme.read(&identifier).map_err(|error| error.to_string())?);
        }
    }
    Ok(())
}
