//! The promises of [`ContractCatalog`].

use std::future::Future;
use tradeport_contracts::{
    CatalogError, Contract, ContractCatalog, ContractId, Instrument, OptionChain, Right,
};

/// What catalogs differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// It holds instruments that can be worded so that several contracts fit.
    pub holds_ambiguous_instruments: bool,
    /// It can be searched.
    pub searches: bool,
    /// It knows the options on what it lists.
    pub lists_option_chains: bool,
}

impl Claims {
    /// Everything.
    pub const ALL: Self =
        Self { holds_ambiguous_instruments: true, searches: true, lists_option_chains: true };
}

/// What a team supplies to test its catalog.
pub trait Harness: Sized {
    /// The catalog under test.
    type Catalog: ContractCatalog + ?Sized;
    /// What it claims to do.
    const CLAIMS: Claims;

    /// A catalog that can be reached.
    fn fresh() -> impl Future<Output = Self>;
    /// The catalog.
    fn catalog(&self) -> &Self::Catalog;
    /// Instruments that it knows; at least two.
    fn known(&self) -> Vec<Instrument>;
    /// An instrument that it does not know.
    fn unknown(&self) -> Instrument;
    /// An instrument that several contracts fit; asked for only when it is claimed that there are some.
    fn ambiguous(&self) -> Option<Instrument>;
    /// A known instrument whose symbol other symbols or names begin with too; asked for only when search is claimed.
    fn beginning_of_others(&self) -> Option<Instrument>;
    /// A known instrument that options are on; asked for only when option chains are claimed.
    fn with_options(&self) -> Option<Instrument>;
    /// A known instrument that no options are on; asked for only when option chains are claimed.
    fn without_options(&self) -> Option<Instrument>;
    /// An id that no contract has.
    fn unknown_id(&self) -> ContractId;
}

crate::cases::port_cases! { $
    contract_catalog, contract_catalog_conformance:
    an_instrument_that_the_broker_does_not_know_is_not_found [] =
        "an instrument that the broker does not know is `NotFound`",
    one_that_fits_several_contracts_is_ambiguous_and_never_a_guess [holds_ambiguous_instruments] =
        "one that fits several contracts is `Ambiguous` and never a guess",
    the_answer_names_the_instrument_that_was_asked_for [] =
        "the answer names the instrument that was asked for",
    the_id_of_a_resolved_contract_leads_back_to_the_same_contract [] =
        "the id of a resolved contract leads back to the same contract",
    an_unknown_id_is_not_found [] = "an unknown id is `NotFound`",
    no_match_is_an_empty_answer_not_an_error [searches] = "no match is an empty answer, not an error",
    an_exact_symbol_comes_first [searches] = "an exact symbol comes first",
    an_underlying_that_the_broker_does_not_know_is_not_found [lists_option_chains] =
        "an underlying that the broker does not know is `NotFound`",
    one_without_options_has_no_chains_which_is_no_error [lists_option_chains] =
        "one without options has no chains, which is no error",
    every_chain_holds_an_option_that_resolves [lists_option_chains] = "every chain holds an option that resolves",
}

async fn resolve<H: Harness>(harness: &H, instrument: &Instrument) -> Contract {
    harness.catalog().resolve(instrument).await.expect("a known instrument resolves")
}

/// Promise: an instrument that the broker does not know is `NotFound`.
pub async fn an_instrument_that_the_broker_does_not_know_is_not_found<H: Harness>() {
    let harness = H::fresh().await;
    let answer = harness.catalog().resolve(&harness.unknown()).await;
    assert!(
        matches!(answer, Err(CatalogError::NotFound(_))),
        "nobody knows it, and the catalog says {answer:?}"
    );
}

/// Promise: one that fits several contracts is `Ambiguous` and never a guess.
pub async fn one_that_fits_several_contracts_is_ambiguous_and_never_a_guess<H: Harness>() {
    let harness = H::fresh().await;
    let instrument = harness.ambiguous().expect("the harness claims to have one");
    match harness.catalog().resolve(&instrument).await {
        Err(CatalogError::Ambiguous { candidates, .. }) => {
            assert!(candidates.len() >= 2, "several fit, and it names {candidates:?}");
        }
        other => assert_eq!(format!("{other:?}"), "Ambiguous", "several contracts fit {instrument}"),
    }
}

/// Promise: the answer names the instrument that was asked for.
pub async fn the_answer_names_the_instrument_that_was_asked_for<H: Harness>() {
    let harness = H::fresh().await;
    let known = harness.known();
    assert!(known.len() >= 2, "the harness knows at least two instruments");
    for instrument in known {
        let contract = resolve(&harness, &instrument).await;
        assert_eq!(*contract.instrument(), instrument);
        assert_eq!(contract.symbol(), instrument.symbol(), "the symbol is that of the instrument");
    }
}

/// Promise: the id of a resolved contract leads back to the same contract.
pub async fn the_id_of_a_resolved_contract_leads_back_to_the_same_contract<H: Harness>() {
    let harness = H::fresh().await;
    let mut ids = Vec::new();
    for instrument in harness.known() {
        let contract = resolve(&harness, &instrument).await;
        let again =
            harness.catalog().by_id(contract.id()).await.expect("the id of a resolved contract is known");
        assert_eq!(again, contract);
        assert!(!ids.contains(&contract.id()), "two instruments share the id {:?}", contract.id());
        ids.push(contract.id());
    }
}

/// Promise: an unknown id is `NotFound`.
pub async fn an_unknown_id_is_not_found<H: Harness>() {
    let harness = H::fresh().await;
    let answer = harness.catalog().by_id(harness.unknown_id()).await;
    assert!(
        matches!(answer, Err(CatalogError::NotFound(_))),
        "no contract has it, and the catalog says {answer:?}"
    );
}

/// Promise: no match is an empty answer, not an error.
pub async fn no_match_is_an_empty_answer_not_an_error<H: Harness>() {
    let harness = H::fresh().await;
    for pattern in ["ZZQXJ9", "no company begins like this", "%", "*"] {
        let found = harness.catalog().search(pattern).await.expect("no match is no error");
        assert_eq!(found, [], "nothing begins with {pattern:?}");
    }
}

/// Promise: an exact symbol comes first.
pub async fn an_exact_symbol_comes_first<H: Harness>() {
    let harness = H::fresh().await;
    let shared = harness.beginning_of_others().expect("the harness claims to search");
    let mut instruments = harness.known();
    instruments.push(shared.clone());
    for instrument in instruments {
        let wanted = resolve(&harness, &instrument).await;
        for pattern in [wanted.symbol().to_string(), wanted.symbol().as_str().to_lowercase()] {
            let found = harness.catalog().search(&pattern).await.expect("a search is answered");
            assert_eq!(found.first(), Some(&wanted), "searching for {pattern:?}");
            let alone = instrument == shared && found.len() < 2;
            assert!(!alone, "others begin with {pattern:?} too, and are not found");
        }
    }
}

/// Promise: an underlying that the broker does not know is `NotFound`.
pub async fn an_underlying_that_the_broker_does_not_know_is_not_found<H: Harness>() {
    let harness = H::fresh().await;
    let answer = harness.catalog().option_chains(&harness.unknown()).await;
    assert!(
        matches!(answer, Err(CatalogError::NotFound(_))),
        "nobody knows it, and the catalog says {answer:?}"
    );
}

/// Promise: one without options has no chains, which is no error.
pub async fn one_without_options_has_no_chains_which_is_no_error<H: Harness>() {
    let harness = H::fresh().await;
    let bare = harness.without_options().expect("the harness claims option chains");
    let chains = harness.catalog().option_chains(&bare).await.expect("no options is no error");
    assert_eq!(chains, [], "no options are on {bare}");
}

/// Promise: every chain holds an option that resolves.
pub async fn every_chain_holds_an_option_that_resolves<H: Harness>() {
    let harness = H::fresh().await;
    let underlying = harness.with_options().expect("the harness claims option chains");
    let chains = harness.catalog().option_chains(&underlying).await.expect("its chains are known");
    assert_ne!(chains, [], "options are on {underlying}");
    for chain in chains {
        assert!(holds_a_listed_option(&harness, &chain).await, "nothing resolves of {chain:?}");
    }
}

async fn holds_a_listed_option<H: Harness>(harness: &H, chain: &OptionChain) -> bool {
    for (expiry, strike) in chain.expiries().flat_map(|day| chain.strikes().map(move |strike| (day, strike)))
    {
        for right in Right::ALL {
            let option = chain.option(expiry, strike, right).expect("a chain holds options");
            if harness.catalog().resolve(&option.into()).await.is_ok() {
                return true;
            }
        }
    }
    false
}
