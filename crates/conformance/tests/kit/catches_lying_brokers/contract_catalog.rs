use crate::catching::catches;
use async_trait::async_trait;
use tradeport_conformance::contract_catalog::{Claims, Harness};
use tradeport_contracts::{
    CatalogError, Contract, ContractCatalog, ContractDraft, ContractId, Instrument, OptionChain,
    OptionChainDraft, Stock, TradingSessions,
};
use tradeport_kernel::Decimal;

catches! { contract_catalog, contract_catalog_conformance:
    GuessesWhatItDoesNotKnow: an_instrument_that_the_broker_does_not_know_is_not_found,
    GuessesAmongSeveral: one_that_fits_several_contracts_is_ambiguous_and_never_a_guess,
    AnswersWithItsOwnRoute: the_answer_names_the_instrument_that_was_asked_for,
    LeadsToTheNext: the_id_of_a_resolved_contract_leads_back_to_the_same_contract,
    UnknownIdIsUnavailable: an_unknown_id_is_not_found,
    NoMatchIsAnError: no_match_is_an_empty_answer_not_an_error,
    SortsByName: an_exact_symbol_comes_first,
    HasOptionsOnWhatItDoesNotKnow: an_underlying_that_the_broker_does_not_know_is_not_found,
    NoOptionsIsAnError: one_without_options_has_no_chains_which_is_no_error,
    ListsOptionsThatItDoesNotHave: every_chain_holds_an_option_that_resolves,
}

/// Two contracts of one description: `DUAL`.
const LISTED: [(&str, &str); 6] = [
    ("AAPL", "APPLE INC"),
    ("A", "ZETA AGILENT"),
    ("MSFT", "MICROSOFT CORP"),
    ("DUAL", "DUAL LISTED PLC"),
    ("DUAL", "DUAL LISTED LTD"),
    ("MSFT 20270115C400", "MICROSOFT CORP CALL"),
];

struct Scripted(Fault);

fn stock(ticker: &str) -> Instrument {
    Stock::new(ticker).unwrap().into()
}

fn contracts() -> Vec<Contract> {
    let contract = |(number, (ticker, name)): (i64, (&str, &str))| {
        let instrument: Instrument = ticker.parse().unwrap();
        let draft = ContractDraft {
            id: ContractId::new(number),
            symbol: instrument.symbol(),
            instrument,
            name: name.to_owned(),
            currency: tradeport_kernel::Currency::USD,
            price_step: Decimal::new(1, 2),
            lot: Decimal::ONE,
            multiplier: Decimal::ONE,
            sessions: TradingSessions::always(),
            details: Default::default(),
        };
        draft.check().unwrap()
    };
    (1..).zip(LISTED).map(contract).collect()
}

#[async_trait]
impl ContractCatalog for Scripted {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        let mut found: Vec<_> =
            contracts().into_iter().filter(|one| one.instrument() == instrument).collect();
        let guesses = match found.len() {
            0 => self.0 == Fault::GuessesWhatItDoesNotKnow,
            1 => true,
            _ => self.0 == Fault::GuessesAmongSeveral,
        };
        if found.is_empty() && guesses {
            found = contracts();
        }
        match (found.first(), guesses) {
            (None, _) => Err(CatalogError::NotFound(instrument.to_string())),
            (Some(_), false) => Err(CatalogError::Ambiguous {
                wanted: instrument.to_string(),
                candidates: found.iter().map(|one| one.name().to_owned()).collect(),
            }),
            (Some(contract), true) if self.0 == Fault::AnswersWithItsOwnRoute => {
                let route = Stock::new(contract.symbol().as_str()).unwrap().on("NASDAQ").unwrap();
                let draft = ContractDraft { instrument: route.into(), ..contract.clone().into() };
                Ok(draft.check().unwrap())
            }
            (Some(contract), true) => Ok(contract.clone()),
        }
    }

    async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError> {
        let wanted = if self.0 == Fault::LeadsToTheNext { ContractId::new(id.number() + 1) } else { id };
        let found = contracts().into_iter().find(|contract| contract.id() == wanted);
        found.ok_or_else(|| match self.0 {
            Fault::UnknownIdIsUnavailable => CatalogError::Unavailable("no answer".into()),
            _ => CatalogError::NotFound(id.number().to_string()),
        })
    }

    async fn search(&self, pattern: &str) -> Result<Vec<Contract>, CatalogError> {
        let pattern = pattern.to_uppercase();
        let mut found = contracts();
        found.retain(|one| one.symbol().as_str().starts_with(&pattern) || one.name().starts_with(&pattern));
        if found.is_empty() && self.0 == Fault::NoMatchIsAnError {
            return Err(CatalogError::NotFound(pattern));
        }
        if self.0 == Fault::SortsByName {
            found.sort_by_key(|contract| contract.name().to_owned());
        } else {
            found.sort_by_key(|contract| contract.symbol());
        }
        Ok(found)
    }

    async fn option_chains(&self, underlying: &Instrument) -> Result<Vec<OptionChain>, CatalogError> {
        if self.0 != Fault::HasOptionsOnWhatItDoesNotKnow {
            self.resolve(underlying).await?;
        }
        match underlying.to_string().as_str() {
            "MSFT" => Ok(vec![chain(if self.0 == Fault::ListsOptionsThatItDoesNotHave { 410 } else { 400 })]),
            _ if self.0 == Fault::NoOptionsIsAnError => Err(CatalogError::NotFound(underlying.to_string())),
            _ => Ok(Vec::new()),
        }
    }
}

fn chain(strike: i64) -> OptionChain {
    let draft = OptionChainDraft {
        underlying: "MSFT".to_owned(),
        exchange: "SMART".to_owned(),
        trading_class: "MSFT".to_owned(),
        currency: tradeport_kernel::Currency::USD,
        multiplier: Decimal::ONE_HUNDRED,
        expiries: ["20270115".parse().unwrap()].into(),
        strikes: [Decimal::from(strike)].into(),
    };
    draft.check().unwrap()
}

struct Fixture<const FAULT: usize>(Scripted);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Catalog = Scripted;
    const CLAIMS: Claims = Claims::ALL;
    async fn fresh() -> Self {
        Self(Scripted(FAULTS[FAULT]))
    }
    fn catalog(&self) -> &Scripted {
        &self.0
    }
    fn known(&self) -> Vec<Instrument> {
        vec![stock("AAPL"), stock("MSFT")]
    }
    fn unknown(&self) -> Instrument {
        stock("NOPE")
    }
    fn ambiguous(&self) -> Option<Instrument> {
        Some(stock("DUAL"))
    }
    fn beginning_of_others(&self) -> Option<Instrument> {
        Some(stock("A"))
    }
    fn with_options(&self) -> Option<Instrument> {
        Some(stock("MSFT"))
    }
    fn without_options(&self) -> Option<Instrument> {
        Some(stock("AAPL"))
    }
    fn unknown_id(&self) -> ContractId {
        ContractId::new(-1)
    }
}
