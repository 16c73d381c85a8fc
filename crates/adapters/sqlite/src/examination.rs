//! Looking through the orders file: every page and index, the schema, and whether its tables agree with themselves and each other.
//!
//! Left out: the chain of the audit log, and what it comes to, which are no matter of a file.

use crate::document_check::unread_records;
use crate::projection_check::{differences, misnamed};
use crate::schema_check::{self, SchemaDifference};
use crate::suspicion::is_whole;
use crate::{FileKind, SqliteStores, portfolio_check};
use diesel::{Connection, SqliteConnection};
use tradeport_kernel::StoreError;
use tradeport_trading::audit::Difference;

/// What is wrong with the orders file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// Pages or indices that are not what they should be, in SQLite's words. Then nothing else was looked at.
    pub damage: Option<String>,
    /// Parts of the schema that are not what the program made. Then the tables were not looked at.
    pub schema: Vec<SchemaDifference>,
    /// What of the tables cannot be read.
    pub unreadable: Option<String>,
    /// Records of the journal, snapshots and figures that do not agree with themselves: nothing else holds what they said.
    pub kept: Vec<Difference>,
    /// How the table of orders is not what the journal comes to, from which it can be made anew.
    pub orders: Vec<Difference>,
}

type Look = fn(&mut SqliteConnection) -> Result<Vec<Difference>, StoreError>;

impl SqliteStores {
    /// Looks through the orders file as it is at one moment, beside whoever writes it. Errors: it cannot be read.
    pub async fn examine(&self) -> Result<Examined, StoreError> {
        self.orders_file()
            .read(|connection| {
                connection.transaction(|connection| {
                    let mut examined = Examined::default();
                    match is_whole(connection) {
                        Ok(()) => {}
                        Err(StoreError::Corrupt(cause)) => {
                            return Ok(Examined { damage: Some(cause.to_string()), ..examined });
                        }
                        Err(error) => return Err(Undone(error)),
                    }
                    examined.schema = schema_check::differences(connection, FileKind::Orders)?;
                    if examined.schema.iter().any(|it| it.kind == "table") {
                        return Ok(examined);
                    }
                    let mut unreadable = None;
                    let mut look = |look: Look| match look(connection) {
                        Err(StoreError::Corrupt(cause)) => {
                            unreadable = Some(cause.to_string());
                            Ok(Vec::new())
                        }
                        found => found,
                    };
                    examined.kept = look(misnamed)?;
                    examined.kept.extend(look(unread_records)?);
                    examined.kept.extend(look(portfolio_check::differences)?);
                    examined.orders = look(differences)?;
                    examined.unreadable = unreadable;
                    Ok(examined)
                })
            })
            .await
            .map_err(|Undone(error)| error)
    }

    /// Makes anew what is made of something else: indices, triggers and views, and the table of current states from the
    /// journal. All or nothing. Returns what was not as it should be of the former, and how many orders the table holds.
    ///
    /// Errors: a table is not what it was, or holds what an index does not let in; a backup is the only way on.
    pub async fn make_anew(&self) -> Result<(Vec<SchemaDifference>, u64), StoreError> {
        self.orders_file()
            .write(|session| {
                let mended = schema_check::mend(&mut session.connection, FileKind::Orders)?;
                Ok((mended, crate::order_projection::rebuild(session)?))
            })
            .await
    }
}

/// What ended a transaction that only read.
struct Undone(StoreError);

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl From<diesel::result::Error> for Undone {
    fn from(error: diesel::result::Error) -> Self {
        Self(crate::error::store_error(error))
    }
}
