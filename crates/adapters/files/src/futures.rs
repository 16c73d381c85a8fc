//! Futures products of a user: further ones, or other facts for those that are bundled.
//!
//! Left out: writing such files, and first notice days, for which they have no column.

use crate::error::FileError;
use crate::row::Row;
use crate::source::Source;
use crate::table::{Shape, Table};
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Display;
use tradeport_contracts::futures::{FuturesDraft, FuturesSpecs, LastTrade, Settlement};
use tradeport_kernel::Decimal;

const SHAPE: Shape = Shape {
    header: "exchange_code,ib_symbol,ib_trading_class,ib_exchange,ib_exchange_before_2022,multiplier,currency,min_tick,\
             price_magnifier,contract_details_min_tick,tick_value,month_cycle,last_trade_rule,settlement,confidence,note",
    columns: &[
        "exchange_code",
        "ib_symbol",
        "ib_trading_class",
        "ib_exchange",
        "ib_exchange_before_2022",
        "multiplier",
        "currency",
        "min_tick",
        "price_magnifier",
        "contract_details_min_tick",
        "tick_value",
        "month_cycle",
        "last_trade_rule",
        "settlement",
        "confidence",
        "note",
    ],
};
const CODE: usize = 0;
const DETAILS_STEP: usize = 9;
const STEP_VALUE: usize = 10;
const RULE: usize = 12;
/// More rows than this in one file are a mistake.
const MAX_ROWS: usize = 10_000;

/// Reads a whole file and gives `known` with its products: those with a code that is there already take the place of
/// the old ones. The columns are those of the header; `ib_exchange_before_2022` may be empty for the same exchange,
/// `contract_details_min_tick` and `tick_value` may be empty or must agree with what they follow from. A rule may refer
/// to a product of `known` or of an earlier line (`as ES`). Errors: the first row that is refused, by its line and,
/// where one is to blame, its column.
///
/// ```
/// use tradeport_contracts::futures::FuturesSpecs;
/// use tradeport_files::{Source, read_futures};
/// let mine = b"exchange_code,ib_symbol,ib_trading_class,ib_exchange,ib_exchange_before_2022,multiplier,currency,min_tick,\
/// price_magnifier,contract_details_min_tick,tick_value,month_cycle,last_trade_rule,settlement,confidence,note
/// PA,PA,PA,NYMEX,,100,USD,0.05,1,,5,HMUZ,3rd last business day of contract month,delivery,high,as it was
/// ";
/// let specs = read_futures(Source::from_bytes("mine.csv", mine)?, FuturesSpecs::bundled().clone())?;
/// assert_eq!(specs.find("PA").map(|spec| spec.step_value().to_string()).as_deref(), Some("5.00 USD"));
/// assert!(specs.find("ES").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_futures(source: Source, known: FuturesSpecs) -> Result<FuturesSpecs, FileError> {
    let mut table = Table::open(source, SHAPE)?;
    let mut specs = known;
    let mut codes = BTreeSet::new();
    while let Some(added) = table.next_row(|row| add(row, &mut specs, &mut codes)) {
        added?;
    }
    Ok(specs)
}

fn add(row: &Row<'_>, specs: &mut FuturesSpecs, codes: &mut BTreeSet<String>) -> Result<(), FileError> {
    if codes.len() >= MAX_ROWS {
        return Err(row.contradiction(format_args!("more than {MAX_ROWS} products: divide the file")));
    }
    let code = row.text(CODE).to_owned();
    if codes.contains(&code) {
        return Err(row.refuse(CODE, "it is in this file already: remove one of the two"));
    }
    specs.insert(draft(row)?).map_err(|refusal| row.contradiction(with_cause(&refusal)))?;
    let spec = specs.find(&code).expect("the product was added just now");
    agrees(row, DETAILS_STEP, spec.broker_price_step(), "min_tick / price_magnifier")?;
    agrees(row, STEP_VALUE, spec.step_value().amount(), "multiplier x min_tick / price_magnifier")?;
    codes.insert(code);
    Ok(())
}

fn draft(row: &Row<'_>) -> Result<FuturesDraft, FileError> {
    let text = |column| row.text(column).to_owned();
    let settlement: Settlement = row.parsed(13)?;
    let exchange = text(3);
    let before_2022 = if row.text(4).is_empty() { exchange.clone() } else { text(4) };
    Ok(FuturesDraft {
        exchange_code: text(CODE),
        broker_symbol: text(1),
        trading_class: text(2),
        exchange,
        exchange_before_2022: before_2022,
        multiplier: decimal(row, 5)?,
        currency: row.parsed(6)?,
        price_step: decimal(row, 7)?,
        price_magnifier: row.parsed(8)?,
        months: row.parsed(11)?,
        last_trade: last_trade(row, settlement)?,
        first_notice: None,
        settlement,
        confidence: row.parsed(14)?,
        note: text(15),
    })
}

fn last_trade(row: &Row<'_>, settlement: Settlement) -> Result<LastTrade, FileError> {
    let (rule, stated) =
        LastTrade::with_settlement(row.text(RULE)).map_err(|refusal| row.refuse(RULE, refusal))?;
    match stated {
        Some(stated) if stated != settlement => Err(row.contradiction(format_args!(
            "the rule says {stated} and the settlement is {settlement}: correct one of the two"
        ))),
        _ => Ok(rule),
    }
}

fn decimal(row: &Row<'_>, column: usize) -> Result<Decimal, FileError> {
    Decimal::from_str_exact(row.text(column))
        .map_err(|_reason| row.refuse(column, "expected a decimal number such as 0.25"))
}

/// A column that follows from others: empty, or what they give.
fn agrees(row: &Row<'_>, column: usize, expected: Decimal, formula: impl Display) -> Result<(), FileError> {
    if row.text(column).is_empty() || decimal(row, column)? == expected {
        return Ok(());
    }
    Err(row
        .refuse(column, format_args!("{formula} is {expected}: correct one of them or leave this one empty")))
}

/// A refusal with what is behind it: a line of a file is reported as one text.
fn with_cause(refusal: &dyn Error) -> String {
    refusal.source().map_or_else(|| refusal.to_string(), |cause| format!("{refusal}: {cause}"))
}

#[cfg(test)]
mod tests;
