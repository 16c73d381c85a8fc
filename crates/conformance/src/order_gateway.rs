//! The promises of [`OrderGateway`].

mod emergency;
mod events;
mod families;
mod harness;
mod orders;
mod previews;
mod questions;
mod stage;

pub use emergency::{
    every_open_order_leaves_the_open_orders_and_never_trades_again, with_nothing_open_it_is_no_error,
    without_a_link_cancelling_everything_is_not_sent,
};
pub use events::{
    each_executions_commission_is_reported_after_it,
    events_of_one_order_arrive_in_the_order_in_which_the_broker_made_them, every_execution_is_reported,
    the_executions_of_an_order_add_up_to_what_its_status_says,
};
pub use families::{
    a_change_that_names_no_quantity_leaves_an_order_as_large_as_its_group_has_made_it,
    a_family_whose_last_order_never_comes_never_trades_and_can_be_cancelled,
    an_open_order_names_its_parent_and_its_group,
    an_order_that_is_held_back_does_not_trade_before_the_last_of_its_family_is_taken,
};
pub use harness::{Claims, Harness};
pub use orders::{
    a_cancelled_order_leaves_the_open_orders_and_never_trades_again,
    a_changed_time_in_force_shows_there_as_well, a_live_order_is_never_answered_with_no_such_order,
    a_refused_change_leaves_the_order_as_it_was, a_refused_order_never_trades,
    an_accepted_change_shows_in_the_open_orders,
    an_accepted_order_is_among_the_open_orders_or_has_ended_with_an_event,
    an_order_for_an_unknown_instrument_is_refused,
    cancelling_an_order_that_has_ended_is_no_such_order_and_changes_nothing,
    the_same_key_twice_is_never_two_orders, without_a_link_it_is_not_sent,
};
pub use previews::{
    a_key_that_was_previewed_can_still_be_ordered, a_preview_never_trades_and_leaves_no_order,
    a_preview_of_what_would_be_refused_is_refused, without_a_link_a_preview_is_unavailable,
};
pub use questions::{
    a_row_that_cannot_be_read_is_named_as_unread_and_hides_no_other,
    an_order_that_ended_shows_up_with_its_last_status, earlier_ones_than_asked_for_do_not_come_back,
    every_execution_that_was_reported_is_there_once,
    executions_from_before_a_reconnect_are_still_there_after_it,
    it_holds_every_live_order_of_ours_with_its_key, the_snapshot_is_whole_or_an_error,
};

#[expect(unused_imports, reason = "named by the documentation")]
use tradeport_orders::OrderGateway;

crate::cases::port_cases! { $
    order_gateway, order_gateway_conformance:
    an_accepted_order_is_among_the_open_orders_or_has_ended_with_an_event [] =
        "an accepted order is among the open orders or has ended with an event",
    a_refused_order_never_trades [] = "a refused order never trades",
    the_same_key_twice_is_never_two_orders [] = "the same key twice is never two orders",
    an_order_for_an_unknown_instrument_is_refused [] = "an order for an unknown instrument is `Refused`",
    without_a_link_it_is_not_sent [] = "without a link it is `NotSent`",
    an_order_that_is_held_back_does_not_trade_before_the_last_of_its_family_is_taken [] =
        "an order that is held back does not trade before the last of its family is taken",
    a_family_whose_last_order_never_comes_never_trades_and_can_be_cancelled [] =
        "a family whose last order never comes never trades, and can be cancelled",
    a_preview_never_trades_and_leaves_no_order [previews_orders] =
        "a preview never trades and leaves no order",
    a_preview_of_what_would_be_refused_is_refused [previews_orders] =
        "a preview of what would be refused is refused",
    a_key_that_was_previewed_can_still_be_ordered [previews_orders] =
        "a key that was previewed can still be ordered",
    without_a_link_a_preview_is_unavailable [previews_orders] = "without a link a preview is `Unavailable`",
    a_refused_change_leaves_the_order_as_it_was [changes_working_orders] =
        "a refused change leaves the order as it was",
    an_accepted_change_shows_in_the_open_orders [changes_working_orders] =
        "an accepted change shows in the open orders",
    a_changed_time_in_force_shows_there_as_well [changes_working_orders] =
        "a changed time in force shows there as well",
    a_change_that_names_no_quantity_leaves_an_order_as_large_as_its_group_has_made_it [changes_working_orders] =
        "a change that names no quantity leaves an order as large as its group has made it",
    a_cancelled_order_leaves_the_open_orders_and_never_trades_again [] =
        "a cancelled order leaves the open orders and never trades again",
    a_live_order_is_never_answered_with_no_such_order [] =
        "a live order is never answered with `NoSuchOrder`",
    cancelling_an_order_that_has_ended_is_no_such_order_and_changes_nothing [] =
        "cancelling an order that has ended is `NoSuchOrder`, and changes nothing",
    every_open_order_leaves_the_open_orders_and_never_trades_again [] =
        "every open order leaves the open orders and never trades again",
    with_nothing_open_it_is_no_error [] = "with nothing open it is no error",
    without_a_link_cancelling_everything_is_not_sent [] =
        "without a link cancelling everything is `NotSent`",
    every_execution_is_reported [] = "every execution is reported",
    events_of_one_order_arrive_in_the_order_in_which_the_broker_made_them [] =
        "events of one order arrive in the order in which the broker made them",
    each_executions_commission_is_reported_after_it [reports_commissions] =
        "each execution's commission is reported after it",
    the_executions_of_an_order_add_up_to_what_its_status_says [] =
        "the executions of an order add up to what its status says",
    the_snapshot_is_whole_or_an_error [] = "the snapshot is whole or an error",
    it_holds_every_live_order_of_ours_with_its_key [] = "it holds every live order of ours with its key",
    an_open_order_names_its_parent_and_its_group [] = "an open order names its parent and its group",
    a_row_that_cannot_be_read_is_named_as_unread_and_hides_no_other [may_tell_what_nobody_can_read] =
        "a row that cannot be read is named as unread, and hides no other",
    an_order_that_ended_shows_up_with_its_last_status [tells_completed_orders] =
        "an order that ended shows up with its last status",
    every_execution_that_was_reported_is_there_once [] = "every execution that was reported is there, once",
    executions_from_before_a_reconnect_are_still_there_after_it [] =
        "executions from before a reconnect are still there after it",
    earlier_ones_than_asked_for_do_not_come_back [] = "earlier ones than asked for do not come back",
}
