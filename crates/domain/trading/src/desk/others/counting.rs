//! How much orders of others may still trade, all together: as ours of the same shape would count.
//!
//! Left out: groups and families that are theirs in part and ours in part. Nobody tells how those go together, so each order of
//! them counts in full.

use super::Other;
use crate::desk::exposure::adding::{Adding, Share};
use crate::desk::exposure::{OpenUnits, group_of};
use foldhash::HashMap;
use std::collections::BTreeMap;
use tradeport_kernel::{AccountId, Decimal, PermId, Symbol};
use tradeport_orders::Side;

/// Of each account and instrument, what may be bought and sold.
pub(super) type Units = HashMap<AccountId, BTreeMap<Symbol, OpenUnits>>;

/// One account's orders of one instrument.
struct Both<'a> {
    buys: Adding<'a, PermId>,
    sells: Adding<'a, PermId>,
}

pub(super) fn add_up(orders: &[Other]) -> Units {
    let by_number: BTreeMap<PermId, &Other> =
        orders.iter().filter(|it| !it.is_kept).filter_map(|it| Some((it.perm_id?, it))).collect();
    let mut sums: BTreeMap<(&AccountId, Symbol), Both<'_>> = BTreeMap::new();
    for order in orders.iter().filter(|it| it.open() != Some(Decimal::ZERO)) {
        let nothing = || Both { buys: Adding::nothing(), sells: Adding::nothing() };
        let both = sums.entry((&order.account, order.symbol)).or_insert_with(nothing);
        let side = if order.side == Side::Buy { &mut both.buys } else { &mut both.sells };
        // What has traded and is not held yet is beyond its group, and what its parent brought in for it is gone.
        side.add(Share { units: order.untold(), parent: None }, None);
        let parent = order.parent.and_then(|number| by_number.get(&number));
        let brings = parent.and_then(|parent| brought_by(parent, order)).filter(|brings| !brings.is_zero());
        let share = Share { units: order.rest(), parent: order.parent.zip(brings) };
        side.add(share, group_of(order.group.as_ref()));
    }
    let mut units = Units::default();
    for ((account, symbol), both) in sums {
        let open = OpenUnits { buys: both.buys.sum(), sells: both.sells.sum() };
        units.entry(account.clone()).or_default().insert(symbol, open);
    }
    units
}

/// What an order still brings in for one that comes alive by it.
fn brought_by(parent: &Other, child: &Other) -> Option<Decimal> {
    let fits = parent.account == child.account
        && parent.symbol == child.symbol
        && parent.side == child.side.opposite();
    parent.open().filter(|_| fits)
}
