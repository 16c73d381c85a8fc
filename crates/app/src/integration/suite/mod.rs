//! The list of scenarios.
//!
//! Left out: how they are run, and on what.

mod account;
mod contracts;
mod desk;
mod families;
mod fills;
mod greeks;
mod history;
mod kinds;
mod link;
mod margin;
mod pressure;
mod quotes;
mod reconcile;
mod serve;
mod switch;
mod ticks;
mod words;

pub use kinds::Resting;

use super::scenario::{Halt, Need, Play, Scenario};
use super::stage::Stage;
use futures::FutureExt;
use futures::future::LocalBoxFuture;

const TRADING: &[Need] = &[Need::Trading];
const FILLING: &[Need] = &[Need::Trading, Need::OpenMarket];

/// A scenario of steps.
const fn steps(
    name: &'static str,
    needs: &'static [Need],
    expected: &'static str,
    play: for<'a> fn(&'a mut Stage) -> LocalBoxFuture<'a, Result<(), Halt>>,
) -> Scenario {
    Scenario { name, needs, expected, play: Play::Steps(play) }
}

/// Turns an async function over a stage into the steps of a scenario.
macro_rules! play {
    ($steps:path) => {
        |stage| $steps(stage).boxed_local()
    };
}

/// Everything but the kinds of orders, in the order in which it is done: what others rest on comes first.
const PLAIN: &[Scenario] = &[
    steps("link.health", &[], "the link is up and the broker tells its time", play!(link::health)),
    steps("account.summary", &[], "an account of ours with figures that add up", play!(account::summary)),
    steps("account.positions", &[], "a whole list of what is held", play!(account::positions)),
    steps("account.pnl", &[], "gains and losses, asked for twice alike", play!(account::pnl)),
    steps("account.gains", &[], "the gains of the day, as the broker reckons them", play!(account::gains)),
    steps(
        "contracts.resolve",
        &[],
        "a share and a currency pair are one contract each",
        play!(contracts::resolve),
    ),
    steps("contracts.unknown", &[], "what nobody lists is not found, and told so", play!(contracts::unknown)),
    steps("contracts.search", &[], "an exact symbol comes first", play!(contracts::search)),
    steps("contracts.chain", &[], "a share has options, and one of them resolves", play!(contracts::chain)),
    steps("quotes.snapshot", &[], "a quote with both sides", play!(quotes::snapshot)),
    steps("quotes.stream", &[Need::OpenMarket], "quotes as they come, in order", play!(quotes::stream)),
    steps(
        "quotes.several",
        &[Need::OpenMarket],
        "several instruments at once, each with its own",
        play!(quotes::several),
    ),
    steps("quotes.unknown", &[], "what is not known is not quoted", play!(quotes::unknown)),
    steps(
        "quotes.options",
        &[Need::OpenMarket],
        "options around the price of their share are quoted",
        play!(quotes::options),
    ),
    steps(
        "quotes.tick-by-tick",
        &[Need::OpenMarket],
        "every single print, quote and middle",
        play!(ticks::one_by_one),
    ),
    steps(
        "quotes.greeks",
        &[Need::OpenMarket],
        "volatility, delta, gamma, vega and theta of options",
        play!(greeks::around_the_price),
    ),
    steps("history.minutes", &[], "minutes of the last session, whole and in order", play!(history::minutes)),
    steps("history.days", &[], "days of a month, whole and in order", play!(history::days)),
    steps("history.sizes", &[], "bars of every length that is served", play!(history::sizes)),
    steps(
        "history.paged",
        &[],
        "a long range in several answers, without holes or repeats",
        play!(history::paged),
    ),
    steps("history.earliest", &[], "where the past begins", play!(history::earliest)),
    steps("history.nothing", &[], "a time without trading is empty, not an error", play!(history::nothing)),
    steps("history.unknown", &[], "what is not known has no past", play!(history::unknown)),
    steps("orders.what-if", TRADING, "costs and margin of an order that is not placed", play!(desk::what_if)),
    steps("orders.modify", TRADING, "another price and another size", play!(desk::modify)),
    steps("orders.cancel", TRADING, "a cancelled order is gone and never traded", play!(desk::cancel)),
    steps("orders.cancel-all", TRADING, "all at once", play!(desk::cancel_all)),
    steps("orders.refused", TRADING, "what makes no sense is stopped before it leaves", play!(desk::refused)),
    steps(
        "orders.same-key",
        TRADING,
        "one key is one order, however often it is sent",
        play!(desk::same_key),
    ),
    steps("orders.bracket", TRADING, "an entry with its exits, cancelled as one", play!(families::bracket)),
    steps(
        "orders.one-cancels-all",
        TRADING,
        "two orders of a group rest side by side",
        play!(families::group),
    ),
    steps("orders.vertical-spread", TRADING, "two options as one order", play!(families::vertical)),
    steps(
        "fills.market",
        FILLING,
        "a share is bought, held, charged for and sold again",
        play!(fills::market),
    ),
    steps(
        "fills.target-percent",
        FILLING,
        "a share of the portfolio is bought by its fraction",
        play!(fills::target),
    ),
    steps(
        "fills.gains",
        FILLING,
        "what a position gains is told while it is held, and what it gained once it is sold",
        play!(fills::gains),
    ),
    steps(
        "fills.account-news",
        FILLING,
        "a fill brings the new position and new figures",
        play!(fills::news),
    ),
    steps("link.reconnect", TRADING, "an order outlives a new connection", play!(link::reconnect)),
    steps(
        "link.cut",
        &[Need::Trading, Need::CutLink],
        "a lost link is noticed, and what works goes on",
        play!(link::cut),
    ),
    steps(
        "link.daily-restart",
        &[Need::Trading, Need::Restart],
        "orders outlive a restart of the broker",
        play!(link::restart),
    ),
    steps("reconcile.fits", TRADING, "what is known is what the broker tells", play!(reconcile::fits)),
    steps(
        "pressure.questions",
        &[],
        "a hundred questions at once are all answered",
        play!(pressure::questions),
    ),
    steps(
        "pressure.orders",
        TRADING,
        "twenty orders and their cancels, one upon the other",
        play!(pressure::orders),
    ),
    steps(
        "serve.link-lost",
        &[Need::Trading, Need::OpenMarket, Need::Restart],
        "the service heals its links: orders held back meanwhile, then proofs and streams are back, and what rested rests",
        play!(serve::link_lost),
    ),
    steps(
        "serve.pressure",
        FILLING,
        "the service asks, orders and cancels much at once within the broker's limits",
        play!(serve::pressure),
    ),
    steps(
        "risk.margin",
        TRADING,
        "the broker is asked what an order ties up before it leaves, and its answer decides",
        play!(margin::asked_first),
    ),
    steps("risk.kill-switch", TRADING, "everything stops at once", play!(switch::kill)),
];

/// All scenarios.
pub(super) fn all() -> Vec<Scenario> {
    let (before, after): (Vec<_>, Vec<_>) = PLAIN.iter().partition(|it| !starts_after_kinds(it.name));
    let kinds = kinds::KINDS.iter().map(Resting::scenario);
    before.into_iter().copied().chain(kinds).chain(after.into_iter().copied()).collect()
}

/// Kinds of orders come before what fills, restarts and presses.
fn starts_after_kinds(name: &str) -> bool {
    ["fills.", "link.reconnect", "link.cut", "link.daily", "reconcile.", "pressure.", "serve.", "risk."]
        .iter()
        .any(|it| name.starts_with(it))
}

/// The name of every scenario.
#[must_use]
pub fn names() -> Vec<&'static str> {
    all().iter().map(|scenario| scenario.name).collect()
}

/// Those whose name is, or begins with, what was asked for; all when nothing was.
#[must_use]
pub fn chosen(only: &[String]) -> Vec<Scenario> {
    let wanted = |it: &Scenario| {
        let fits = |only: &String| {
            it.name.strip_prefix(only.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        only.is_empty() || only.iter().any(fits)
    };
    all().into_iter().filter(wanted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_told_apart_and_chosen_whole_or_by_group() {
        let names = names();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        let names_of = |only: &[&str]| {
            let only: Vec<String> = only.iter().map(ToString::to_string).collect();
            chosen(&only).iter().map(|it| it.name).collect::<Vec<_>>()
        };
        assert_eq!(names_of(&["orders.cancel"]), ["orders.cancel"]);
        assert!(names_of(&["history"]).len() > 3);
        assert_eq!(names_of(&["link.health", "quotes.snapshot"]).len(), 2);
        assert!(names_of(&["hist"]).is_empty());
        assert_eq!(names_of(&[]).len(), names.len());
    }
}
