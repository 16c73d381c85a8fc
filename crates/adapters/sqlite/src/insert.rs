//! Many rows at once: the way in for ticks, bars, and what is kept of orders.
//!
//! Diesel prepares a batch insert anew each time and collects its parts on the heap. Here a statement for a fixed
//! number of rows has a static identity, so that diesel's cache keeps it prepared; 64 rows to a statement share the
//! cost of starting one. The verb must not be a plain `INSERT`: with its `ABORT` SQLite copies every page that a
//! statement of many rows touches, to undo that statement alone, which costs half of the speed. We undo the whole
//! transaction anyway.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

const MANY: usize = 64;
const SOME: usize = 8;
/// An order that is admitted: its intent, its verdict, and that it is sent.
const FEW: usize = 3;

/// A row that goes in by position.
pub(crate) trait Row: 'static {
    /// Verb, table and `VALUES`; see the module for the verb.
    const INSERT_VALUES: &'static str;

    /// Binds every column; they are separated by [`comma`].
    fn bind<'b>(&'b self, pass: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()>;
}

/// Between two columns.
pub(crate) fn comma(pass: &mut AstPass<'_, '_, Sqlite>) {
    pass.push_sql(",");
}

/// Inserts the rows in their order, within the caller's transaction.
pub(crate) fn insert_rows<R: Row>(connection: &mut SqliteConnection, rows: &[R]) -> QueryResult<()> {
    let (many, rest) = rows.as_chunks::<MANY>();
    for rows in many {
        Statement(rows).execute(connection)?;
    }
    let (some, rest) = rest.as_chunks::<SOME>();
    for rows in some {
        Statement(rows).execute(connection)?;
    }
    let (few, rest) = rest.as_chunks::<FEW>();
    for rows in few {
        Statement(rows).execute(connection)?;
    }
    for row in rest {
        Statement(std::array::from_ref(row)).execute(connection)?;
    }
    Ok(())
}

struct Statement<'a, R, const N: usize>(&'a [R; N]);

impl<R: Row, const N: usize> QueryId for Statement<'_, R, N> {
    type QueryId = Statement<'static, R, N>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<R: Row, const N: usize> QueryFragment<Sqlite> for Statement<'_, R, N> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql(R::INSERT_VALUES);
        for (place, row) in self.0.iter().enumerate() {
            pass.push_sql(if place == 0 { "(" } else { ",(" });
            row.bind(&mut pass)?;
            pass.push_sql(")");
        }
        Ok(())
    }
}

impl<R, const N: usize> RunQueryDsl<SqliteConnection> for Statement<'_, R, N> {}
