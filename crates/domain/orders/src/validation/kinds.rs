//! Does the order kind go with the instrument, its exchange and its currency?

use super::fields::has_mid_offsets;
use super::table::{Said, goes_with, kinds_for, kinds_named_by, said_by};
use super::{AttributeRefusal, Case, KindRefusal, Validation, Warning};
use crate::{OrderKind, Side};
use tradeport_contracts::{Contract, InstrumentKind as Kind};
use tradeport_kernel::Currency;

/// The exchanges of the CME group, under today's names and those before 2022.
const CME_GROUP: [&str; 7] = ["CME", "CBOT", "NYMEX", "COMEX", "GLOBEX", "ECBOT", "CMECRYPTO"];

pub(super) fn check(case: &Case<'_>, found: &mut Validation) {
    if let Some(what) = case.what.filter(|what| is_only_quoted(*what)) {
        found.refuse(KindRefusal::NotTraded { symbol: case.contract.symbol(), what });
        return;
    }
    expired(case, found);
    let kind = case.intent.kind();
    let list = &case.contract.details().order_kinds;
    match said_by(list, kind) {
        Said::Allowed => {}
        Said::NotNamed => found.refuse(KindRefusal::KindNotListed {
            kind: kind.name(),
            symbol: case.contract.symbol(),
            accepted: kinds_named_by(list),
        }),
        Said::Nothing => {
            by_instrument(case, found);
            by_venue(case, found);
        }
    }
    forecast(case, found);
    own_book(case, found);
    auction(case, found);
}

/// Quoted or asked for, but never ordered.
const fn is_only_quoted(what: Kind) -> bool {
    matches!(what, Kind::Index | Kind::NewsFeed | Kind::ContinuousFuture | Kind::AnyFuture)
}

/// Over for sure: its last day lies before yesterday's in every zone (error 392).
fn expired(case: &Case<'_>, found: &mut Validation) {
    let Some(day) = last_day(case.contract) else { return };
    let today = case.now.to_utc().date();
    found.refuse_if(day.next_day().is_some_and(|next| next < today), || KindRefusal::Expired {
        symbol: case.contract.symbol(),
        day,
    });
}

fn last_day(contract: &Contract) -> Option<time::Date> {
    let expiry = contract.details().expiry.or(contract.instrument().description().expiry);
    expiry.and_then(tradeport_contracts::Expiry::day)
}

fn by_instrument(case: &Case<'_>, found: &mut Validation) {
    let kind = case.intent.kind();
    match case.what {
        None => found.warn(Warning::KindUnknown { symbol: case.contract.symbol() }),
        Some(what) => found.refuse_if(!goes_with(kind, what), || KindRefusal::KindOfInstrument {
            kind: kind.name(),
            what,
            accepted: kinds_for(what),
        }),
    }
}

/// Kinds that one venue alone takes. Where the broker's own list names the kind, that list decides.
fn by_venue(case: &Case<'_>, found: &mut Validation) {
    let kind = case.intent.kind();
    let needs = match kind {
        OrderKind::BoxTop | OrderKind::PegStock(_) => Some("BOX"),
        OrderKind::PegBest { .. } => Some("IBKRATS"),
        OrderKind::MidPrice { .. } => Some("SMART"),
        OrderKind::Vwap => Some("VWAP"),
        _ => None,
    };
    if let Some((needs, given)) = needs.and_then(|needs| Some((needs, case.elsewhere_than(needs)?))) {
        found.refuse(KindRefusal::KindVenue { kind: kind.name(), needs, given: given.to_owned() });
    }
    let currency = case.contract.currency();
    let foreign = matches!(kind, OrderKind::MidPrice { .. }) && currency != Currency::USD;
    found.refuse_if(foreign, || KindRefusal::KindCurrency {
        kind: kind.name(),
        needs: Currency::USD,
        given: currency,
    });
    let protected = matches!(kind, OrderKind::MarketProtected | OrderKind::StopProtected { .. });
    if let Some(venue) = case.exchange().filter(|venue| protected && !CME_GROUP.contains(venue)) {
        found.warn(Warning::UnusualVenue {
            kind: kind.name(),
            venue: venue.to_owned(),
            usual: "the CME group",
        });
    }
    let vwap_venue = case.at("VWAP") && !matches!(kind, OrderKind::Vwap);
    found.refuse_if(vwap_venue, || KindRefusal::VenueKind {
        venue: "VWAP",
        takes: "VWAP",
        kind: kind.name(),
    });
}

/// Yes-or-no contracts are bought: a no is bought rather than a yes sold (error 10343).
fn forecast(case: &Case<'_>, found: &mut Validation) {
    let sold = case.is_forecast() && case.intent.side() == Side::Sell;
    found.refuse_if(sold, || KindRefusal::SoldEvent { symbol: case.contract.symbol() });
}

/// The broker's own book has words of its own: what is pegged there is not held (error 10297), and only there are the least
/// units of a fill and distances by the width of the spread understood (errors 10302 and 10306).
fn own_book(case: &Case<'_>, found: &mut Validation) {
    let kind = case.intent.kind();
    let handling = case.intent.said().map(|said| said.handling).unwrap_or_default();
    let pegged = matches!(kind, OrderKind::PegBest { .. } | OrderKind::PegMid { .. });
    found.refuse_if(pegged && case.at("IBKRATS") && !handling.not_held, || AttributeRefusal::Held {
        kind: kind.name(),
    });
    let Some(given) = case.elsewhere_than("IBKRATS") else { return };
    let words = [
        ("a minimum trade quantity", handling.min_trade_quantity.is_some()),
        ("a minimum compete size", handling.min_compete_size.is_some()),
        ("an offset by the width of the spread", has_mid_offsets(kind)),
    ];
    for (what, _) in words.into_iter().filter(|(_, said)| *said) {
        found.refuse(AttributeRefusal::AttributeVenue { what, needs: "IBKRATS", given: given.to_owned() });
    }
}

/// Auctions for price improvement are held for options at one exchange.
fn auction(case: &Case<'_>, found: &mut Validation) {
    if case.intent.said().is_none_or(|said| said.routing.auction.is_none()) {
        return;
    }
    if let Some(given) = case.elsewhere_than("BOX") {
        let what = "an auction strategy";
        found.refuse(AttributeRefusal::AttributeVenue { what, needs: "BOX", given: given.to_owned() });
    }
    if let Some(what) = case.what.filter(|what| *what != Kind::Option) {
        let attribute = "an auction strategy";
        found.refuse(AttributeRefusal::AttributeOfInstrument { attribute, takes: "options", what });
    }
}
