//! What a caller reads when the desk does not do what it was asked: the message, and after it that of its cause.

use crate::support::{
    House, account, apple, audit_down, audit_with_room, buy, journal_with_room, key, limit, quantity,
};
use futures::executor::block_on;
use std::error::Error;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;
use time::macros::date;
use tradeport_conformance::mocks::{MockAccountFeed, MockContractCatalog, MockOrderJournal};
use tradeport_contracts::{CatalogError, Contract, ContractDraft, ContractId, Right, TradingSessions};
use tradeport_kernel::{
    AccountId, Currency, Decimal, Money, Price, Quantity, SignedQuantity, Symbol, Timestamp,
};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::strategy::{LegOf, Strategy, StrategyLeg};
use tradeport_orders::{
    Bracket, CancelError, CancelTag, JournalEntry, JournalRecord, OrderChange, OrderDraft, OrderInput,
    OrderIntent, OrderKind, OrderPreview, PreviewError, Side, SubmitError, TimeInForce,
};
use tradeport_portfolio::{AccountFeedError, Position, TargetPercent, TargetRules};
use tradeport_trading::{DeskError, DeskPorts, DeskSettings, EventBus, NotAFamily, OrderDesk, StrategyOrder};

fn told<T: Debug, E: Error>(answer: Result<T, E>) -> String {
    let refusal = answer.unwrap_err();
    refusal.source().map_or_else(|| refusal.to_string(), |cause| format!("{refusal}: {cause}"))
}

fn symbol(text: &str) -> Symbol {
    Symbol::new(text).unwrap()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn changed(intent: OrderIntent, change: impl FnOnce(&mut OrderDraft)) -> OrderIntent {
    let mut draft = intent.to_draft();
    change(&mut draft);
    draft.check().unwrap()
}

#[test]
fn what_the_desk_does_not_know_is_named() {
    block_on(async {
        let desk = House::new().desk().await;
        let nowhere = changed(buy("a", 1), |it| it.symbol = symbol("NOPE"));
        assert_eq!(told(desk.submit(nowhere).await), "no contract is known for NOPE");
        let other = AccountId::new("DU9").unwrap();
        let nobody = changed(buy("a", 1), |it| it.account = other.clone());
        assert_eq!(told(desk.submit(nobody).await), "account DU9 is not known here");
        assert_eq!(told(desk.cancel(&key("z"), CancelTag::default()).await), "no order has the key z");
        desk.submit(buy("a", 1)).await.unwrap();
        assert_eq!(told(desk.submit(buy("a", 2)).await), "the key a was used before for another intent");
    });
}

#[test]
fn orders_that_cannot_be_changed_or_cancelled_say_why() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 1)).await.unwrap();
        assert_eq!(
            told(desk.change(&key("a"), OrderChange::default()).await),
            "order a cannot be changed like this: nothing is to be changed: give a quantity, prices, a time in force, \
             sessions or conditions"
        );
        house.broker.script(|script| {
            script.cancel_answers.push_back(Err(CancelError::Refused { reason: "too late".into() }));
            script.answers.push_back(Err(SubmitError::Refused { reason: "no".into() }));
        });
        assert_eq!(
            told(desk.cancel(&key("a"), CancelTag::default()).await),
            "the order was not cancelled: the broker refused to cancel: too late"
        );
        desk.submit(buy("b", 1)).await.unwrap();
        assert_eq!(
            told(desk.cancel(&key("b"), CancelTag::default()).await),
            "order b has ended: it is refused"
        );
    });
}

#[test]
fn what_is_no_family_says_who_does_not_belong() {
    block_on(async {
        let desk = House::new().desk().await;
        let entry = OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() };
        let family = Bracket::around(entry).target(price("120")).stop(price("80")).build().unwrap();
        let [parent, target, _] = &family[..] else { panic!("{family:?}") };
        let other = changed(target.clone(), |it| it.account = AccountId::new("DU9").unwrap());
        let cases = [
            (vec![], "a family has a parent: give one order at least"),
            (
                vec![target.clone(), parent.clone()],
                "the first order, a.target1, is the parent of all: it cannot have a parent",
            ),
            (vec![parent.clone(), buy("b", 1)], "order b names no parent among the orders before it"),
            (vec![parent.clone(), target.clone(), target.clone()], "the key a.target1 is given twice"),
            (vec![parent.clone(), other], "order a.target1 is for another account than its parent"),
        ];
        for (orders, words) in cases {
            assert_eq!(
                told(desk.submit_family(orders).await),
                format!("these orders are no family: {words}")
            );
        }
        assert_eq!(NotAFamily::Empty.to_string(), "a family has a parent: give one order at least");
    });
}

fn option(id: i64, name: &str) -> Contract {
    ContractDraft {
        id: ContractId::new(id),
        symbol: symbol(name),
        instrument: name.parse().unwrap(),
        name: "AAPL CALL".into(),
        currency: Currency::USD,
        price_step: "0.05".parse().unwrap(),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE_HUNDRED,
        sessions: TradingSessions::always(),
        details: Default::default(),
    }
    .check()
    .unwrap()
}

fn order(strategy: Strategy) -> StrategyOrder {
    StrategyOrder {
        key: key("s"),
        account: account(),
        strategy,
        quantity: quantity(1),
        kind: limit("2"),
        time_in_force: TimeInForce::Day,
    }
}

#[test]
fn what_cannot_be_ordered_as_a_strategy_says_why() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.listed.push(option(101, "AAPL 20261218C100")));
        let desk = house.desk().await;
        let weekend = Strategy::straddle(apple(), date!(2026 - 12 - 19), price("100")).unwrap();
        assert_eq!(
            told(desk.place_strategy(&order(weekend)).await),
            "the strategy cannot be ordered: a leg on AAPL is no instrument"
        );
        let call = LegOf::Option { expiry: date!(2026 - 12 - 18), right: Right::Call, strike: price("100") };
        let legs = [LegOf::Stock, call].map(|of| StrategyLeg::new(Side::Buy, 10_000, of).unwrap());
        let most = "1000000000000".parse::<Quantity>().unwrap();
        let wide = order(Strategy::custom(apple(), legs.to_vec()).unwrap());
        assert_eq!(
            told(desk.place_strategy(&StrategyOrder { quantity: most, ..wide.clone() }).await),
            "the quantity of order s is too large to compute with"
        );
        let minutes = StrategyOrder { kind: OrderKind::Market, time_in_force: TimeInForce::Minutes, ..wide };
        assert_eq!(
            told(desk.place_strategy(&minutes).await),
            "the order would not do: time in force Minutes is for LMT orders, not for MKT orders"
        );
    });
}

fn usd(amount: i64) -> Money {
    Money::new(amount.into(), Currency::USD)
}

#[test]
fn margins_that_the_broker_does_not_say_are_told() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let negative = tradeport_orders::AccountEffect::between(usd(100), usd(50));
        let frees = OrderPreview {
            initial_margin: negative,
            maintenance_margin: negative,
            ..OrderPreview::default()
        };
        house.broker.script(|script| {
            let down = Err(PreviewError::Unavailable("no link".into()));
            script.previews.extend([Ok(OrderPreview::default()), Ok(frees), down]);
        });
        let words = [
            "the broker does not say what margin AAPL takes",
            "the broker's preview says nothing of one contract: the initial margin of -50.00 USD is below zero: a position \
             that frees margin says nothing of one contract",
            "there is no preview: the broker gave no preview",
        ];
        for words in words {
            assert_eq!(told(desk.refresh_margin(&account(), apple()).await), words);
        }
    });
}

#[test]
fn a_target_without_a_price_is_not_reckoned() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let rules = TargetRules::default();
        let half = TargetPercent::new(Decimal::new(5, 1)).unwrap();
        let level = |text| Some(Level::new(price(text), None));
        desk.note_quote(Quote::new(apple(), Timestamp::EPOCH, level("-1"), level("1")).unwrap());
        assert_eq!(
            told(desk.target(key("a"), &account(), apple(), half, &rules).await),
            "the target cannot be reached: AAPL has a price of 0: a target needs one above zero"
        );
        house.clock.advance(Duration::from_secs(3_600));
        let limit = DeskSettings::default().policy.max_quote_age().as_secs();
        assert_eq!(
            told(desk.target(key("a"), &account(), apple(), half, &rules).await),
            format!(
                "the target cannot be reckoned: the last quote of AAPL is 3600 s old; at most {limit} s are allowed"
            )
        );
    });
}

#[test]
fn a_portfolio_without_a_price_is_not_reckoned() {
    block_on(async {
        let house = House::new();
        let ten = SignedQuantity::new(Decimal::TEN).unwrap();
        let held = Position::reported(symbol("IBM"), ten, usd(900), Decimal::ONE, usd(0));
        house.broker.script(|script| script.positions.push(held));
        let desk = house.desk().await;
        let half = TargetPercent::new(Decimal::new(5, 1)).unwrap();
        assert_eq!(
            told(desk.target(key("a"), &account(), apple(), half, &TargetRules::default()).await),
            "the portfolio cannot be computed: the position in IBM has no price"
        );
    });
}

#[test]
fn a_store_that_fails_is_named_with_what_it_means_for_the_order() {
    block_on(async {
        let house = House::new();
        let on = |journal: MockOrderJournal| DeskPorts { journal: Arc::new(journal), ..house.ports() };
        let none = House::desk_on(on(journal_with_room(&house.journal, 0))).await;
        assert_eq!(
            told(none.submit(buy("a", 1)).await),
            "the order journal failed: the journal cannot be used"
        );
        let one = House::desk_on(on(journal_with_room(&house.journal, 1))).await;
        assert_eq!(
            told(one.submit(buy("a", 1)).await),
            "order a was sent, but what became of it could not be kept: the order journal failed"
        );
        let silent = House::desk_on(House::new().ports_telling(audit_with_room(0))).await;
        assert_eq!(
            told(silent.submit(buy("b", 1)).await),
            "the order journal failed: the journal cannot be used"
        );
        let other = House::desk_on(DeskPorts { audit: audit_down(), ..House::new().ports() }).await;
        assert_eq!(told(other.preview(buy("b", 1)).await), "the audit log failed: the store is full");
    });
}

async fn opened(ports: DeskPorts) -> Result<(), DeskError> {
    OrderDesk::open(ports, DeskSettings::default(), EventBus::default()).await.map(drop)
}

#[test]
fn a_desk_that_does_not_open_says_why() {
    block_on(async {
        let house = House::new();
        let mut journal = MockOrderJournal::new();
        journal.expect_checkpoint().returning(|| Ok(None));
        journal.expect_read().returning(|after, _| {
            let entry = JournalEntry::happened(key("a"), OrderInput::Sent, Timestamp::EPOCH);
            Ok(Vec::from_iter((after == 0).then_some(JournalRecord { sequence: 1, entry })))
        });
        assert_eq!(
            told(opened(DeskPorts { journal: Arc::new(journal), ..house.ports() }).await),
            "the order journal contradicts itself: the journal speaks of order a before its intent"
        );
        let mut accounts = MockAccountFeed::new();
        accounts.expect_accounts().returning(|| Err(AccountFeedError::Unavailable("no link".into())));
        assert_eq!(
            told(opened(DeskPorts { accounts: Arc::new(accounts), ..house.ports() }).await),
            "the accounts could not be read: the account feed cannot be reached"
        );
        house.broker.script(|script| script.silent = true);
        assert_eq!(
            told(opened(house.ports()).await),
            "the broker did not answer: the link was lost in epoch 1"
        );
    });
}

#[test]
fn a_catalog_out_of_reach_is_not_an_unknown_symbol() {
    block_on(async {
        let mut catalog = MockContractCatalog::new();
        catalog.expect_resolve().returning(|_| Err(CatalogError::Unavailable("no link".into())));
        let desk = House::desk_on(DeskPorts { catalog: Arc::new(catalog), ..House::new().ports() }).await;
        assert_eq!(
            told(desk.submit(buy("a", 1)).await),
            "the contract could not be looked up: the contract catalog cannot be reached"
        );
    });
}

#[test]
fn a_journal_that_takes_one_order_for_another_lets_none_out() {
    block_on(async {
        let house = House::new();
        let mut journal = MockOrderJournal::new();
        journal.expect_checkpoint().returning(|| Ok(None));
        journal.expect_read().returning(|_, _| Ok(Vec::new()));
        journal.expect_append().returning(|entries| {
            let other = |entry: &JournalEntry| JournalEntry { key: key("z"), ..entry.clone() };
            Ok(entries.iter().map(other).map(|entry| entry.kept_at(1)).collect())
        });
        let desk = House::desk_on(DeskPorts { journal: Arc::new(journal), ..house.ports() }).await;
        assert_eq!(
            told(desk.submit(buy("a", 1)).await),
            "the order was not cleared: the journal's receipt is for order z, not for a"
        );
        assert_eq!(crate::support::sent(&house.broker), 0);
    });
}
