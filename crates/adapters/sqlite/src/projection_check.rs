//! Are the tables that analysts read what the journal and the kept figures come to?

use crate::error::store_error;
use crate::order_journal::{HAPPENED, INTENDED};
use crate::order_projection::{StateRow, projected};
use crate::schema::order_states;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeMap;
use tradeport_kernel::StoreError;
use tradeport_trading::audit::Difference;

/// A row of the table but its key: each column by its name, as text.
type Columns = [(&'static str, Option<String>); 16];

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_states)]
struct Kept {
    key: String,
    sequence: i64,
    account: String,
    symbol: String,
    order_type: String,
    action: String,
    quantity: Option<String>,
    limit_price: Option<String>,
    stop_price: Option<String>,
    status: String,
    filled_quantity: String,
    avg_fill_price: Option<String>,
    commission: Option<String>,
    created_at: i64,
    updated_at: i64,
    cash_quantity: Option<String>,
    cash_currency: Option<String>,
}

impl Kept {
    fn columns(self) -> Columns {
        [
            ("sequence", Some(self.sequence.to_string())),
            ("account", Some(self.account)),
            ("symbol", Some(self.symbol)),
            ("order_type", Some(self.order_type)),
            ("action", Some(self.action)),
            ("quantity", self.quantity),
            ("limit_price", self.limit_price),
            ("stop_price", self.stop_price),
            ("status", Some(self.status)),
            ("filled_quantity", Some(self.filled_quantity)),
            ("avg_fill_price", self.avg_fill_price),
            ("commission", self.commission),
            ("created_at", Some(self.created_at.to_string())),
            ("updated_at", Some(self.updated_at.to_string())),
            ("cash_quantity", self.cash_quantity),
            ("cash_currency", self.cash_currency),
        ]
    }
}

impl From<StateRow> for Kept {
    fn from(row: StateRow) -> Self {
        Self {
            key: row.key.as_str().to_owned(),
            sequence: row.sequence,
            account: row.account.as_str().to_owned(),
            symbol: row.symbol.as_str().to_owned(),
            order_type: row.order_type.to_owned(),
            action: row.action.to_owned(),
            quantity: row.quantity,
            limit_price: row.limit_price,
            stop_price: row.stop_price,
            status: row.status.to_owned(),
            filled_quantity: row.filled_quantity,
            avg_fill_price: row.avg_fill_price,
            commission: row.commission,
            created_at: row.created_at,
            updated_at: row.updated_at,
            cash_quantity: row.cash_quantity,
            cash_currency: row.cash_currency,
        }
    }
}

/// A record of the journal whose columns say something else than its payload.
#[derive(QueryableByName)]
struct Misnamed {
    #[diesel(sql_type = BigInt)]
    sequence: i64,
    #[diesel(sql_type = Text)]
    event: String,
}

/// The index that lets each key in once goes by a column of the journal's records; it must say what they say.
pub(crate) fn misnamed(connection: &mut SqliteConnection) -> Result<Vec<Difference>, StoreError> {
    let of_payload = format!("iif(payload ->> '$.event' = '{INTENDED}', '{INTENDED}', '{HAPPENED}')");
    let query = format!("SELECT sequence, event FROM journal WHERE event <> {of_payload} ORDER BY sequence");
    let found: Vec<Misnamed> = diesel::sql_query(query).load(connection).map_err(store_error)?;
    let other = |event: &str| if event == INTENDED { HAPPENED } else { INTENDED };
    let difference = |Misnamed { sequence, event }: Misnamed| Difference {
        subject: format!("journal record {sequence}"),
        what: "event",
        log: other(&event).to_owned(),
        other: event,
    };
    Ok(found.into_iter().map(difference).collect())
}

/// Everything in which the table of orders is not what the journal comes to, within the caller's transaction.
pub(crate) fn differences(connection: &mut SqliteConnection) -> Result<Vec<Difference>, StoreError> {
    let rows: Vec<Kept> =
        order_states::table.select(Kept::as_select()).load(connection).map_err(store_error)?;
    let mut kept: BTreeMap<String, Columns> =
        rows.into_iter().map(|row| (row.key.clone(), row.columns())).collect();
    let mut all = Vec::new();
    let mut differ = |subject: String, what, log: Option<String>, other: Option<String>| {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
        all.push(Difference { subject, what, log: shown(log), other: shown(other) });
    };
    for row in projected(connection)? {
        let key = row.key.as_str().to_owned();
        let wanted = Kept::from(row).columns();
        let Some(found) = kept.remove(&key) else {
            differ(
                format!("{key} in the table of orders"),
                "row",
                Some("there".to_owned()),
                Some("missing".to_owned()),
            );
            continue;
        };
        for ((what, log), (_, other)) in wanted.into_iter().zip(found).filter(|(log, other)| log != other) {
            differ(format!("{key} in the table of orders"), what, log, other);
        }
    }
    for key in kept.into_keys() {
        differ(
            format!("{key} in the table of orders"),
            "row",
            Some("missing".to_owned()),
            Some("there".to_owned()),
        );
    }
    Ok(all)
}
