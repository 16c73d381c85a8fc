//! The situations, each written once for whoever trades.

use crate::stage::{Trial, key};
use crate::street::Way;
use tradeport_orders::BrokerPhase;

/// A situation: its row among the failures that were collected, what happens, and how it goes.
pub(crate) struct Scenario {
    pub(crate) row: &'static str,
    pub(crate) what: &'static str,
    pub(crate) play: fn(&mut Trial),
}

/// Makes of each situation an entry of the table and a test that our desk passes it.
macro_rules! scenarios {
    ($($name:ident $row:literal $what:literal $play:expr;)+) => {
        pub(crate) const ALL: &[Scenario] = &[$(Scenario { row: $row, what: $what, play: $play }),+];

        $(
            #[test]
            fn $name() {
                crate::table::ours_passes($row);
            }
        )+
    };
}

scenarios! {
    scenario_ord_09_what_is_only_information_ends_no_order
        "ORD-09" "an informational code about a live order" |it| {
            it.want("a", 10, "99");
            it.street.notice(Some("a"), 10_349);
            it.hear();
            it.hear();
        };
    scenario_rst_02_numbers_that_go_back_meet_no_other_order
        "RST-02" "the next number goes back while an order rests" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.relink(Some(1));
            it.want("b", 5, "98");
            it.hear();
            it.hear();
        };
    scenario_ord_12_a_refused_change_leaves_the_order_alive
        "ORD-12" "only the change of price is refused" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.next(Way::Refused);
            it.trader.reprice("a", "98.999");
            it.hear();
        };
    scenario_net_04_executions_are_applied_while_the_broker_is_offline
        "NET-04" "executions arrive after 1100" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.fill("a", 4, true);
            it.street.notice(None, 1_100);
            it.street.fill("a", 6, true);
            it.hear();
            it.street.notice(None, 1_102);
            it.hear();
        };
    scenario_pos_02_a_snapshot_that_never_ends_is_not_empty
        "POS-02" "snapshots never end after a new start, and the intent is asked for again" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.fail_snapshots(4);
            it.trader.restart();
            it.want("a", 10, "99");
            it.hear();
            it.street.fail_snapshots(0);
            it.hear();
            it.want("a", 10, "99");
        };
    scenario_ord_04_no_answer_is_no_answer
        "ORD-04" "one of three placements is never answered" |it| {
            it.want("a", 10, "99");
            it.street.next(Way::AnswerLost);
            it.want("b", 10, "98");
            it.want("c", 10, "97");
            it.street.fill("a", 10, true);
            it.hear();
            it.hear();
            it.relink(None);
        };
    scenario_ord_17_what_traded_before_the_cancel_is_counted
        "ORD-17" "an execution arrives after Cancelled" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.cancel_then_fill("a", 10);
            it.hear();
        };
    scenario_con_12_what_a_dead_connection_took_is_unknown
        "CON-12" "the gateway freezes, takes an order, and wakes up" |it| {
            it.street.freeze();
            it.want("a", 10, "99");
            it.hear();
            it.hear();
            it.street.thaw();
            it.relink(None);
        };
    scenario_exe_01_an_execution_without_any_status_counts
        "EXE-01" "an execution is the only message" |it| {
            it.street.next(Way::AnswerLost);
            it.want("a", 10, "99");
            it.street.fill("a", 10, false);
            it.hear();
        };
    scenario_frm_02_orders_stay_in_reach_when_a_farm_fails
        "FRM-02" "one farm fails for a moment, and the order is cancelled afterwards" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.notice(None, 2_103);
            it.hear();
            it.trader.cancel("a");
            it.hear();
            let live = it.street.live_orders(&key("a"));
            it.must(live == 0, "a: still on order after the cancel");
        };
    scenario_net_05_a_new_connection_forgets_that_the_broker_was_offline
        "NET-05" "1100, then a new socket: its end is never told" |it| {
            it.street.notice(None, 1_100);
            it.hear();
            it.relink(None);
            it.want("a", 10, "99");
            it.hear();
            let live = it.street.live_orders(&key("a"));
            it.must(live == 1, "a: wanted and never sent");
        };
    scenario_exe_03_a_correction_replaces_what_it_corrects
        "EXE-03" "an execution of 10 is corrected to 8" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.fill("a", 10, true);
            it.hear();
            it.street.correct_last(8, false);
            it.hear();
        };
    scenario_rst_01_orders_right_before_the_socket_dies_are_looked_for
        "RST-01" "two orders within the last milliseconds of a socket: one arrived" |it| {
            it.street.next(Way::AnswerLost);
            it.want("a", 10, "99");
            it.street.next(Way::RequestLost);
            it.want("b", 10, "98");
            it.relink(None);
            it.hear();
            let (a, b) = (it.street.live_orders(&key("a")), it.street.live_orders(&key("b")));
            it.must((a, b) == (1, 0), "the broker holds others than arrived");
        };
    scenario_oid_07_a_number_of_yesterday_names_no_order_of_today
        "OID-07" "an order of an earlier session trades under a number that was given again" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.lose_link();
            it.street.fill("a", 10, true);
            it.street.link_again(Some(1));
            it.trader.linked_again();
            it.want("b", 10, "98");
            it.hear();
        };
    scenario_con_15_a_request_between_two_listeners_is_unknown_until_proven
        "CON-15" "an order written right after a reconnect, its listener gone" |it| {
            it.relink(None);
            it.street.next(Way::AnswerLost);
            it.want("a", 10, "99");
            it.hear();
            it.relink(None);
            it.hear();
        };
    scenario_db_12_what_was_acknowledged_survives_the_process
        "DB-12" "the process dies after the acknowledgement, and the intent is asked for again" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.fill("a", 4, true);
            it.hear();
            it.trader.restart();
            it.want("a", 10, "99");
            it.hear();
        };
    scenario_ord_01_a_status_told_three_times_is_one
        "ORD-01" "each status is told three times" |it| {
            it.want("a", 10, "99");
            it.street.fill("a", 4, true);
            it.street.say_status("a", BrokerPhase::Working, 4);
            it.street.say_status("a", BrokerPhase::Working, 4);
            it.hear();
        };
    scenario_ord_08_nothing_goes_back_from_filled
        "ORD-08" "Filled, then Submitted, then PreSubmitted" |it| {
            it.want("a", 10, "99");
            it.street.fill("a", 10, true);
            it.street.say_status("a", BrokerPhase::Working, 0);
            it.street.say_status("a", BrokerPhase::Held, 0);
            it.hear();
        };
    scenario_ord_11_a_refusal_is_one_whatever_comes_after_it
        "ORD-11" "an order is refused, and asked for again under the same name" |it| {
            it.street.next(Way::Refused);
            it.want("a", 10, "99");
            it.hear();
            it.want("a", 10, "99");
            it.hear();
            let live = it.street.live_orders(&key("a"));
            it.must(live == 0, "a: sent again after it was refused");
        };
    scenario_ord_13_a_cancel_without_an_answer_ends_nothing
        "ORD-13" "a cancel is not answered, and the order trades" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.next(Way::RequestLost);
            it.trader.cancel("a");
            it.hear();
            it.street.fill("a", 4, true);
            it.hear();
        };
    scenario_ord_15_a_cancel_that_comes_too_late_waits_for_the_execution
        "ORD-15" "a cancel is refused since the order has filled; its execution comes after that" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.lose_link();
            it.street.fill("a", 10, true);
            it.street.link_again(None);
            it.trader.cancel("a");
            it.trader.linked_again();
            it.hear();
        };
    scenario_ord_16_filled_while_being_cancelled_is_filled
        "ORD-16" "a cancel is on its way, and the order fills" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.next(Way::RequestLost);
            it.trader.cancel("a");
            it.street.say_status("a", BrokerPhase::CancelPending, 0);
            it.street.fill("a", 10, true);
            it.hear();
        };
    scenario_ord_27_waiting_no_longer_changes_nothing_about_the_order
        "ORD-27" "nothing is heard for as long as anybody waits, then it fills" |it| {
            it.street.next(Way::AnswerLost);
            it.want("a", 10, "99");
            it.hear();
            it.street.fill("a", 10, true);
            it.hear();
        };
    scenario_ord_28_an_intent_is_bound_until_it_is_proven_dead
        "ORD-28" "a cancel finds no order, and the intent is asked for again: it had filled" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.lose_link();
            it.street.fill("a", 10, true);
            it.street.link_again(None);
            it.trader.cancel("a");
            it.want("a", 10, "99");
            it.trader.linked_again();
            it.hear();
        };
    scenario_oid_02_a_number_is_spent_whatever_came_of_it
        "OID-02" "an order is refused, and the next one is placed" |it| {
            it.street.next(Way::Refused);
            it.want("a", 10, "99");
            it.want("b", 10, "98");
            it.hear();
            let live = it.street.live_orders(&key("b"));
            it.must(live == 1, "b: not on order");
        };
    scenario_oid_13_killed_before_the_socket_write
        "OID-13" "the process dies between its journal and the socket; the intent is asked for again" |it| {
            it.street.next(Way::DiesBefore);
            it.want("a", 10, "99");
            it.trader.restart();
            it.hear();
            it.want("a", 10, "99");
        };
    scenario_oid_14_killed_after_the_socket_write
        "OID-14" "the process dies right after the socket write; the intent is asked for again" |it| {
            it.street.next(Way::DiesAfter);
            it.want("a", 10, "99");
            it.trader.restart();
            it.hear();
            it.want("a", 10, "99");
        };
    scenario_exe_04_the_highest_revision_counts_in_any_order
        "EXE-04" "the first execution is told again after its correction" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.street.fill("a", 10, true);
            it.street.correct_last(8, true);
            it.hear();
        };
    scenario_exe_05_executions_told_again_count_once
        "EXE-05" "all executions of the day are told again after a reconnect" |it| {
            it.want("a", 10, "99");
            it.street.fill("a", 4, true);
            it.street.fill("a", 3, true);
            it.hear();
            it.relink(None);
            it.street.repeat_executions();
            it.hear();
        };
    scenario_exe_11_what_traded_while_we_were_away_is_added_once
        "EXE-11" "30 of 100 fill, the socket dies, 50 more fill" |it| {
            it.want("a", 100, "99");
            it.hear();
            it.street.fill("a", 30, true);
            it.hear();
            it.street.lose_link();
            it.street.fill("a", 50, true);
            it.street.link_again(None);
            it.trader.linked_again();
            it.hear();
        };
    scenario_exe_14_more_than_was_ordered_is_applied
        "EXE-14" "11 of 10 fill" |it| {
            it.want("a", 10, "99");
            it.hear();
            it.broker_gave("a", 11);
            it.street.fill("a", 6, true);
            it.street.fill("a", 5, true);
            it.street.end("a", BrokerPhase::Filled);
            it.hear();
        };
    scenario_exe_18_equal_fills_are_two
        "EXE-18" "two fills of the same size and price in one second" |it| {
            it.want("a", 10, "99");
            it.street.fill("a", 3, true);
            it.street.fill("a", 3, true);
            it.hear();
        };
}
