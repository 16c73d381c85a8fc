//! From an instrument to its text.

use super::escape::escape;
use super::terms::{self, Terms};
use super::{NONE, UNSAID, kind_by_looks, legs};
use crate::instrument::description::Naming;
use crate::instrument::{Description, Instrument, InstrumentKind, numbered};
use tradeport_kernel::Currency;

pub(super) fn instrument(instrument: &Instrument) -> String {
    let it = instrument.description();
    match instrument.naming() {
        Naming::Kind(kind) => of_kind(kind, it),
        Naming::Id => {
            let id = it.id.map_or(0, |id| id.number());
            let shown = Description { id: None, ..it.clone() };
            tail(format!("id:{id}"), &shown, Some(numbered::USUAL_EXCHANGE), None, it.kind)
        }
        Naming::Identifier => {
            let identifier = it.identifier.as_ref();
            let body = identifier.map(|it| format!("{}:{}", it.scheme().word(), escape(it.as_str())));
            let shown = Description { identifier: None, ..it.clone() };
            tail(body.unwrap_or_default(), &shown, Some(numbered::USUAL_EXCHANGE), None, it.kind)
        }
        Naming::Issuer => {
            let body = format!("issuer:{}", escape(it.issuer.as_deref().unwrap_or_default()));
            tail(body, &Description { issuer: None, ..it.clone() }, None, None, it.kind)
        }
    }
}

fn of_kind(kind: InstrumentKind, it: &Description) -> String {
    let symbol = it.symbol.as_deref().map_or_else(|| UNSAID.to_owned(), escape);
    let mut shown = it.clone();
    let body = if kind.has_terms() {
        let (expiry, right) = (shown.expiry.take(), shown.right.take());
        let (strike, multiplier) = (shown.strike.take(), shown.multiplier.take());
        format!("{symbol} {}", terms::write(&Terms { expiry, right, strike, multiplier }))
    } else if let (InstrumentKind::Forex, Some(_), Some(quote)) = (kind, &it.symbol, shown.currency) {
        shown.currency = None;
        format!("{symbol}.{quote}")
    } else {
        symbol
    };
    shown.symbol = None;
    let looks = kind_by_looks(&body) == kind && !begins_with_word(&body);
    let body = if looks { body } else { format!("{}:{body}", kind.word()) };
    tail(body, &shown, kind.usual_exchange(), kind.usual_currency(), None)
}

/// Whether the text would be read as a kind and a body.
fn begins_with_word(body: &str) -> bool {
    body.split_once(':').is_some_and(|(word, _)| super::read::is_word(word))
}

/// The body and everything of `it` that is not usual.
fn tail(
    body: String,
    it: &Description,
    exchange: Option<&str>,
    currency: Option<Currency>,
    kind: Option<InstrumentKind>,
) -> String {
    let mut text = body;
    if it.exchange.as_deref() != exchange || it.primary_exchange.is_some() {
        text.push('@');
        text.push_str(it.exchange.as_deref().unwrap_or(NONE));
    }
    if let Some(primary) = &it.primary_exchange {
        text.push(':');
        text.push_str(primary);
    }
    if it.currency != currency {
        text.push('/');
        text.push_str(it.currency.as_ref().map_or(NONE, Currency::as_str));
    }
    for (key, value) in pairs(it, kind) {
        text.push_str(&format!(";{key}={value}"));
    }
    text
}

fn pairs(it: &Description, kind: Option<InstrumentKind>) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.as_deref().map(escape);
    let mut pairs = vec![
        ("symbol", text(&it.symbol)),
        ("local", text(&it.local_symbol)),
        ("class", text(&it.trading_class)),
        ("expiry", it.expiry.map(|expiry| expiry.to_string())),
        ("multiplier", it.multiplier.map(|multiplier| multiplier.normalize().to_string())),
        ("id", it.id.map(|id| id.number().to_string())),
        ("issuer", text(&it.issuer)),
        ("expired", it.include_expired.then(|| "yes".to_owned())),
        ("kind", kind.map(|kind| kind.word().to_owned())),
    ];
    if let Some(identifier) = &it.identifier {
        pairs.push((identifier.scheme().word(), Some(escape(identifier.as_str()))));
    }
    pairs.extend(it.legs.iter().map(|leg| ("leg", Some(legs::write_leg(leg)))));
    pairs.push(("neutral", it.delta_neutral.as_ref().map(legs::write_hedge)));
    pairs.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}
