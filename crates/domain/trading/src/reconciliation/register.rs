//! From findings to breaks: what stands, since when, and how it ended.

use super::breaks::{Acknowledgement, Break, BreakChange};
use super::finding::{Cause, Finding, Findings, Subject};
use super::scope::{Scope, StatedDays};
use std::collections::BTreeSet;
use std::time::Duration;
use tradeport_kernel::{AccountId, Symbol, Timestamp};

/// So many breaks that were solved and count no more are remembered; the audit log has them all.
const MOST_SOLVED: usize = 100;

/// How long a difference may stand before it is a break: brokers tell of the same thing in several messages, and some of
/// them late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For orders.
    pub orders: Duration,
    /// For positions.
    pub positions: Duration,
    /// For cash, which brokers tell anew every few minutes only.
    pub cash: Duration,
}

impl Patience {
    /// None: whatever is found is a break at once.
    pub const NONE: Self = Self { orders: Duration::ZERO, positions: Duration::ZERO, cash: Duration::ZERO };

    fn of(&self, cause: Cause) -> Duration {
        match cause {
            Cause::CashMoved => self.cash,
            Cause::PositionMoved => self.positions,
            Cause::EndedHere
            | Cause::GoneThere
            | Cause::OtherTerms
            | Cause::ExecutionMissing
            | Cause::FilledLessThere => self.orders,
            // Nothing that is still to come can mend the others.
            _ => Duration::ZERO,
        }
    }
}

impl Default for Patience {
    /// Half a minute, and four for cash: IB tells it every three.
    fn default() -> Self {
        let usual = Duration::from_secs(30);
        Self { orders: usual, positions: usual, cash: Duration::from_secs(240) }
    }
}

/// No break has this short name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no break that stands is called {0}: see tradeport reconcile")]
pub struct NoSuchBreak(pub String);

/// Breaks that stand, differences that may become some, and the breaks that were solved last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BreakRegister {
    standing: Vec<Break>,
    /// Found, and not yet for long enough.
    suspected: Vec<Break>,
    solved: Vec<Break>,
    /// The accounts are not as the breaks have them: they are to be taken over from the broker.
    due: bool,
}

impl BreakRegister {
    /// With breaks that were kept by an earlier process.
    #[must_use]
    pub fn of(kept: Vec<Break>) -> Self {
        let (standing, solved) = kept.into_iter().partition(|it| it.solved.is_none());
        Self { standing, solved, ..Self::default() }
    }

    /// Takes in what was found, at `now`; what became of breaks by it. The same again changes nothing.
    ///
    /// A break leaves only when everything in which it could be found was looked at and it is not there. A person's word
    /// holds for what was seen then: when it says something else later, it is another break.
    pub fn take(&mut self, findings: &Findings, now: Timestamp, patience: Patience) -> Vec<BreakChange> {
        let mut changes = Vec::new();
        for finding in findings.found() {
            changes.extend(self.found(finding, now, patience.of(finding.cause)));
        }
        let there = |it: &Break| findings.found().iter().any(|finding| it.is_of(finding));
        let looked = findings.looked();
        let is_told = |it: &Break| it.subject.account().is_none_or(|account| looked.tells_of(account));
        let vanished = |it: &Break| !there(it) && looked.at(&scope_of(it)) && is_told(it);
        self.due |= self.suspected.iter().any(|it| vanished(it) && it.taken_over.is_some());
        self.suspected.retain(|it| !vanished(it));
        let gone = |it: &Break| scope_of(it) != Scope::Person && vanished(it);
        let (left, stay): (Vec<_>, Vec<_>) = std::mem::take(&mut self.standing).into_iter().partition(gone);
        self.standing = stay;
        for mut it in left {
            it.solved = Some(now);
            it.untold = true;
            self.remember(it.clone());
            changes.push(BreakChange::Solved(it));
        }
        self.due |= changes.iter().any(|change| change.of().is_of_account());
        changes
    }

    fn found(&mut self, finding: &Finding, now: Timestamp, grace: Duration) -> Option<BreakChange> {
        if let Some(it) = self.standing.iter_mut().find(|it| it.is_of(finding)) {
            if it.is_newer_than(finding) {
                return None;
            }
            let same = it.says(finding);
            (it.ours, it.broker, it.difference) =
                (finding.ours.clone(), finding.broker.clone(), finding.difference);
            it.days = finding.scope.days();
            it.found_at = Some(now);
            if same {
                return None;
            }
            it.changed_at = now;
            it.untold = true;
            return Some(BreakChange::Changed(it.clone()));
        }
        // What an account holds counts from a person's word on: the same difference again is another one. An order that was gone
        // ended by it: if it is gone again, it has been there.
        let known = |it: &Break| it.acknowledged.is_some() && it.is_of(finding) && it.says(finding);
        let stays_known = |it: &Break| !it.is_of_account() && it.cause != Cause::GoneThere;
        if self.solved.iter().any(|it| known(it) && stays_known(it)) {
            return None;
        }
        let before =
            self.suspected.iter().position(|it| it.is_of(finding)).map(|at| self.suspected.remove(at));
        let since = before.as_ref().filter(|it| it.says(finding)).map_or(now, |it| it.first_seen);
        let mut found = Break { found_at: Some(now), ..Break::found(finding, since) };
        found.taken_over = before.and_then(|it| it.taken_over);
        if now < since.after(grace) {
            self.suspected.push(found);
            return None;
        }
        self.standing.push(found.clone());
        Some(BreakChange::Found(found))
    }

    /// A person ends a break, whatever it is, by its short name.
    pub fn acknowledge(&mut self, id: &str, word: Acknowledgement) -> Result<BreakChange, NoSuchBreak> {
        let at = self.standing.iter().position(|it| it.id() == id);
        let mut it = self.standing.remove(at.ok_or_else(|| NoSuchBreak(id.to_owned()))?);
        it.solved = Some(word.at);
        it.acknowledged = Some(word);
        it.untold = true;
        self.remember(it.clone());
        Ok(BreakChange::Acknowledged(it))
    }

    /// The accounts were taken over as the broker reports them: what stands unexplained is in them from now on.
    pub fn taken_over(&mut self, accounts: &BTreeSet<AccountId>) {
        let all = self.standing.iter_mut().chain(&mut self.suspected);
        for it in all
            .filter(|it| it.is_of_account() && it.subject.account().is_some_and(|it| accounts.contains(it)))
        {
            it.taken_over = it.difference;
        }
        self.due = false;
    }

    /// Are the accounts to be taken over from the broker, since what is known of them is not what the breaks say?
    #[must_use]
    pub const fn is_take_over_due(&self) -> bool {
        self.due
    }

    fn remember(&mut self, it: Break) {
        self.solved.retain(|known| !(known.cause == it.cause && known.subject == it.subject));
        self.solved.push(it);
    }

    /// The audit log has everything that became of breaks so far: of those that were solved only some are remembered. A
    /// person's word must last, without it the break would come back; and what the log has not is never dropped.
    pub fn told(&mut self) {
        let all = self.standing.iter_mut().chain(&mut self.solved);
        all.for_each(|it| it.untold = false);
        let mut too_many =
            self.solved.iter().filter(|it| it.is_history()).count().saturating_sub(MOST_SOLVED);
        // The oldest first.
        self.solved.retain(|it| {
            let dropped = too_many > 0 && it.is_history();
            too_many -= usize::from(dropped);
            !dropped
        });
    }

    /// What became of breaks without the audit log having been told: an earlier process was stopped before that.
    #[must_use]
    pub fn untold(&self) -> Vec<BreakChange> {
        let all = self.solved.iter().chain(self.standing());
        all.filter(|it| it.untold).map(Break::change).collect()
    }

    /// The breaks that stand, in the order in which they were found.
    pub fn standing(&self) -> impl Iterator<Item = &Break> {
        self.standing.iter()
    }

    /// Those that stand, and differences that may become some.
    pub fn unexplained(&self) -> impl Iterator<Item = &Break> {
        self.standing().chain(&self.suspected)
    }

    /// Everything that is to be kept: the breaks that stand, and those that were solved last.
    #[must_use]
    pub fn to_keep(&self) -> Vec<Break> {
        self.solved.iter().chain(self.standing()).cloned().collect()
    }

    /// The break that keeps new orders of a contract from leaving.
    #[must_use]
    pub fn blocking(&self, account: &AccountId, symbol: Symbol) -> Option<&Break> {
        self.standing().find(|it| {
            it.cause.blocks() && it.subject.account() == Some(account) && it.subject.symbol() == Some(symbol)
        })
    }
}

fn scope_of(it: &Break) -> Scope {
    let days = it.days.or_else(|| days_of(&it.subject)).unwrap_or(StatedDays::UNKNOWN);
    // What is of no account, and should be of one, no answer of the broker ends.
    let of_account =
        |scope: &dyn Fn(AccountId) -> Scope| it.subject.account().cloned().map_or(Scope::Person, scope);
    match (it.cause, &it.subject) {
        (
            Cause::OrphanOrder
            | Cause::SeveralOrders
            | Cause::EndedHere
            | Cause::OtherTerms
            | Cause::FilledLessThere,
            _,
        ) => Scope::Orders,
        (Cause::Unread, Subject::Row { list, .. }) => Scope::Unread(*list),
        (Cause::Overfilled | Cause::Unread, _) => Scope::Person,
        (Cause::GoneThere, _) => Scope::AllOrders,
        (Cause::ExecutionMissing, _) => Scope::Executions,
        (Cause::PositionMoved, _) => of_account(&Scope::Positions),
        (Cause::CashMoved, Subject::Cash { account, currency }) => {
            Scope::Cash(account.clone(), Some(*currency))
        }
        (Cause::StatedCash, Subject::StatedCash { account, currency }) => {
            Scope::StatedCash(account.clone(), Some(*currency), days)
        }
        (Cause::CashMoved | Cause::StatedCash, _) => Scope::Person,
        (Cause::TradeNotHere | Cause::TradeNotStated | Cause::OtherTrade, _) => {
            of_account(&|account| Scope::StatedTrades(account, days))
        }
        (Cause::StatedPosition | Cause::UnknownInstrument, _) => {
            of_account(&|account| Scope::StatedPositions(account, days))
        }
    }
}

/// What was kept of a trade without its days names them in words.
fn days_of(subject: &Subject) -> Option<StatedDays> {
    match subject {
        Subject::Trade { statement, .. } => StatedDays::read(statement),
        _ => None,
    }
}
