//! What is true, and what the desk believes.

use crate::act::KEYS;
use crate::house::{AT_MOST, House, account, key, symbol};
use futures::executor::block_on;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tradeport_kernel::{Decimal, OrderKey, Timestamp};
use tradeport_orders::{BrokerOrder, OcaEffect, OrderGateway, OrderIntent, OrderKind, Side};
use tradeport_trading::reconciliation::{Patience, Subject};
use tradeport_trading::{ProtectionPolicy, StopDemand};

/// Faults on the way that may still be armed: each costs a request.
const MOST_FAULTS: usize = 20;

/// The broker's books, read by somebody who sees them whole.
struct Truth {
    open: BTreeMap<OrderKey, BrokerOrder>,
    traded: BTreeMap<OrderKey, Decimal>,
    held: Decimal,
}

impl House {
    /// What must not be so at any moment: the same order twice, more held or on order than the gate lets in, or more to sell
    /// than there is.
    pub(crate) fn faults(&self) -> Vec<String> {
        let exchange = self.broker.exchange_snapshot();
        let open = exchange.open_orders();
        let held =
            exchange.position(&account(), symbol()).map(|it| it.quantity().as_decimal()).unwrap_or_default();
        let mut faults = Vec::new();
        let (mut seen, mut buys, mut sells) = (BTreeSet::new(), Worst::default(), Worst::default());
        for (order, status) in &open {
            let intent = order.intent;
            if !seen.insert(intent.key()) {
                faults.push(format!("{} is there twice", intent.key()));
            }
            let units = order.quantity.as_decimal() - status.filled;
            let brings = open.iter().find(|(other, _)| Some(other.intent.key()) == intent.parent());
            let brought = brings.map(|(parent, status)| parent.quantity.as_decimal() - status.filled);
            let side = if intent.side() == Side::Buy { &mut buys } else { &mut sells };
            side.add(intent, units, brought.unwrap_or_default());
        }
        // What the exchange takes back no gate prevents.
        if !self.busted.is_empty() {
            return faults;
        }
        let (most, least) = (held + buys.sum(), held - sells.sum());
        if most > AT_MOST.into() {
            faults.push(format!("{most} bought or on order, and {AT_MOST} are let in"));
        }
        if least < Decimal::ZERO {
            faults.push(format!("{held} held, and {} to sell", held - least));
        }
        faults
    }

    /// The line stands from now on, every request is taken, and all has been told.
    pub(crate) fn calm(&mut self) {
        self.line.arm(None);
        for _ in 0..MOST_FAULTS {
            self.lose_link();
            self.link();
            self.pass(Duration::from_secs(60));
            self.hear();
        }
    }

    fn truth(&self) -> Truth {
        let open = block_on(self.broker.open_orders()).unwrap();
        let open = open.rows().iter().map(|row| (row.key.clone().unwrap(), row.clone())).collect();
        let mut traded: BTreeMap<OrderKey, Decimal> = BTreeMap::new();
        let mut held = Decimal::ZERO;
        for execution in block_on(self.broker.executions(Timestamp::EPOCH)).unwrap().rows() {
            let units = execution.quantity.as_decimal();
            *traded.entry(execution.key.clone().unwrap()).or_default() += units;
            held += if execution.side == Side::Buy { units } else { -units };
        }
        Truth { open, traded, held }
    }

    /// Where the desk and the broker's books are not of one mind.
    pub(crate) fn judge(&mut self) -> Vec<String> {
        self.hear();
        let Some(desk) = &self.desk else { return vec!["the broker's books were not read".to_owned()] };
        let mut faults = Vec::new();
        if let Err(error) = block_on(desk.reconcile(Some(Patience::NONE))) {
            faults.push(format!("not reconciled: {error}"));
        }
        let truth = self.truth();
        for name in KEYS.map(key) {
            let order = block_on(desk.order(&name));
            let believed = order.as_ref().map(|order| order.filled()).unwrap_or_default();
            let traded = truth.traded.get(&name).copied().unwrap_or_default();
            if traded != believed {
                faults.push(format!("{name}: {traded} traded, {believed} believed"));
            }
            let believed = order.as_ref().filter(|order| order.state().may_trade());
            let believed_kind = believed.map(|order| *order.kind());
            let believed = believed.and_then(|order| order.open_quantity()).unwrap_or_default();
            let row = truth.open.get(&name);
            let open = row.map(open_units).unwrap_or_default();
            if open != believed {
                faults.push(format!("{name}: {open} on order, {believed} believed"));
            }
            let kind = row.and_then(|row| row.kind);
            if kind != believed_kind {
                faults.push(format!("{name}: it is {kind:?}, {believed_kind:?} believed"));
            }
        }
        let breaks = block_on(desk.breaks());
        let unexpected = breaks
            .iter()
            .filter(|one| !matches!(one.subject(), Subject::Order { key, .. } if self.busted.contains(key)));
        faults.extend(unexpected.map(|one| format!("{one:?}")));
        faults.extend(self.judge_cover(&truth));
        if block_on(desk.switch()).kill().is_some() && !truth.open.is_empty() {
            faults.push(format!("killed, and {:?} open", truth.open.keys()));
        }
        faults
    }

    fn judge_cover(&self, truth: &Truth) -> Option<String> {
        let policy = ProtectionPolicy { stop: StopDemand::Any, except: Default::default() };
        let gaps = block_on(self.desk.as_ref()?.cover_gaps(&policy));
        // A child sleeps while its parent lives.
        let is_alive = |perm_id| truth.open.values().any(|row| row.perm_id == Some(perm_id));
        let ends = if truth.held > Decimal::ZERO { Side::Sell } else { Side::Buy };
        let is_stop = |row: &&BrokerOrder| {
            matches!(row.kind, Some(OrderKind::Stop { .. } | OrderKind::Trail { .. })) && row.side == ends
        };
        let awake = truth.open.values().filter(is_stop).filter(|row| !row.parent.is_some_and(is_alive));
        let covered: Decimal = awake.map(open_units).sum();
        let bare = (truth.held.abs() - covered).max(Decimal::ZERO);
        let told: Decimal = gaps.iter().map(|gap| gap.bare).sum();
        (bare != told).then(|| format!("{} held, {covered} covered, gaps {gaps:?}", truth.held))
    }
}

/// What orders of one side may come to, each group at its largest, beyond what their parents still bring in.
#[derive(Default)]
struct Worst {
    alone: Decimal,
    groups: BTreeMap<String, (Decimal, Decimal)>,
}

impl Worst {
    fn add(&mut self, intent: &OrderIntent, units: Decimal, brought: Decimal) {
        let loose = OcaEffect::ReduceWithoutBlock;
        let Some(group) = intent.oca().filter(|group| group.effect() != Some(loose)) else {
            self.alone += (units - brought).max(Decimal::ZERO);
            return;
        };
        let (most, of_parent) = self.groups.entry(group.name().to_owned()).or_default();
        *most = units.max(*most);
        *of_parent = brought;
    }

    fn sum(&self) -> Decimal {
        let beyond = |(most, brought): &(Decimal, Decimal)| (*most - *brought).max(Decimal::ZERO);
        self.alone + self.groups.values().map(beyond).sum::<Decimal>()
    }
}

fn open_units(row: &BrokerOrder) -> Decimal {
    row.size.quantity().map(|units| units.as_decimal() - row.status.filled).unwrap_or_default()
}
