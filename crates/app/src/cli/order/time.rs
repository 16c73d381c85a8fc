//! When an order is alive, as it is typed.

use crate::cli::{EndMoment, Span, UtcMoment};
use clap::{Args, ValueEnum};
use std::str::FromStr;
use tradeport_orders::{OrderDraft, TimeInForce, TriggerMethod};

/// When it is alive.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Time")]
pub struct TimeArgs {
    /// How long it stands: day, gtc, ioc, fok, gtd:2025-03-01T20:00:00Z, gtt:MOMENT, auc, gtx, dtc or minutes
    #[arg(long, value_name = "TIF", default_value = "day")]
    pub tif: TifText,
    /// It may trade outside of regular sessions
    #[arg(long, visible_alias = "outside-hours")]
    pub outside_rth: bool,
    /// Not before this moment, such as 2025-03-01T14:30:00Z
    #[arg(long, value_name = "MOMENT")]
    pub good_after: Option<UtcMoment>,
    /// What is rarely said.
    #[command(flatten)]
    pub rare: RareTime,
}

/// What is rarely said of time.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Time")]
pub struct RareTime {
    /// It works overnight, too
    #[arg(long, hide_short_help = true)]
    pub overnight: bool,
    /// It takes part before the open
    #[arg(long, hide_short_help = true)]
    pub pre_open: bool,
    /// It stays away from the opening auction
    #[arg(long, hide_short_help = true)]
    pub skip_open_auction: bool,
    /// For so long from when it is sent, such as 90s
    #[arg(long, value_name = "TIME", hide_short_help = true)]
    pub duration: Option<Span>,
    /// A gtc order starts to work at this moment
    #[arg(long, value_name = "MOMENT", hide_short_help = true)]
    pub active_from: Option<UtcMoment>,
    /// A gtc order stops working at this moment
    #[arg(long, value_name = "MOMENT", hide_short_help = true)]
    pub active_until: Option<EndMoment>,
    /// The broker cancels it at this moment
    #[arg(long, value_name = "MOMENT", hide_short_help = true)]
    pub auto_cancel: Option<EndMoment>,
    /// Which prices wake it [default: the broker's choice]
    #[arg(long, value_enum, value_name = "PRICES", hide_short_help = true)]
    pub trigger_by: Option<TriggerBy>,
}

/// Which prices wake what sleeps, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TriggerBy {
    /// One trade
    Last,
    /// Two trades in a row
    DoubleLast,
    /// One bid or ask
    BidAsk,
    /// Two bids or asks in a row
    DoubleBidAsk,
    /// One trade, bid or ask
    LastOrBidAsk,
    /// The middle of bid and ask
    Midpoint,
}

impl TriggerBy {
    /// As orders have it.
    #[must_use]
    pub const fn method(self) -> TriggerMethod {
        match self {
            Self::Last => TriggerMethod::Last,
            Self::DoubleLast => TriggerMethod::DoubleLast,
            Self::BidAsk => TriggerMethod::BidAsk,
            Self::DoubleBidAsk => TriggerMethod::DoubleBidAsk,
            Self::LastOrBidAsk => TriggerMethod::LastOrBidAsk,
            Self::Midpoint => TriggerMethod::Midpoint,
        }
    }
}

impl TimeArgs {
    /// Says it of an order.
    pub fn say(&self, draft: &mut OrderDraft) -> Result<(), String> {
        draft.time_in_force = self.tif.0;
        draft.outside_sessions = self.outside_rth;
        let rare = &self.rare;
        let timing = &mut draft.attributes.timing;
        let moment = |given: Option<UtcMoment>, held: &mut Option<_>| {
            *held = given.map(UtcMoment::timestamp).or(*held);
        };
        moment(self.good_after, &mut timing.good_after);
        moment(rare.active_from, &mut timing.active_from);
        let end = |given: Option<EndMoment>, held: &mut Option<_>| {
            *held = given.map(EndMoment::timestamp).or(*held);
        };
        end(rare.active_until, &mut timing.active_until);
        end(rare.auto_cancel, &mut timing.auto_cancel);
        timing.overnight |= rare.overnight;
        timing.pre_open |= rare.pre_open;
        timing.skip_open_auction |= rare.skip_open_auction;
        timing.trigger_method = rare.trigger_by.map(TriggerBy::method).or(timing.trigger_method);
        if let Some(span) = rare.duration {
            let seconds = u32::try_from(span.duration().as_secs());
            timing.duration_seconds = Some(seconds.map_err(|_| "--duration is too long".to_owned())?);
        }
        Ok(())
    }
}

/// A time in force, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TifText(pub TimeInForce);

impl Default for TifText {
    fn default() -> Self {
        Self(TimeInForce::Day)
    }
}

impl FromStr for TifText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        const EXPECTED: &str =
            "expected day, gtc, ioc, fok, gtd:2025-03-01T20:00:00Z, gtt:MOMENT, auc, gtx, dtc or minutes";
        let small = text.to_ascii_lowercase();
        let until = |moment: &str| moment.parse::<EndMoment>().map_err(|error| error.to_string());
        Ok(Self(match small.as_str() {
            "day" => TimeInForce::Day,
            "gtc" => TimeInForce::GoodTillCancelled,
            "ioc" => TimeInForce::ImmediateOrCancel,
            "fok" => TimeInForce::FillOrKill,
            "auc" => TimeInForce::Auction,
            "gtx" => TimeInForce::GoodTillCrossing,
            "dtc" => TimeInForce::DayTillCancelled,
            "minutes" => TimeInForce::Minutes,
            _ => match (small.get(..4), text.get(4..)) {
                (Some("gtd:"), Some(moment)) => TimeInForce::GoodTillDate(until(moment)?.timestamp()),
                (Some("gtt:"), Some(moment)) => TimeInForce::GoodTillTime(until(moment)?.timestamp()),
                _ => return Err(EXPECTED.to_owned()),
            },
        }))
    }
}
