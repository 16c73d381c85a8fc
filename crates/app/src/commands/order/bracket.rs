//! `tradeport order bracket`: an entry and its exits, placed as one family.

use super::outcome::{Answer, Stopper, fault_of, told};
use super::preview::{self, Preview, PreviewView};
use super::repeat::{Meant, account_meant, as_kept, as_of, kept_where_away, same_or};
use super::settle::{after_closing, close, keep_value, outcome_of_failing, settle_one};
use super::view::OrderView;
use super::worded::{account_of, check, heading, is_named, unsent, usage};
use crate::Session;
use crate::cli::{BracketArgs, Heading};
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::{Column, Grid};
use crate::wiring::{Ordered, Platform};
use serde::Serialize;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Decimal, OrderKey};
use tradeport_orders::{Order, OrderDraft, OrderIntent};
use tradeport_trading::{CalledOff, ParentFate, Placed, PlacedFamily};

/// What became of a family, for JSON: the parent first.
#[derive(Serialize)]
struct Family<'a> {
    orders: Vec<Answer<'a>>,
    repeat: bool,
    called_off: Option<CalledOffView<'a>>,
}

#[derive(Serialize)]
struct CalledOffView<'a> {
    because_of: &'a OrderKey,
    /// `not_there`, `cancel_asked`, `traded` or `not_cancelled`.
    parent: &'static str,
    reason: Option<&'a str>,
}

/// What a family would meet, for JSON: the parent first. Children come alive when it fills: what they cost then is not
/// known now.
#[derive(Serialize)]
struct FamilyPreview<'a> {
    keys: Vec<&'a OrderKey>,
    orders: Vec<&'a PreviewView>,
}

/// Places a bracket, or says what it would meet.
pub(super) async fn run(arguments: BracketArgs, session: &Session) -> anyhow::Result<Exit> {
    let (symbol, side) = (arguments.symbol.symbol(), arguments.side.side());
    let heading = if arguments.preview {
        unsent(&arguments.options, symbol, side, session)
    } else {
        heading(&arguments.options, symbol, side, session)
    };
    // What is wrong in itself is told before anything is opened.
    family(&arguments, &heading, Decimal::ONE)?;
    let platform = match Platform::open(session).await {
        Ok(platform) => platform,
        Err(error) if arguments.preview => return Err(error),
        Err(error) => return told_before(&arguments, &heading, error, session).await,
    };
    if !arguments.preview
        && let Some(intents) = placed_before(&arguments, &heading, &platform).await
    {
        return place(intents, platform, session).await;
    }
    let found = found(&arguments, &heading, &platform, session).await;
    let (intents, contract) = match found {
        Ok(found) => found,
        Err(error) => return Err(after_closing(error, platform).await),
    };
    if arguments.preview {
        return look_ahead(&intents, &contract, platform, session).await;
    }
    place(intents, platform, session).await
}

/// The family, where these words come to the very one that was placed under their keys: nobody needs to be asked what its
/// instrument means. `None` where only the broker can say so.
async fn placed_before(
    arguments: &BracketArgs,
    heading: &Heading,
    platform: &Platform,
) -> Option<Vec<OrderIntent>> {
    let entry = platform.desk().order(&heading.key).await?;
    let intents =
        as_before(arguments, heading, entry.intent(), account_of(&arguments.options, platform)).ok()??;
    for intent in &intents {
        if platform.desk().order(intent.key()).await?.intent() != intent {
            return None;
        }
    }
    Some(intents)
}

/// What these words come to now that an entry was placed under their key. `None` where only the broker can say what they name.
fn as_before(
    arguments: &BracketArgs,
    heading: &Heading,
    before: &OrderIntent,
    account: AccountId,
) -> Result<Option<Vec<OrderIntent>>, Fault> {
    if !is_named(arguments.symbol.instrument(), before) {
        return Ok(None);
    }
    // Parts in percent of other lots come to another family, which is found.
    family(arguments, &heading.clone().ordered_before(before, account), Decimal::ONE).map(Some)
}

/// What became of a family that was placed by these words before, as the journal has it. Errors: as of one order.
async fn told_before(
    arguments: &BracketArgs,
    heading: &Heading,
    error: anyhow::Error,
    session: &Session,
) -> anyhow::Result<Exit> {
    let Some(entry) = kept_where_away(&heading.key, &error, session).await else { return Err(error) };
    let account = account_meant(arguments.options.account.as_ref(), entry.intent(), session);
    let intents = as_before(arguments, heading, entry.intent(), account)?.unwrap_or_default();
    let mut orders = Vec::with_capacity(intents.len());
    for intent in &intents {
        orders.extend(kept_where_away(intent.key(), &error, session).await);
    }
    let is_same = orders.iter().map(Order::intent).eq(&intents);
    let meant = match () {
        () if intents.is_empty() => Meant::OnlyTheBrokerKnows,
        // How many a part is depends on the lot.
        () if !is_same && arguments.has_shares() => Meant::OnlyTheBrokerKnows,
        () => Meant::that_if(is_same),
    };
    let error = same_or(error, &heading.key, meant, session)?;
    let at = orders.iter().map(Order::updated_at).max().unwrap_or(entry.updated_at());
    as_of(at, &error, session);
    let (mut members, mut stoppers) = (Vec::new(), Vec::new());
    for order in orders {
        let (placed, stopper) = as_kept(order, session).await?;
        members.push(placed);
        stoppers.push(stopper);
    }
    report(&PlacedFamily { members, repeat: true, called_off: None }, &stoppers, session)
}

async fn found(
    arguments: &BracketArgs,
    heading: &Heading,
    platform: &Platform,
    session: &Session,
) -> anyhow::Result<(Vec<OrderIntent>, Contract)> {
    let ordered = platform.to_order(arguments.symbol.instrument()).await?;
    let heading = heading.clone().of(&ordered, account_of(&arguments.options, platform));
    let Ordered { contract, sent, .. } = ordered;
    let intents = family(arguments, &heading, contract.lot())?;
    if !arguments.preview {
        for intent in &intents {
            check(intent, &sent, platform, session).await?;
        }
    }
    Ok((intents, contract))
}

/// The entry and its exits.
fn family(arguments: &BracketArgs, heading: &Heading, lot: Decimal) -> Result<Vec<OrderIntent>, Fault> {
    let Heading { key, account, symbol, side, route, .. } = heading.clone();
    let mut entry = OrderDraft::new(key, account, symbol, side, arguments.quantity, arguments.entry_kind());
    entry.route = route;
    entry.strategy.clone_from(&arguments.options.strategy);
    let command = "order bracket";
    let bracket = arguments.around(entry, lot).map_err(|problem| usage(problem, command))?;
    bracket.build().map_err(|error| {
        let problem = error.to_string();
        match std::error::Error::source(&error).map(ToString::to_string) {
            Some(cause) => usage(format!("{problem}: {cause}"), command),
            None => usage(problem, command),
        }
    })
}

async fn place(intents: Vec<OrderIntent>, platform: Platform, session: &Session) -> anyhow::Result<Exit> {
    let keys: Vec<String> = intents.iter().map(|intent| intent.key().to_string()).collect();
    session.output().say(&format!("exits {}", keys[1..].join(" ")));
    let parent = intents[0].key().clone();
    let placed = match platform.desk().submit_family(intents).await {
        Ok(placed) => settle(placed, &platform, session).await,
        Err(error) => Err(error.into()),
    };
    let (placed, stoppers) = match placed {
        Ok(settled) => settled,
        Err(error) => {
            let error = outcome_of_failing(error, &parent, &platform).await;
            return Err(after_closing(error, platform).await);
        }
    };
    keep_value(&placed.members, &platform).await;
    close(platform).await;
    report(&placed, &stoppers, session)
}

async fn settle(
    placed: PlacedFamily,
    platform: &Platform,
    session: &Session,
) -> anyhow::Result<(PlacedFamily, Vec<Option<Stopper>>)> {
    let (mut members, mut stoppers) = (Vec::new(), Vec::new());
    for member in placed.members {
        members.push(settle_one(member, platform, session).await?);
    }
    // The entry may have filled while its exits were looked at.
    for member in &mut members {
        if let Some(order) = platform.desk().order(member.order.intent().key()).await {
            member.order = order;
        }
        stoppers.push(Stopper::of(member, platform).await);
    }
    Ok((PlacedFamily { members, ..placed }, stoppers))
}

fn report(placed: &PlacedFamily, stoppers: &[Option<Stopper>], session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let printed = if output.is_json() {
        output.document(&Family {
            orders: placed.members.iter().map(Answer::of).collect(),
            repeat: placed.repeat,
            called_off: placed.called_off.as_ref().map(CalledOffView::of),
        })
    } else {
        if placed.repeat {
            output.say("these keys were placed before: nothing was sent, this is what became of them");
        }
        let printed = output.grid(&table(&placed.members));
        for warning in placed.members.iter().flat_map(|member| &member.warnings) {
            output.say(&format!("note: {warning}"));
        }
        printed
    };
    let mut exit = Exit::Done;
    // What stopped one of them is told once; that the others were not sent follows from it.
    let stopped = placed.members.iter().zip(stoppers).filter_map(|(member, stopper)| {
        let because =
            placed.called_off.as_ref().is_none_or(|off| off.because_of == *member.order.intent().key());
        fault_of(&OrderView::of(&member.order).words(), member, *stopper).filter(|_| because)
    });
    for fault in stopped {
        let code = told(fault, session);
        exit = if exit == Exit::Done || code == Exit::OutcomeUnknown { code } else { exit };
    }
    if let Some(fault) = placed.called_off.as_ref().and_then(fate) {
        let code = told(fault, session);
        exit = if exit == Exit::Done { code } else { exit };
    }
    exit.after(printed)
}

/// What a person has to know of the entry of a family that is not whole.
fn fate(off: &CalledOff) -> Option<Fault> {
    let key = &off.because_of;
    let (message, advice) = match &off.parent {
        ParentFate::NotThere => return None,
        ParentFate::CancelAsked => (
            format!("the entry was asked to be cancelled, since {key} did not get through"),
            "tradeport order list --all tells what became of it".to_owned(),
        ),
        ParentFate::Traded => (
            format!("the entry has traded, and {key} did not get through"),
            "protect the position by an order of its own: tradeport order sell --help".to_owned(),
        ),
        ParentFate::NotCancelled { reason } => (
            format!("the entry may live without {key}, and could not be cancelled: {reason}"),
            "look at it: tradeport order list; then tradeport order cancel KEY".to_owned(),
        ),
    };
    Some(Fault::failed(message, advice))
}

impl<'a> CalledOffView<'a> {
    fn of(off: &'a CalledOff) -> Self {
        let (parent, reason) = match &off.parent {
            ParentFate::NotThere => ("not_there", None),
            ParentFate::CancelAsked => ("cancel_asked", None),
            ParentFate::Traded => ("traded", None),
            ParentFate::NotCancelled { reason } => ("not_cancelled", Some(reason.as_str())),
        };
        Self { because_of: &off.because_of, parent, reason }
    }
}

fn table(members: &[Placed]) -> Grid {
    let mut grid = Grid::new(["role", "key", "order", "tif", "state"].map(Column::Words).to_vec());
    for member in members {
        let intent = member.order.intent();
        grid.row([
            role(intent),
            intent.key().to_string(),
            OrderView::of(&member.order).words(),
            intent.time_in_force().name().to_owned(),
            member.order.state().to_string(),
        ]);
    }
    grid
}

/// `entry`, `target1`, `stop2`: what stands behind the entry's key.
fn role(intent: &OrderIntent) -> String {
    let behind = intent.parent().and_then(|parent| {
        intent.key().as_str().strip_prefix(parent.as_str())?.strip_prefix('.').map(str::to_owned)
    });
    behind.unwrap_or_else(|| "entry".to_owned())
}

async fn look_ahead(
    intents: &[OrderIntent],
    contract: &Contract,
    platform: Platform,
    session: &Session,
) -> anyhow::Result<Exit> {
    let mut previews: Vec<Preview> = Vec::new();
    for intent in intents {
        previews.push(if intent.parent().is_some() {
            preview::of_child(intent, contract, session)
        } else {
            match preview::of_intent(intent.clone(), contract, &preview::words(intent), &platform).await {
                Ok(preview) => preview,
                Err(error) => return Err(after_closing(error, platform).await),
            }
        });
    }
    platform.close().await?;
    let output = session.output();
    let printed = if output.is_json() {
        let keys = intents.iter().map(OrderIntent::key).collect();
        output.document(&FamilyPreview { keys, orders: previews.iter().map(|it| &it.view).collect() })
    } else {
        let mut grid = Grid::facts();
        for (intent, preview) in intents.iter().zip(&previews) {
            grid.fact(&role(intent), preview.view.order.words());
        }
        previews[0].view.add_to(&mut grid);
        for (intent, preview) in intents.iter().zip(&previews).skip(1) {
            preview.view.add_refusals_to(&mut grid, &role(intent));
        }
        output.grid(&grid)
    };
    let codes: Vec<Exit> = previews.iter().map(|preview| preview.told(session)).collect();
    codes.into_iter().find(|code| *code != Exit::Done).unwrap_or(Exit::Done).after(printed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Report;

    #[test]
    fn a_family_that_is_not_whole_says_what_became_of_its_entry() {
        let said = |parent: ParentFate| {
            let off = CalledOff { because_of: "b.stop1".parse().unwrap(), parent };
            let report = fate(&off).map(|fault| Report::of(&fault.into()));
            report.map(|report| (report.message, report.advice))
        };
        let words = |message: &str, advice: &str| Some((message.to_owned(), advice.to_owned()));
        assert_eq!(said(ParentFate::NotThere), None);
        assert_eq!(
            said(ParentFate::CancelAsked),
            words(
                "the entry was asked to be cancelled, since b.stop1 did not get through",
                "tradeport order list --all tells what became of it"
            )
        );
        assert_eq!(
            said(ParentFate::Traded),
            words(
                "the entry has traded, and b.stop1 did not get through",
                "protect the position by an order of its own: tradeport order sell --help"
            )
        );
        assert_eq!(
            said(ParentFate::NotCancelled { reason: "the link is down".to_owned() }),
            words(
                "the entry may live without b.stop1, and could not be cancelled: the link is down",
                "look at it: tradeport order list; then tradeport order cancel KEY"
            )
        );
    }
}
