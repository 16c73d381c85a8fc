//! Holding a statement against what we know: trades one by one, positions to the last unit, cash to the cent.
//!
//! A statement speaks of the end of its last day. What traded after that is taken off what the account holds now. Left
//! out: reading the statement's file, and naming instruments by the broker's numbers.

use super::cash::{Awaited, Cash, CashBook, compare, is_within_a_cent, shown};
use super::finding::{Cause, Finding, Findings, Subject};
use super::scope::{Scope, StatedDays};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use time::Time;
use tradeport_contracts::ContractId;
use tradeport_kernel::{AccountId, Decimal, Money, Symbol, Timestamp, Zone};
use tradeport_orders::Execution;
use tradeport_portfolio::{Balances, StatedCash, StatedTrade, Statement, TradeTerms};

/// The broker's days end at this hour in New York: what trades later that evening is in the next statement.
const DAY_ENDS: (&str, u8) = ("America/New_York", 20);

/// A trade that we know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookedTrade {
    /// What traded.
    pub execution: Execution,
    /// How it was paid for; `None` for what nobody here knows.
    pub terms: Option<TradeTerms>,
    /// What it cost, once that was told.
    pub commission: Option<Money>,
}

/// An account as we know it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBooks {
    /// Whose.
    pub account: AccountId,
    /// What it holds.
    pub positions: BTreeMap<Symbol, Decimal>,
    /// Its cash.
    pub cash: CashBook,
    /// Every trade that is known, each once.
    pub trades: Vec<BookedTrade>,
}

/// The end of a day of the broker.
#[must_use]
pub fn cut_of(day: time::Date) -> Timestamp {
    let (zone, hour) = DAY_ENDS;
    let zone = Zone::named(zone).unwrap_or_else(|_| Zone::utc());
    let end = Time::from_hms(hour, 0, 0).unwrap_or(Time::MIDNIGHT);
    zone.moment(day, end).map_or(Timestamp::EPOCH, tradeport_kernel::LocalMoment::later)
}

/// The beginning of a day of the broker.
#[must_use]
pub fn begin_of(day: time::Date) -> Timestamp {
    day.previous_day().map_or(Timestamp::EPOCH, cut_of)
}

/// What a statement was held against, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TieOut {
    /// The differences.
    pub findings: Findings,
    /// So many trades are in both and say the same.
    pub trades: usize,
    /// So many positions are the same.
    pub positions: usize,
    /// The cash of each currency in which it could be compared and is the same to the cent.
    pub cash: Vec<Money>,
}

/// Holds a statement against an account. `name` says what the broker's number of a contract means here.
#[must_use]
pub fn tie_out(
    books: &AccountBooks,
    statement: &Statement,
    name: impl Fn(ContractId) -> Option<Symbol>,
) -> TieOut {
    let mut tie = TieOut { findings: Findings::default(), trades: 0, positions: 0, cash: Vec::new() };
    let sides = Sides::new(books, statement);
    sides.trades(&name, &mut tie);
    sides.positions(&name, &mut tie);
    sides.cash(&mut tie);
    sides.left_out(&mut tie);
    tie.findings.sort();
    tie
}

struct Sides<'a> {
    books: &'a AccountBooks,
    statement: &'a Statement,
    /// Which statement.
    days: StatedDays,
    /// What traded after the statement's end.
    later: Vec<&'a BookedTrade>,
}

impl<'a> Sides<'a> {
    fn new(books: &'a AccountBooks, statement: &'a Statement) -> Self {
        let stated: HashSet<&str> = statement.trades.iter().flatten().filter_map(root_of).collect();
        let end = cut_of(statement.to);
        let is_later =
            |trade: &&BookedTrade| trade.execution.at > end && !stated.contains(trade.execution.id.root());
        let later = books.trades.iter().filter(is_later).collect();
        Self { books, statement, days: StatedDays::of(statement), later }
    }

    fn finding(&self, subject: Subject, cause: Cause, ours: String, broker: String, scope: Scope) -> Finding {
        Finding { subject, cause, ours, broker, difference: None, scope }
    }

    fn trades(&self, name: &impl Fn(ContractId) -> Option<Symbol>, tie: &mut TieOut) {
        let account = &self.books.account;
        let Some(stated) = &self.statement.trades else {
            tie.findings.cannot_tell("the statement says nothing of trades".to_owned());
            return;
        };
        let scope = Scope::StatedTrades(account.clone(), self.days);
        tie.findings.looked_at(scope.clone());
        let known: BTreeMap<&str, &BookedTrade> =
            self.books.trades.iter().map(|trade| (trade.execution.id.root(), trade)).collect();
        let subject = |id: &str| Subject::Trade {
            account: account.clone(),
            id: id.to_owned(),
            statement: self.days.to_string(),
        };
        let mut roots = HashSet::new();
        for trade in stated {
            let Some(root) = root_of(trade) else {
                tie.findings
                    .cannot_tell(format!("trade {} of the statement names no execution", trade.trade_id));
                continue;
            };
            roots.insert(root);
            let broker = words_of(trade);
            match known.get(root) {
                None => tie.findings.add(self.finding(
                    subject(root),
                    Cause::TradeNotHere,
                    "nothing".to_owned(),
                    broker,
                    scope.clone(),
                )),
                Some(ours) if says_the_same(ours, trade, name) => tie.trades += 1,
                Some(ours) => {
                    let ours = booked_words(ours);
                    tie.findings.add(self.finding(
                        subject(root),
                        Cause::OtherTrade,
                        ours,
                        broker,
                        scope.clone(),
                    ));
                }
            }
        }
        let begin = begin_of(self.statement.from);
        let within = |it: &&BookedTrade| {
            it.execution.at > begin
                && it.execution.at <= cut_of(self.statement.to)
                && it.execution.part.moves_position()
        };
        for trade in self.books.trades.iter().filter(within) {
            let root = trade.execution.id.root();
            if !roots.contains(root) {
                let ours = booked_words(trade);
                tie.findings.add(self.finding(
                    subject(root),
                    Cause::TradeNotStated,
                    ours,
                    "nothing".to_owned(),
                    scope.clone(),
                ));
            }
        }
    }

    /// What the statement does not speak of, and whether it speaks of anything that is known here: a statement that has
    /// nothing to do with what is known differs from it in nothing.
    fn left_out(&self, tie: &mut TieOut) {
        let mut later: Vec<_> = self.later.iter().map(|it| it.execution.at).collect();
        later.sort();
        if let Some(first) = later.first() {
            let (count, them) = match later.len() {
                1 => ("1 trade".to_owned(), "it"),
                count => (format!("{count} trades"), "them"),
            };
            let why = format!(
                "{count} since the statement of {}, the first at {first}: a later one tells of {them}",
                self.days
            );
            tie.findings.cannot_tell(why);
        }
        if tie.trades > 0 || !tie.findings.found().is_empty() || self.statement.trades.is_none() {
            return;
        }
        let known = match self.books.trades.iter().map(|it| it.execution.at).min() {
            Some(first) => format!("what is known here begins at {first}"),
            None => "none is known here".to_owned(),
        };
        let why =
            format!("no trade was compared with the statement of {}: it holds none, and {known}", self.days);
        tie.findings.cannot_tell(why);
    }

    /// What was held at the statement's end: what is held now without what traded since.
    fn held_then(&self) -> BTreeMap<Symbol, Decimal> {
        let mut held = self.books.positions.clone();
        for trade in self.later.iter().filter(|it| it.execution.part.moves_position()) {
            let traded = trade.execution.side.signed(trade.execution.quantity).as_decimal();
            *held.entry(trade.execution.symbol).or_default() -= traded;
        }
        held
    }

    fn positions(&self, name: &impl Fn(ContractId) -> Option<Symbol>, tie: &mut TieOut) {
        let account = &self.books.account;
        let Some(stated) = &self.statement.positions else {
            tie.findings.cannot_tell("the statement says nothing of positions".to_owned());
            return;
        };
        let scope = Scope::StatedPositions(account.clone(), self.days);
        tie.findings.looked_at(scope.clone());
        let mut theirs: BTreeMap<Symbol, Decimal> = BTreeMap::new();
        for row in stated {
            match row.contract.and_then(name) {
                Some(symbol) => *theirs.entry(symbol).or_default() += row.quantity,
                None => tie.findings.add(self.finding(
                    Subject::Listed { account: account.clone(), name: row.name.clone() },
                    Cause::UnknownInstrument,
                    "nothing".to_owned(),
                    row.quantity.normalize().to_string(),
                    scope.clone(),
                )),
            }
        }
        let ours = self.held_then();
        for symbol in ours.keys().chain(theirs.keys()).copied().collect::<BTreeSet<_>>() {
            let of = |side: &BTreeMap<Symbol, Decimal>| side.get(&symbol).copied().unwrap_or_default();
            let (has, says) = (of(&ours), of(&theirs));
            if has == says {
                tie.positions += usize::from(!says.is_zero());
                continue;
            }
            let subject = Subject::StatedPosition { account: account.clone(), symbol };
            let (ours, broker) = (has.normalize().to_string(), says.normalize().to_string());
            let found = self.finding(subject, Cause::StatedPosition, ours, broker, scope.clone());
            tie.findings.add(Finding { difference: Some(says - has), ..found });
        }
    }

    /// What there was in cash at the statement's end: what there is now without what traded since.
    fn cash_then(&self) -> CashBook {
        let mut book = self.books.cash.clone();
        for trade in self.later.iter().filter(|it| it.execution.part.moves_position()) {
            match trade.terms.map(|terms| terms.moves(&trade.execution)).transpose() {
                Ok(brought) => {
                    book.undo(trade.terms.as_ref(), &brought.unwrap_or_default(), trade.commission);
                }
                Err(_) => book.lose(Awaited::Reading),
            }
        }
        book
    }

    fn cash(&self, tie: &mut TieOut) {
        let Some(stated) = &self.statement.cash else {
            tie.findings.cannot_tell("the statement says nothing of cash".to_owned());
            return;
        };
        let (account, ours) = (&self.books.account, self.cash_then());
        let theirs = match stated_as(stated, ours.cash()) {
            Ok(theirs) => theirs,
            Err(why) => return tie.findings.cannot_tell(why),
        };
        let compared = compare(account, &ours, &theirs);
        let scope = |currency| Scope::StatedCash(account.clone(), currency, self.days);
        compared.currencies().for_each(|currency| tie.findings.looked_at(scope(Some(currency))));
        if compared.is_whole {
            tie.findings.looked_at(scope(None));
        }
        for (ours, theirs) in compared.apart {
            let currency = theirs.currency();
            let subject = Subject::StatedCash { account: account.clone(), currency };
            let scope = scope(Some(currency));
            let found = self.finding(subject, Cause::StatedCash, shown(ours), shown(theirs), scope);
            tie.findings.add(Finding { difference: Some(theirs.amount() - ours.amount()), ..found });
        }
        tie.cash.extend(compared.same);
        compared.questions.into_iter().for_each(|why| tie.findings.cannot_tell(why));
    }
}

/// The cash of a statement in the way in which it is known here. Errors: it does not say it that way.
fn stated_as(stated: &StatedCash, ours: &Cash) -> Result<Cash, String> {
    let in_all = |currency| {
        let why = || format!("the statement does not add the cash up in {currency}");
        stated.all_in(currency).ok_or_else(why)
    };
    match ours {
        Cash::Unknown(awaited) => Ok(Cash::Unknown(*awaited)),
        Cash::InAll(ours) => in_all(ours.currency()).map(Cash::InAll),
        Cash::ByCurrency(_) if !stated.by_currency.is_empty() => {
            let mut all = Balances::default();
            let added = stated.by_currency.iter().try_for_each(|amount| all.add(*amount));
            added
                .map(|()| Cash::ByCurrency(all))
                .map_err(|error| format!("the cash of the statement: {error}"))
        }
        Cash::ByCurrency(ours) => {
            let all: Vec<Money> = ours.iter().filter(|it| !it.amount().is_zero()).collect();
            match all.as_slice() {
                // A sum of all currencies is that of the only one.
                [only] => Ok(Cash::ByCurrency([in_all(only.currency())?].into_iter().collect())),
                _ => Err("the statement does not tell the cash by currency".to_owned()),
            }
        }
    }
}

fn root_of(trade: &StatedTrade) -> Option<&str> {
    trade.execution.as_ref().map(tradeport_orders::ExecutionId::root)
}

fn says_the_same(
    ours: &BookedTrade,
    stated: &StatedTrade,
    name: &impl Fn(ContractId) -> Option<Symbol>,
) -> bool {
    let execution = &ours.execution;
    // What cannot be named cannot differ; its position is told as such.
    let symbol = stated.contract.and_then(name).is_none_or(|symbol| symbol == execution.symbol);
    let commission = ours.commission.zip(stated.commission).is_none_or(|(ours, theirs)| {
        ours.currency() == theirs.currency() && is_within_a_cent(ours.amount() - theirs.amount())
    });
    symbol
        && commission
        && execution.side == stated.side
        && execution.quantity.as_decimal() == stated.quantity
        && execution.price == stated.price
}

fn words_of(trade: &StatedTrade) -> String {
    let cost = trade.commission.map_or_else(String::new, |cost| format!(", for {}", shown(cost)));
    format!("{} {} {} at {}{cost}", trade.side, trade.quantity.normalize(), trade.name, trade.price)
}

fn booked_words(trade: &BookedTrade) -> String {
    let it = &trade.execution;
    let cost = trade.commission.map_or_else(String::new, |cost| format!(", for {}", shown(cost)));
    format!("{} {} {} at {}{cost}", it.side, it.quantity.as_decimal().normalize(), it.symbol, it.price)
}
