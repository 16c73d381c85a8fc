//! What a cancel leaves without the stop that was ordered beside it: a broker ends the exits of an entry with it, whatever that
//! has brought in.

use super::settle::PATIENCE;
use crate::Session;
use std::collections::{BTreeMap, BTreeSet};
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::{Order, Side};
use tradeport_trading::Bracketed;

/// The orders of a bracket as they stand.
#[derive(Debug)]
pub(super) struct Family(Vec<Order>);

impl Family {
    /// Those of orders that were cancelled, each once.
    pub(super) fn all_of(cancelled: &[OrderKey], orders: Vec<Order>) -> Vec<Self> {
        let entry_of = |order: &Order| order.intent().parent().unwrap_or(order.intent().key()).clone();
        let is_cancelled = |order: &&Order| cancelled.contains(order.intent().key());
        let entries: BTreeSet<OrderKey> = orders.iter().filter(is_cancelled).map(entry_of).collect();
        let mut families: BTreeMap<OrderKey, Vec<Order>> = BTreeMap::new();
        for order in orders {
            let entry = entry_of(&order);
            if entries.contains(&entry) {
                families.entry(entry).or_default().push(order);
            }
        }
        families.into_values().map(Self).collect()
    }

    fn bracketed(&self) -> Option<Bracketed<'_>> {
        self.0.iter().find_map(|entry| Bracketed::of(entry, &self.0))
    }

    /// Has the entry ended with something filled, and do exits live that the broker may be about to end?
    fn waits(&self, cancelled: &[OrderKey]) -> bool {
        let Some(bracketed) = self.bracketed() else { return false };
        let entry = bracketed.entry();
        let is_entry = cancelled.contains(entry.intent().key());
        let has_ended = entry.state().is_final() && entry.filled() > Decimal::ZERO;
        is_entry && has_ended && self.0.iter().any(|order| order.state().may_trade())
    }

    /// What is bare, and what protects it.
    fn words(&self) -> Option<String> {
        let bracketed = self.bracketed()?;
        let (entry, bare) = (bracketed.entry().intent(), bracketed.bare());
        let side = if entry.side() == Side::Buy { Side::Sell } else { Side::Buy };
        (bare > Decimal::ZERO).then(|| {
            let (key, symbol) = (entry.key(), entry.symbol());
            format!(
                "no stop protects {bare} {symbol} that {key} has brought in: tradeport order {side} \"{symbol}\" {bare} \
                 --stop PRICE --tif gtc"
            )
        })
    }
}

/// What the cancels of these orders leave bare, once the broker has had a moment to end the exits of an entry. `look` tells
/// their families as they stand, and `wait` lets what comes next come.
pub(super) async fn left_bare(
    cancelled: &[OrderKey],
    session: &Session,
    look: impl AsyncFn() -> anyhow::Result<Vec<Family>>,
    wait: impl AsyncFn() -> anyhow::Result<()>,
) -> Vec<String> {
    let clock = session.clock();
    let deadline = clock.now().after(PATIENCE);
    let found = async {
        loop {
            let families = look().await?;
            let is_over = clock.now() >= deadline || session.stop().is_asked();
            let waits = |family: &Family| family.words().is_none() && family.waits(cancelled);
            if is_over || !families.iter().any(waits) {
                return anyhow::Ok(families.iter().filter_map(Family::words).collect());
            }
            wait().await?;
        }
    };
    // The cancel is told whatever comes of this.
    found.await.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{error:#}"), "what the cancel has left bare is not known");
        Vec::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{FastClock, SystemClock};
    use crate::config::variables::Variables;
    use crate::config::{OutputFormat, load};
    use crate::output::Output;
    use crate::stop::Stop;
    use std::cell::Cell;
    use std::sync::Arc;
    use tradeport_kernel::{PermId, Timestamp};
    use tradeport_orders::{
        Bracket, BrokerPhase, BrokerStatus, ExecutedPart, Execution, ExecutionId, OrderDraft, OrderInput,
        OrderKind,
    };

    fn status(phase: BrokerPhase) -> OrderInput {
        OrderInput::Status {
            status: BrokerStatus { phase, filled: Decimal::ZERO, perm_id: None, reason: None },
        }
    }

    /// A bracket for 10 of which 4 have traded: its entry has ended, and its exits, if so.
    fn family(exits_have_ended: bool) -> Family {
        let (ten, price) =
            ("10".parse::<tradeport_kernel::Quantity>().unwrap(), |text: &str| text.parse().unwrap());
        let kind = OrderKind::Limit { limit: price("99") };
        let names = ("a".parse().unwrap(), "DU1".parse().unwrap(), "BRK B".parse().unwrap());
        let entry = OrderDraft::new(names.0, names.1, names.2, Side::Buy, ten, kind);
        let intents = Bracket::around(entry).target(price("120")).stop(price("80")).build().unwrap();
        let execution = Execution {
            id: ExecutionId::new("e", 1),
            key: None,
            perm_id: PermId::new(7),
            account: "DU1".parse().unwrap(),
            symbol: "BRK B".parse().unwrap(),
            side: Side::Buy,
            quantity: "4".parse().unwrap(),
            price: price("99"),
            at: Timestamp::EPOCH,
            part: ExecutedPart::Whole,
        };
        let lived = |intent: tradeport_orders::OrderIntent| {
            let is_entry = intent.parent().is_none();
            let mut order = Order::open(intent, Timestamp::EPOCH);
            let mut inputs = vec![OrderInput::Sent, status(BrokerPhase::Held)];
            if is_entry {
                inputs.push(OrderInput::Executed { execution: execution.clone() });
            }
            if is_entry || exits_have_ended {
                inputs.push(status(BrokerPhase::Cancelled));
            }
            inputs.iter().for_each(|input| drop(order.apply(input, Timestamp::EPOCH)));
            order
        };
        let orders: Vec<Order> = intents.into_iter().map(lived).collect();
        let entry = orders[0].intent().key().clone();
        let [family] = Family::all_of(&[entry], orders).try_into().unwrap();
        family
    }

    /// What is told of the cancel of an order, whose exits end after so many looks.
    async fn told(cancelled: &str, exits_end_after: u32) -> (Vec<String>, u32) {
        let loaded = load(None, &Variables::default(), &[]).unwrap();
        let clock = Arc::new(FastClock::starting(Arc::new(SystemClock), Timestamp::EPOCH, 100.0));
        let session = Session::new(loaded, Output::new(OutputFormat::Json, false), Stop::never(), clock);
        let looks = Cell::new(0);
        let look = async || {
            looks.set(looks.get() + 1);
            Ok(vec![family(looks.get() > exits_end_after)])
        };
        let wait = async || {
            let clock = session.clock();
            clock.sleep_until(clock.now().after(PATIENCE / 20)).await;
            Ok(())
        };
        let words = left_bare(&[cancelled.parse().unwrap()], &session, look, wait).await;
        (words, looks.get())
    }

    #[tokio::test]
    async fn what_an_entry_brought_in_is_told_once_its_exits_are_gone() {
        let words = "no stop protects 4 BRK B that a has brought in: tradeport order sell \"BRK B\" 4 --stop PRICE --tif gtc";
        assert_eq!(told("a", 0).await, (vec![words.to_owned()], 1));
        assert_eq!(told("a", 3).await, (vec![words.to_owned()], 4));
        assert_eq!(told("a.stop1", 0).await.0, [words]);
    }

    #[tokio::test]
    async fn exits_that_stay_are_waited_for_a_while_and_only_for_those_of_the_entry() {
        assert_eq!(told("a", u32::MAX).await.0, [""; 0]);
        assert_eq!(told("a.target1", u32::MAX).await, (Vec::new(), 1));
    }
}
