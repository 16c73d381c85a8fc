//! Orders without a quantity of their own: TWS tells them with a quantity of zero.

use crate::link::run;
use crate::stand::{Stand, symbol};
use tradeport_conformance::{drain, fixtures};
use tradeport_kernel::{AccountId, Decimal, OrderKey, Quantity, Timestamp};
use tradeport_orders::{
    BrokerNews, BrokerPhase, Hedge, HedgeKind, OrderAttributes, OrderDraft, OrderGateway, OrderKind,
    OrderSize, Side,
};

fn key(name: &str) -> OrderKey {
    OrderKey::new(name).unwrap()
}

fn draft(name: &str, of: &str, side: Side, kind: OrderKind) -> OrderDraft {
    let (account, ten) = (AccountId::new("DU1234567").unwrap(), "10".parse::<Quantity>().unwrap());
    OrderDraft::new(key(name), account, symbol(of), side, ten, kind)
}

#[test]
fn a_hedge_of_quantity_zero_is_read_as_one_that_follows_its_parent() {
    run(async {
        let stand = Stand::quoted().await;
        let mut events = OrderGateway::events(&stand.broker).await.unwrap();
        let parent = draft("parent", "AAPL", Side::Buy, OrderKind::Limit { limit: "50".parse().unwrap() });
        stand.broker.submit(&fixtures::cleared_order(parent.check().unwrap())).await.unwrap();
        let pair = Hedge::new(HedgeKind::Pair { ratio: Decimal::TWO });
        let hedge = OrderDraft {
            parent: Some(key("parent")),
            size: OrderSize::FollowsParent,
            attributes: OrderAttributes { hedge: Some(pair), ..OrderAttributes::default() }.into(),
            ..draft("hedge", "IBM", Side::Sell, OrderKind::Market)
        };
        stand.broker.submit(&fixtures::cleared_order(hedge.check().unwrap())).await.unwrap();
        let open = stand.broker.open_orders().await.unwrap().into_rows();
        let read = open.iter().find(|order| order.key == Some(key("hedge"))).unwrap();
        assert_eq!((read.size, read.status.phase), (OrderSize::FollowsParent, BrokerPhase::Held));
        // Whoever connects anew reads the same.
        stand.reconnect().await;
        let again = stand.broker.open_orders().await.unwrap().into_rows();
        assert_eq!(
            again.iter().find(|order| order.key == Some(key("hedge"))).map(|it| it.size),
            Some(read.size)
        );
        drop(drain(&mut events));
        let mut events = OrderGateway::events(&stand.broker).await.unwrap();

        let perm_id =
            again.iter().find(|order| order.key == Some(key("parent"))).unwrap().perm_id.unwrap().number();
        let ten = "10".parse::<Quantity>().unwrap();
        stand.tws.with(move |server| server.world_mut().trade_with(perm_id, ten)).await.unwrap();
        for _ in 0..3 {
            stand.quote("IBM").await;
            stand.settle().await;
        }
        let executions = stand.broker.executions(Timestamp::EPOCH).await.unwrap().into_rows();
        let of_hedge: Decimal = executions
            .iter()
            .filter(|it| it.key == Some(key("hedge")))
            .map(|it| it.quantity.as_decimal())
            .sum();
        assert_eq!(of_hedge, Decimal::from(20), "two for each of the parent: {executions:?}");
        let told = drain(&mut events).items;
        let filled = |it: &&tradeport_orders::BrokerEvent| {
            it.key == Some(key("hedge"))
                && matches!(&it.news, BrokerNews::Status(status) if status.phase == BrokerPhase::Filled)
        };
        assert_eq!(told.iter().filter(filled).count(), 1, "{told:?}");
        let completed = stand.broker.completed_orders().await.unwrap().into_rows();
        assert!(completed.iter().any(|order| order.key == Some(key("hedge"))), "{completed:?}");
    });
}
