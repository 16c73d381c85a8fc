//! What an onlooker keeps of the effects, to hold the exchange's own books against it.

use crate::script;
use std::collections::{BTreeMap, BTreeSet};
use tradeport_contracts::LegAction;
use tradeport_fake_broker::Exchange;
use tradeport_fake_broker::exchange::{Effect, ExchangeEvent, Input};
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Symbol};
use tradeport_orders::{BrokerPhase, ExecutedPart, Execution, OrderIntent, OrderKind, Side};

pub(crate) struct Ledger {
    start: BTreeMap<AccountId, Decimal>,
    executions: BTreeMap<String, Execution>,
    charged: BTreeMap<AccountId, Decimal>,
    kinds: BTreeMap<OrderKey, OrderKind>,
    intents: BTreeMap<OrderKey, OrderIntent>,
    pending: Option<(OrderKey, OrderKind)>,
    room: BTreeMap<(Symbol, Side), Decimal>,
    filled: BTreeSet<OrderKey>,
    ended: BTreeSet<OrderKey>,
}

impl Ledger {
    pub(crate) fn new(exchange: &Exchange) -> Self {
        let cash = |id: &AccountId| (id.clone(), exchange.summary(id).unwrap().unwrap().cash.amount());
        Self {
            start: exchange.accounts().map(cash).collect(),
            executions: BTreeMap::new(),
            charged: BTreeMap::new(),
            kinds: BTreeMap::new(),
            intents: BTreeMap::new(),
            pending: None,
            room: BTreeMap::new(),
            filled: BTreeSet::new(),
            ended: BTreeSet::new(),
        }
    }

    /// Takes in executions and what they cost.
    pub(crate) fn note(&mut self, effects: &[Effect]) {
        for effect in effects {
            match &effect.event {
                ExchangeEvent::Executed { execution } => {
                    self.executions.insert(execution.id.root().to_owned(), execution.clone());
                }
                ExchangeEvent::Busted { execution } => {
                    self.executions.remove(execution.id.root()).expect("only what traded is cancelled");
                }
                ExchangeEvent::Charged { commission, .. } => {
                    let execution = &self.executions[commission.execution.root()];
                    let sum = self.charged.entry(execution.account.clone()).or_default();
                    *sum += commission.amount.amount();
                }
                _ => {}
            }
        }
    }

    pub(crate) fn check_money(&self, exchange: &Exchange) {
        for (account, start) in &self.start {
            let moves = |execution: &&Execution| execution.part.moves_position();
            let ours =
                || self.executions.values().filter(moves).filter(|execution| execution.account == *account);
            let signed = |execution: &Execution| execution.side.signed(execution.quantity).as_decimal();
            let paid: Decimal =
                ours().map(|execution| signed(execution) * execution.price.as_decimal()).sum();
            let charged = self.charged.get(account).copied().unwrap_or_default();
            let summary = exchange.summary(account).unwrap().unwrap();
            assert_eq!(summary.cash.amount(), *start - paid - charged, "cash of {account}");
            assert_eq!(exchange.commissions(account).unwrap().amount(), charged, "commissions of {account}");
            let mut worth = summary.cash.amount();
            for symbol in [script::symbol(0), script::symbol(1)] {
                let traded: Decimal = ours().filter(|execution| execution.symbol == symbol).map(signed).sum();
                let positions = exchange.positions(account).unwrap();
                let position = positions.iter().find(|position| position.symbol() == symbol);
                let held = position.map_or(Decimal::ZERO, |position| position.quantity().as_decimal());
                assert_eq!(held, traded, "{symbol} of {account}");
                // A scripted trade may come before any quote: such a position is valued at cost.
                let price = exchange.last_price(symbol).map(Price::as_decimal);
                let cost = position.map_or(Decimal::ZERO, |position| position.cost().amount());
                worth += price.map_or(cost, |price| held * price);
            }
            assert_eq!(summary.net_liquidation.amount(), worth, "worth of {account}");
        }
    }

    /// Takes in what a quote displays.
    pub(crate) fn note_display(&mut self, input: &Input) {
        self.pending = match input {
            Input::Submit { intent } => Some((intent.key().clone(), *intent.kind())),
            Input::Change { key, change } => change.kind.map(|kind| (key.clone(), kind)),
            Input::Quote { quote } => {
                for (side, level) in [(Side::Buy, quote.ask()), (Side::Sell, quote.bid())] {
                    let size = level
                        .map(|level| level.size().map_or(Decimal::ONE_THOUSAND, |size| size.as_decimal()));
                    self.room.insert((quote.symbol(), side), size.unwrap_or_default());
                }
                None
            }
            _ => None,
        };
    }

    pub(crate) fn check_prices_and_sizes(&mut self, input: &Input, effects: &[Effect]) {
        for effect in effects {
            match &effect.event {
                ExchangeEvent::Taken { key, .. } => {
                    let (pending, kind) = self.pending.take().expect("an order was submitted");
                    assert_eq!(pending, *key);
                    self.kinds.entry(pending).or_insert(kind);
                }
                ExchangeEvent::Changed { key } => {
                    if let Some((_, kind)) = self.pending.take() {
                        self.kinds.insert(key.clone(), kind);
                    }
                }
                ExchangeEvent::Executed { execution } => self.check_execution(input, execution),
                _ => {}
            }
        }
    }

    fn check_execution(&mut self, input: &Input, execution: &Execution) {
        if execution.id.revision() > 1 || matches!(input, Input::Trade { .. }) {
            return;
        }
        let kind = self.kinds[execution.key.as_ref().unwrap()];
        if let Some(limit) = kind.limit_price().filter(|_| execution.part.fills_order()) {
            let within =
                if execution.side == Side::Buy { execution.price <= limit } else { execution.price >= limit };
            assert!(within, "{kind:?} traded at {}", execution.price);
        }
        if !kind.is_auction() && execution.part.moves_position() {
            let room = self.room.entry((execution.symbol, execution.side)).or_default();
            *room -= execution.quantity.as_decimal();
            assert!(*room >= Decimal::ZERO, "{execution:?} takes more than was displayed");
        }
    }

    /// Every trade of a combo is followed by one of each leg, of so many units, on its side, and the cash of the legs is
    /// that of the combo.
    pub(crate) fn check_combos(effects: &[Effect]) -> usize {
        let told = |effect: &Effect| match &effect.event {
            ExchangeEvent::Executed { execution } => Some(execution.clone()),
            _ => None,
        };
        let told: Vec<Execution> = effects.iter().filter_map(told).collect();
        let (wholes, legs): (Vec<_>, Vec<_>) = told
            .into_iter()
            .filter(|execution| execution.part != ExecutedPart::Whole)
            .partition(|execution| execution.part == ExecutedPart::Combo);
        assert_eq!(legs.len(), script::RATIOS.len() * wholes.len(), "legs without a combo");
        for (whole, legs) in wholes.iter().zip(legs.chunks(script::RATIOS.len())) {
            assert_eq!(whole.symbol, script::symbol(2));
            let mut cash = Decimal::ZERO;
            for (number, (leg, (ratio, action))) in legs.iter().zip(script::RATIOS).enumerate() {
                let side = if action == LegAction::Buy { whole.side } else { whole.side.opposite() };
                let units = whole.quantity.as_decimal() * Decimal::from(ratio);
                assert_eq!((leg.symbol, leg.side), (script::symbol(number), side), "{whole:?}");
                assert_eq!((leg.quantity.as_decimal(), &leg.key), (units, &whole.key), "{whole:?}");
                assert!(leg.price.is_positive(), "{leg:?}");
                cash += leg.side.signed(leg.quantity).as_decimal() * leg.price.as_decimal();
            }
            let net = whole.side.signed(whole.quantity).as_decimal() * whole.price.as_decimal();
            assert_eq!(cash, net, "{whole:?}: {legs:?}");
        }
        wholes.len()
    }

    /// Takes in what belongs together.
    pub(crate) fn note_intent(&mut self, input: &Input) {
        if let Input::Submit { intent } = input {
            self.intents.entry(intent.key().clone()).or_insert_with(|| intent.clone());
        }
    }

    pub(crate) fn check_families(&mut self, exchange: &Exchange, effects: &[Effect]) {
        for effect in effects {
            match &effect.event {
                // A key that was refused may come again with another intent: the one that was taken counts.
                ExchangeEvent::Taken { key, .. } => {
                    let open = exchange.open_orders();
                    let ended = exchange.ended_orders().map(|(order, _)| order.intent);
                    let mut all = open.iter().map(|(order, _)| order.intent).chain(ended);
                    let taken = all.find(|intent| intent.key() == key).expect("it was taken").clone();
                    self.intents.insert(key.clone(), taken);
                }
                ExchangeEvent::Executed { execution } => {
                    let intent = &self.intents[execution.key.as_ref().unwrap()];
                    if let Some(parent) = intent.parent() {
                        assert!(
                            self.filled.contains(parent),
                            "a child of {parent} traded before it had filled"
                        );
                    }
                }
                ExchangeEvent::Status { key, status } if status.phase == BrokerPhase::Filled => {
                    self.filled.insert(key.clone());
                    self.ended.insert(key.clone());
                    self.check_group(key, exchange);
                }
                ExchangeEvent::Status { key, status } if is_final(status.phase) => {
                    self.ended.insert(key.clone());
                }
                _ => {}
            }
        }
    }

    /// When an order of a group fills, every other order of it that is alive ends in the same step.
    fn check_group(&self, key: &OrderKey, exchange: &Exchange) {
        let intent = &self.intents[key];
        let Some(group) = intent.oca() else { return };
        for (order, _) in exchange.open_orders() {
            let other = order.intent;
            let together = other.oca() == Some(group) && other.account() == intent.account();
            assert!(!together, "{} outlived {key}", other.key());
        }
    }

    pub(crate) fn check_statuses(&mut self, effects: &[Effect]) {
        for effect in effects {
            let ExchangeEvent::Status { key, status } = &effect.event else { continue };
            assert!(!self.ended.contains(key), "{key} spoke after its end: {status:?}");
            if is_final(status.phase) {
                self.ended.insert(key.clone());
                let fills = |execution: &&Execution| execution.part.fills_order();
                let ours = self.executions.values().filter(fills);
                let ours = ours.filter(|execution| execution.key.as_ref() == Some(key));
                let sum: Decimal = ours.map(|execution| execution.quantity.as_decimal()).sum();
                assert_eq!(sum, status.filled, "{key} ends with another sum than its executions have");
            }
        }
    }
}

fn is_final(phase: BrokerPhase) -> bool {
    !matches!(phase, BrokerPhase::Held | BrokerPhase::Working | BrokerPhase::CancelPending)
}
