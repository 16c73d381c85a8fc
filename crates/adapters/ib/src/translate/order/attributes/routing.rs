//! Where an order goes.

use crate::translate::order::field::{count_out_opt, nonzero_count_in, refused};
use crate::translate::order::unsent::Unsent;
use crate::translate::{FromIbError, ToIbError};
use ibapi::contracts::TagValue;
use ibapi::orders::Order;
use tradeport_orders::{AuctionStrategy, MiscOption, Routing, Text};

pub(super) fn to_ib(routing: &Routing, order: &mut Order) -> Result<(), ToIbError> {
    order.opt_out_smart_routing = routing.opt_out_smart_routing;
    order.route_marketable_to_bbo = routing.marketable_to_best == Some(true);
    order.seek_price_improvement = routing.seek_price_improvement;
    order.use_price_mgmt_algo = routing.price_management == Some(true);
    order.post_to_ats = count_out_opt("time in the broker's own book", routing.own_book_seconds)?;
    order.imbalance_only = routing.imbalance_only;
    let tag = |option: &MiscOption| TagValue {
        tag: option.tag.as_str().to_owned(),
        value: option.value.as_str().to_owned(),
    };
    order.order_misc_options = routing.misc.iter().map(tag).collect();
    Ok(())
}

/// What the library has no field for.
pub(in crate::translate::order) fn unsent(routing: &Routing) -> Unsent {
    Unsent {
        auction_strategy: routing.auction.map_or(0, |strategy| match strategy {
            AuctionStrategy::Match => 1,
            AuctionStrategy::Improvement => 2,
            AuctionStrategy::Transparent => 3,
        }),
        price_management_off: routing.price_management == Some(false),
        marketable_to_best_off: routing.marketable_to_best == Some(false),
    }
}

pub(super) fn from_ib(order: &Order, unsent: Unsent) -> Result<Routing, FromIbError> {
    let field = "orderMiscOptions";
    if order.order_misc_options.len() > Routing::MAX_MISC {
        return Err(refused(field, order.order_misc_options.len(), "more than 100"));
    }
    let text = |text: &str| Text::new(text).map_err(|error| refused(field, text, error));
    let option = |tag: &TagValue| Ok(MiscOption { tag: text(&tag.tag)?, value: text(&tag.value)? });
    let auction = match unsent.auction_strategy {
        0 => None,
        1 => Some(AuctionStrategy::Match),
        2 => Some(AuctionStrategy::Improvement),
        3 => Some(AuctionStrategy::Transparent),
        other => return Err(refused("auctionStrategy", other, "no auction strategy that is known")),
    };
    Ok(Routing {
        opt_out_smart_routing: order.opt_out_smart_routing,
        marketable_to_best: switch(
            "routeMarketableToBbo",
            order.route_marketable_to_bbo,
            unsent.marketable_to_best_off,
        )?,
        seek_price_improvement: order.seek_price_improvement,
        price_management: switch("usePriceMgmtAlgo", order.use_price_mgmt_algo, unsent.price_management_off)?,
        own_book_seconds: nonzero_count_in("postToAts", order.post_to_ats)?,
        auction,
        imbalance_only: order.imbalance_only,
        misc: order.order_misc_options.iter().map(option).collect::<Result<_, _>>()?,
    })
}

fn switch(field: &'static str, on: bool, off: bool) -> Result<Option<bool>, FromIbError> {
    match (on, off) {
        (true, true) => Err(refused(field, on, "it is on and off at once")),
        (true, false) => Ok(Some(true)),
        (false, true) => Ok(Some(false)),
        (false, false) => Ok(None),
    }
}
