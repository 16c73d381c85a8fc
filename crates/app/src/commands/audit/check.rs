//! Checking the log: its chain, and what it comes to against the journal and the portfolio.
//!
//! Left out: how the result is told.

use super::PAGE;
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_kernel::{AccountId, Decimal};
use tradeport_orders::OrderJournal;
use tradeport_portfolio::{PortfolioSnapshot, PortfolioStore};
use tradeport_sqlite::{Examined, SqliteStores};
use tradeport_trading::audit::{
    ACCOUNT_READ, AuditHead, ChainBreak, ChainHash, ChainWalk, Difference, JournalWitness, Rebuilt, compare,
};
use tradeport_trading::{AuditLog, AuditRecord};

/// What was taken together may be written down by two hands, a moment apart.
const APART: Duration = Duration::from_secs(1);

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// As far as the chain holds.
    pub(super) head: AuditHead,
    /// Where it breaks first.
    pub(super) broken: Option<ChainBreak>,
    /// The record whose hash was asked for.
    pub(super) kept: Option<u64>,
    /// What cannot be read of it, or contradicts itself.
    pub(super) unreadable: Option<String>,
    pub(super) orders: usize,
    pub(super) verdicts: usize,
    pub(super) accounts: usize,
    /// Orders from before the log, which are not compared.
    pub(super) older: usize,
    /// Where log, journal and portfolio differ.
    pub(super) differences: Vec<Difference>,
    /// How the log is not what it was when the high-water mark was set.
    pub(super) forgot: Option<String>,
    /// What is wrong with the file.
    pub(super) file: Examined,
}

/// The last snapshot of an account, to be held against what the log comes to at its moment.
struct Look {
    snapshot: PortfolioSnapshot,
    /// What the log came to last, before the snapshot or around it.
    held: Option<BTreeMap<String, Decimal>>,
    agrees: bool,
}

/// Looks through the file, and walks the whole log once.
pub(super) async fn check(stores: &SqliteStores, wanted: Option<ChainHash>) -> anyhow::Result<Found> {
    let file = stores.examine().await?;
    if file.damage.is_some() {
        return Ok(Found { file, ..Found::default() });
    }
    Ok(Found { file, ..walked(stores, wanted).await? })
}

async fn walked(stores: &SqliteStores, wanted: Option<ChainHash>) -> anyhow::Result<Found> {
    let noted = stores.audit().noted_head();
    let (audit, journal) = (stores.audit(), stores.journal());
    // The log is never behind the journal: what is in it now must be told.
    let journalled = journal.last().await?;
    let mut found =
        Found { kept: wanted.and_then(|hash| (hash == ChainHash::START).then_some(0)), ..Found::default() };
    let (mut walk, mut log) = (ChainWalk::default(), Rebuilt::default());
    let mut looks: BTreeMap<String, Option<Look>> = BTreeMap::new();
    'walk: loop {
        let page = audit.read(walk.head().sequence, PAGE).await?;
        for record in &page {
            if let Err(broken) = walk.step(record) {
                found.broken = Some(broken);
                break 'walk;
            }
            if noted.is_some_and(|noted| noted.sequence == record.sequence && noted.hash != record.hash) {
                found.forgot = Some(format!("record {} is not the one that it was", record.sequence));
            }
            if wanted == Some(record.hash) {
                found.kept = Some(record.sequence);
            }
            if found.unreadable.is_none() {
                found.unreadable = rebuild(stores, &mut log, record, &mut looks).await?;
            }
        }
        if page.is_empty() {
            let head = audit.head().await?;
            // Somebody may be writing: what came meanwhile is read as well.
            if head.sequence > walk.head().sequence && !audit.read(walk.head().sequence, 1).await?.is_empty()
            {
                continue;
            }
            found.broken = walk.end(&head).err();
            break;
        }
    }
    found.head = walk.head();
    if let Some(noted) = noted.filter(|noted| noted.sequence > found.head.sequence && found.broken.is_none())
    {
        found.forgot = Some(format!("it ends at record {} and had {}", found.head.sequence, noted.sequence));
    }
    if found.broken.is_none() && found.unreadable.is_none() {
        let mut witness = JournalWitness::of_log_begun_after(log.begun_after());
        read_journal(stores, &mut witness, journalled.max(log.told())).await?;
        found.older = witness.older();
        found.differences = compare(&log, &witness);
        found.differences.extend(looks.iter().filter_map(|(account, look)| differs(account, look.as_ref()?)));
    }
    found.orders = log.orders().len();
    found.verdicts = log.orders().values().map(|order| order.verdicts.len()).sum();
    found.accounts = looks.len();
    Ok(found)
}

/// Takes a record into what the log comes to; what is wrong with it.
async fn rebuild(
    stores: &SqliteStores,
    log: &mut Rebuilt,
    record: &AuditRecord,
    looks: &mut BTreeMap<String, Option<Look>>,
) -> anyhow::Result<Option<String>> {
    looks.iter_mut().for_each(|(account, look)| look_before(account, look.as_mut(), log, record));
    if let Err(unreadable) = log.take(record) {
        return Ok(Some(unreadable.to_string()));
    }
    let account = &record.entry.subject;
    if record.entry.action == ACCOUNT_READ && !looks.contains_key(account) {
        let last = match AccountId::new(account) {
            Ok(account) => stores.portfolio().last_snapshot(&account).await?,
            Err(_) => None,
        };
        // What the account held before it was first read, nobody told.
        let last = last.filter(|snapshot| snapshot.at >= record.entry.at);
        let look = last.map(|snapshot| Look { snapshot, held: None, agrees: false });
        looks.insert(account.clone(), look);
    }
    looks.iter_mut().for_each(|(account, look)| look_after(account, look.as_mut(), log, record));
    Ok(None)
}

/// What held until this record came, if it is the first one around the snapshot.
fn look_before(account: &str, look: Option<&mut Look>, log: &Rebuilt, record: &AuditRecord) {
    let Some(look) = look else { return };
    if look.held.is_none() && record.entry.at > look.snapshot.at.before(APART) {
        look.take(log.holdings(account));
    }
}

fn look_after(account: &str, look: Option<&mut Look>, log: &Rebuilt, record: &AuditRecord) {
    let Some(look) = look else { return };
    let at = record.entry.at;
    if look.held.is_some() && at > look.snapshot.at.before(APART) && at <= look.snapshot.at.after(APART) {
        look.take(log.holdings(account));
    }
}

impl Look {
    fn take(&mut self, held: Option<BTreeMap<String, Decimal>>) {
        let Some(held) = held else { return };
        self.agrees |= held == self.of_snapshot();
        self.held = Some(held);
    }

    fn of_snapshot(&self) -> BTreeMap<String, Decimal> {
        let positions = self.snapshot.positions.iter();
        let of = positions.map(|position| (position.symbol.to_string(), position.quantity.as_decimal()));
        of.filter(|(_, quantity)| !quantity.is_zero()).collect()
    }
}

fn differs(account: &str, look: &Look) -> Option<Difference> {
    let held = look.held.as_ref().filter(|_| !look.agrees)?;
    let words = |held: &BTreeMap<String, Decimal>| {
        let each: Vec<_> =
            held.iter().map(|(symbol, size)| format!("{} {symbol}", size.normalize())).collect();
        if each.is_empty() { "nothing".to_owned() } else { each.join(", ") }
    };
    let subject = format!("{account} at {}", look.snapshot.at);
    Some(Difference { subject, what: "positions", log: words(held), other: words(&look.of_snapshot()) })
}

async fn read_journal(stores: &SqliteStores, witness: &mut JournalWitness, until: u64) -> anyhow::Result<()> {
    let journal = stores.journal();
    loop {
        let page = journal.read(witness.last(), PAGE).await?;
        let wanted: Vec<_> = page.iter().take_while(|record| record.sequence <= until).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        for record in wanted {
            witness.take(record)?;
        }
    }
}
