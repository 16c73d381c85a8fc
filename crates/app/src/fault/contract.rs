//! What to type when an instrument means no contract, or several.

use super::Fault;
use crate::fake::{Catalog, SyntheticMarket};
use tradeport_contracts::{CatalogError, Instrument, NotAnInstrument};

/// So many others are named.
const NAMED: usize = 4;

/// Why there is no one contract, with what there is instead: that of a simulated broker's catalog is known.
#[must_use]
pub fn not_one_contract(error: CatalogError, wanted: &Instrument, catalog: Option<&Catalog>) -> Fault {
    match &error {
        CatalogError::NotFound(text) => Fault::failed(error.to_string(), instead(text, wanted, catalog)),
        CatalogError::Ambiguous { .. } => Fault::failed(
            error.to_string(),
            "one of them, in quotes: tradeport contract show SPEC explains it",
        ),
        CatalogError::Unsupported(_) => {
            Fault::failed(error.to_string(), "tradeport contract search PATTERN prints what there is")
        }
        CatalogError::Unavailable(_) => {
            Fault::failed("the contract could not be looked up", "wait a moment, then again").because(error)
        }
    }
}

/// Why nothing ends when an instrument says that it does, with where the contracts that there are can be seen.
#[must_use]
pub fn no_such_expiry(error: &NotAnInstrument, wanted: &Instrument) -> Fault {
    let symbol = wanted.description().symbol.clone().unwrap_or_default();
    let advice = match error {
        NotAnInstrument::LastDay { .. } => {
            "one of these days, or the contract's month alone, such as 202612".to_owned()
        }
        NotAnInstrument::Holiday { .. } => format!("what there is: tradeport contract chain {symbol}"),
        _ => format!("what there is: tradeport contract search {symbol}"),
    };
    Fault::failed(error.to_string(), advice)
}

/// The very one if only its letters are small, the nearest ones, or what surely is there.
fn instead(text: &str, wanted: &Instrument, catalog: Option<&Catalog>) -> String {
    let word = wanted.description().symbol.clone().unwrap_or_default();
    let Some(catalog) = catalog else {
        return format!("what it lists: tradeport contract search {}", beginning(&word));
    };
    let capitals = text.to_ascii_uppercase();
    let is_known = |text: &str| text.parse().is_ok_and(|instrument| catalog.resolve(&instrument).is_ok());
    if capitals != text && is_known(&capitals) {
        return format!("{capitals}, in capital letters");
    }
    let nearest = catalog.nearest(&word, NAMED);
    if !nearest.is_empty() {
        return format!("{}; or tradeport contract search {}", nearest.join(", "), beginning(&word));
    }
    let known: Vec<_> = SyntheticMarket::listings().map(|listing| listing.symbol.to_string()).collect();
    let search = beginning(&word);
    format!(
        "a symbol that is traded: the simulated broker knows {} and many more: tradeport contract search {search}",
        known.join(", ")
    )
}

/// Two letters of a word, for a search.
fn beginning(word: &str) -> String {
    let letters: String = word.chars().filter(char::is_ascii_alphanumeric).take(2).collect();
    if letters.is_empty() { "PATTERN".to_owned() } else { letters.to_ascii_uppercase() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Report;
    use tradeport_kernel::Cause;

    #[test]
    fn every_failure_of_a_catalog_has_its_words_and_an_advice() {
        let wanted: Instrument = "NOPE".parse().unwrap();
        let cases = [
            (
                CatalogError::NotFound("NOPE".to_owned()),
                "no contract is known for NOPE",
                "what it lists: tradeport contract search NO",
            ),
            (
                CatalogError::Ambiguous {
                    wanted: "NOPE".to_owned(),
                    candidates: vec!["A".to_owned(), "B".to_owned()],
                },
                "NOPE fits several contracts: A, B",
                "one of them, in quotes: tradeport contract show SPEC explains it",
            ),
            (
                CatalogError::Unsupported("news"),
                "this catalog does not support news",
                "tradeport contract search PATTERN prints what there is",
            ),
            (
                CatalogError::Unavailable(Cause::from("cut off".to_owned())),
                "the contract could not be looked up",
                "wait a moment, then again",
            ),
        ];
        for (error, message, advice) in cases {
            let report = Report::of(&not_one_contract(error, &wanted, None).into());
            assert_eq!((report.message.as_str(), report.advice.as_str()), (message, advice));
        }
    }
}
