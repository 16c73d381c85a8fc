//! What a bracket's entry brought in has the stop that the bracket asked for, or it is told.

mod settled;

use crate::breaks::held;
use crate::support::*;
use futures::executor::block_on;
use std::time::Duration;
use tradeport_kernel::{Clock, Decimal, Timestamp};
use tradeport_orders::{
    Bracket, BrokerNews, BrokerPhase, BrokerStatus, CancelTag, ExecutedPart, Execution, ExecutionId, Order,
    OrderDraft, OrderIntent, OrderKind, OrderSize, OrderState, Side, TimeInForce,
};
use tradeport_trading::{Bracketed, CoverGap, OrderDesk, ProtectionPolicy, StopDemand};

fn bracket(name: &str, units: u32) -> Vec<OrderIntent> {
    let entry = OrderDraft { kind: limit("99"), ..buy(name, units).to_draft() };
    Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap()
}

fn sell(name: &str, units: u32, kind: OrderKind) -> OrderIntent {
    OrderDraft { side: Side::Sell, kind, ..buy(name, units).to_draft() }.check().unwrap()
}

fn stop_at_80() -> OrderKind {
    OrderKind::Stop { stop: "80".parse().unwrap() }
}

/// What the broker says of orders, taken in at once.
struct Stage {
    house: House,
    desk: OrderDesk,
}

impl Stage {
    async fn new() -> Self {
        let house = House::new();
        let desk = house.desk().await;
        Self { house, desk }
    }

    async fn place(&self, bracket: Vec<OrderIntent>) {
        assert!(self.desk.submit_family(bracket).await.unwrap().called_off.is_none());
    }

    async fn trades(&self, name: &str, side: Side, units: u32) {
        let root = format!("{name}-{units}-{side}");
        let execution = Execution { side, ..execution(&root, Some(name), units) };
        self.house.broker.say(Some(name), BrokerNews::Executed(execution));
        self.desk.pump().await.unwrap();
    }

    /// That so many traded was wrong.
    async fn corrects(&self, name: &str, side: Side, was: u32, units: u32) {
        let told = execution(&format!("{name}-{was}-{side}"), Some(name), units);
        let id = ExecutionId::new(told.id.root(), 2);
        self.house.broker.say(Some(name), BrokerNews::Executed(Execution { id, side, ..told }));
        self.desk.pump().await.unwrap();
    }

    async fn ends(&self, name: &str) {
        let status =
            BrokerStatus { phase: BrokerPhase::Cancelled, filled: 0.into(), perm_id: None, reason: None };
        self.house.broker.say(Some(name), BrokerNews::Status(status));
        self.desk.pump().await.unwrap();
    }

    /// The entry of a bracket for 10 traded 4 and ended, and its exits with it.
    async fn half(name: &str) -> Self {
        let stage = Self::new().await;
        stage.place(bracket(name, 10)).await;
        stage.trades(name, Side::Buy, 4).await;
        for name in [name, &format!("{name}.stop1"), &format!("{name}.target1")] {
            stage.ends(name).await;
        }
        stage
    }

    async fn gaps(&self) -> Vec<CoverGap> {
        self.desk.cover_gaps(&ProtectionPolicy::default()).await
    }

    /// How much is bare, and whose.
    async fn bare(&self) -> Option<(Decimal, Vec<String>)> {
        let gap = self.gaps().await.pop()?;
        Some((gap.bare, gap.brackets.iter().map(ToString::to_string).collect()))
    }

    /// Another process on the same journal, to whose broker so much is held.
    async fn reopened(self, units: i64) -> Self {
        self.house.broker.script(|script| script.positions = vec![held(units)]);
        let desk = self.house.desk().await;
        Self { desk, ..self }
    }
}

fn of_a(units: i64) -> Option<(Decimal, Vec<String>)> {
    Some((units.into(), vec!["a".to_owned()]))
}

/// What the broker had counted of a stop before it took some of it back has not been sold.
#[test]
fn what_a_correction_takes_back_of_a_stop_is_told_to_have_none() {
    block_on(async {
        for counted in [false, true] {
            let stage = Stage::new().await;
            stage.place(bracket("a", 10)).await;
            stage.trades("a", Side::Buy, 10).await;
            stage.trades("a.stop1", Side::Sell, 10).await;
            if counted {
                let (phase, perm_id) = (BrokerPhase::Filled, None);
                let filled = BrokerStatus { phase, filled: 10.into(), perm_id, reason: None };
                stage.house.broker.say(Some("a.stop1"), BrokerNews::Status(filled));
            }
            stage.ends("a.target1").await;
            assert_eq!(stage.bare().await, None, "nothing is held");
            stage.corrects("a.stop1", Side::Sell, 10, 6).await;
            assert_eq!(stage.bare().await, of_a(4), "counted: {counted}");
            let stage = stage.reopened(4).await;
            assert_eq!(stage.bare().await, of_a(4), "counted: {counted}");
        }
    });
}

#[test]
fn scenario_ord_23_what_half_an_entry_brought_in_is_told_once_its_exits_are_gone_with_it() {
    block_on(async {
        let stage = Stage::new().await;
        stage.place(bracket("a", 10)).await;
        stage.trades("a", Side::Buy, 4).await;
        assert_eq!(stage.bare().await, None, "it may still trade");
        stage.desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
        stage.ends("a").await;
        assert_eq!(stage.bare().await, None, "its stop is still there");
        stage.ends("a.stop1").await;
        assert_eq!(stage.bare().await, of_a(4));
        let gap = stage.gaps().await.pop().unwrap();
        assert_eq!((gap.held, gap.covered), (4.into(), 0.into()));
        assert_eq!(
            gap.to_string(),
            "DU1 holds 4 AAPL, and the stops that a wanted for 4 of it are gone: tradeport order sell \"AAPL\" 4 \
             --stop PRICE --tif gtc"
        );
        let except = ProtectionPolicy { except: [apple()].into(), ..ProtectionPolicy::default() };
        assert_eq!(stage.desk.cover_gaps(&except).await, [], "it needs none");
        let demanded = ProtectionPolicy { stop: StopDemand::Any, ..ProtectionPolicy::default() };
        assert_eq!(stage.desk.cover_gaps(&demanded).await.len(), 1, "told once");
    });
}

#[test]
fn another_stop_solves_it_and_one_for_a_part_that_part() {
    block_on(async {
        let stage = Stage::half("a").await;
        stage.desk.submit(sell("b", 3, stop_at_80())).await.unwrap();
        assert_eq!(stage.bare().await, of_a(1));
        stage.desk.submit(sell("c", 1, stop_at_80())).await.unwrap();
        assert_eq!(stage.bare().await, None);
        stage.ends("b").await;
        assert_eq!(stage.bare().await, of_a(3), "it is gone again");
    });
}

#[test]
fn it_is_told_after_a_restart_with_and_without_a_checkpoint() {
    block_on(async {
        let stage = Stage::half("a").await.reopened(4).await;
        assert_eq!(stage.bare().await, of_a(4));
        stage.desk.checkpoint().await.unwrap();
        let stage = stage.reopened(4).await;
        assert_eq!(stage.bare().await, of_a(4));
        assert_eq!(stage.reopened(0).await.bare().await, None, "it was closed while nobody looked");
    });
}

#[test]
fn what_an_exit_closed_needs_no_stop() {
    block_on(async {
        for (exit, other) in [("a.stop1", "a.target1"), ("a.target1", "a.stop1")] {
            let stage = Stage::new().await;
            stage.place(bracket("a", 10)).await;
            stage.trades("a", Side::Buy, 10).await;
            assert_eq!(stage.bare().await, None);
            // The broker has counted it before its execution comes, and the other is gone.
            let traded =
                BrokerStatus { phase: BrokerPhase::Filled, filled: 10.into(), perm_id: None, reason: None };
            stage.house.broker.say(Some(exit), BrokerNews::Status(traded));
            stage.ends(other).await;
            assert_eq!(stage.bare().await, None, "{exit} has closed it");
            stage.trades(exit, Side::Sell, 10).await;
            assert_eq!(stage.bare().await, None);
            stage.desk.submit(buy("b", 5)).await.unwrap();
            stage.trades("b", Side::Buy, 5).await;
            assert_eq!(stage.bare().await, None, "nobody wanted a stop for that");
        }
    });
}

#[test]
fn an_entry_that_filled_whole_and_lost_its_stop_is_told_and_a_part_that_was_taken_is_not() {
    block_on(async {
        let stage = Stage::new().await;
        stage.place(bracket("a", 10)).await;
        stage.trades("a", Side::Buy, 10).await;
        stage.trades("a.target1", Side::Sell, 6).await;
        assert_eq!(stage.bare().await, None);
        stage.ends("a.stop1").await;
        assert_eq!(stage.bare().await, of_a(4));
        stage.trades("a.target1", Side::Sell, 4).await;
        assert_eq!(stage.bare().await, None);
    });
}

/// The fill that comes after the broker's word that the entry is cancelled.
#[test]
fn what_trades_after_its_cancel_is_bare_as_well() {
    block_on(async {
        let stage = Stage::new().await;
        stage.place(bracket("a", 10)).await;
        for name in ["a", "a.stop1", "a.target1"] {
            stage.ends(name).await;
        }
        assert_eq!(stage.bare().await, None);
        stage.trades("a", Side::Buy, 4).await;
        assert_eq!(stage.bare().await, of_a(4));
    });
}

#[test]
fn what_was_sold_by_another_order_is_closed_and_what_is_bought_later_is_none_of_the_brackets() {
    block_on(async {
        let stage = Stage::half("a").await;
        stage.desk.submit(sell("b", 3, OrderKind::Market)).await.unwrap();
        stage.trades("b", Side::Sell, 3).await;
        assert_eq!(stage.bare().await, of_a(1));
        stage.desk.submit(sell("c", 1, OrderKind::Market)).await.unwrap();
        stage.trades("c", Side::Sell, 1).await;
        assert_eq!(stage.bare().await, None);
        stage.desk.submit(buy("d", 20)).await.unwrap();
        stage.trades("d", Side::Buy, 20).await;
        assert_eq!(stage.bare().await, None, "that was bought without a stop");
        stage.desk.checkpoint().await.unwrap();
        let stage = stage.reopened(20).await;
        assert_eq!(stage.bare().await, None, "and after a restart it still is");
    });
}

#[test]
fn a_stop_of_one_bracket_protects_no_more_of_another_than_it_has_to_spare() {
    block_on(async {
        let stage = Stage::half("a").await;
        stage.place(bracket("b", 5)).await;
        stage.trades("b", Side::Buy, 5).await;
        assert_eq!(stage.bare().await, of_a(4));
        // Of those five a target takes two out, and the broker leaves the stop as it is.
        stage.trades("b.target1", Side::Sell, 2).await;
        assert_eq!(stage.bare().await, of_a(2));
        stage.desk.submit(sell("c", 2, stop_at_80())).await.unwrap();
        assert_eq!(stage.bare().await, None);
        stage.ends("b.stop1").await;
        assert_eq!(stage.bare().await, Some((5.into(), vec!["a".to_owned(), "b".to_owned()])));
        stage.desk.submit(sell("d", 2, stop_at_80())).await.unwrap();
        assert_eq!(stage.bare().await, Some((3.into(), vec!["b".to_owned()])), "the older one has its stop");
    });
}

#[test]
fn who_wanted_no_stop_lacks_none_and_a_stop_for_a_part_is_one_for_that_part() {
    block_on(async {
        let stage = Stage::new().await;
        let entry = OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() };
        let target = Bracket::around(entry).target("120".parse().unwrap());
        stage.place(target.build().unwrap()).await;
        stage.trades("a", Side::Buy, 10).await;
        stage.ends("a.target1").await;
        assert_eq!(stage.bare().await, None);
        let stage = Stage::new().await;
        let entry = OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() };
        let halves = [quantity(4), quantity(6)];
        let stops =
            Bracket::around(entry).stop_for(halves[0], stop_at_80()).stop_for(halves[1], stop_at_80());
        stage.place(stops.build().unwrap()).await;
        stage.trades("a", Side::Buy, 10).await;
        assert_eq!(stage.bare().await, None);
        stage.ends("a.stop1").await;
        assert_eq!(stage.bare().await, of_a(4));
    });
}

#[test]
fn a_short_entry_that_lost_its_stop_is_bought_back() {
    block_on(async {
        let stage = Stage::new().await;
        let draft = OrderDraft { side: Side::Sell, kind: limit("101"), ..buy("a", 10).to_draft() };
        let stop = Bracket::around(draft).stop("120".parse().unwrap());
        stage.place(stop.build().unwrap()).await;
        stage.trades("a", Side::Sell, 10).await;
        stage.ends("a.stop1").await;
        assert_eq!(stage.bare().await, of_a(10));
        assert!(stage.gaps().await[0].remedy().contains("order buy \"AAPL\" 10 --stop"));
    });
}

/// Whoever trades both ways ends one bracket by hand and begins another the other way.
#[test]
fn what_closed_one_bracket_is_no_position_beside_the_next_one() {
    block_on(async {
        let stage = Stage::half("a").await;
        stage.desk.submit(sell("b", 4, OrderKind::Market)).await.unwrap();
        stage.trades("b", Side::Sell, 4).await;
        assert_eq!(stage.bare().await, None);
        let short = OrderDraft { side: Side::Sell, kind: limit("101"), ..buy("c", 4).to_draft() };
        stage.place(Bracket::around(short).stop("120".parse().unwrap()).build().unwrap()).await;
        stage.trades("c", Side::Sell, 4).await;
        assert_eq!(stage.bare().await, None);
        stage.ends("c.stop1").await;
        let of_c = Some((4.into(), vec!["c".to_owned()]));
        assert_eq!(stage.bare().await, of_c);
        stage.desk.checkpoint().await.unwrap();
        let stage = stage.reopened(-4).await;
        assert_eq!(stage.bare().await, of_c);
        // What is sold beyond it has no stop that anybody asked for, and what is bought back of it ends that first.
        stage.desk.submit(sell("d", 5, OrderKind::Market)).await.unwrap();
        stage.trades("d", Side::Sell, 5).await;
        assert_eq!(stage.bare().await, of_c);
        stage.desk.submit(buy("e", 5)).await.unwrap();
        stage.trades("e", Side::Buy, 5).await;
        assert_eq!(stage.bare().await, of_c);
        stage.desk.submit(buy("f", 3)).await.unwrap();
        stage.trades("f", Side::Buy, 3).await;
        assert_eq!(stage.bare().await, Some((1.into(), vec!["c".to_owned()])));
    });
}

#[test]
fn what_an_exit_took_out_is_no_position_of_its_bracket_any_more() {
    block_on(async {
        let stage = Stage::new().await;
        stage.place(bracket("a", 10)).await;
        stage.trades("a", Side::Buy, 10).await;
        stage.trades("a.stop1", Side::Sell, 10).await;
        // All of this one is beside brackets.
        stage.desk.submit(sell("b", 10, OrderKind::Market)).await.unwrap();
        stage.trades("b", Side::Sell, 10).await;
        let short = OrderDraft { side: Side::Sell, kind: limit("101"), ..buy("c", 5).to_draft() };
        stage.place(Bracket::around(short).stop("120".parse().unwrap()).build().unwrap()).await;
        stage.trades("c", Side::Sell, 5).await;
        stage.ends("c.stop1").await;
        let of_c = Some((5.into(), vec!["c".to_owned()]));
        assert_eq!(stage.bare().await, of_c);
        stage.desk.submit(buy("e", 10)).await.unwrap();
        stage.trades("e", Side::Buy, 10).await;
        assert_eq!(stage.bare().await, of_c, "what was beside it is bought back first");
    });
}

#[test]
fn what_a_correction_took_back_was_never_beside_a_bracket() {
    block_on(async {
        let stage = Stage::new().await;
        let short = OrderDraft { side: Side::Sell, kind: limit("101"), ..buy("a", 5).to_draft() };
        stage.place(Bracket::around(short).stop("120".parse().unwrap()).build().unwrap()).await;
        stage.trades("a", Side::Sell, 5).await;
        stage.ends("a.stop1").await;
        stage.desk.submit(sell("b", 10, OrderKind::Market)).await.unwrap();
        stage.trades("b", Side::Sell, 10).await;
        stage.corrects("b", Side::Sell, 10, 4).await;
        assert_eq!(stage.bare().await, of_a(5));
        stage.desk.submit(buy("c", 6)).await.unwrap();
        stage.trades("c", Side::Buy, 6).await;
        assert_eq!(stage.bare().await, of_a(3), "four were beside it");
    });
}

#[test]
fn what_half_an_entry_brought_in_is_told_while_the_rest_may_trade_once_its_stop_never_will_act() {
    block_on(async {
        let stage = Stage::new().await;
        stage.place(bracket("a", 10)).await;
        stage.trades("a", Side::Buy, 4).await;
        assert_eq!(stage.bare().await, None, "its stop is there");
        stage.ends("a.stop1").await;
        assert_eq!(stage.bare().await, of_a(4));
        stage.desk.submit(sell("b", 4, stop_at_80())).await.unwrap();
        assert_eq!(stage.bare().await, None);
        stage.trades("a", Side::Buy, 6).await;
        assert_eq!(stage.bare().await, of_a(6));
    });
}

/// Of what was held before nothing here knows whose it was: what a plain order sells of it is no short position for ever.
#[test]
fn what_was_held_before_there_was_a_bracket_is_none_of_it() {
    block_on(async {
        let stage = Stage::new().await.reopened(90).await;
        stage.place(bracket("a", 10)).await;
        stage.trades("a", Side::Buy, 10).await;
        for (name, side, units) in [("b", Side::Sell, 100), ("c", Side::Buy, 20)] {
            let order = OrderDraft { side, ..buy(name, units).to_draft() };
            stage.desk.submit(order.check().unwrap()).await.unwrap();
            stage.trades(name, side, units).await;
        }
        stage.ends("a.stop1").await;
        assert_eq!(stage.bare().await, None, "all of it was sold, and that was bought without a stop");
        // What was bought and sold again is no short position either.
        let stage = Stage::half("a").await;
        for (name, side) in [("b", Side::Buy), ("c", Side::Sell)] {
            let order = OrderDraft { side, ..buy(name, 20).to_draft() };
            stage.desk.submit(order.check().unwrap()).await.unwrap();
            stage.trades(name, side, 20).await;
        }
        assert_eq!(stage.bare().await, of_a(4));
    });
}

/// How a stop comes not to act, before this moment if it ever does.
type Sleeps = fn(&mut OrderDraft, Timestamp);

/// It is there, and does not act: not before its time, or not until somebody wakes it.
#[test]
fn a_stop_that_sleeps_protects_nothing() {
    block_on(async {
        let stage = Stage::half("a").await;
        let later = stage.house.clock.now().after(Duration::from_secs(3_600));
        let sleeping: [(&str, Sleeps); 3] = [
            ("b", |it, later| it.attributes.timing.good_after = Some(later)),
            ("c", |it, later| it.attributes.timing.active_from = Some(later)),
            ("d", |it, _| it.attributes.deactivated = true),
        ];
        for (name, sleeps) in sleeping {
            let mut stop = sell(name, 4, stop_at_80()).to_draft();
            sleeps(&mut stop, later);
            stop.time_in_force = TimeInForce::GoodTillCancelled;
            let placed = stage.desk.submit(stop.check().unwrap()).await.unwrap();
            assert_eq!(placed.order.state(), OrderState::Working, "{name}: {:?}", placed.order.reason());
            assert_eq!(stage.bare().await, of_a(4), "{name}");
        }
        stage.ends("c").await;
        stage.house.clock.advance(Duration::from_secs(3_600));
        assert_eq!(stage.bare().await, None, "its time has come");
        let demanded = ProtectionPolicy { stop: StopDemand::Any, ..ProtectionPolicy::default() };
        assert_eq!(stage.desk.cover_gaps(&demanded).await, []);
    });
}

#[test]
fn what_is_left_of_one_bracket_is_seen_from_its_orders_alone() {
    block_on(async {
        let stage = Stage::half("a").await;
        let orders = stage.desk.orders().await;
        let entry = orders.iter().find(|order| order.intent().key() == &key("a")).unwrap();
        assert_eq!(entry.size(), OrderSize::Units(quantity(10)));
        assert_eq!(Bracketed::of(entry, &orders).unwrap().bare(), 4.into());
        assert!(Bracketed::of(&orders[1], &orders).is_none(), "an exit has none");
    });
}
