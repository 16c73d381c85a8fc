//! Do snapshots and figures say in their columns what their documents say?

use crate::error::{store_error, unreadable};
use crate::portfolio_store::{PerformanceRow, to_record, to_row};
use crate::schema::{performance, snapshots};
use diesel::prelude::*;
use tradeport_kernel::{AccountId, StoreError};
use tradeport_portfolio::PortfolioSnapshot;
use tradeport_trading::audit::Difference;

/// Everything in which they do not.
pub(crate) fn differences(connection: &mut SqliteConnection) -> Result<Vec<Difference>, StoreError> {
    let mut all = Vec::new();
    let rows: Vec<(String, i64, String)> = snapshots::table.load(connection).map_err(store_error)?;
    for (account, at, payload) in rows {
        let said: PortfolioSnapshot = serde_json::from_str(&payload).map_err(unreadable)?;
        if (said.account.as_str(), said.at.nanos()) != (account.as_str(), at) {
            all.push(Difference {
                subject: format!("the snapshot of {account} at {at}"),
                what: "account and moment",
                log: format!("{} at {}", said.account, said.at.nanos()),
                other: format!("{account} at {at}"),
            });
        }
        let sum = said.positions.iter().try_fold(said.cash, |sum, position| sum.plus(position.value));
        // Of several currencies nobody says here what they are together.
        if let Ok(sum) = sum.and_then(|sum| sum.minus(said.total_value))
            && !sum.amount().is_zero()
        {
            all.push(Difference {
                subject: format!("the snapshot of {account} at {}", said.at),
                what: "total value",
                log: (said.total_value.amount() + sum.amount()).to_string(),
                other: said.total_value.amount().to_string(),
            });
        }
    }
    let rows: Vec<PerformanceRow> =
        performance::table.select(PerformanceRow::as_select()).load(connection).map_err(store_error)?;
    for row in rows {
        let account = AccountId::new(&row.account).map_err(|why| unreadable(why.to_string()))?;
        let wanted = to_row(&to_record(&account, &(row.at, row.figures.clone()))?)?;
        if row.shown() != wanted.shown() {
            all.push(Difference {
                subject: format!("the figures of {account} at {}", row.at),
                what: "columns",
                log: format!("{:?}", wanted.shown()),
                other: format!("{:?}", row.shown()),
            });
        }
    }
    Ok(all)
}
