//! Real-time bars: one for every five seconds, when they are over.

use super::{contract_of, duplicate, has_no_line, market_name, unknown};
use crate::server::board::{FaceKey, double};
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::history::{self, Series, Show};
use crate::server::limits::Ask;
use crate::server::outbox::Outbox;
use crate::server::session::SessionId;
use crate::server::world::World;
use crate::wire::proto::{CancelRealTimeBars, RealTimeBarTick, RealTimeBarsRequest};

/// The length of a bar in seconds; others are not served, as in TWS.
const LENGTH: i64 = 5;

/// One stream.
#[derive(Debug)]
pub(crate) struct Stream {
    id: i32,
    key: FaceKey,
    series: Series,
    is_regular: bool,
    /// The end of the last bar that was told.
    told_until: i64,
}

impl Stream {
    /// Tells the bar that is over, if one is.
    pub(super) fn tell(&mut self, world: &mut World, outbox: &mut Outbox, to: SessionId) {
        let now = world.now().nanos().div_euclid(1_000_000_000);
        let until = now - now.rem_euclid(LENGTH);
        if until <= self.told_until {
            return;
        }
        self.told_until = until;
        let is_scripted = {
            let Some(face) = world.face(self.key) else { return };
            let hours = face.hours();
            if !hours.is_open(until - 1, self.is_regular) {
                return;
            }
            face.symbol()
        };
        let scripted = world.scripted_price(is_scripted);
        let Some(mut bar) = self.series.bar(&[(until - LENGTH, until)]) else { return };
        if let Some(price) = scripted {
            bar.flatten(price);
        }
        outbox.say(
            to,
            RealTimeBarTick {
                req_id: Some(self.id),
                time: Some(bar.second),
                open: Some(double(bar.open)),
                high: Some(double(bar.high)),
                low: Some(double(bar.low)),
                close: Some(double(bar.close)),
                volume: Some(bar.volume_text(false)),
                wap: Some(bar.wap_text()),
                count: Some(bar.count),
            },
        );
    }
}

/// Begins a stream.
pub(crate) fn request(context: &mut Context<'_>, request: &RealTimeBarsRequest) {
    let id = request.req_id.unwrap_or_default();
    if context.kept().is_some_and(|kept| kept.market_data.bars.contains_key(&id)) {
        return duplicate(context, id);
    }
    let Some(contract) = contract_of(context, id, request.contract.as_ref()) else { return };
    let refuse = |context: &mut Context<'_>, text: String| {
        let text = format!("Invalid Real-time Query:{text}");
        context.refuse(ApiError::about(id, Code::RealTimeQuery, text));
    };
    let asked = request.what_to_show.as_deref().unwrap_or_default();
    let show = Show::parse(asked).filter(|show| show.is_real_time() && show.is_of(&contract));
    let Some(show) = show else {
        return refuse(context, format!("{asked} is not supported for real-time bars of this contract"));
    };
    if !context.settings.permissions.allow(&contract) {
        return refuse(context, format!("No market data permissions for {}", market_name(&contract)));
    }
    let is_regular = request.use_rth.unwrap_or_default();
    let ask = Ask {
        series: format!("{} bars {asked}", contract.id().number()),
        whole: format!("{} bars {asked} {is_regular} {} {id}", contract.id().number(), context.id.0),
        is_bid_ask: false,
    };
    if !history::is_in_pace(context, &ask) {
        return refuse(context, "Historical data request pacing violation".to_owned());
    }
    if has_no_line(context, id) {
        return;
    }
    let Some(key) = context.world.look(&contract, false) else { return };
    let Some(series) = Series::new(context.world, &contract, show) else { return };
    let now = context.world.now().nanos().div_euclid(1_000_000_000);
    let told_until = now - now.rem_euclid(LENGTH);
    if let Some(kept) = context.kept() {
        kept.market_data.bars.insert(id, Stream { id, key, series, is_regular, told_until });
    }
}

/// Ends a stream.
pub(crate) fn cancel(context: &mut Context<'_>, request: &CancelRealTimeBars) {
    let id = request.req_id.unwrap_or_default();
    let found = context.kept().and_then(|kept| kept.market_data.bars.remove(&id));
    if found.is_none() {
        unknown(context, id, Code::NoSubscription);
    }
}
