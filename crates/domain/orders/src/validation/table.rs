//! Which order kinds go with which instruments, as data.
//!
//! Source: the products that the broker's guide to order types names for each kind, joined with the lists of order types
//! that it sends with contracts. Kinds for which the guide names no products (`FIX PEGGED`, `QUOTE`, `VWAP`, the trailing
//! touched kinds) go with everything that the kinds next to them go with: what is not known is not refused.

use crate::OrderKind;
use tradeport_contracts::InstrumentKind as Kind;

/// A set of instrument kinds, one bit each.
type Set = u32;

const fn of(kind: Kind) -> Set {
    1 << kind as u32
}

const STOCK: Set = of(Kind::Stock);
const OPTION: Set = of(Kind::Option);
const FUTURE: Set = of(Kind::Future);
const FUTURES_OPTION: Set = of(Kind::FuturesOption);
const FOREX: Set = of(Kind::Forex);
const CFD: Set = of(Kind::Cfd);
const BOND: Set = of(Kind::Bond) | of(Kind::Bill) | of(Kind::FixedIncome);
const FUND: Set = of(Kind::Fund);
const CRYPTO: Set = of(Kind::Crypto);
const WARRANT: Set = of(Kind::Warrant) | of(Kind::StructuredProduct);
const EVENT: Set = of(Kind::EventContract);
const COMBO: Set = of(Kind::Combo);

/// Whatever is bought and sold on an order book and has no rules of its own.
const LISTED: Set = STOCK | OPTION | FUTURE | FUTURES_OPTION | CFD | WARRANT;
/// All of which the guide speaks; of other instruments nothing is known, and nothing is refused.
const JUDGED: Set = LISTED | FOREX | BOND | FUND | CRYPTO | EVENT | COMBO;

/// One kind of order.
struct Row {
    /// Its short name.
    name: &'static str,
    /// Its words in the lists that brokers send with contracts, without blanks.
    words: &'static [&'static str],
    /// Do those lists always name the kind where it is allowed? Some kinds are on no list, and allowed all the same.
    listed: bool,
    /// What it goes with.
    goes_with: Set,
}

const fn row(name: &'static str, words: &'static [&'static str], goes_with: Set) -> Row {
    Row { name, words, listed: true, goes_with }
}

const fn unlisted(name: &'static str, words: &'static [&'static str], goes_with: Set) -> Row {
    Row { name, words, listed: false, goes_with }
}

const ROWS: &[Row] = &[
    row("MKT", &["MKT"], LISTED | FOREX | BOND | FUND | CRYPTO | COMBO),
    row("LMT", &["LMT"], LISTED | FOREX | BOND | CRYPTO | EVENT | COMBO),
    row("STP", &["STP"], LISTED | FOREX | COMBO),
    row("STP LMT", &["STPLMT"], LISTED | FOREX | COMBO),
    row("TRAIL", &["TRAIL"], LISTED | FOREX | COMBO),
    row("TRAIL LIMIT", &["TRAILLMT", "TRAILLIMIT"], LISTED | FOREX | BOND | COMBO),
    row("MIT", &["MIT"], LISTED | FOREX | BOND | COMBO),
    row("LIT", &["LIT"], LISTED | FOREX | BOND | COMBO),
    row("TRAIL MIT", &["TRAILMIT"], LISTED | FOREX | BOND),
    row("TRAIL LIT", &["TRAILLIT"], LISTED | FOREX | BOND),
    row("MTL", &["MTL"], LISTED | COMBO),
    row("MOC", &["MOC"], STOCK | CFD | FUTURE | WARRANT),
    row("LOC", &["LOC"], STOCK | CFD | FUTURE | WARRANT),
    row("MOO", &["OPG", "MOO"], STOCK | CFD | OPTION | WARRANT),
    row("LOO", &["OPG", "LOO"], STOCK | CFD | OPTION | WARRANT),
    row("REL", &["REL"], STOCK | OPTION | FUTURE),
    row("PEG MID", &["PEGMID"], STOCK),
    row("PEG BENCH", &["PEGBENCH"], LISTED | FOREX),
    row("SNAP MKT", &["SNAPMKT"], LISTED),
    row("SNAP PRIM", &["SNAPREL", "SNAPPRIM"], LISTED),
    row("SNAP MID", &["SNAPMID"], LISTED),
    row("MIDPRICE", &["MIDPX", "MIDPRICE"], STOCK),
    row("VOL", &["VOLAT", "VOL"], OPTION | FUTURES_OPTION | COMBO),
    row("PPV", &["PEGPRMVOL", "PPV"], OPTION | FUTURES_OPTION | COMBO),
    row("PDV", &["PEGMIDVOL", "PDV"], OPTION | FUTURES_OPTION | COMBO),
    row("PMV", &["PEGMKTVOL", "PMV"], OPTION | FUTURES_OPTION | COMBO),
    row("PSV", &["PEGSRFVOL", "PSV"], OPTION | FUTURES_OPTION | COMBO),
    unlisted("MKT PRT", &["MKTPRT"], FUTURE | FUTURES_OPTION),
    unlisted("STP PRT", &["STPPRT"], FUTURE | FUTURES_OPTION),
    unlisted("PASSV REL", &["PASSVREL"], STOCK | WARRANT),
    unlisted("PEG MKT", &["PEGMKT"], STOCK),
    unlisted("PEG PRIM", &["PEGPRIM"], STOCK | OPTION | FUTURE),
    unlisted("PEG BEST", &["PEGBEST"], STOCK),
    unlisted("PEG STK", &["RELSTK", "PEGSTK"], OPTION),
    unlisted("FIX PEGGED", &["FIXPEGGED"], LISTED),
    unlisted("BOX TOP", &["BOXTOP"], OPTION),
    unlisted("VWAP", &["VWAP"], STOCK),
    unlisted("QUOTE", &["QUOTE"], LISTED | BOND | COMBO),
    unlisted("LMT by leg", &[], COMBO),
    unlisted("LMT + MKT", &["LMT+MKT"], COMBO),
    unlisted("REL + LMT", &["REL+LMT"], COMBO),
    unlisted("REL + MKT", &["REL+MKT"], COMBO),
    unlisted("TRAIL LMT + MKT", &["TRAILLMT+MKT"], COMBO),
    unlisted("TRAIL REL + MKT", &["TRAILREL+MKT"], COMBO),
];

/// The name of a kind in the table: its short name, but for limits by leg, which share theirs with plain limits.
const fn name_of(kind: &OrderKind) -> &'static str {
    if matches!(kind, OrderKind::LimitPerLeg) { "LMT by leg" } else { kind.name() }
}

fn row_of(kind: &OrderKind) -> Option<&'static Row> {
    let name = name_of(kind);
    ROWS.iter().find(|row| row.name == name)
}

/// Do orders of this kind go with instruments of that one? Yes where the table does not speak of them.
pub(super) fn goes_with(kind: &OrderKind, what: Kind) -> bool {
    JUDGED & of(what) == 0 || row_of(kind).is_none_or(|row| row.goes_with & of(what) != 0)
}

/// The names of all kinds that go with an instrument.
pub(super) fn kinds_for(what: Kind) -> Vec<&'static str> {
    ROWS.iter().filter(|row| row.goes_with & of(what) != 0).map(|row| row.name).collect()
}

/// What a broker's list for a contract says of an order kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It is allowed.
    Allowed,
    /// It is not: the list names others.
    NotNamed,
    /// Nothing: there is no list, or such lists never name the kind.
    Nothing,
}

/// What the broker's list says of an order kind.
pub(super) fn said_by(list: &[String], kind: &OrderKind) -> Said {
    let Some(row) = row_of(kind) else { return Said::Nothing };
    if row.is_named_by(list) {
        return Said::Allowed;
    }
    // A list that names no kind at all is about something else.
    if row.listed && ROWS.iter().any(|other| other.is_named_by(list)) {
        Said::NotNamed
    } else {
        Said::Nothing
    }
}

/// The names of all kinds that a broker's list allows.
pub(super) fn kinds_named_by(list: &[String]) -> Vec<&'static str> {
    ROWS.iter().filter(|row| row.is_named_by(list)).map(|row| row.name).collect()
}

/// Is a word on a broker's list? Blanks do not count: `STP LMT` and `STPLMT` are one.
pub(super) fn names(list: &[String], word: &str) -> bool {
    list.iter().any(|given| given.chars().filter(|sign| *sign != ' ').eq(word.chars()))
}

impl Row {
    fn is_named_by(&self, list: &[String]) -> bool {
        self.words.iter().any(|word| names(list, word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own() {
        for (index, row) in ROWS.iter().enumerate() {
            assert!(ROWS[..index].iter().all(|other| other.name != row.name), "{}", row.name);
            assert!(row.words.iter().all(|word| !word.contains(' ')), "{}", row.name);
            assert!(row.goes_with != 0, "{}", row.name);
        }
    }

    #[test]
    fn every_name_of_a_kind_has_a_row() {
        for name in OrderKind::NAMES {
            assert!(ROWS.iter().any(|row| row.name == name), "{name}");
        }
    }

    #[test]
    fn every_judged_instrument_takes_some_kind() {
        for what in Kind::ALL {
            assert_eq!(kinds_for(what).is_empty(), JUDGED & of(what) == 0, "{what}");
        }
    }

    #[test]
    fn blanks_in_a_list_do_not_count() {
        let list = ["STP LMT".to_owned(), "LMT".to_owned()];
        assert!(names(&list, "STPLMT"));
        assert!(!names(&list, "STP"));
    }
}
