//! Depth: ten levels on both sides of the quote, row by row.
//!
//! A book is inserted row by row, then its rows are updated where they have changed. The smart book names the exchange of
//! each row; the plain one does not. What stands behind the best price follows from the contract and the time.
//!
//! Left out: other people's orders. Nobody's order moves this market.

use super::{contract_of, count_all, duplicate, market_name, security_type, size_text, unknown};
use crate::server::board::{Face, FaceKey, Side, double};
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::outbox::Outbox;
use crate::server::session::SessionId;
use crate::server::world::World;
use crate::wire::proto::{
    CancelMarketDepth, MarketDepth, MarketDepthData, MarketDepthL2, MarketDepthRequest,
};
use rust_decimal::prelude::ToPrimitive;
use tradeport_fake_broker::house::mix;
use tradeport_kernel::Decimal;

const MOST_ROWS: usize = 10;
const INSERT: i32 = 0;
const UPDATE: i32 = 1;
const DELETE: i32 = 2;
/// The exchanges of a smart book, best first.
const VENUES: [&str; 5] = ["NASDAQ", "ARCA", "BATS", "EDGEA", "IEX"];

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    price: Decimal,
    size: Decimal,
    venue: &'static str,
}

/// One book.
#[derive(Debug)]
pub(crate) struct Book {
    id: i32,
    key: FaceKey,
    rows: usize,
    is_smart: bool,
    /// Asks, then bids, as they were told: 0 and 1 on the wire.
    told: [Vec<Row>; 2],
}

impl Book {
    /// Tells which rows have changed.
    pub(super) fn tell(&mut self, world: &mut World, outbox: &mut Outbox, to: SessionId) {
        let Some(face) = world.face(self.key) else { return };
        let now =
            [rows(face, face.ask, Decimal::ONE, self.rows), rows(face, face.bid, -Decimal::ONE, self.rows)];
        for ((side, rows), told) in (0..).zip(&now).zip(&self.told) {
            for (position, row) in (0..).zip(rows) {
                let index = usize::try_from(position).unwrap_or(usize::MAX);
                match told.get(index) {
                    Some(before) if before == row => {}
                    Some(_) => self.say(position, UPDATE, side, row, outbox, to),
                    None => self.say(position, INSERT, side, row, outbox, to),
                }
            }
            // From the end, so that positions keep their meaning.
            for (position, row) in (0..).zip(told).skip(rows.len()).collect::<Vec<_>>().into_iter().rev() {
                self.say(position, DELETE, side, row, outbox, to);
            }
        }
        self.told = now;
    }

    fn say(&self, position: i32, operation: i32, side: i32, row: &Row, outbox: &mut Outbox, to: SessionId) {
        let data = MarketDepthData {
            position: Some(position),
            operation: Some(operation),
            side: Some(side),
            price: Some(double(row.price)),
            size: Some(size_text(row.size, false)),
            market_maker: self.is_smart.then(|| row.venue.to_owned()),
            is_smart_depth: self.is_smart.then_some(true),
        };
        if self.is_smart {
            outbox.say(to, MarketDepthL2 { req_id: Some(self.id), market_depth_data: Some(data) });
        } else {
            outbox.say(to, MarketDepth { req_id: Some(self.id), market_depth_data: Some(data) });
        }
    }
}

/// Rows from a best price on, each a step further; the sizes change every second or so.
fn rows(face: &Face, best: Side, way: Decimal, most: usize) -> Vec<Row> {
    let quote = face.quote;
    let is_ask = way.is_sign_positive();
    let level = quote.and_then(|quote| if is_ask { quote.ask() } else { quote.bid() });
    let Some(level) = level else { return Vec::new() };
    let step = face.contract().price_step_at(level.price());
    let second = face.at.nanos().div_euclid(1_000_000_000);
    let seed = face.contract().id().number().cast_unsigned();
    (0..most)
        .zip(0_i64..)
        .zip(VENUES.iter().cycle())
        .map(|((_, place), venue)| {
            let price = level.price().as_decimal() + way * step * Decimal::from(place);
            let steps = (price / step).trunc().to_u64().unwrap_or(0);
            let moment = second.wrapping_add(place).div_euclid(1 + place % 4);
            let chance = mix(seed ^ mix(steps ^ mix(moment.cast_unsigned())));
            let size = best.size * Decimal::from(1 + chance % 9) / Decimal::from(3);
            let size = if place == 0 { best.size } else { size.ceil() };
            Row { price, size, venue }
        })
        .take_while(|row| row.price > Decimal::ZERO)
        .collect()
}

/// Begins a book.
pub(crate) fn request(context: &mut Context<'_>, request: &MarketDepthRequest) {
    let id = request.req_id.unwrap_or_default();
    if context.kept().is_some_and(|kept| kept.market_data.depth.contains_key(&id)) {
        return duplicate(context, id);
    }
    let Some(rows) = request.num_rows.and_then(|rows| usize::try_from(rows).ok()).filter(|rows| *rows > 0)
    else {
        let text = "Error validating request.-'bX' : cause - Please enter a number of rows above zero";
        return context.refuse(ApiError::about(id, Code::BadRequest, text));
    };
    let Some(contract) = contract_of(context, id, request.contract.as_ref()) else { return };
    if matches!(security_type(&contract), "IND" | "BAG" | "CONTFUT") {
        let text = "Deep market data is not supported for this combination of security type/exchange";
        return context.refuse(ApiError::about(id, Code::NoDepth, text));
    }
    if !context.settings.permissions.allow(&contract) {
        let text = format!(
            "Requested market data is not subscribed.Deep market data permissions are missing for {}",
            market_name(&contract)
        );
        return context.refuse(ApiError::about(id, Code::NoMarketData, text));
    }
    let most = context.settings.limits.depth();
    if count_all(context, |kept| kept.depth.len()) >= most {
        let text = format!("Max number ({most}) of market depth requests has been reached");
        return context.refuse(ApiError::about(id, Code::TooMuchDepth, text));
    }
    let Some(key) = context.world.look(&contract, false) else { return };
    let is_smart = request.is_smart_depth.unwrap_or_default();
    if is_smart {
        let text = format!("Exchanges - Depth: {}; Top: {}; ", VENUES.join("; "), "BYX; AMEX");
        context.refuse(ApiError::about(id, Code::SmartDepthVenues, text));
    }
    let mut book = Book { id, key, rows: rows.min(MOST_ROWS), is_smart, told: Default::default() };
    book.tell(context.world, context.outbox, context.id);
    if let Some(kept) = context.kept() {
        kept.market_data.depth.insert(id, book);
    }
}

/// Empties every book and builds it anew, as TWS does when its own feed was interrupted.
pub(crate) fn reset(session: &mut crate::server::session::Session, world: &mut World, outbox: &mut Outbox) {
    for book in session.kept.market_data.depth.values_mut() {
        let text = "Market depth data has been RESET. Please empty deep book contents before applying any new entries.";
        outbox.say(session.id, ApiError::about(book.id, Code::DepthReset, text).message(world.now()));
        book.told = Default::default();
        book.tell(world, outbox, session.id);
    }
}

/// Ends a book.
pub(crate) fn cancel(context: &mut Context<'_>, request: &CancelMarketDepth) {
    let id = request.req_id.unwrap_or_default();
    let found = context.kept().and_then(|kept| kept.market_data.depth.remove(&id));
    if found.is_none() {
        unknown(context, id, Code::NoDepthSubscription);
    }
}
