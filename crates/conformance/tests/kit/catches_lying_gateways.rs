//! For every promise of the order gateway there is a gateway that breaks it, and its case catches it.

use crate::scripted::{Fault, Fixture, Script};
use std::future::Future;
use std::panic::catch_unwind;
use tradeport_conformance::{order_gateway as kit, run_case};

struct Honest;
impl Script for Honest {
    const FAULT: Fault = Fault::None;
}

// The honest one keeps every promise: what the cases catch below is the fault, not the gateway.
tradeport_conformance::order_gateway_conformance!(Fixture<Honest>);

fn fails<F: Future<Output = ()> + 'static>(case: fn() -> F) -> bool {
    catch_unwind(|| run_case(case)).is_err()
}

macro_rules! caught {
    ($($fault:ident: $case:ident,)+) => {
        mod caught { use super::*;
            $(#[test] fn $case() {
                struct Lying;
                impl Script for Lying {
                    const FAULT: Fault = Fault::$fault;
                }
                assert!(fails(kit::$case::<Fixture<Lying>>), "{:?} is not caught", Fault::$fault);
            })+

            #[test]
            fn every_case_catches_something() {
                let catching = [$(stringify!($case)),+];
                let cases: Vec<_> = kit::CASES.iter().map(|case| case.name).collect();
                assert_eq!(catching[..], cases);
            }
        }
    };
}
caught! {
    ForgetsOrders: an_accepted_order_is_among_the_open_orders_or_has_ended_with_an_event,
    TakesWhatItRefuses: a_refused_order_never_trades,
    SendsTwice: the_same_key_twice_is_never_two_orders,
    TakesUnknownInstruments: an_order_for_an_unknown_instrument_is_refused,
    SendsLater: without_a_link_it_is_not_sent,
    TradesTheHeldBack: an_order_that_is_held_back_does_not_trade_before_the_last_of_its_family_is_taken,
    ReleasesOnALostLink: a_family_whose_last_order_never_comes_never_trades_and_can_be_cancelled,
    PlacesWhatItPreviews: a_preview_never_trades_and_leaves_no_order,
    PreviewsWhatItRefuses: a_preview_of_what_would_be_refused_is_refused,
    RemembersPreviewedKeys: a_key_that_was_previewed_can_still_be_ordered,
    PreviewsWithoutALink: without_a_link_a_preview_is_unavailable,
    ChangesWhatItRefuses: a_refused_change_leaves_the_order_as_it_was,
    IgnoresChanges: an_accepted_change_shows_in_the_open_orders,
    IgnoresChangesOfTime: a_changed_time_in_force_shows_there_as_well,
    GrowsWhatItsGroupHasShrunk: a_change_that_names_no_quantity_leaves_an_order_as_large_as_its_group_has_made_it,
    CancelsInWordsAlone: a_cancelled_order_leaves_the_open_orders_and_never_trades_again,
    DeniesLiveOrders: a_live_order_is_never_answered_with_no_such_order,
    CancelsTheDead: cancelling_an_order_that_has_ended_is_no_such_order_and_changes_nothing,
    CancelsThoseOfTheEpochAlone: every_open_order_leaves_the_open_orders_and_never_trades_again,
    RefusesToCancelNothing: with_nothing_open_it_is_no_error,
    CancelsEverythingWithoutALink: without_a_link_cancelling_everything_is_not_sent,
    DropsEverySecondFill: every_execution_is_reported,
    HoldsFillsBack: events_of_one_order_arrive_in_the_order_in_which_the_broker_made_them,
    ChargesFirst: each_executions_commission_is_reported_after_it,
    ReportsFillsTwice: the_executions_of_an_order_add_up_to_what_its_status_says,
    PassesPartsForWholes: the_snapshot_is_whole_or_an_error,
    ForgetsKeys: it_holds_every_live_order_of_ours_with_its_key,
    ForgetsFamilies: an_open_order_names_its_parent_and_its_group,
    PassesOverWhatItCannotRead: a_row_that_cannot_be_read_is_named_as_unread_and_hides_no_other,
    ForgetsHowItEnded: an_order_that_ended_shows_up_with_its_last_status,
    RepeatsExecutions: every_execution_that_was_reported_is_there_once,
    LosesAnExecutionAcrossAReconnect: executions_from_before_a_reconnect_are_still_there_after_it,
    IgnoresSince: earlier_ones_than_asked_for_do_not_come_back,
}
