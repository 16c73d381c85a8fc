//! Do snapshots and figures say in their columns what their documents say, and are the documents those that were kept?

use crate::error::{store_error, unreadable};
use crate::portfolio_store::{PerformanceRow, sum_of, to_record, to_row};
use crate::schema::{performance, snapshots};
use diesel::prelude::*;
use std::collections::BTreeSet;
use tradeport_kernel::{AccountId, StoreError};
use tradeport_portfolio::PortfolioSnapshot;
use tradeport_trading::audit::Difference;

/// Everything in which they do not.
pub(crate) fn differences(connection: &mut SqliteConnection) -> Result<Vec<Difference>, StoreError> {
    let (mut all, mut moments) = (Vec::new(), BTreeSet::new());
    let rows: Vec<(String, i64, String, Option<i64>)> =
        snapshots::table.load(connection).map_err(store_error)?;
    for (account, at, payload, check_sum) in rows {
        let said: PortfolioSnapshot = serde_json::from_str(&payload).map_err(unreadable)?;
        if (said.account.as_str(), said.at.nanos()) != (account.as_str(), at) {
            all.push(Difference {
                subject: format!("the snapshot of {account} at {at}"),
                what: "account and moment",
                log: format!("{} at {}", said.account, said.at.nanos()),
                other: format!("{account} at {at}"),
            });
        }
        moments.insert((account.clone(), at));
        let sum = said.positions.iter().try_fold(said.cash, |sum, position| sum.plus(position.value));
        // Of several currencies nobody says here what they are together.
        if let Ok(sum) = sum
            && sum.currency() == said.total_value.currency()
            && sum.amount() != said.total_value.amount()
        {
            all.push(Difference {
                subject: format!("the snapshot of {account} at {}", said.at),
                what: "total value",
                log: sum.amount().to_string(),
                other: said.total_value.amount().to_string(),
            });
        }
        if let Some(kept) = check_sum.filter(|kept| *kept != sum_of(&payload)) {
            all.push(Difference {
                subject: format!("the snapshot of {account} at {at}"),
                what: "check sum",
                log: kept.to_string(),
                other: sum_of(&payload).to_string(),
            });
        }
    }
    let rows: Vec<PerformanceRow> =
        performance::table.select(PerformanceRow::as_select()).load(connection).map_err(store_error)?;
    for row in rows {
        // Figures are kept after the snapshot that they end with.
        if !moments.contains(&(row.account.clone(), row.at)) {
            all.push(Difference {
                subject: format!("the figures of {} at {}", row.account, row.at),
                what: "snapshot",
                log: "there".to_owned(),
                other: "missing".to_owned(),
            });
        }
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
