//! The limits of risk while the service runs: read anew when the file of settings changes.
//!
//! A file that makes no sense changes nothing and is an alarm until it does. What a variable or a flag has said stays. Left
//! out: every other setting, which is read at the start.

use super::alarms::AlarmBook;
use crate::config::Loaded;
use crate::wiring::recall_worth;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tradeport_kernel::{AccountId, Clock};
use tradeport_risk::{RiskPolicy, Unmanaged};
use tradeport_sqlite::SqliteStores;
use tradeport_trading::OrderDesk;

/// So often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// What the alarm is about.
const CONDITION: &str = "risk policy";

/// When a file was changed, and how large it is: what differs was written anew.
type Mark = Option<(SystemTime, u64)>;

/// Whose limits follow the file.
pub(super) struct Limited {
    pub(super) desk: OrderDesk,
    /// What accounts were worth before.
    pub(super) stores: SqliteStores,
    /// The accounts of the login: limits of others limit nothing here.
    pub(super) managed: Vec<AccountId>,
}

/// Follows the file for good.
pub(super) async fn follow(loaded: Loaded, limited: Limited, alarms: AlarmBook, clock: Arc<dyn Clock>) {
    let Some(path) = loaded.file().map(Path::to_owned) else { return std::future::pending().await };
    // It may have changed since the service has read it.
    let mut written = Written::default();
    loop {
        clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
        if let Some(found) = written.look(mark(&path)) {
            take(&loaded, &limited, &alarms, &*clock, found).await;
        }
    }
}

/// What is seen of the file, look by look. Who writes it may empty it first, and half of the limits are fewer limits: it is read
/// once it has stood for two looks.
#[derive(Default)]
struct Written {
    last: Mark,
    read: Mark,
}

impl Written {
    /// What is to be read now, if anything is.
    fn look(&mut self, found: Mark) -> Option<Mark> {
        let stands = found == std::mem::replace(&mut self.last, found);
        if !stands || found == self.read {
            return None;
        }
        self.read = found;
        Some(found)
    }
}

fn mark(path: &Path) -> Mark {
    let found = std::fs::metadata(path).ok()?;
    Some((found.modified().ok()?, found.len()))
}

async fn take(loaded: &Loaded, limited: &Limited, alarms: &AlarmBook, clock: &dyn Clock, found: Mark) {
    let Limited { desk, stores, managed } = limited;
    let exchanged = async {
        anyhow::ensure!(found.is_none_or(|(_, bytes)| bytes > 0), "the file of settings is empty");
        let policy = loaded.reread_risk()?;
        if policy == *desk.policy() {
            return Ok(false);
        }
        // Whoever limits losses now means those of before as well.
        for portfolio in desk.portfolios().await {
            let account = portfolio.account();
            if policy.limits_of(account).limits_losses() && !desk.policy().limits_of(account).limits_losses()
            {
                recall_worth(desk, stores, account, clock.now()).await?;
            }
        }
        let words = difference(&desk.policy(), &policy);
        let unmanaged = newly_unmanaged(&desk.policy(), &policy, managed);
        desk.exchange_policy(policy, words.clone()).await?;
        tracing::info!(%words, "other limits of risk hold from now on");
        unmanaged.iter().for_each(|section| tracing::warn!("{section}"));
        Ok::<_, anyhow::Error>(true)
    };
    match exchanged.await {
        Ok(_) => alarms.clear(CONDITION, clock.now()),
        Err(error) => {
            let text = format!("the limits of before still hold: {error:#}");
            alarms.note(CONDITION, text, clock.now());
        }
    }
}

/// Sections that limit nothing here, and of which that was not said before.
fn newly_unmanaged(before: &RiskPolicy, now: &RiskPolicy, managed: &[AccountId]) -> Vec<Unmanaged> {
    let told = before.unmanaged(managed);
    now.unmanaged(managed).into_iter().filter(|section| !told.contains(section)).collect()
}

/// What is different, as it is written down: `max_order_value: 5000, before 1000`.
fn difference(before: &RiskPolicy, now: &RiskPolicy) -> String {
    let fields = |policy: &RiskPolicy| match toml::Table::try_from(policy) {
        Ok(table) => table,
        Err(_) => toml::Table::new(),
    };
    let (before, now) = (fields(before), fields(now));
    let names: std::collections::BTreeSet<_> = before.keys().chain(now.keys()).collect();
    let of = |table: &toml::Table, name: &str| {
        table.get(name).map_or_else(|| "none".to_owned(), ToString::to_string)
    };
    let changed = names.into_iter().filter(|name| before.get(*name) != now.get(*name));
    let words: Vec<String> =
        changed.map(|name| format!("{name}: {}, before {}", of(&now, name), of(&before, name))).collect();
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_risk::{PolicyDraft, Tighter};

    #[test]
    fn a_file_that_is_being_written_is_not_read() {
        let at = |second, bytes| Some((SystemTime::UNIX_EPOCH + Duration::from_secs(second), bytes));
        let mut written = Written::default();
        let looks =
            [at(1, 90), at(1, 90), at(1, 90), at(2, 0), at(3, 40), at(3, 91), at(3, 91), at(3, 91), None];
        let read: Vec<_> = looks.into_iter().map(|found| written.look(found)).collect();
        let expected = [None, Some(at(1, 90)), None, None, None, None, Some(at(3, 91)), None, None];
        assert_eq!(read, expected);
        assert_eq!(written.look(None), Some(None), "that it is gone is told");
    }

    #[test]
    fn a_section_of_an_account_that_is_not_managed_is_told_when_it_comes() {
        let policy = |accounts: &[&str]| {
            let sections = accounts.iter().map(|id| (id.parse().unwrap(), Tighter::default()));
            PolicyDraft { accounts: sections.collect(), ..PolicyDraft::default() }.check().unwrap()
        };
        let managed = ["DU1234567".parse().unwrap()];
        let told = |before: &[&str], now: &[&str]| -> Vec<String> {
            let found = newly_unmanaged(&policy(before), &policy(now), &managed);
            found.iter().map(|it| it.account.to_string()).collect()
        };
        assert_eq!(told(&[], &["DU1234567"]), [""; 0]);
        assert_eq!(told(&["U7654321"], &["U7654321", "DU1234576"]), ["DU1234576"]);
        assert_eq!(told(&["U7654321"], &["U7654321"]), [""; 0], "that was said");
    }

    #[test]
    fn what_is_different_is_told_and_nothing_else() {
        let before = RiskPolicy::default();
        let now = PolicyDraft {
            max_daily_trades: 7,
            max_order_value: Some(5_000.into()),
            ..PolicyDraft::default()
        };
        let words = difference(&before, &now.check().unwrap());
        assert_eq!(words, "max_daily_trades: 7, before 100; max_order_value: \"5000\", before none");
        assert_eq!(difference(&before, &before), "");
    }
}
