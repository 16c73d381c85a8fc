//! A preview says what then happens.

use crate::run;
use crate::script::{Step, exchange, steps};
use proptest::prelude::*;
use tradeport_conformance::fixtures::plain_contract;
use tradeport_contracts::{Contract, Stock};
use tradeport_fake_broker::commission::CommissionSchedule;
use tradeport_fake_broker::exchange::{Effect, ExchangeEvent, Input};
use tradeport_fake_broker::{AccountConfig, AccountKind, Exchange, ExchangeConfig, Fault};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Price, Quantity, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{BrokerPhase, OrderDraft, OrderIntent, OrderKind, OrderPreview, Side};

/// One account and one share, quoted at `bid` and `bid + spread`, in cents.
#[derive(Clone, Debug)]
struct Market {
    kind: AccountKind,
    tiered: bool,
    bid: i64,
    spread: i64,
    held: u32,
}

/// How the order is worded against that quote.
#[derive(Clone, Copy, Debug)]
enum Wording {
    Market,
    /// A limit through the market: it trades at what is displayed.
    Through,
    /// A limit away from the market: somebody comes to it.
    Away,
}

fn price(cents: i64) -> Price {
    Price::new(Decimal::new(cents, 2)).unwrap()
}

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn usd(amount: Decimal) -> Money {
    Money::new(amount, Currency::USD)
}

fn share() -> Contract {
    plain_contract(1, "ONE".parse().unwrap(), Stock::new("ONE").unwrap()).check().unwrap()
}

impl Market {
    fn opened(&self) -> Exchange {
        let cash = usd(Decimal::from(20_000));
        let accounts = vec![AccountConfig { id: account(), cash, kind: self.kind }];
        let mut config = ExchangeConfig::new(1, accounts, vec![share()]);
        if self.tiered {
            config.commission = CommissionSchedule::ib_us_stocks_tiered().into();
        }
        let mut exchange = Exchange::new(config).unwrap();
        let level = |cents| Some(Level::new(price(cents), "100000".parse().ok()));
        let at = Timestamp::from_seconds(1_357_137_000);
        let quote = Quote::new(share().symbol(), at, level(self.bid), level(self.bid + self.spread)).unwrap();
        exchange.step(Input::Quote { quote }, at, &mut Vec::new());
        if self.held > 0 {
            let intent = self.order("before", Side::Buy, self.held, Wording::Market);
            send(&mut exchange, Input::Submit { intent });
        }
        exchange
    }

    fn order(&self, name: &str, side: Side, units: u32, wording: Wording) -> OrderIntent {
        let away = match wording {
            Wording::Market => None,
            Wording::Through => Some(3),
            Wording::Away => Some(-3),
        };
        let kind = away.map_or(OrderKind::Market, |cents| {
            let limit = match side {
                Side::Buy => self.bid + if cents > 0 { self.spread + cents } else { cents },
                Side::Sell => self.bid + if cents > 0 { -cents } else { self.spread - cents },
            };
            OrderKind::Limit { limit: price(limit) }
        });
        let units = Quantity::new(units.into()).unwrap();
        let key = OrderKey::new(name).unwrap();
        OrderDraft::new(key, account(), share().symbol(), side, units, kind).check().unwrap()
    }
}

fn send(exchange: &mut Exchange, input: Input) -> Vec<Effect> {
    let (now, mut said) = (exchange.now(), Vec::new());
    exchange.step(input, now, &mut said);
    said
}

fn markets() -> impl Strategy<Value = Market> {
    let kind = prop_oneof![Just(AccountKind::Margin), Just(AccountKind::Cash)];
    (kind, any::<bool>(), 10..20_000_i64, 1..60_i64, 0..60_u32)
        .prop_map(|(kind, tiered, bid, spread, held)| Market { kind, tiered, bid, spread, held })
}

fn charged(said: &[Effect]) -> Decimal {
    let cost = |effect: &Effect| match &effect.event {
        ExchangeEvent::Charged { commission, .. } => Some(commission.amount.amount()),
        _ => None,
    };
    said.iter().filter_map(cost).sum()
}

/// Everything that the broker says of the account is what the preview said it would be.
fn holds(preview: &OrderPreview, exchange: &Exchange, kind: AccountKind) {
    let now = exchange.summary(&account()).unwrap().unwrap();
    assert_eq!(preview.equity_with_loan.after, Some(now.net_liquidation));
    assert_eq!(preview.maintenance_margin.after, Some(now.maintenance_margin));
    for effect in [preview.initial_margin, preview.maintenance_margin, preview.equity_with_loan] {
        let (before, change) = (effect.before.unwrap(), effect.change.unwrap());
        assert_eq!(Some(before.plus(change).unwrap()), effect.after);
    }
    // Half of a position's value must be covered to open it, so what is free buys twice as much.
    let free = now.net_liquidation.amount() - preview.initial_margin.after.unwrap().amount();
    if kind == AccountKind::Margin {
        assert_eq!(now.buying_power, usd(free.max(Decimal::ZERO) * Decimal::TWO));
    } else {
        assert_eq!(preview.initial_margin.after, Some(usd(Decimal::ZERO)));
    }
}

fn within(cost: Decimal, preview: &OrderPreview) {
    let said = preview.commission;
    assert!(said.least.is_none_or(|least| least.amount() <= cost), "{cost} is less than {said:?}");
    assert!(said.most.is_none_or(|most| most.amount() >= cost), "{cost} is more than {said:?}");
}

proptest! {
    #[test]
    fn what_a_preview_says_is_what_then_happens(
        market in markets(),
        side in prop_oneof![Just(Side::Buy), Just(Side::Sell)],
        units in 1..400_u32,
        wording in prop_oneof![Just(Wording::Market), Just(Wording::Through), Just(Wording::Away)],
    ) {
        let mut exchange = market.opened();
        let intent = market.order("asked", side, units, wording);
        let untouched = exchange.clone();
        let preview = exchange.preview(&intent);
        prop_assert_eq!(&exchange, &untouched, "a preview changes nothing");
        let mut said = send(&mut exchange, Input::Submit { intent: intent.clone() });
        if let Some(Effect { event: ExchangeEvent::Refused { reason, .. }, .. }) = said.first() {
            prop_assert_eq!(preview, Err(reason.clone()));
            return Ok(());
        }
        let preview = preview.unwrap();
        if matches!(wording, Wording::Away) {
            let quantity = intent.quantity().unwrap();
            said.extend(send(&mut exchange, Input::Trade { key: intent.key().clone(), quantity }));
        }
        let filled = exchange.status_of(intent.key()).unwrap();
        prop_assert_eq!(filled.phase, BrokerPhase::Filled);
        prop_assert_eq!(preview.commission.expected, Some(usd(charged(&said))));
        within(charged(&said), &preview);
        holds(&preview, &exchange, market.kind);
    }

    /// Whatever happened before: what is previewed is taken, and what is not is refused with the same words.
    #[test]
    fn a_preview_foresees_whether_an_order_is_taken(seed in 7..9_u64, steps in steps(120)) {
        let mut exchange = exchange(seed);
        let scripted: Vec<String> = steps.iter().filter_map(scripted_refusal).collect();
        for step in &steps {
            run(&mut exchange, &[Step { input: Input::Advance, ..step.clone() }], |_, _, _| {});
            let foreseen = match &step.input {
                Input::Submit { intent } => Some(exchange.preview(intent)),
                _ => None,
            };
            let said = send(&mut exchange, step.input.clone());
            let Some(foreseen) = foreseen else { continue };
            match &said.first().expect("an order is answered").event {
                ExchangeEvent::Refused { reason, .. } if scripted.contains(reason) => {}
                ExchangeEvent::Refused { reason, .. } => prop_assert_eq!(foreseen, Err(reason.clone())),
                ExchangeEvent::Taken { .. } => prop_assert!(foreseen.is_ok(), "{:?}", foreseen),
                other => prop_assert!(false, "{:?} is no answer", other),
            }
        }
    }
}

fn scripted_refusal(step: &Step) -> Option<String> {
    match &step.input {
        Input::Fault { fault: Fault::RefuseNext { reason, .. } } => Some(reason.clone()),
        _ => None,
    }
}
