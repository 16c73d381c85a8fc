//! The catalog: what an instrument means, what there is.

use super::super::scenario::Halt;
use super::super::stage::{SHARE, Stage, share};
use tradeport_contracts::{CatalogError, Instrument, Right};
use tradeport_kernel::Decimal;

const PAIR: &str = "EUR.USD";
const UNKNOWN: &str = "ZZQXQ";

pub(super) async fn resolve(stage: &mut Stage) -> Result<(), Halt> {
    for text in [SHARE, PAIR] {
        let instrument: Instrument = text.parse()?;
        let contract = stage.broker().catalog().resolve(&instrument).await?;
        stage.same("its symbol", &text.to_owned(), &contract.symbol().to_string());
        stage.check(
            format!("{text} has a price step"),
            contract.price_step(),
            contract.price_step() > Decimal::ZERO,
        );
        let again = stage.broker().catalog().by_id(contract.id()).await?;
        let same = again.id() == contract.id() && again.symbol() == contract.symbol();
        stage.check(
            "its number leads back to it",
            format!("{} {}", again.id().number(), again.symbol()),
            same,
        );
    }
    Ok(())
}

pub(super) async fn unknown(stage: &mut Stage) -> Result<(), Halt> {
    let answer = stage.broker().catalog().resolve(&UNKNOWN.parse()?).await;
    let held = matches!(answer, Err(CatalogError::NotFound(_)));
    let seen = answer.map_or_else(|error| error.to_string(), |it| it.symbol().to_string());
    stage.check(format!("{UNKNOWN} is not found"), seen, held);
    Ok(())
}

pub(super) async fn search(stage: &mut Stage) -> Result<(), Halt> {
    let found = stage.broker().catalog().search(SHARE).await?;
    let first = found.first().map(|it| it.symbol().to_string()).unwrap_or_default();
    stage.check(format!("{SHARE} comes first"), format!("{first}, {} in all", found.len()), first == SHARE);
    let nothing = stage.broker().catalog().search(UNKNOWN).await?;
    stage.check(
        format!("nothing begins with {UNKNOWN}"),
        format!("{} found", nothing.len()),
        nothing.is_empty(),
    );
    Ok(())
}

pub(super) async fn chain(stage: &mut Stage) -> Result<(), Halt> {
    let chains = stage.broker().catalog().option_chains(&share()).await?;
    let Some(chain) = chains.iter().find(|chain| chain.exchange() == "SMART").or(chains.first()) else {
        stage.check("it has options", "no chains", false);
        return Ok(());
    };
    let (expiries, strikes) = (chain.expiries().count(), chain.strikes().count());
    stage.check("expiries and strikes", format!("{expiries} and {strikes}"), expiries > 0 && strikes > 0);
    let mut found = None;
    // Not every expiry has every strike; those in the middle are there.
    let middle: Vec<Decimal> = chain.strikes().collect();
    for strike in middle.iter().skip(middle.len() / 2).take(10) {
        let Some(expiry) = chain.expiries().nth(1).or_else(|| chain.expiries().next()) else { continue };
        let option = chain.option(expiry, *strike, Right::Call)?;
        if let Ok(contract) = stage.broker().catalog().resolve(&option.into()).await {
            found = Some(contract);
            break;
        }
    }
    let seen = found.as_ref().map_or_else(|| "none".to_owned(), |it| it.symbol().to_string());
    stage.check("one of them resolves", seen, found.is_some());
    Ok(())
}
