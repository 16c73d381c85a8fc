//! Exits for parts: what each of them takes out, cut so that one group holds what is for the same units.
//!
//! What one order of a group fills makes the others smaller. A target for a half, filled, would leave nothing of a target for the
//! other half in the same group, and nothing of a stop for that half. So the units of the entry are cut wherever a target's or a
//! stop's part ends. Each slice is a group of its own; an exit that lies in several is an order in each of them.

use super::{Exit, NotABracket};
use std::collections::BTreeSet;
use tradeport_kernel::{Decimal, Quantity};

/// One order of an exit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Of which exit, by its place.
    pub(super) exit: usize,
    /// For how many units; none for as many as the entry.
    pub(super) quantity: Option<Quantity>,
    /// Of which slice, from the first unit on; none where all is one.
    pub(super) slice: Option<usize>,
}

/// The orders of these exits, in the order of the exits.
pub(super) fn pieces(exits: &[Exit], entry: Option<Quantity>) -> Result<Vec<Piece>, NotABracket> {
    let parts = exits.iter().any(|exit| exit.quantity.is_some());
    let Some(entry) = entry.filter(|_| parts) else {
        return Ok((0..exits.len()).map(|exit| Piece { exit, quantity: None, slice: None }).collect());
    };
    let spans = spans(exits, entry)?;
    let ends: BTreeSet<Decimal> = spans.iter().map(|(_, to)| *to).chain([entry.as_decimal()]).collect();
    let mut from = Decimal::ZERO;
    let mut slices = Vec::with_capacity(ends.len());
    for to in ends {
        slices.push((from, to));
        from = to;
    }
    let one = slices.len() == 1;
    let of_exit = |(exit, (first, last)): (usize, &(Decimal, Decimal))| {
        let within = slices.iter().enumerate().filter(move |(_, (from, to))| first <= from && to <= last);
        let piece = move |(slice, (from, to)): (usize, &(Decimal, Decimal))| {
            let quantity = Quantity::new(to - from).ok();
            Piece { exit, quantity, slice: (!one).then_some(slice) }
        };
        within.map(piece).collect::<Vec<_>>()
    };
    Ok(spans.iter().enumerate().flat_map(of_exit).collect())
}

/// From which unit of the entry to which each exit takes out: targets one after the other, and so do stops; what says nothing of
/// a part takes what the others of its kind leave.
fn spans(exits: &[Exit], entry: Quantity) -> Result<Vec<(Decimal, Decimal)>, NotABracket> {
    let entry = entry.as_decimal();
    let taken = |takes_profit: bool| -> Decimal {
        let of_kind = exits.iter().filter(|exit| exit.takes_profit == takes_profit);
        of_kind.filter_map(|exit| exit.quantity).map(Quantity::as_decimal).sum()
    };
    let (by_targets, by_stops) = (taken(true), taken(false));
    let mut next = [Decimal::ZERO; 2];
    let span = |exit: &Exit| match exit.quantity {
        Some(quantity) => {
            let next = &mut next[usize::from(exit.takes_profit)];
            let from = *next;
            *next += quantity.as_decimal();
            Ok((from, *next))
        }
        None => {
            let (taken, what) = if exit.takes_profit { (by_targets, "target") } else { (by_stops, "stop") };
            if taken < entry { Ok((taken, entry)) } else { Err(NotABracket::NothingLeft { what }) }
        }
    };
    exits.iter().map(span).collect()
}
