//! Orders of others at the same TWS: of another client, and of a person at its window.

use crate::link_scenarios::another_client;
use crate::stand::{Stand, symbol};
use futures::executor::block_on;
use tradeport_conformance::{drain, fixtures};
use tradeport_ib::IbBroker;
use tradeport_kernel::{AccountId, Clock, OrderKey, Quantity, Timestamp};
use tradeport_orders::{
    Bracket, BrokerNews, BrokerOrder, CancelError, ClearedOrder, OcaEffect, OrderDraft, OrderGateway,
    OrderKind, PlacedBy, Side, SubmitError,
};

fn key(name: &str) -> OrderKey {
    OrderKey::new(name).unwrap()
}

fn resting(name: &str) -> ClearedOrder {
    let (account, ten) = (AccountId::new("DU1234567").unwrap(), "10".parse::<Quantity>().unwrap());
    let kind = OrderKind::Limit { limit: "50".parse().unwrap() };
    let draft = OrderDraft::new(key(name), account, symbol("AAPL"), Side::Buy, ten, kind);
    fixtures::cleared_order(draft.check().unwrap())
}

async fn number(broker: &IbBroker, name: &str) -> i64 {
    broker.submit(&resting(name)).await.unwrap().broker_order_id.number()
}

async fn open(broker: &IbBroker) -> Vec<BrokerOrder> {
    broker.open_orders().await.unwrap().into_rows()
}

/// A person orders at the window of TWS; what it rests at, or at the market.
async fn by_hand(stand: &Stand, limit: Option<u32>) {
    let limit = limit.map_or_else(String::new, |limit| format!(", limit = {limit}"));
    let scenario = format!(
        "[[rule]]\nat = \"1s\"\ndo = [{{ enter_by_hand = {{ symbol = \"AAPL\", side = \"buy\", quantity = 3{limit} }} }}]\n"
    );
    stand.tws.with(move |server| server.play(&scenario.parse().unwrap())).await.unwrap();
    stand.settle().await;
    stand.quote("AAPL").await;
    stand.settle().await;
}

#[test]
fn scenario_oid_05_orders_of_another_client_raise_our_numbers_and_stay_theirs() {
    block_on(async {
        let stand = Stand::quoted().await;
        let mut events = OrderGateway::events(&stand.broker).await.unwrap();
        let ours = number(&stand.broker, "ours").await;
        let other = another_client(&stand).await;
        let mut theirs = 0;
        for turn in 0..8 {
            theirs = number(&other, &format!("theirs-{turn}")).await;
        }
        assert!(theirs > ours, "{theirs} and {ours}");
        let placed = |it: &BrokerOrder| (it.placed_by, it.broker_order_id.is_some());
        let rows = open(&stand.broker).await;
        assert_eq!(rows.iter().filter(|it| placed(it) == (Some(PlacedBy::OtherClient), false)).count(), 8);
        let next = number(&stand.broker, "next").await;
        assert!(next > theirs, "{next} after {theirs}: above all that was seen");
        // Theirs are neither told as ours nor cancelled by us, and a key of theirs is not sent under another number.
        let told = drain(&mut events).items;
        let of_theirs = |it: &&tradeport_orders::BrokerEvent| {
            it.key.as_ref().is_some_and(|key| key.as_str().starts_with("theirs"))
                && matches!(it.news, BrokerNews::Status(_))
        };
        assert_eq!(told.iter().filter(of_theirs).count(), 0, "{told:?}");
        let refused = stand.broker.cancel(&fixtures::cleared_cancel(&key("theirs-3"), None, None)).await;
        assert!(refused.is_err(), "{refused:?}");
        stand.reconnect().await;
        let refused = stand.broker.cancel(&fixtures::cleared_cancel(&key("theirs-3"), None, None)).await;
        assert!(
            matches!(&refused, Err(CancelError::Refused { reason }) if reason.contains("belongs to client ")),
            "{refused:?}"
        );
        let again = stand.broker.submit(&resting("theirs-3")).await;
        assert!(matches!(again, Err(SubmitError::Refused { .. })), "{again:?}");
        assert_eq!(open(&stand.broker).await.len(), 10);
    });
}

#[test]
fn what_belongs_together_among_orders_of_others_is_told() {
    block_on(async {
        let stand = Stand::quoted().await;
        let other = another_client(&stand).await;
        let entry = resting("theirs").intent().to_draft();
        let (target, stop) = ("90".parse().unwrap(), "10".parse().unwrap());
        let bracket = Bracket::around(entry).target(target).stop(stop).build().unwrap();
        let (last, first) = bracket.split_last().unwrap();
        for intent in first {
            other.submit(&fixtures::held_order(intent.clone())).await.unwrap();
        }
        other.submit(&fixtures::cleared_order(last.clone())).await.unwrap();
        number(&other, "alone").await;
        stand.settle().await;
        for _ in 0..2 {
            let rows = open(&stand.broker).await;
            assert_eq!(rows.len(), 4, "{rows:?}");
            assert!(rows.iter().all(|it| it.placed_by == Some(PlacedBy::OtherClient)), "{rows:?}");
            let of = |name: &str| rows.iter().find(|it| it.key == Some(key(name))).unwrap();
            let group = bracket[1].oca().cloned();
            assert_eq!(group.as_ref().unwrap().effect(), Some(OcaEffect::ReduceWithBlock));
            for name in ["theirs.target1", "theirs.stop1"] {
                assert_eq!((of(name).parent, &of(name).group), (of("theirs").perm_id, &group), "{rows:?}");
            }
            for name in ["theirs", "alone"] {
                assert_eq!((of(name).parent, &of(name).group), (None, &None), "{rows:?}");
            }
            stand.reconnect().await;
        }
    });
}

#[test]
fn scenario_oid_10_an_order_by_hand_bears_its_durable_number_alone_and_goes_when_everything_is_cancelled() {
    block_on(async {
        let stand = Stand::quoted().await;
        for _ in 0..2 {
            by_hand(&stand, Some(50)).await;
        }
        let rows = open(&stand.broker).await;
        assert_eq!(rows.len(), 2, "two without a number are not one: {rows:?}");
        assert!(rows.iter().all(|it| it.placed_by == Some(PlacedBy::Hand)), "{rows:?}");
        assert!(rows.iter().all(|it| it.key.is_none() && it.broker_order_id.is_none()), "{rows:?}");
        assert!(rows[0].perm_id != rows[1].perm_id && rows.iter().all(|it| it.perm_id.is_some()));
        // No order of ours is meant by a number of theirs.
        let named = key(&rows[0].perm_id.unwrap().number().to_string());
        let refused = stand.broker.cancel(&fixtures::cleared_cancel(&named, None, None)).await;
        assert!(matches!(&refused, Err(CancelError::NoSuchOrder(it)) if *it == named), "{refused:?}");
        assert_eq!(open(&stand.broker).await.len(), 2);
        // The route that works ends everything of the login.
        stand.broker.cancel_everything().await.unwrap();
        stand.settle().await;
        assert_eq!(open(&stand.broker).await, []);
    });
}

#[test]
fn scenario_exe_17_a_trade_by_hand_is_told_with_no_order_of_ours() {
    block_on(async {
        let stand = Stand::quoted().await;
        number(&stand.broker, "ours").await;
        by_hand(&stand, None).await;
        let executions = stand.broker.executions(Timestamp::EPOCH).await.unwrap().into_rows();
        let told: Vec<_> = executions.iter().map(|it| (it.key.clone(), it.quantity.to_string())).collect();
        assert_eq!(told, [(None, "3".to_owned())]);
        let rows = open(&stand.broker).await;
        assert_eq!(rows.iter().map(|it| it.key.clone()).collect::<Vec<_>>(), [Some(key("ours"))]);
        assert!(rows[0].status.filled.is_zero(), "{rows:?}");
        assert!(stand.clock.now() > Timestamp::EPOCH);
    });
}
