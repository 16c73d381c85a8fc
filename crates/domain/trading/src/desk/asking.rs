//! Asking the broker what an order would tie up before it is judged, where the policy wants that.
//!
//! Law: the verdict is on the state at its own moment. The state is not held while the broker is asked; what changed meanwhile is
//! judged as it is then, and an answer counts only while it is young and nothing has traded since it was asked for.
//! What other live orders tie up comes on top of it, each by what the broker said of it before it was sent.

use super::exposure::Supposing;
use super::state::DeskState;
use super::submitting::detail_of;
use super::{DeskError, OrderDesk};
use futures::{FutureExt, select_biased};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Symbol, Timestamp};
use tradeport_orders::{ClearedPreview, Order, OrderIntent, OrderPreview, PreviewError, PreviewedMargin};
use tradeport_risk::{MarginAfter, Preview, asks_for_preview};

/// So often the broker is asked of one order, when something trades meanwhile.
const ATTEMPTS: usize = 3;

/// What the broker has said of orders that are about to be judged.
#[derive(Clone, Default)]
pub(super) struct Previews(Arc<Mutex<HashMap<OrderKey, Said>>>);

/// One answer.
struct Said {
    intent: OrderIntent,
    /// When it was asked for.
    at: Timestamp,
    /// So many trades had moved money then.
    trades: u64,
    answer: Result<OrderPreview, Preview>,
}

/// The answers count while this lives.
pub(super) struct Told {
    previews: Previews,
    keys: Vec<OrderKey>,
}

impl Drop for Told {
    fn drop(&mut self) {
        let mut all = self.previews.all();
        self.keys.drain(..).for_each(|key| drop(all.remove(&key)));
    }
}

/// What live orders tie up beside one that is judged.
#[derive(Clone, Copy, Default)]
struct Beside {
    initial: Decimal,
    maintenance: Decimal,
}

impl Beside {
    /// With a share of what an order takes; what it frees is not counted before it has traded.
    fn plus(self, margin: PreviewedMargin, share: Decimal, currency: Currency) -> Option<Self> {
        let part = |money: Money| {
            let known = money.currency() == currency;
            known.then(|| money.amount().max(Decimal::ZERO).checked_mul(share)).flatten()
        };
        Some(Self {
            initial: self.initial.checked_add(part(margin.initial)?)?,
            maintenance: self.maintenance.checked_add(part(margin.maintenance)?)?,
        })
    }
}

impl Previews {
    fn all(&self) -> MutexGuard<'_, HashMap<OrderKey, Said>> {
        // Each is put in whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, said: Said) {
        self.all().insert(said.intent.key().clone(), said);
    }

    /// What an order takes of the margins, if the broker said so.
    pub(super) fn margin_of(&self, intent: &OrderIntent) -> Option<PreviewedMargin> {
        let all = self.all();
        let said = all.get(intent.key()).filter(|said| said.intent == *intent)?;
        said.answer.as_ref().ok()?.margin()
    }

    /// What counts of the broker's answer now.
    pub(super) fn seen(
        &self,
        state: &DeskState,
        intent: &OrderIntent,
        supposing: Supposing<'_>,
        longest: Duration,
        now: Timestamp,
    ) -> Preview {
        if let Some(order) = supposing.without.and_then(|key| state.book().get(key)) {
            return of_change(order, intent);
        }
        let all = self.all();
        let Some(said) = all.get(intent.key()).filter(|said| said.intent == *intent) else {
            return Preview::NotAsked;
        };
        let age = now.since(said.at);
        if age > longest {
            let (age, longest) = (age.as_secs(), longest.as_secs());
            return Preview::Missing(format!("it is {age} s old, and counts for {longest} s"));
        }
        if said.trades != state.trades() {
            return Preview::Missing("something has traded since it was asked for".to_owned());
        }
        let preview = match &said.answer {
            Ok(preview) => preview,
            Err(why) => return why.clone(),
        };
        let family = supposing.with.iter().filter_map(|it| all.get(it.key())?.answer.as_ref().ok()?.margin());
        match state.tied_up(intent, family) {
            Ok(beside) => Preview::After(MarginAfter {
                initial: preview.initial_margin.after,
                maintenance: preview.maintenance_margin.after,
                equity: preview.equity_with_loan.after,
                initial_beside: beside.initial,
                maintenance_beside: beside.maintenance,
            }),
            Err(why) => Preview::Missing(why),
        }
    }
}

/// No broker is asked of a change: what becomes no larger ties up what it did.
fn of_change(order: &Order, wanted: &OrderIntent) -> Preview {
    let units = |intent: &OrderIntent| intent.quantity();
    let no_larger = wanted.size() == order.wording().size()
        || units(wanted).zip(units(order.wording())).is_some_and(|(wanted, has)| wanted <= has);
    if no_larger {
        return Preview::Stands;
    }
    Preview::Missing(
        "there is none of a change that makes an order larger: cancel it, and place another".to_owned(),
    )
}

impl DeskState {
    /// What all live orders of the account take beside this one, and earlier ones of its family. Errors: an order among them
    /// may make a position larger, and nobody asked what it ties up.
    fn tied_up(
        &self,
        intent: &OrderIntent,
        family: impl Iterator<Item = PreviewedMargin>,
    ) -> Result<Beside, String> {
        let account = intent.account();
        let portfolio = self.portfolio(account).ok_or("the account is not known")?;
        let (currency, mut sum) = (portfolio.currency(), Beside::default());
        let too_much = || "what other orders tie up cannot be computed".to_owned();
        for margin in family {
            sum = sum.plus(margin, Decimal::ONE, currency).ok_or_else(too_much)?;
        }
        let mut unasked = BTreeSet::new();
        let symbols: Vec<Symbol> = self.live_symbols(account).collect();
        for open in symbols.iter().flat_map(|symbol| self.live_orders(account, *symbol)) {
            let Some(order) = self.book().get(open.key()) else { continue };
            match order.previewed_margin() {
                Some(margin) => sum = sum.plus(margin, rest_of(order), currency).ok_or_else(too_much)?,
                None => drop(unasked.insert(order.intent().symbol())),
            }
        }
        // Of theirs nobody here asks.
        unasked.extend(self.others.symbols(account));
        match unasked.into_iter().find(|symbol| self.may_grow_unasked(account, *symbol)) {
            Some(symbol) => {
                let what = "an order of it is live that may make the position larger, and nobody asked what it ties up";
                Err(format!("{symbol}: {what}"))
            }
            None => Ok(sum),
        }
    }

    /// May orders of which the broker was not asked make a position larger?
    fn may_grow_unasked(&self, account: &AccountId, symbol: Symbol) -> bool {
        let position = self.portfolio(account).and_then(|portfolio| portfolio.position(symbol));
        let held = position.map_or(Decimal::ZERO, |position| position.quantity().as_decimal());
        let ours = self.open_where(account, symbol, Supposing::default(), None, |open| !open.is_previewed());
        let open = ours.plus(self.others.open(account, symbol));
        open.worst_of(held).is_none_or(|worst| worst > held.abs())
    }
}

/// So many times what the broker was asked about may still trade: more than once of an order that has grown since.
fn rest_of(order: &Order) -> Decimal {
    let asked = order.intent().quantity().or(order.quantity()).map(|asked| asked.as_decimal());
    let share = order.open_quantity().zip(asked).and_then(|(open, asked)| open.checked_div(asked));
    share.unwrap_or(Decimal::ONE)
}

impl OrderDesk {
    /// Asks the broker of orders that are about to be judged, the later ones beside the earlier, as far as the policy wants it.
    pub(super) async fn ask_before(&self, intents: &[OrderIntent]) -> Result<Told, DeskError> {
        let mut told = Told { previews: self.previews.clone(), keys: Vec::new() };
        let policy = self.policy();
        for (at, intent) in intents.iter().enumerate() {
            if !policy.limits_of(intent.account()).wants_preview() {
                continue;
            }
            for _ in 0..ATTEMPTS {
                let supposing = Supposing { without: None, with: &intents[..at] };
                let Some(trades) = self.wants_to_ask(intent, supposing).await else { break };
                self.ask(intent, trades, &mut told).await?;
                if self.state().await.trades() == trades {
                    break;
                }
            }
        }
        Ok(told)
    }

    /// Does the broker have to be asked? So many trades had moved money then.
    async fn wants_to_ask(&self, intent: &OrderIntent, supposing: Supposing<'_>) -> Option<u64> {
        let (switch, now) = (self.switch().await, self.ports.clock.now());
        let state = self.to_judge().await;
        // What was placed before, or cannot be under this key, is told where it is judged.
        if !matches!(self.is_repeat(&state, intent), Ok(false)) {
            return None;
        }
        let (policy, view) = self.weigh(&state, intent, now, supposing, &switch).ok()?;
        asks_for_preview(&policy, &view, intent).then(|| state.trades())
    }

    async fn ask(&self, intent: &OrderIntent, trades: u64, told: &mut Told) -> Result<(), DeskError> {
        self.audit("preview asked", intent.key(), detail_of(intent)).await?;
        let (at, longest) = (self.ports.clock.now(), self.policy().max_preview_age());
        let question = ClearedPreview::by_desk(intent.clone());
        let answer = select_biased! {
            answer = self.ports.gateway.preview(&question).fuse() => answer.map_err(|error| unanswered(&error)),
            () = self.ports.clock.sleep_until(at.after(longest)).fuse() => {
                Err(Preview::Missing(format!("no answer within {} s", longest.as_secs())))
            }
        };
        self.note_answer(intent, (at, trades), answer, told);
        Ok(())
    }

    /// The broker has been asked for another reason: its answer counts as well.
    pub(super) async fn heard(
        &self,
        intent: &OrderIntent,
        at: Timestamp,
        answer: &Result<OrderPreview, PreviewError>,
    ) -> Told {
        let mut told = Told { previews: self.previews.clone(), keys: Vec::new() };
        let trades = self.state().await.trades();
        let answer = match answer {
            Ok(preview) => Ok(preview.clone()),
            Err(error) => Err(unanswered(error)),
        };
        self.note_answer(intent, (at, trades), answer, &mut told);
        told
    }

    fn note_answer(
        &self,
        intent: &OrderIntent,
        (at, trades): (Timestamp, u64),
        answer: Result<OrderPreview, Preview>,
        told: &mut Told,
    ) {
        told.keys.push(intent.key().clone());
        self.previews.note(Said { intent: intent.clone(), at, trades, answer });
    }
}

fn unanswered(error: &PreviewError) -> Preview {
    match error {
        PreviewError::Refused { reason } => Preview::Refused(reason.clone()),
        PreviewError::Unavailable(cause) => Preview::Missing(format!("{error}: {cause}")),
        PreviewError::Unsupported(_) => Preview::Missing(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
