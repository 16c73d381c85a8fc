//! What a team supplies to test its gateway.

use std::future::Future;
use tradeport_kernel::{AccountId, OrderKey, Symbol};
use tradeport_orders::{OrderChange, OrderDraft, OrderGateway, OrderKind, Side};

/// What gateways differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// What an order would cost can be asked before it is placed.
    pub previews_orders: bool,
    /// Orders that work can be changed.
    pub changes_working_orders: bool,
    /// Commissions are told, execution by execution.
    pub reports_commissions: bool,
    /// Orders that have ended can be asked for.
    pub tells_completed_orders: bool,
    /// Its broker may tell rows that nobody can read.
    pub may_tell_what_nobody_can_read: bool,
}

impl Claims {
    /// Everything.
    pub const ALL: Self = Self {
        previews_orders: true,
        changes_working_orders: true,
        reports_commissions: true,
        tells_completed_orders: true,
        may_tell_what_nobody_can_read: true,
    };
}

/// What a team supplies to test its gateway: a connected one, a market to trade in, and levers.
///
/// The cases order 10 units and more of [`Harness::symbol`] for [`Harness::account`]; there must be money for it.
pub trait Harness: Sized {
    /// The gateway under test.
    type Gateway: OrderGateway + ?Sized;
    /// What it claims to do.
    const CLAIMS: Claims;

    /// A gateway with a link, without any order, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The gateway.
    fn gateway(&self) -> &Self::Gateway;
    /// An account that may trade.
    fn account(&self) -> AccountId;
    /// An instrument that can be traded now, in whole units.
    fn symbol(&self) -> Symbol;
    /// An instrument that the broker does not know.
    fn unknown_symbol(&self) -> Symbol;

    /// A limit order so far from the market that it rests until [`Harness::trade`] brings the market to it.
    fn resting(&self, side: Side) -> OrderKind;
    /// Another price for it, just as far from the market; of the same kind.
    fn resting_elsewhere(&self, side: Side) -> OrderKind;
    /// A kind that trades at once.
    fn marketable(&self, side: Side) -> OrderKind;
    /// Turns an order into one that the broker refuses; unless said otherwise, by its instrument.
    fn refusable(&self, draft: OrderDraft) -> OrderDraft {
        OrderDraft { symbol: self.unknown_symbol(), ..draft }
    }
    /// A change of a resting order that the broker refuses; unless said otherwise, one of its kind.
    fn refusable_change(&self) -> OrderChange {
        OrderChange::to_kind(OrderKind::Market)
    }

    /// Lever: brings the market to the resting order of this key, if it is alive, so that this many whole units of
    /// it trade and no other order does; then away again. For an order that is dead it moves the market all the same.
    fn trade(&self, key: &OrderKey, units: u32) -> impl Future<Output = ()>;
    /// Lever: the link is lost.
    fn drop_link(&self) -> impl Future<Output = ()>;
    /// Lever: the link is made again, in a new epoch.
    fn reconnect(&self) -> impl Future<Output = ()>;
    /// Lever: the link is lost in the middle of the next answer to a question, after its first row.
    fn cut_next_answer(&self) -> impl Future<Output = ()>;
    /// Lever: whatever the broker's lists tell of this order, and of its trades, can be read by nobody from now on, but for
    /// its key.
    fn make_unreadable(&self, key: &OrderKey) -> impl Future<Output = ()>;
    /// Lets everything that is under way arrive: moves virtual time, or waits for a moment. At least one second
    /// passes on the broker's clock.
    fn settle(&self) -> impl Future<Output = ()>;
}
