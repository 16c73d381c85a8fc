//! Asking before sending.

use crate::support::{House, apple, audit_down, buy, key, limit, sent};
use futures::executor::block_on;
use tradeport_kernel::{Currency, Money, Symbol};
use tradeport_orders::{CommissionPreview, OrderDraft, OrderPreview, OrderState, PreviewError};
use tradeport_risk::{RiskVerdict, Rule};
use tradeport_trading::{DeskError, DeskPorts};

fn costing(amount: i64) -> OrderPreview {
    let amount = Money::new(amount.into(), Currency::USD);
    OrderPreview { commission: CommissionPreview::exactly(amount), ..OrderPreview::default() }
}

#[test]
fn a_preview_tells_what_all_three_say_and_leaves_nothing_behind() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.previews.push_back(Ok(costing(1))));
        let desk = house.desk().await;
        let previewed = desk.preview(buy("a", 10)).await.unwrap();
        assert!(previewed.would_go());
        assert!(matches!(previewed.verdict, RiskVerdict::Approved { .. }));
        assert_eq!(previewed.broker.unwrap().unwrap(), costing(1));
        assert_eq!(
            (sent(&house.broker), house.written("a").await.len(), desk.orders().await),
            (0, 0, vec![])
        );
        assert_eq!(house.audited().await, ["preview asked a: buy 10 AAPL MKT"]);
        let placed = desk.submit(buy("a", 10)).await.unwrap();
        assert!(!placed.repeat, "its key is still free");
        assert_eq!(placed.order.state(), OrderState::Working);
    });
}

#[test]
fn previews_count_against_no_limit() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        for _ in 0..200 {
            assert!(desk.preview(buy("a", 90)).await.unwrap().would_go());
        }
        assert_eq!(desk.submit(buy("a", 90)).await.unwrap().refusal, None);
    });
}

#[test]
fn what_risk_would_stop_is_asked_all_the_same() {
    block_on(async {
        let house = House::new();
        let previewed = house.desk().await.preview(buy("a", 101)).await.unwrap();
        assert!(
            matches!(&previewed.verdict, RiskVerdict::Refused(why) if why.rule == Rule::MaxPositionShare)
        );
        assert!(!previewed.would_go());
        assert!(matches!(previewed.broker, Some(Ok(_))));
    });
}

#[test]
fn what_validation_refuses_costs_no_round_trip() {
    block_on(async {
        let house = House::new();
        let odd = OrderDraft { kind: limit("100.005"), ..buy("a", 1).to_draft() }.check().unwrap();
        let previewed = house.desk().await.preview(odd).await.unwrap();
        assert_eq!(previewed.validation.refusals().len(), 1);
        assert!(previewed.broker.is_none() && !previewed.would_go());
        assert_eq!(house.broker.script(|script| script.previewed.len()), 0);
    });
}

#[test]
fn a_broker_that_would_refuse_or_is_away_is_told_apart() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        for error in [
            PreviewError::Refused { reason: "no money".into() },
            PreviewError::Unavailable("no link".into()),
            PreviewError::Unsupported("previews"),
        ] {
            let words = error.to_string();
            house.broker.script(|script| script.previews.push_back(Err(error)));
            let previewed = desk.preview(buy("a", 1)).await.unwrap();
            assert!(!previewed.would_go());
            assert_eq!(previewed.broker.unwrap().unwrap_err().to_string(), words);
        }
    });
}

#[test]
fn what_cannot_be_asked_is_an_error() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let with = |change: fn(&mut OrderDraft)| {
            let mut draft = buy("b", 1).to_draft();
            change(&mut draft);
            draft.check().unwrap()
        };
        let nowhere = with(|draft| draft.symbol = Symbol::new("NOPE").unwrap());
        assert!(matches!(desk.preview(nowhere).await, Err(DeskError::UnknownSymbol(_))));
        let nobody = with(|draft| draft.account = "DU9".parse().unwrap());
        assert!(matches!(desk.preview(nobody).await, Err(DeskError::UnknownAccount(_))));
        desk.submit(buy("a", 1)).await.unwrap();
        assert!(matches!(desk.preview(buy("a", 2)).await, Err(DeskError::KeyReused(it)) if it == key("a")));
        assert_eq!(house.broker.script(|script| script.previewed.len()), 0);
    });
}

#[test]
fn what_the_audit_log_cannot_keep_is_not_asked() {
    block_on(async {
        let house = House::new();
        let desk = House::desk_on(DeskPorts { audit: audit_down(), ..house.ports() }).await;
        assert!(matches!(desk.preview(buy("a", 1)).await, Err(DeskError::Audit(_))));
        assert_eq!(house.broker.script(|script| script.previewed.len()), 0);
        assert!(desk.last_quote(apple()).is_some());
    });
}
