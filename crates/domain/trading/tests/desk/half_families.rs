//! What waits at the broker for the rest of its family: it is left as it is until that is there, and once something of a family has
//! traded nothing of it waits any more.

use crate::support::{EPOCH, House, buy, execution, held_by_broker, key, limit, quantity, sent, unknown};
use futures::executor::block_on;
use tradeport_kernel::Timestamp;
use tradeport_orders::{
    Accepted, Bracket, BrokerEvent, BrokerNews, BrokerPhase, BrokerStatus, CancelError, ChangeRefusal,
    OrderChange, OrderDraft, OrderIntent, OrderState, SubmitError,
};
use tradeport_trading::{ChangeOutcome, DeskError, OrderDesk, ParentFate};

/// A bid for 10 at 99, with a target at 120 and a stop at 80: `a`, `a.target1`, `a.stop1`.
fn bracket() -> Vec<OrderIntent> {
    let entry = OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() };
    Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap()
}

/// A house whose broker takes the first two and answers so to the stop, and whose cancels do not leave.
fn answering(last: SubmitError) -> House {
    let house = House::new();
    house.broker.script(|script| {
        for number in 1..=2 {
            let broker_order_id = tradeport_kernel::BrokerOrderId::new(number);
            script.answers.push_back(Ok(Accepted { epoch: EPOCH, perm_id: None, broker_order_id }));
        }
        script.answers.push_back(Err(last));
        script.cancel_answers.push_back(Err(CancelError::NotSent("no link".into())));
    });
    house
}

fn refused() -> SubmitError {
    SubmitError::Refused { reason: "no".into() }
}

/// What the broker holds of the bracket.
fn holds(house: &House, names: &[&str], phase: BrokerPhase) {
    let rows = names.iter().map(|name| held_by_broker(name, phase)).collect();
    house.broker.script(|script| script.open = rows);
}

fn cancels(house: &House) -> Vec<String> {
    house.broker.script(|script| script.cancels.iter().map(ToString::to_string).collect())
}

async fn waiting(desk: &OrderDesk) -> usize {
    desk.orders().await.iter().filter(|order| order.is_held_back()).count()
}

/// A broker's program that is told such an order again lets go of it, and nothing protects what it brings in.
#[test]
fn scenario_ord_22_what_waits_for_the_rest_of_its_family_is_not_changed() {
    block_on(async {
        let house = answering(unknown());
        house.desk().await.submit_family(bracket()).await.unwrap();
        // The next process, whose broker does not tell everything: nobody knows whether the stop came there.
        house.broker.script(|script| script.executions_of_an_earlier_epoch = true);
        holds(&house, &["a", "a.target1"], BrokerPhase::Held);
        let desk = house.desk().await;
        assert_eq!(desk.order(&key("a.stop1")).await.unwrap().state(), OrderState::Unknown);
        let changes = [
            ("a", OrderChange::to_kind(limit("98"))),
            ("a", OrderChange::to_quantity(quantity(12))),
            ("a.target1", OrderChange::to_kind(limit("121"))),
        ];
        for (name, change) in &changes {
            let changed = desk.change(&key(name), change.clone()).await;
            let cause = match changed {
                Err(DeskError::Change { cause, .. }) => cause,
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(cause, ChangeRefusal::HeldBack, "{name}");
        }
        assert!(house.broker.script(|script| script.changes.is_empty()), "nothing has left");
        house.broker.script(|script| script.executions_of_an_earlier_epoch = false);
        holds(&house, &["a", "a.target1", "a.stop1"], BrokerPhase::Held);
        desk.resume().await.unwrap();
        for (name, change) in changes.into_iter().rev() {
            assert_eq!(desk.change(&key(name), change).await.unwrap().outcome, ChangeOutcome::Made, "{name}");
        }
    });
}

#[test]
fn a_family_of_which_something_has_traded_waits_no_more() {
    block_on(async {
        let working = held_by_broker("a", BrokerPhase::Working).status;
        let counted = BrokerNews::Status(BrokerStatus { filled: 4.into(), ..working });
        let executed = BrokerNews::Executed(execution("x", Some("a"), 4));
        for (is_known, news) in [(false, &executed), (true, &executed), (false, &counted), (true, &counted)] {
            let house = answering(if is_known { refused() } else { unknown() });
            let desk = house.desk().await;
            desk.submit_family(bracket()).await.unwrap();
            assert_eq!(cancels(&house), ["a"], "it did not leave");
            house.broker.say(Some("a"), news.clone());
            desk.pump().await.unwrap();
            holds(&house, &["a", "a.target1"], BrokerPhase::Working);
            desk.resume().await.unwrap();
            assert_eq!(waiting(&desk).await, 0, "the broker has let go of it: {news:?}");
            assert_eq!(cancels(&house), ["a"], "its exits stand, whatever became of the stop: {news:?}");
        }
    });
}

#[test]
fn a_parent_that_stands_since_it_has_traded_keeps_its_exits_over_the_next_link() {
    block_on(async {
        let house = answering(refused());
        let news = BrokerNews::Executed(execution("x", Some("a"), 4));
        let traded = BrokerEvent { epoch: EPOCH, at: Timestamp::EPOCH, key: Some(key("a")), news };
        house.broker.script(|script| script.news_after = Some((2, traded)));
        let desk = house.desk().await;
        let family = desk.submit_family(bracket()).await.unwrap();
        assert_eq!(family.called_off.unwrap().parent, ParentFate::Traded);
        desk.tend().await;
        assert_eq!(waiting(&desk).await, 0, "no link has to be lost for that");
        let smaller = desk.change(&key("a.target1"), OrderChange::to_quantity(quantity(4))).await.unwrap();
        assert_eq!(smaller.outcome, ChangeOutcome::Made);
        holds(&house, &["a", "a.target1"], BrokerPhase::Working);
        desk.resume().await.unwrap();
        drop(desk);
        house.desk().await;
        assert_eq!((cancels(&house).len(), sent(&house.broker)), (0, 3));
    });
}

/// TWS calls what it holds back inactive, and may do so without a word.
#[test]
fn a_parent_that_is_called_inactive_is_called_off_all_the_same() {
    block_on(async {
        let house = answering(unknown());
        let desk = house.desk().await;
        desk.submit_family(bracket()).await.unwrap();
        for name in ["a", "a.stop1"] {
            let status = held_by_broker(name, BrokerPhase::Refused).status;
            house.broker.say(Some(name), BrokerNews::Status(status));
        }
        desk.pump().await.unwrap();
        assert!(desk.order(&key("a")).await.unwrap().may_revive());
        for _ in 0..3 {
            desk.tend().await;
        }
        assert_eq!(cancels(&house), ["a", "a", "a.target1"], "each once");
    });
}

#[test]
fn a_parent_that_is_called_inactive_before_its_last_child_is_refused_is_called_off_at_once() {
    block_on(async {
        let house = answering(refused());
        let news = BrokerNews::Status(held_by_broker("a", BrokerPhase::Refused).status);
        let inactive = BrokerEvent { epoch: EPOCH, at: Timestamp::EPOCH, key: Some(key("a")), news };
        house.broker.script(|script| {
            script.news_after = Some((2, inactive));
            script.cancel_answers.clear();
        });
        let desk = house.desk().await;
        let family = desk.submit_family(bracket()).await.unwrap();
        assert_eq!(family.members[0].order.state(), OrderState::Refused, "it may come alive");
        assert_eq!((family.called_off.unwrap().parent, cancels(&house).len()), (ParentFate::CancelAsked, 1));
        desk.tend().await;
        assert_eq!(cancels(&house), ["a"]);
    });
}

#[test]
fn exits_stay_where_what_is_left_of_their_parent_is_called_inactive() {
    block_on(async {
        let house = answering(refused());
        let desk = house.desk().await;
        desk.submit_family(bracket()).await.unwrap();
        let asked = cancels(&house).len();
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 4)));
        let inactive = held_by_broker("a", BrokerPhase::Refused).status;
        house.broker.say(Some("a"), BrokerNews::Status(BrokerStatus { filled: 4.into(), ..inactive }));
        desk.pump().await.unwrap();
        holds(&house, &["a.target1"], BrokerPhase::Working);
        desk.resume().await.unwrap();
        assert_eq!(
            (waiting(&desk).await, cancels(&house).len()),
            (0, asked),
            "4 are held, and it sells them"
        );
    });
}
