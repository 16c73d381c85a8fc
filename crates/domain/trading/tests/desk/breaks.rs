//! Positions that moved without a word.

use crate::support::{House, account, apple, audit_down, buy, execution, full, key};
use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use std::sync::Arc;
use tradeport_conformance::mocks::MockAuditLog;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, SignedQuantity, Symbol, Timestamp};
use tradeport_orders::{BrokerNews, ExecutedPart, Execution, ExecutionId, OrderState, Side};
use tradeport_portfolio::{PortfolioSnapshot, Position, SnapshotPosition};
use tradeport_trading::reconciliation::Patience;
use tradeport_trading::{AuditLog, Break, DeskPorts, OrderDesk, PlatformEvent};

pub(crate) fn held(units: i64) -> Position {
    held_of(apple(), units)
}

fn held_of(symbol: Symbol, units: i64) -> Position {
    let quantity = SignedQuantity::new(units.into()).unwrap();
    let nothing = Money::zero(Currency::USD);
    Position::reported(symbol, quantity, nothing, Decimal::ONE, nothing)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// An hour after the beginning so many were held.
pub(crate) fn kept(units: i64) -> PortfolioSnapshot {
    let nothing = Money::zero(Currency::USD);
    let position = SnapshotPosition {
        symbol: apple(),
        quantity: SignedQuantity::new(units.into()).unwrap(),
        average_price: None,
        price: "100".parse().unwrap(),
        value: nothing,
    };
    PortfolioSnapshot {
        account: account(),
        at: at(3_600),
        total_value: nothing,
        cash: nothing,
        realized_pnl: nothing,
        unrealized_pnl: nothing,
        commissions: nothing,
        positions: if units == 0 { vec![] } else { vec![position] },
    }
}

fn trade(root: &str, units: u32, seconds: i64) -> Execution {
    Execution { at: at(seconds), ..execution(root, None, units) }
}

/// Opens a day later with so many at the broker and these trades told; what does not fit what was kept.
fn found(before: i64, now: i64, told: &[Execution]) -> Vec<String> {
    block_on(async {
        let house = House::new();
        house.clock.advance_to(at(86_400));
        house.broker.script(|script| {
            script.positions = if now == 0 { vec![] } else { vec![held(now)] };
            script.executions = told.to_vec();
        });
        let desk = house.desk().await;
        let events = house.bus.subscribe();
        let breaks = desk.breaks_since(&kept(before)).await.unwrap();
        let audited = house.audited().await;
        assert_eq!(audited.len(), breaks.len(), "each is kept: {audited:?}");
        drop((desk, house));
        let told: Vec<PlatformEvent> = events.collect().await;
        assert_eq!(told.len(), breaks.len(), "and told: {told:?}");
        breaks.iter().map(|it| format!("{} {}", it.expected, it.reported)).collect()
    })
}

#[test]
fn scenario_rst_13_a_fill_while_we_were_down_is_a_break_unless_it_is_told() {
    assert_eq!(found(10, 10, &[]), [""; 0]);
    assert_eq!(found(10, 20, &[]), ["10 20"]);
    assert_eq!(found(0, 20, &[]), ["0 20"]);
    assert_eq!(found(10, 0, &[]), ["10 0"]);
    assert_eq!(found(10, 20, &[trade("a", 10, 7_200)]), [""; 0]);
    assert_eq!(found(10, 30, &[trade("a", 10, 7_200)]), ["20 30"]);
    assert_eq!(found(10, 10, &[trade("a", 10, 1_800)]), [""; 0], "it is in what was kept");
    assert_eq!(found(10, 20, &[trade("a", 10, 1_800)]), ["10 20"], "and not again");
}

#[test]
fn a_trade_around_the_moment_of_what_was_kept_may_be_in_it_or_not() {
    for seconds in [3_550, 3_600, 3_650] {
        let trades = [trade("a", 10, seconds)];
        assert_eq!(found(10, 10, &trades), [""; 0], "it was, at {seconds}");
        assert_eq!(found(10, 20, &trades), [""; 0], "it was not, at {seconds}");
        assert_eq!(found(10, 25, &trades).len(), 1);
    }
    let two = [trade("a", 10, 3_590), trade("b", 5, 3_610)];
    assert_eq!(found(10, 15, &two), [""; 0], "the later one alone");
    assert_eq!(found(10, 20, &two).len(), 1, "the earlier one alone cannot be");
}

/// TWS stamps whole seconds, and tells of a second's trades in no order that means anything.
#[test]
fn of_the_trades_of_one_second_any_may_be_in_what_was_kept() {
    let sizes = [1, 2, 4, 8, 16];
    let trades: Vec<Execution> = sizes.iter().map(|size| trade(&format!("e{size}"), *size, 3_600)).collect();
    for inside in 0..32 {
        assert_eq!(found(inside, 31, &trades), [""; 0], "{inside} were in it");
    }
    assert_eq!(found(10, 42, &trades).len(), 1, "more than all of them");
    let later = [trade("a", 4, 3_600), trade("b", 2, 3_600), trade("c", 10, 3_601)];
    assert_eq!(found(4, 16, &later), [""; 0], "the first alone was in it");
    assert_eq!(found(10, 16, &later).len(), 1, "not the later one without those before it");
}

/// What was traded at the very moment of the snapshot is taken to be in it, when neither way fits.
#[test]
fn what_is_expected_counts_the_trades_after_what_was_kept_and_not_those_of_its_moment() {
    assert_eq!(found(10, 25, &[trade("a", 10, 3_600)]), ["10 25"]);
    assert_eq!(found(10, 25, &[trade("a", 10, 3_601)]), ["20 25"]);
}

/// The trade of a combo moves nothing by itself: its legs do.
#[test]
fn trades_of_other_accounts_and_of_combos_as_such_explain_nothing() {
    let elsewhere = Execution { account: AccountId::new("DU2").unwrap(), ..trade("a", 10, 7_200) };
    let combo = Execution { part: ExecutedPart::Combo, ..trade("b", 10, 7_200) };
    for told in [elsewhere, combo] {
        assert_eq!(found(10, 20, std::slice::from_ref(&told)), ["10 20"]);
        assert_eq!(found(10, 10, &[told]), [""; 0]);
    }
}

/// A trade is known by an order of ours, by itself, or by the broker's list of the day, and each may know another revision.
#[test]
fn of_each_trade_its_last_correction_counts_whoever_knows_it() {
    let (of_order, corrected) = (
        |units| Execution { key: Some(key("a")), ..trade("x", units, 7_200) },
        |units| Execution { id: ExecutionId::new("x", 2), key: Some(key("a")), ..trade("x", units, 7_200) },
    );
    block_on(async {
        let house = House::new();
        house.clock.advance_to(at(86_400));
        house.desk().await.submit(buy("a", 10)).await.unwrap();
        house.broker.script(|script| {
            (script.executions, script.positions) = (vec![of_order(4)], vec![held(4)]);
        });
        let desk = house.desk().await;
        house.broker.say(Some("a"), BrokerNews::Executed(corrected(3)));
        desk.pump().await.unwrap();
        assert_eq!(desk.breaks_since(&kept(0)).await.unwrap(), [], "the order knows better");
    });
    block_on(async {
        let house = House::new();
        house.clock.advance_to(at(86_400));
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.say(Some("a"), BrokerNews::Executed(of_order(10)));
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Filled);
        drop(desk);
        house.broker.script(|script| {
            (script.executions, script.positions) = (vec![corrected(8)], vec![held(8)]);
        });
        let desk = house.desk().await;
        assert_eq!(desk.breaks_since(&kept(0)).await.unwrap(), [], "the list knows better");
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), 8.into());
    });
    block_on(async {
        let house = House::new();
        house.clock.advance_to(at(86_400));
        let desk = house.desk().await;
        house.broker.say(None, BrokerNews::Executed(Execution { key: None, ..of_order(10) }));
        desk.pump().await.unwrap();
        house.broker.script(|script| {
            let told = Execution { key: None, ..corrected(8) };
            (script.executions, script.positions) = (vec![told], vec![held(8)]);
        });
        desk.resume().await.unwrap();
        assert_eq!(desk.breaks_since(&kept(0)).await.unwrap(), [], "the list knows better than we");
    });
}

/// Fourteen trades of one second come to 16,384 sums: whatever lies within what was sold and what was bought may be.
#[test]
fn of_too_many_trades_in_one_second_only_what_is_out_of_their_reach_is_a_break() {
    let size = |power: u32| 2 * 2_u32.pow(power);
    let mut trades: Vec<Execution> = (0..14).map(|it| trade(&format!("e{it}"), size(it), 3_600)).collect();
    trades[0].side = Side::Sell;
    // What was kept may have held all of them but one share of an even number: nothing else comes to that.
    let bought = (1..14).map(size).map(i64::from).sum::<i64>();
    assert_eq!(found(100, 99, &trades), [""; 0], "one of the two sold");
    assert_eq!(found(100, 98, &trades), [""; 0], "all that was sold");
    assert_eq!(found(100, 97, &trades).len(), 1, "more than was sold");
    assert_eq!(found(100, 100 + bought, &trades), [""; 0], "all that was bought");
    assert_eq!(found(100, 101 + bought, &trades).len(), 1, "more than was bought");
}

/// Ten thousand sums are looked through one by one: what none of them comes to is found.
#[test]
fn of_as_many_trades_as_can_be_told_apart_each_sum_is_looked_at() {
    let sizes = [1, 2, 4, 8].into_iter().chain([16; 4]).chain([80; 4]).chain([400; 4]).chain([2_000; 4]);
    let trades: Vec<Execution> =
        sizes.enumerate().map(|(it, size)| trade(&format!("e{it}"), 2 * size, 3_600)).collect();
    assert_eq!(found(0, 2 * 9_999, &trades), [""; 0]);
    assert_eq!(found(0, 2 * 777, &trades), [""; 0]);
    assert_eq!(found(0, 777, &trades).len(), 1, "an odd number of pairs");
}

/// An earlier desk of this house, to which the broker tells these holdings at these seconds, without a word of a trade.
async fn earlier_desk(house: &House, told: &[(i64, Vec<Position>)]) {
    let desk = house.desk().await;
    for (seconds, positions) in told {
        house.clock.advance_to(at(*seconds));
        house.broker.script(|script| script.positions = positions.clone());
        desk.resume().await.unwrap();
    }
}

/// A desk that opens a day later with so many at the broker, and holds them against the 10 that were kept.
async fn later_desk(house: &House, now: i64) -> OrderDesk {
    house.clock.advance_to(at(86_400));
    house.broker.script(|script| script.positions = vec![held(now)]);
    let desk = house.desk().await;
    desk.breaks_since(&kept(10)).await.unwrap();
    desk
}

/// What was kept an hour after the beginning holds what stood then, and nothing of what was found later.
#[test]
fn what_moved_without_a_word_again_is_added_to_the_break_that_stands_and_never_twice() {
    type Moves = &'static [(i64, i64)];
    let cases: [(Moves, i64, i64, &str); 10] = [
        (&[], 15, 5, "nothing stood"),
        (&[(7_200, 2)], 12, 2, "found later: it is the move"),
        (&[(7_200, 2)], 15, 5, "found later, and moved on: all of it is the move"),
        (&[(1_800, 2)], 15, 7, "found before: on top of it"),
        (&[(3_600, 2)], 15, 7, "found at that moment: on top of it"),
        (&[(1_800, 2), (7_200, 5)], 13, 5, "changed later: the change is the move"),
        (&[(1_800, 2), (7_200, 5)], 15, 7, "changed later, and moved on: both"),
        (&[(1_800, 2), (7_200, 5)], 12, 4, "changed later, and moved back: both"),
        (&[(1_800, 2), (3_600, 5)], 13, 8, "changed at that moment: on top of it"),
        (&[(1_800, 2), (2_700, 5)], 13, 8, "changed before: on top of it"),
    ];
    for (moved, now, difference, why) in cases {
        let stand = block_on(async {
            let house = House::new();
            // So that there were 10 when that was kept.
            let before = moved.iter().rfind(|(seconds, _)| *seconds <= 3_600).map_or(10, |(_, by)| 10 - by);
            house.broker.script(|script| script.positions = vec![held(before)]);
            let told: Vec<_> =
                moved.iter().map(|(seconds, by)| (*seconds, vec![held(before + by)])).collect();
            earlier_desk(&house, &told).await;
            later_desk(&house, now).await.breaks().await
        });
        let said = |it: &Break| (it.difference(), it.ours().to_owned(), it.broker().to_owned());
        let expected = (Some(difference.into()), (now - difference).to_string(), now.to_string());
        assert_eq!(stand.iter().map(said).collect::<Vec<_>>(), [expected], "{why}");
    }
}

#[test]
fn each_account_is_held_against_what_was_kept_of_it_whichever_comes_first() {
    block_on(async {
        let house = House::new();
        let other = AccountId::new("DU2").unwrap();
        house.broker.script(|script| {
            script.managed = vec![account(), other.clone()];
            script.positions = vec![held(8)];
        });
        earlier_desk(&house, &[(1_800, vec![held(10)]), (7_200, vec![held(13)])]).await;
        house.clock.advance_to(at(86_400));
        house.broker.script(|script| script.positions = vec![held(15)]);
        let desk = house.desk().await;
        for account in [account(), other] {
            desk.breaks_since(&PortfolioSnapshot { account, ..kept(10) }).await.unwrap();
        }
        let stand = desk.breaks().await;
        let said = stand.iter().map(|it| (it.subject().account().unwrap().as_str(), it.difference()));
        assert_eq!(said.collect::<Vec<_>>(), [("DU1", Some(7.into())), ("DU2", Some(7.into()))]);
    });
}

#[test]
fn a_trade_that_was_told_since_a_break_changed_is_no_move() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(8)]);
        earlier_desk(&house, &[(1_800, vec![held(10)]), (7_200, vec![held(13)])]).await;
        // Of the four that it has moved since, three were told; what others hold and what a combo is as such moves nothing.
        let elsewhere = Execution { account: AccountId::new("DU2").unwrap(), ..trade("y", 1, 80_000) };
        let of_another = Execution { symbol: Symbol::new("MSFT").unwrap(), ..trade("z", 1, 80_000) };
        let combo = Execution { part: ExecutedPart::Combo, ..trade("w", 1, 80_000) };
        house.broker.script(|script| {
            script.executions = vec![trade("x", 3, 80_000), elsewhere, of_another, combo];
        });
        let stand = later_desk(&house, 17).await.breaks().await;
        let difference =
            stand.iter().filter(|it| it.subject().symbol() == Some(apple())).map(Break::difference);
        assert_eq!(difference.collect::<Vec<_>>(), [Some(6.into())]);
    });
}

#[test]
fn a_trade_that_is_told_after_its_break_was_found_is_part_of_no_move() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        earlier_desk(&house, &[(7_200, vec![held(12)])]).await;
        // The two of then have their trade by now, and three more have come without a word.
        house.broker.script(|script| script.executions = vec![trade("x", 2, 7_000)]);
        let stand = later_desk(&house, 15).await.breaks().await;
        assert_eq!(stand.iter().map(Break::difference).collect::<Vec<_>>(), [Some(3.into())]);
    });
}

/// The broker tells the executions of its day: what traded before is told no more, and is in what was kept.
#[test]
fn a_trade_that_is_told_no_more_is_in_what_was_kept() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(5)]);
        let desk = house.desk().await;
        house.clock.advance_to(at(1_800));
        house.broker.script(|script| script.positions = vec![held(7)]);
        desk.resume().await.unwrap();
        house.clock.advance_to(at(3_000));
        house.broker.script(|script| {
            (script.executions, script.positions) = (vec![trade("x", 3, 2_700)], vec![held(10)]);
        });
        desk.resume().await.unwrap();
        assert_eq!(desk.breaks().await.len(), 1, "the two of before");
        drop(desk);
        house.broker.script(|script| script.executions.clear());
        let stand = later_desk(&house, 15).await.breaks().await;
        assert_eq!(
            stand.iter().map(Break::difference).collect::<Vec<_>>(),
            [Some(7.into())],
            "two, and five since"
        );
    });
}

#[test]
fn a_break_of_another_share_is_left_as_it_is() {
    block_on(async {
        let house = House::new();
        let microsoft = Symbol::new("MSFT").unwrap();
        house.broker.script(|script| script.positions = vec![held_of(microsoft, 2)]);
        earlier_desk(&house, &[(1_800, vec![])]).await;
        let stand = later_desk(&house, 15).await.breaks().await;
        let said = |it: &Break| (it.subject().symbol(), it.difference());
        let expected = [(Some(microsoft), Some((-2).into())), (Some(apple()), Some(5.into()))];
        assert_eq!(stand.iter().map(said).collect::<Vec<_>>(), expected);
    });
}

#[test]
fn what_moved_without_a_word_is_told_with_what_to_do() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(15)]);
        let found = house.desk().await.breaks_since(&kept(10)).await.unwrap();
        let told = "by what was told DU1 would hold 10 of AAPL, and the broker says 15: look the missing trade up in a \
                    statement";
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), [told]);
    });
}

#[test]
fn scenario_rst_13_a_position_that_moves_while_the_link_is_down_is_a_break_once() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(5)]);
        let desk = house.desk().await;
        desk.resume().await.unwrap();
        assert_eq!(house.audited().await, [""; 0], "nothing moved");
        house.broker.script(|script| {
            script.positions = vec![held(12)];
            script.executions = vec![execution("a", None, 4)];
        });
        desk.resume().await.unwrap();
        let told = "position break DU1 AAPL: by what was told DU1 would hold 9 of AAPL, and the broker says 12: \
                    look the missing trade up in a statement";
        assert_eq!(house.audited().await, [told]);
        desk.resume().await.unwrap();
        assert_eq!(house.audited().await.len(), 1, "the broker's position counts from then on");
        // A correction of what was told is no break, and neither is what is told again.
        house.broker.script(|script| {
            let corrected = ExecutionId::new("a", 2);
            script.executions.push(Execution { id: corrected, ..execution("a", None, 3) });
            script.executions.push(Execution { side: Side::Sell, ..execution("b", None, 1) });
            script.positions = vec![held(10)];
        });
        desk.resume().await.unwrap();
        let kept = house.audited().await;
        assert_eq!(kept.iter().filter(|line| line.starts_with("position break")).count(), 1, "{kept:?}");
    });
}

#[test]
fn a_break_that_cannot_be_kept_holds_orders_until_it_is() {
    block_on(async {
        let house = House::new();
        let mut audit = MockAuditLog::new();
        let (mut breaks, kept) = (0, house.audit.clone());
        audit.expect_append().returning(move |entries| {
            let is_break = entries.iter().any(|entry| entry.action == "position break");
            breaks += u32::from(is_break);
            if is_break && breaks == 1 { Err(full()) } else { kept.append(entries).now_or_never().unwrap() }
        });
        let desk = House::desk_on(DeskPorts { audit: Arc::new(audit), ..house.ports() }).await;
        house.broker.script(|script| script.positions = vec![held(12)]);
        assert!(desk.resume().await.is_err(), "the proof of positions fails");
        desk.resume().await.unwrap();
        let kept = house.audited().await;
        assert_eq!(kept.iter().filter(|line| line.starts_with("position break")).count(), 1, "{kept:?}");
    });
}

/// The breaks are kept, and the audit log cannot be written; then the process ends.
#[test]
fn what_the_audit_log_was_not_told_of_breaks_the_next_process_tells_it() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| script.positions = vec![held(5)]);
        // It has room for nothing but the opening.
        let deaf = House::desk_on(DeskPorts { audit: audit_down(), ..house.ports() });
        drop(desk);
        let deaf = deaf.await;
        house.broker.script(|script| script.positions = vec![held(12)]);
        deaf.reconcile(Some(Patience::NONE)).await.unwrap_err();
        assert_eq!(deaf.breaks().await.len(), 1);
        drop(deaf);
        let about = |audited: Vec<String>| audited.into_iter().filter(|line| line.contains("AAPL")).count();
        assert_eq!(about(house.audited().await), 0);
        let desk = house.desk().await;
        let line = house.audited().await.into_iter().find(|line| line.contains("AAPL")).unwrap();
        assert!(line.starts_with("position break"), "{line}");
        drop(desk);
        house.desk().await;
        assert_eq!(about(house.audited().await), 1, "once");
    });
}
