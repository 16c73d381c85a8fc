//! What the broker says an order ties up, before it is sent.
//!
//! Source of the words: excess liquidity is equity with loan value less the maintenance margin, as TWS shows it for an account.

use super::record::{Record, missing};
use crate::ratio::ratio;
use crate::{MarginAfter, PolicyDraft, Preview, RiskRefusal, RiskView, Rule};
use tradeport_kernel::{Currency, Decimal, Money};

/// The margins after an order that may make a position larger, all live orders beside it counted.
pub(super) fn check(
    limits: &PolicyDraft,
    view: &RiskView,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    if !limits.wants_preview() {
        return Ok(());
    }
    let after = match &view.preview {
        Preview::Stands => return Ok(()),
        Preview::NotAsked => return Err(missing("the broker's preview of it")),
        Preview::Missing(why) => return Err(missing(format_args!("the broker's preview of it: {why}"))),
        Preview::Refused(why) => {
            return record.found(Rule::Preview, why.clone(), "what the broker would take", false);
        }
        Preview::After(after) => after,
    };
    let worth = view.portfolio_value.ok_or_else(|| missing("what the portfolio is worth"))?;
    record.found(Rule::Preview, "it would be taken", "what the broker would take", true)?;
    if limits.max_margin_share.is_some() {
        let tied =
            beside(after.initial, after.initial_beside, worth.currency(), "the initial margin after it")?;
        let share = ratio(tied, worth.amount()).ok_or_else(|| missing("a computable share"))?;
        record.at_most(Rule::MaxMarginShare, share, limits.max_margin_share)?;
    }
    let Some(least) = limits.min_excess_liquidity else { return Ok(()) };
    let excess = excess_of(after, worth.currency())?;
    record.found(Rule::MinExcessLiquidity, excess, least, excess >= least)
}

fn excess_of(after: &MarginAfter, currency: Currency) -> Result<Decimal, RiskRefusal> {
    let equity = beside(after.equity, Decimal::ZERO, currency, "the equity after it")?;
    let what = "the maintenance margin after it";
    let tied = beside(after.maintenance, after.maintenance_beside, currency, what)?;
    equity.checked_sub(tied).ok_or_else(|| missing("a computable excess"))
}

/// What the broker said, and what comes on top of it.
fn beside(
    said: Option<Money>,
    more: Decimal,
    currency: Currency,
    what: &str,
) -> Result<Decimal, RiskRefusal> {
    let said = said.filter(|said| said.currency() == currency).ok_or_else(|| missing(what))?;
    said.amount().checked_add(more).ok_or_else(|| missing(what))
}
