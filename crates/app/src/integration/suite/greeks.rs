//! What the broker's model makes of options.

use super::super::scenario::Halt;
use super::super::stage::{Quoted, SHARE, Stage, not_permitted};
use super::quotes::around;
use tradeport_contracts::Contract;
use tradeport_kernel::Decimal;
use tradeport_market_data::{OptionBasis, OptionFeedError, OptionValues, Told};

/// What may be refused to this account is no failure of the platform.
fn not_told(error: OptionFeedError) -> Halt {
    match error {
        OptionFeedError::NotPermitted { .. } | OptionFeedError::NoLine { .. } => {
            Halt::Skip(error.to_string())
        }
        error => Halt::Fail(error.into()),
    }
}

/// The first computation of the model's own price that is whole, and whether a snapshot has one, too.
async fn modelled(stage: &mut Stage, option: &Contract) -> Result<Option<OptionValues>, Halt> {
    let symbol = option.symbol();
    let mut events = stage.broker().options().follow(symbol).await.map_err(not_told)?.events;
    let mut found = None;
    while found.is_none() {
        match stage.next(&mut events).await? {
            Some(Told::Datum(it)) if it.basis == OptionBasis::Model && it.values.delta.is_some() => {
                found = Some(it.values);
            }
            Some(Told::Datum(_) | Told::Gap(_)) => {}
            Some(Told::EpochLost(_)) | None => break,
        }
    }
    let snapshot = stage.broker().options().snapshot(symbol).await.map_err(not_told)?;
    let delta = snapshot.model.and_then(|it| it.delta);
    let seen = format!("its delta is {}", text(delta));
    stage.check(format!("a snapshot of {symbol} has the model, too"), seen, delta.is_some());
    Ok(found)
}

fn is_between(number: Option<Decimal>, low: Decimal, high: Decimal) -> bool {
    number.is_some_and(|number| low <= number && number <= high)
}

fn text(number: Option<Decimal>) -> String {
    number.map_or_else(|| "not told".to_owned(), |number| number.round_dp(4).normalize().to_string())
}

fn look(stage: &mut Stage, option: &Contract, share: &Quoted, values: &OptionValues) {
    let (zero, one) = (Decimal::ZERO, Decimal::ONE);
    let name = option.symbol();
    let delta = is_between(values.delta, zero, one);
    stage.check(format!("the delta of {name}, a call, is from 0 to 1"), text(values.delta), delta);
    let volatility = is_between(values.implied_volatility, Decimal::new(1, 2), Decimal::from(5));
    stage.check("its volatility is from 1 % to 500 % a year", text(values.implied_volatility), volatility);
    for (what, number) in [("gamma", values.gamma), ("vega", values.vega)] {
        stage.check(
            format!("its {what} is not below zero"),
            text(number),
            is_between(number, zero, Decimal::MAX),
        );
    }
    stage.check("it loses with time", text(values.theta), is_between(values.theta, Decimal::MIN, zero));
    let underlying = values.underlying_price.map(|it| it.as_decimal());
    let tenth = share.mid / Decimal::TEN;
    let near = is_between(underlying, share.mid - tenth, share.mid + tenth);
    stage.check(format!("it reckons with {SHARE} near {}", share.mid), text(underlying), near);
}

pub(super) async fn around_the_price(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let chains = stage.broker().catalog().option_chains(share.contract.instrument()).await?;
    let chain = chains.iter().find(|chain| chain.exchange() == "SMART").or(chains.first());
    let Some(chain) = chain else {
        return Err(Halt::Skip(format!("{SHARE} has no options here")));
    };
    let pair = around(stage, chain, &share, 1).await?;
    let mut deltas = Vec::new();
    for option in &pair {
        let option = stage.broker().list(option.instrument()).await.map_err(not_permitted)?;
        let Some(values) = modelled(stage, &option).await? else {
            stage.check(format!("something is computed of {}", option.symbol()), "nothing", false);
            continue;
        };
        look(stage, &option, &share, &values);
        deltas.extend(values.delta);
    }
    let falls = deltas.len() == 2 && deltas[0] >= deltas[1];
    let seen: Vec<String> = deltas.iter().map(|it| text(Some(*it))).collect();
    stage.check("the call with the lower strike moves more", seen.join(" and "), falls);
    Ok(())
}
