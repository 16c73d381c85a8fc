//! Limits of margin: the broker is asked before an order leaves, and its answer decides.

use super::super::scenario::Halt;
use super::super::stage::{Quoted, Stage};
use tradeport_kernel::Decimal;
use tradeport_orders::{CancelTag, OrderState};
use tradeport_risk::{PolicyDraft, RiskPolicy, Rule};

const RESTS: [OrderState; 2] = [OrderState::Working, OrderState::Held];
/// The broker lets a program ask once in a minute: a question may have to wait that long.
const PATIENT: u64 = 90;
/// So much no account has.
const BEYOND: i64 = 1_000_000_000_000;

pub(super) async fn asked_first(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let before = RiskPolicy::clone(&stage.desk().policy());
    let seen = asks(stage, &share, before.limits()).await;
    // Whatever was seen: who comes after has the limits of before.
    stage.desk().exchange_policy(before, "as before the suite's limits of margin".to_owned()).await?;
    seen
}

async fn asks(stage: &mut Stage, share: &Quoted, limits: &PolicyDraft) -> Result<(), Halt> {
    let under = |least: i64, max_preview_age_seconds: u64| {
        let min_excess_liquidity = Some(Decimal::from(least));
        PolicyDraft { min_excess_liquidity, max_preview_age_seconds, ..limits.clone() }.check()
    };
    stage.desk().exchange_policy(under(1, PATIENT)?, "the suite's limits of margin".to_owned()).await?;
    let draft = stage.far_below(share)?;
    let key = draft.key.clone();
    stage.place(draft).await?;
    let order = stage.settled(&key, &RESTS).await?;
    let said = order.previewed_margin();
    let words = said.map_or_else(|| "nothing".to_owned(), |margin| margin.initial.to_string());
    stage.check("the broker said what the order ties up, before it left", words, said.is_some());
    stage.desk().cancel(&key, CancelTag::default()).await?;
    stage.settled(&key, &[OrderState::Cancelled]).await?;

    // Where it may not be asked again at once, the missing answer stops the order.
    stage.desk().exchange_policy(under(BEYOND, 1)?, "the suite's limits of margin".to_owned()).await?;
    let draft = stage.far_below(share)?;
    let placed = stage.desk().submit(draft.check()?).await?;
    let rule = placed.refusal.map(|refusal| refusal.rule);
    let seen = rule.map_or_else(|| "nothing stops it".to_owned(), |rule| rule.to_string());
    let stops = matches!(rule, Some(Rule::MinExcessLiquidity | Rule::KnownInputs));
    stage.check("an order beyond the limit is refused", seen, stops);
    Ok(())
}
