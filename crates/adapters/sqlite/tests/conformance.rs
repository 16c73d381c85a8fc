//! Every promise of every store port, twice: through the stores that write, and with a reader beside them that was
//! opened for reading alone, as another command would.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use support::{open, open_read_only};
use tempfile::TempDir;
use tradeport_sqlite::{SqliteAudit, SqliteBars, SqliteJournal, SqlitePortfolio, SqliteStores, SqliteTicks};

/// All stores of one folder that goes with them.
struct Fixture {
    ticks: SqliteTicks,
    bars: SqliteBars,
    journal: SqliteJournal,
    portfolio: SqlitePortfolio,
    audit: SqliteAudit,
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self::of(tempfile::tempdir().unwrap())
    }

    fn of(folder: TempDir) -> Self {
        let stores = open(folder.path());
        let (ticks, bars) = (stores.ticks(), stores.bars());
        let (journal, portfolio, audit) = (stores.journal(), stores.portfolio(), stores.audit());
        Self { ticks, bars, journal, portfolio, audit, folder }
    }

    fn restarted(self) -> Self {
        let Self { ticks, bars, journal, portfolio, audit, folder } = self;
        drop((ticks, bars, journal, portfolio, audit));
        Self::of(folder)
    }
}

/// Writes through one opening, reads through another.
struct Beside {
    // Before the fixture: its connections are closed first.
    reading: SqliteStores,
    ticks: beside::Ticks,
    bars: beside::Bars,
    journal: beside::Journal,
    portfolio: beside::Portfolio,
    audit: beside::Audit,
    writing: Fixture,
}

impl Beside {
    fn of(writing: Fixture) -> Self {
        let reading = open_read_only(writing.folder.path()).unwrap();
        Self {
            ticks: beside::Ticks { write: writing.ticks.clone(), read: reading.ticks() },
            bars: beside::Bars { write: writing.bars.clone(), read: reading.bars() },
            journal: beside::Journal { write: writing.journal.clone(), read: reading.journal() },
            portfolio: beside::Portfolio { write: writing.portfolio.clone(), read: reading.portfolio() },
            audit: beside::Audit { write: writing.audit.clone(), read: reading.audit() },
            reading,
            writing,
        }
    }

    fn new() -> Self {
        Self::of(Fixture::new())
    }

    fn restarted(self) -> Self {
        let Self { reading, ticks, bars, journal, portfolio, audit, writing } = self;
        drop((reading, ticks, bars, journal, portfolio, audit));
        Self::of(writing.restarted())
    }
}

macro_rules! harness {
    ($port:ident, $kind:ident, $method:ident: $($fixture:ty, $store:ty, $field:ident);+ $(;)?) => {
        $(impl tradeport_conformance::$port::Harness for $fixture {
            type $kind = $store;
            async fn fresh() -> Self {
                Self::new()
            }
            fn $method(&self) -> &$store {
                &self.$field
            }
            async fn reopen(self) -> Self {
                self.restarted()
            }
        })+
    };
}

harness!(tick_store, Store, store: Fixture, SqliteTicks, ticks; Beside, beside::Ticks, ticks);
harness!(bar_store, Store, store: Fixture, SqliteBars, bars; Beside, beside::Bars, bars);
harness!(order_journal, Journal, journal: Fixture, SqliteJournal, journal; Beside, beside::Journal, journal);
harness!(portfolio_store, Store, store: Fixture, SqlitePortfolio, portfolio; Beside, beside::Portfolio, portfolio);
harness!(audit_log, Log, log: Fixture, SqliteAudit, audit; Beside, beside::Audit, audit);

tradeport_conformance::tick_store_conformance!(Fixture);
tradeport_conformance::bar_store_conformance!(Fixture);
tradeport_conformance::order_journal_conformance!(Fixture);
tradeport_conformance::portfolio_store_conformance!(Fixture);
tradeport_conformance::audit_log_conformance!(Fixture);

mod with_a_reader_beside {
    use super::Beside;
    tradeport_conformance::tick_store_conformance!(Beside);
    tradeport_conformance::bar_store_conformance!(Beside);
    tradeport_conformance::order_journal_conformance!(Beside);
    tradeport_conformance::portfolio_store_conformance!(Beside);
    tradeport_conformance::audit_log_conformance!(Beside);
}

mod beside;
