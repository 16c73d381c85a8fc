//! [`ContractCatalog`]: what TWS can trade.
//!
//! Left out: how fast symbols may be searched for; TWS takes one search a second.

use crate::answers::LIBRARY_LIMIT;
use crate::broker::IbBroker;
use crate::directory::{Known, everyday_name, missing_rules, name_at_home, name_by_number};
use crate::notices::Meaning;
use crate::session::{Lack, Session};
use crate::translate::{
    FromIbError, MarketRules, contract_details_from_ib, contract_from_ib, contract_to_ib,
    market_rule_from_ib, option_chain_from_ib,
};
use async_trait::async_trait;
use ibapi::contracts as ib;
use std::sync::Arc;
use tradeport_connection::pacing::Class;
use tradeport_contracts::calendar::{Schedule, zone_of_broker};
use tradeport_contracts::{
    CatalogError, Combo, ComboTerms, Contract, ContractCatalog, ContractId, Instrument, OptionChain,
    TradingSessions,
};
use tradeport_kernel::{Cause, Symbol};

/// The exchange that stands for the broker's own choice.
const ROUTED: &str = "SMART";
/// So many of the contracts that fit are named.
const MOST_NAMED: usize = 8;
/// So many rows of most answers may wait to be read.
const FEW_ROWS: usize = 256;
/// So many rows of one answer may wait to be read; TWS describes every option of a big underlying in one go.
const MOST_ROWS: usize = 16_384;

#[async_trait]
impl ContractCatalog for IbBroker {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        let session = self.session().map_err(unavailable)?;
        Ok(self.learn(&session, instrument).await?.contract.clone())
    }

    async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError> {
        let session = self.session().map_err(unavailable)?;
        Ok(self.learn_id(&session, id).await?.contract.clone())
    }

    async fn search(&self, pattern: &str) -> Result<Vec<Contract>, CatalogError> {
        let session = self.session().map_err(unavailable)?;
        let wanted = pattern.to_lowercase();
        let limit = self.inner.settings.waits().answer;
        let found = session.ask(Class::Message, limit, || session.client.matching_symbols(pattern)).await;
        let found = match found {
            Ok(found) => found,
            Err(Lack::Said(said)) if said.meaning == Meaning::UnknownContract => Vec::new(),
            Err(lack) => return Err(unavailable(lack)),
        };
        let mut ranked = Vec::new();
        for description in found {
            let id = ContractId::new(i64::from(description.contract.contract_id));
            // What is listed in one answer may be gone in the next.
            let contract = match self.learn_id(&session, id).await {
                Ok(known) => known.contract.clone(),
                Err(CatalogError::NotFound(_)) => continue,
                Err(error) => return Err(error),
            };
            ranked.extend(rank(&contract, &wanted).map(|rank| (rank, contract)));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        Ok(ranked.into_iter().map(|(_, contract)| contract).collect())
    }

    async fn option_chains(&self, underlying: &Instrument) -> Result<Vec<OptionChain>, CatalogError> {
        let session = self.session().map_err(unavailable)?;
        let known = self.learn(&session, underlying).await?;
        let wire = &known.wire;
        let symbol = wire.symbol.as_str();
        let limit = self.inner.settings.waits().answer;
        let rows = session.ask(Class::Message, limit, async || {
            let asked = session.client.option_chain(symbol, wire.security_type.clone(), wire.contract_id);
            let mut rows = asked.buffer_limit(MOST_ROWS).subscribe().await?;
            session.read(async move { rows.collect_to_end_within(LIBRARY_LIMIT).await }).await
        });
        let rows = match rows.await {
            Ok(rows) => rows,
            Err(Lack::Said(said)) if no_contract(said.meaning) => Vec::new(),
            Err(lack) => return Err(unavailable(lack)),
        };
        let currency = known.contract.currency();
        let chains = rows.iter().map(|row| option_chain_from_ib(symbol, currency, row));
        let mut chains = chains.collect::<Result<Vec<_>, _>>().map_err(unavailable)?;
        chains.sort_by(|a, b| (a.exchange(), a.trading_class()).cmp(&(b.exchange(), b.trading_class())));
        Ok(chains)
    }
}

const fn no_contract(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::UnknownContract | Meaning::NoData)
}

pub(crate) fn unavailable(cause: impl Into<Cause>) -> CatalogError {
    CatalogError::Unavailable(cause.into())
}

/// The same for the next who waited for it.
fn repeated(error: &CatalogError) -> CatalogError {
    match error {
        CatalogError::NotFound(wanted) => CatalogError::NotFound(wanted.clone()),
        CatalogError::Ambiguous { wanted, candidates } => {
            CatalogError::Ambiguous { wanted: wanted.clone(), candidates: candidates.clone() }
        }
        CatalogError::Unavailable(cause) => unavailable(cause.to_string()),
        CatalogError::Unsupported(what) => CatalogError::Unsupported(what),
    }
}

/// What fits, in words that mean one contract each and can be asked for: so many, and that there are others.
fn candidates(several: &[ib::ContractDetails]) -> Vec<String> {
    let everyday: Vec<_> = several.iter().map(|it| everyday_of(it).ok()).collect();
    let is_shared = |name: &Instrument, id: i32| {
        let same = everyday.iter().zip(several).filter(|(it, _)| it.as_ref() == Some(name));
        same.into_iter().any(|(_, other)| other.contract.contract_id != id)
    };
    let mut names: Vec<String> = Vec::new();
    for (it, everyday) in several.iter().zip(&everyday) {
        let name = match (everyday, contract_from_ib(&it.contract)) {
            (Some(everyday), Ok(full)) if is_shared(everyday, it.contract.contract_id) => {
                name_at_home(&full, everyday).to_string()
            }
            (Some(everyday), _) => everyday.to_string(),
            // There is no word of ours for it.
            (None, _) => format!("{} at {}", it.contract.local_symbol, it.contract.exchange.as_str()),
        };
        if !names.contains(&name) {
            names.push(name);
        }
        if names.len() > MOST_NAMED {
            names[MOST_NAMED] = "and others".to_owned();
            break;
        }
    }
    names
}

/// How well a contract fits what was searched for, in small letters; the best first.
fn rank(contract: &Contract, wanted: &str) -> Option<u8> {
    let it = contract.instrument().description();
    let symbols = [Some(contract.symbol().to_string()), it.symbol.clone()];
    let symbols = symbols.map(|symbol| symbol.unwrap_or_default().to_lowercase());
    if symbols.iter().any(|symbol| symbol == wanted) {
        return Some(0);
    }
    if symbols.iter().any(|symbol| symbol.starts_with(wanted)) {
        return Some(1);
    }
    contract.name().to_lowercase().starts_with(wanted).then_some(2)
}

impl IbBroker {
    /// The contract of a name of ours: as it was learned before, else as the broker resolves what the name reads as.
    pub(crate) async fn contract_of(
        &self,
        session: &Session,
        symbol: Symbol,
        said: Option<&Instrument>,
    ) -> Result<Arc<Known>, CatalogError> {
        if let Some(known) = self.inner.directory.known(symbol) {
            return Ok(known);
        }
        let read = || symbol.as_str().parse().ok();
        let instrument = said.cloned().or_else(read);
        let instrument = instrument.ok_or_else(|| CatalogError::NotFound(symbol.to_string()))?;
        let look_up = self.inner.directory.looking(symbol);
        let mut found = look_up.lock().await;
        if let Some(found) = &*found {
            return found.as_ref().map(Arc::clone).map_err(repeated);
        }
        let learned = self.learn(session, &instrument).await;
        self.inner.directory.looked_up(symbol, &look_up);
        *found = Some(learned.as_ref().map(Arc::clone).map_err(repeated));
        learned
    }

    /// Asks for what an instrument means.
    async fn learn(&self, session: &Session, instrument: &Instrument) -> Result<Arc<Known>, CatalogError> {
        if let Instrument::Combo(combo) = instrument {
            return self.learn_combo(session, combo).await;
        }
        let wanted = || instrument.to_string();
        let asked = contract_to_ib(instrument).map_err(|_| CatalogError::NotFound(wanted()))?;
        let rows = self.details(session, &asked, wanted).await?;
        match &rows[..] {
            [] => Err(CatalogError::NotFound(wanted())),
            [one] => self.keep(session, instrument, one.clone()).await,
            several => Err(CatalogError::Ambiguous { wanted: wanted(), candidates: candidates(several) }),
        }
    }

    /// Asks for the contract of a number.
    pub(crate) async fn learn_id(
        &self,
        session: &Session,
        id: ContractId,
    ) -> Result<Arc<Known>, CatalogError> {
        let wanted = || format!("id {}", id.number());
        let known = self.inner.directory.of_id(id);
        if let Some(combo) =
            known.as_ref().filter(|it| matches!(it.contract.instrument(), Instrument::Combo(_)))
        {
            return Ok(Arc::clone(combo));
        }
        let number = i32::try_from(id.number()).map_err(|_| CatalogError::NotFound(wanted()))?;
        let asked = ib::Contract { contract_id: number, ..nothing() };
        let rows = self.details(session, &asked, wanted).await?;
        let one = rows.into_iter().next().ok_or_else(|| CatalogError::NotFound(wanted()))?;
        let Some(known) = known else {
            let own = self.own_name(session, everyday_of(&one).map_err(unavailable)?, &one).await?;
            return Ok(self.inner.directory.learn(self.described_as(session, &own, one).await?));
        };
        // A number alone may be described at another exchange than the name that it was asked by.
        let one = ib::ContractDetails {
            contract: ib::Contract { exchange: known.wire.exchange.clone(), ..one.contract },
            ..one
        };
        self.keep(session, known.contract.instrument(), one).await
    }

    /// What the broker describes in answer to a question; none where it knows nothing.
    async fn details(
        &self,
        session: &Session,
        asked: &ib::Contract,
        wanted: impl Fn() -> String,
    ) -> Result<Vec<ib::ContractDetails>, CatalogError> {
        match self.described(session, asked).await {
            Ok(rows) => Ok(rows),
            Err(Lack::Said(said)) if said.meaning == Meaning::AmbiguousContract => {
                Err(CatalogError::Ambiguous { wanted: wanted(), candidates: vec![said.text] })
            }
            // What cannot be looked up now may well be there.
            Err(Lack::Said(said)) if self.upstream().is_blind() => Err(unavailable(said)),
            Err(Lack::Said(said)) if no_contract(said.meaning) => Ok(Vec::new()),
            Err(Lack::Said(said)) if said.meaning == Meaning::Refused => {
                tracing::info!(code = said.code, text = %said.text, "TWS finds no contract in what was asked");
                Err(CatalogError::NotFound(format!("{}: {said}", wanted())))
            }
            Err(lack) => Err(unavailable(lack)),
        }
    }

    /// Room for rows is made beforehand: much of it only when little has not been enough.
    async fn described(
        &self,
        session: &Session,
        asked: &ib::Contract,
    ) -> Result<Vec<ib::ContractDetails>, Lack> {
        let limit = self.inner.settings.waits().answer;
        let ask = async |room| {
            session
                .ask(Class::Message, limit, async || {
                    let rows = session.client.contract_details_stream(asked).buffer_limit(room);
                    let mut rows = rows.subscribe().await?;
                    session.read(async move { rows.collect_to_end_within(LIBRARY_LIMIT).await }).await
                })
                .await
        };
        match ask(FEW_ROWS).await {
            Err(Lack::NoRoom(_)) => ask(MOST_ROWS).await,
            answer => answer,
        }
    }

    /// Takes in what the broker describes, under the name that it was asked by and under the one that answers are named by:
    /// what is held and what trades has one name, however it was ordered.
    async fn keep(
        &self,
        session: &Session,
        asked: &Instrument,
        details: ib::ContractDetails,
    ) -> Result<Arc<Known>, CatalogError> {
        let everyday = everyday_of(&details).ok();
        let directory = &self.inner.directory;
        let Some(everyday) = everyday.filter(|it| it.symbol() != asked.symbol()) else {
            return Ok(directory.learn(self.described_as(session, asked, details).await?));
        };
        let own = self.own_name(session, everyday, &details).await?;
        let known = directory.learn(self.described_as(session, &own, details.clone()).await?);
        if own.symbol() == asked.symbol() {
            return Ok(known);
        }
        Ok(directory.learn_alias(self.described_as(session, asked, details).await?))
    }

    /// The everyday name, where it means this contract and no other. A symbol may be that of several companies: those are told
    /// apart by where they are at home, here as in the next process; what no symbol finds has its number.
    async fn own_name(
        &self,
        session: &Session,
        everyday: Instrument,
        details: &ib::ContractDetails,
    ) -> Result<Instrument, CatalogError> {
        let id = details.contract.contract_id;
        if let Some(known) = self.inner.directory.of_id(ContractId::new(i64::from(id))) {
            return Ok(known.contract.instrument().clone());
        }
        if !matches!(everyday, Instrument::Stock(_)) {
            return Ok(everyday);
        }
        let Ok(asked) = contract_to_ib(&everyday) else { return Ok(everyday) };
        let is_it = |it: &ib::ContractDetails| it.contract.contract_id == id;
        let full = contract_from_ib(&details.contract).map_err(unavailable)?;
        match self.details(session, &asked, || everyday.to_string()).await.as_deref() {
            Ok([one]) if is_it(one) => Ok(everyday),
            // Such as a share that is listed no more.
            Ok([]) | Err(CatalogError::NotFound(_)) => Ok(name_by_number(&full, &everyday)),
            Ok(_) | Err(CatalogError::Ambiguous { .. }) => Ok(name_at_home(&full, &everyday)),
            Err(error) => Err(repeated(error)),
        }
    }

    /// What is held, of which a row tells little beside its number. Nearly always its everyday name means it, and one question
    /// tells both.
    pub(crate) async fn learn_held(
        &self,
        session: &Session,
        row: &ib::Contract,
    ) -> Result<Arc<Known>, CatalogError> {
        let id = ContractId::new(i64::from(row.contract_id));
        if let Ok(named) = self.inner.directory.name(row)
            && matches!(named.instrument, Instrument::Stock(_))
            && let Ok(known) = self.contract_of(session, named.symbol, Some(&named.instrument)).await
            && known.contract.id() == id
        {
            return Ok(known);
        }
        self.learn_id(session, id).await
    }

    async fn described_as(
        &self,
        session: &Session,
        asked: &Instrument,
        mut details: ib::ContractDetails,
    ) -> Result<Known, CatalogError> {
        if let Some(exchange) = &asked.description().exchange {
            details.contract.exchange = ib::Exchange(exchange.clone());
        }
        let details = &details;
        let directory = &self.inner.directory;
        let missing = missing_rules(details, &directory.rules());
        if !missing.is_empty() {
            let mut learned = MarketRules::new();
            for number in missing {
                let limit = self.inner.settings.waits().answer;
                let rule = session.ask(Class::Message, limit, || session.client.market_rule(number)).await;
                let bands = market_rule_from_ib(&rule.map_err(unavailable)?).map_err(unavailable)?;
                learned.insert(number, bands);
            }
            directory.learn_rules(learned);
        }
        let sessions = sessions(asked, details).map_err(unavailable)?;
        let contract = contract_details_from_ib(asked, details, &directory.rules(), sessions);
        let contract = contract.map_err(unavailable)?;
        Ok(Known { contract, wire: details.contract.clone() })
    }

    /// A combo has no description at the broker: its legs have.
    async fn learn_combo(&self, session: &Session, combo: &Combo) -> Result<Arc<Known>, CatalogError> {
        let instrument = Instrument::from(combo.clone());
        let mut legs = Vec::new();
        for leg in combo.legs() {
            legs.push(self.learn_id(session, leg.contract()).await?.contract.clone());
        }
        let unfit = |why: &dyn std::fmt::Display| CatalogError::NotFound(format!("{instrument}: {why}"));
        let terms = ComboTerms::of(combo, &legs).map_err(|why| unfit(&why))?;
        let contract = terms.contract(combo).check().map_err(|why| unfit(&why))?;
        let wire = contract_to_ib(&instrument).map_err(|why| unfit(&why))?;
        Ok(self.inner.directory.learn(Known { contract, wire }))
    }
}

/// The name that answers give to what the broker describes. Errors: there is no word of ours for it.
fn everyday_of(details: &ib::ContractDetails) -> Result<Instrument, FromIbError> {
    let is_routed = details.valid_exchanges.iter().any(|exchange| exchange == ROUTED);
    let full = contract_from_ib(&details.contract)?;
    Ok(everyday_name(&full, is_routed))
}

/// A contract of which nothing is said; the library's own default says that it is a stock.
fn nothing() -> ib::Contract {
    ib::Contract {
        security_type: ib::SecurityType::Other(String::new()),
        exchange: ib::Exchange(String::new()),
        currency: ib::Currency(String::new()),
        ..ib::Contract::default()
    }
}

/// When it can be traded within regular hours; always, where the broker tells no hours.
fn sessions(asked: &Instrument, details: &ib::ContractDetails) -> Result<TradingSessions, Cause> {
    let hours = details.liquid_hours.join(";");
    if hours.trim().is_empty() {
        return Ok(TradingSessions::always());
    }
    let zone = zone_of_broker(&details.time_zone_id)?;
    Ok(Schedule::from_broker(&asked.to_string(), &hours, zone)?.sessions())
}
