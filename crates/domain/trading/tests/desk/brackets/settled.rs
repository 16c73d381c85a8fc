//! When a bracket of which nothing is left is forgotten, and what is known of the others however much has ended since.

use super::*;
use crate::checkpoints::refused_at;

/// So long the broker's late words on a bracket of which nothing is left are waited for.
const LATE_WORDS: Duration = Duration::from_secs(86_400);
const A_MOMENT: Duration = Duration::from_nanos(1);

impl Stage {
    /// So much later a bracket of one exit begins beside those that there are.
    async fn another_begins(&self, after: Duration) {
        self.house.clock.advance(after);
        self.house.quote(&self.desk);
        let entry = OrderDraft { kind: limit("98"), ..buy("later", 1).to_draft() };
        self.place(Bracket::around(entry).stop("80".parse().unwrap()).build().unwrap()).await;
    }

    /// The orders of a bracket for 10, of which these have ended and none has traded.
    async fn ended(names: &[&str]) -> Self {
        let stage = Self::new().await;
        stage.place(bracket("a", 10)).await;
        for name in names {
            stage.ends(name).await;
        }
        stage
    }

    /// The whole of an order without a bracket, that trades at once.
    async fn buys(&self, name: &str, units: u32) {
        self.desk.submit(buy(name, units)).await.unwrap();
        self.trades(name, Side::Buy, units).await;
    }
}

#[test]
fn a_bracket_that_brought_nothing_in_is_looked_at_for_a_day_after_its_last_word() {
    block_on(async {
        for (after, told) in [(LATE_WORDS, of_a(4)), (LATE_WORDS + A_MOMENT, None)] {
            let stage = Stage::ended(&["a", "a.stop1", "a.target1"]).await;
            stage.another_begins(after).await;
            stage.trades("a", Side::Buy, 4).await;
            assert_eq!(stage.bare().await, told, "{after:?}");
        }
    });
}

#[test]
fn what_its_exits_took_out_again_is_nothing_left_of_a_bracket() {
    block_on(async {
        for (after, told) in [(LATE_WORDS, of_a(4)), (LATE_WORDS + A_MOMENT, None)] {
            let stage = Stage::ended(&["a.target1"]).await;
            stage.trades("a", Side::Buy, 10).await;
            stage.trades("a.stop1", Side::Sell, 10).await;
            stage.another_begins(after).await;
            stage.corrects("a.stop1", Side::Sell, 10, 6).await;
            assert_eq!(stage.bare().await, told, "{after:?}");
        }
    });
}

/// Its executions may be lost, and nobody waits for them for ever.
#[test]
fn what_the_broker_counts_of_an_exit_is_nothing_left_of_a_bracket_either() {
    block_on(async {
        for (after, told) in [(LATE_WORDS, of_a(2)), (LATE_WORDS + A_MOMENT, None)] {
            let stage = Stage::ended(&["a.target1"]).await;
            stage.trades("a", Side::Buy, 8).await;
            let counted =
                BrokerStatus { phase: BrokerPhase::Cancelled, filled: 8.into(), perm_id: None, reason: None };
            stage.house.broker.say(Some("a.stop1"), BrokerNews::Status(counted));
            stage.ends("a").await;
            stage.another_begins(after).await;
            stage.trades("a", Side::Buy, 2).await;
            assert_eq!(stage.bare().await, told, "{after:?}");
        }
    });
}

#[test]
fn a_bracket_of_which_an_order_may_still_trade_is_not_forgotten() {
    block_on(async {
        for ended in [["a", "a.target1"], ["a.stop1", "a.target1"]] {
            let stage = Stage::ended(&ended).await;
            stage.another_begins(2 * LATE_WORDS).await;
            stage.trades("a", Side::Buy, 4).await;
            stage.ends("a.stop1").await;
            assert_eq!(stage.bare().await, of_a(4), "{ended:?} have ended");
        }
    });
}

#[test]
fn a_bracket_that_holds_something_is_never_forgotten() {
    block_on(async {
        let stage = Stage::half("a").await;
        stage.another_begins(20 * LATE_WORDS).await;
        assert_eq!(stage.bare().await, of_a(4));
    });
}

/// What is held less than orders here have traded is gone by something else: what was bought beside brackets stays for sure.
#[test]
fn what_is_gone_without_an_order_here_was_brought_in_by_a_bracket() {
    block_on(async {
        let mut stage = Stage::half("a").await;
        stage.buys("b", 20).await;
        for (held, told) in [(24, of_a(4)), (22, of_a(2)), (20, None)] {
            stage = stage.reopened(held).await;
            assert_eq!(stage.bare().await, told, "{held} are held");
        }
    });
}

#[test]
fn what_comes_in_without_an_order_here_is_of_no_bracket() {
    block_on(async {
        let stage = Stage::half("a").await;
        stage.desk.submit(sell("b", 4, OrderKind::Market)).await.unwrap();
        stage.trades("b", Side::Sell, 4).await;
        assert_eq!(stage.reopened(7).await.bare().await, None);
    });
}

#[test]
fn a_bracket_is_known_after_a_restart_however_many_orders_have_ended_since() {
    block_on(async {
        let stage = Stage::half("a").await;
        stage.buys("b", 20).await;
        for number in 1..=2_100 {
            let later = Timestamp::from_seconds(number * 100);
            refused_at(&stage.house, later, buy(&format!("later-{number}"), 10)).await;
        }
        let stage = stage.reopened(22).await;
        assert_eq!(stage.bare().await, of_a(2));
        stage.desk.checkpoint().await.unwrap();
        let stage = stage.reopened(22).await;
        let in_memory = stage.desk.orders().await;
        assert!(in_memory.iter().all(|order| order.intent().key() != &key("b")), "that one has ended");
        assert_eq!(stage.bare().await, of_a(2));
    });
}

/// The broker tells a combo's trade as a whole and by its legs.
#[test]
fn what_a_leg_trades_closes_what_a_bracket_brought_in_and_the_combo_itself_does_not() {
    block_on(async {
        for (part, told) in [(ExecutedPart::Combo, of_a(4)), (ExecutedPart::Leg, of_a(1))] {
            let stage = Stage::half("a").await;
            stage.desk.submit(sell("b", 3, OrderKind::Market)).await.unwrap();
            let execution = Execution { side: Side::Sell, part, ..execution("x", Some("b"), 3) };
            stage.house.broker.say(Some("b"), BrokerNews::Executed(execution));
            stage.desk.pump().await.unwrap();
            assert_eq!(stage.bare().await, told, "{part:?}");
        }
    });
}

#[test]
fn the_stop_of_a_bracket_that_sleeps_protects_nothing_once_its_entry_has_ended() {
    block_on(async {
        let stage = Stage::new().await;
        let later = stage.house.clock.now().after(Duration::from_secs(3_600));
        let mut orders = bracket("a", 10);
        let stop = orders.iter_mut().find(|it| it.kind().is_stop()).unwrap();
        let mut draft = stop.to_draft();
        (draft.attributes.timing.good_after, draft.time_in_force) =
            (Some(later), TimeInForce::GoodTillCancelled);
        *stop = draft.check().unwrap();
        stage.place(orders).await;
        stage.trades("a", Side::Buy, 10).await;
        assert_eq!(stage.bare().await, of_a(10));
        stage.house.clock.advance(Duration::from_secs(3_600));
        assert_eq!(stage.bare().await, None, "its time has come");
    });
}

#[test]
fn a_stop_that_waits_for_its_parent_protects_nothing_of_a_bracket() {
    block_on(async {
        let stage = Stage::half("a").await;
        let stop = sell("stop", 4, stop_at_80()).to_draft().child_of(key("b"));
        stage.place(vec![sell("b", 4, limit("120")), stop.check().unwrap()]).await;
        assert_eq!(stage.bare().await, of_a(4));
        stage.ends("b").await;
        assert_eq!(stage.bare().await, None);
    });
}

#[test]
fn an_exit_is_a_child_of_the_entry_in_its_account_and_instrument_on_the_other_side() {
    let order = |draft: OrderDraft| Order::open(draft.check().unwrap(), Timestamp::EPOCH);
    let exit = || sell("exit", 10, stop_at_80()).to_draft();
    let others = [
        exit().child_of(key("b")),
        OrderDraft { account: "DU9".parse().unwrap(), ..exit().child_of(key("a")) },
        OrderDraft { symbol: "MSFT".parse().unwrap(), ..exit().child_of(key("a")) },
        OrderDraft { side: Side::Buy, ..exit().child_of(key("a")) },
        exit(),
    ];
    let entry = order(buy("a", 10).to_draft());
    assert!(Bracketed::of(&entry, &[order(exit().child_of(key("a")))]).is_some());
    for other in others.map(order) {
        assert!(Bracketed::of(&entry, [&other]).is_none(), "{other:?}");
    }
}

/// The stop that is placed once its entry has traded is asked for all that the entry brought in.
#[test]
fn a_stop_that_is_placed_after_its_entry_has_traded_protects_what_came_in_before() {
    block_on(async {
        // With nothing else, and beside a bracket whose orders count already.
        for is_beside in [false, true] {
            let stage = Stage::new().await;
            if is_beside {
                stage.place(bracket("other", 10)).await;
            }
            stage.desk.submit(buy("a", 10)).await.unwrap();
            stage.trades("a", Side::Buy, 10).await;
            let stop = OrderDraft { parent: Some(key("a")), ..sell("s", 10, stop_at_80()).to_draft() };
            stage.desk.submit(stop.check().unwrap()).await.unwrap();
            stage.trades("s", Side::Sell, 3).await;
            assert_eq!(stage.bare().await, None);
            stage.ends("s").await;
            assert_eq!(stage.bare().await, of_a(7), "beside another: {is_beside}");
            stage.desk.submit(sell("plain", 2, limit("100"))).await.unwrap();
            stage.trades("plain", Side::Sell, 2).await;
            assert_eq!(stage.bare().await, of_a(5), "it is closed by what is none of the bracket's");
        }
    });
}
