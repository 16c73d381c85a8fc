//! Brackets as they are typed: `--target 195:50% --target 200:50% --stop 180`.

use super::number::{OffsetText, Part};
use super::{OrderOptions, SideText, TimeArgs};
use crate::cli::Spec;
use clap::Args;
use std::str::FromStr;
use tradeport_kernel::{Decimal, Price, Quantity};
use tradeport_orders::{Bracket, OrderDraft, OrderKind};

/// An entry and its exits.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct BracketArgs {
    /// Which way the entry goes
    #[arg(value_enum, ignore_case = true)]
    pub side: SideText,
    /// The instrument, such as AAPL
    pub symbol: Spec,
    /// How much, above zero
    #[arg(allow_negative_numbers = true)]
    pub quantity: Quantity,
    /// Key and account
    #[command(flatten)]
    pub options: OrderOptions,
    /// Say what it would cost and whether it would go; send nothing
    #[arg(long, help_heading = "Order")]
    pub preview: bool,
    /// The worst price that the entry accepts [default: at the market]
    #[arg(
        long,
        visible_alias = "entry",
        value_name = "PRICE",
        allow_negative_numbers = true,
        help_heading = "Entry"
    )]
    pub limit: Option<Price>,
    /// The price that wakes the entry; with --limit a stop limit order
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true, help_heading = "Entry")]
    pub entry_stop: Option<Price>,
    /// Takes the profit at this price: 195, or of a part of the size: 195:50 or 195:50%; may be repeated
    #[arg(long, value_name = "PRICE[:PART]", allow_hyphen_values = true, help_heading = "Exits")]
    pub target: Vec<TargetText>,
    /// Ends the loss at this price: 180, with a limit: 180/179.5, of a part: 180:50%; may be repeated
    #[arg(long, value_name = "PRICE[/LIMIT][:PART]", allow_hyphen_values = true, help_heading = "Exits")]
    pub stop: Vec<StopText>,
    /// Ends the loss so far behind the market: 5, 2%, of a part: 2%:50; may be repeated
    #[arg(long, value_name = "DISTANCE[:PART]", allow_hyphen_values = true, help_heading = "Exits")]
    pub trail: Vec<TrailText>,
    /// Time of all of them
    #[command(flatten)]
    pub time: TimeArgs,
}

const EXAMPLE: &str = "Such as:
  tradeport order bracket buy AAPL 100 --limit 187 --target 195:50% --target 200:50% --stop 180
The exits come alive when the entry fills; what one of them trades makes those for the same part
smaller. A stop for all is one for each part that a target takes. Their keys follow from the
entry's: KEY.target1, KEY.target2, KEY.stop1, KEY.stop2.";

/// A target: its price, and how much it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetText {
    limit: Price,
    part: Option<Part>,
}

/// A stop: its price, its limit, and how much it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopText {
    kind: OrderKind,
    part: Option<Part>,
}

/// A trailing stop: its distance, and how much it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailText {
    by: OffsetText,
    part: Option<Part>,
}

impl FromStr for TargetText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (price, part) = parted(text)?;
        let expected = || format!("{text:?} is not a target: expected such as 195, 195:50 or 195:50%");
        Ok(Self { limit: price.parse().map_err(|_| expected())?, part })
    }
}

impl FromStr for StopText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (prices, part) = parted(text)?;
        let expected = || format!("{text:?} is not a stop: expected such as 180, 180/179.5 or 180:50%");
        let price = |text: &str| text.parse::<Price>().map_err(|_| expected());
        let kind = match prices.split_once('/') {
            None => OrderKind::Stop { stop: price(prices)? },
            Some((stop, limit)) => OrderKind::StopLimit { stop: price(stop)?, limit: price(limit)? },
        };
        Ok(Self { kind, part })
    }
}

impl FromStr for TrailText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (distance, part) = parted(text)?;
        let expected = || format!("{text:?} is not a trail: expected such as 5, 2% or 2%:50");
        Ok(Self { by: distance.parse().map_err(|_| expected())?, part })
    }
}

fn parted(text: &str) -> Result<(&str, Option<Part>), String> {
    match text.split_once(':') {
        None => Ok((text, None)),
        Some((before, part)) => Ok((before, Some(part.parse()?))),
    }
}

impl BracketArgs {
    /// The kind of the entry.
    #[must_use]
    pub const fn entry_kind(&self) -> OrderKind {
        match (self.limit, self.entry_stop) {
            (Some(limit), Some(stop)) => OrderKind::StopLimit { stop, limit },
            (Some(limit), None) => OrderKind::Limit { limit },
            (None, Some(stop)) => OrderKind::Stop { stop },
            (None, None) => OrderKind::Market,
        }
    }

    /// Does an exit take a part in percent?
    #[must_use]
    pub fn has_shares(&self) -> bool {
        let targets = self.target.iter().map(|it| it.part);
        let stops = self.stop.iter().map(|it| it.part).chain(self.trail.iter().map(|it| it.part));
        targets.chain(stops).any(|part| matches!(part, Some(Part::Percent(_))))
    }

    /// The bracket around its entry; parts in percent are counted in whole lots.
    pub fn around(&self, mut entry: OrderDraft, lot: Decimal) -> Result<Bracket, String> {
        self.time.say(&mut entry)?;
        if self.target.len() > 1 && self.target.iter().any(|target| target.part.is_none()) {
            let words = "several targets: say how much each takes, such as --target 195:50% --target 200:50%";
            return Err(words.to_owned());
        }
        let parts = |parts: Vec<Option<Part>>| quantities(&parts, self.quantity, lot);
        let targets = parts(self.target.iter().map(|target| target.part).collect())?;
        let ends = self.stop.iter().map(|stop| (stop.kind, stop.part));
        let trails = self
            .trail
            .iter()
            .map(|trail| (OrderKind::Trail { by: trail.by.trail(), stop: None }, trail.part));
        let stops: Vec<_> = ends.chain(trails).collect();
        let sizes = parts(stops.iter().map(|(_, part)| *part).collect())?;
        let mut bracket = Bracket::around(entry);
        for (target, size) in self.target.iter().zip(targets) {
            bracket = match size {
                Some(size) => bracket.target_for(size, target.limit),
                None => bracket.target(target.limit),
            };
        }
        for ((kind, _), size) in stops.into_iter().zip(sizes) {
            bracket = match size {
                Some(size) => bracket.stop_for(size, kind),
                None => bracket.stop_by(kind),
            };
        }
        Ok(bracket)
    }
}

/// Shares in percent as units, rounded down to whole lots; where they add up to 100 percent, the last one takes the rest.
fn quantities(
    parts: &[Option<Part>],
    whole: Quantity,
    lot: Decimal,
) -> Result<Vec<Option<Quantity>>, String> {
    let percents = || {
        parts.iter().flatten().filter_map(|part| match part {
            Part::Percent(percent) => Some(*percent),
            Part::Units(_) => None,
        })
    };
    let takes_rest = parts.len() > 1
        && percents().count() == parts.len()
        && percents().sum::<Decimal>() == Decimal::ONE_HUNDRED;
    let mut left = whole.as_decimal();
    let mut sizes = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let size = match part {
            None => None,
            Some(Part::Units(units)) => Some(*units),
            Some(Part::Percent(_)) if takes_rest && at + 1 == parts.len() => {
                Some(above_zero(left, "the last part")?)
            }
            Some(Part::Percent(percent)) => {
                let share = whole.as_decimal() * percent / Decimal::ONE_HUNDRED;
                Some(above_zero(share - share % lot, &format!("{percent}% of {whole}, in lots of {lot},"))?)
            }
        };
        left -= size.map_or(Decimal::ZERO, Quantity::as_decimal);
        sizes.push(size);
    }
    Ok(sizes)
}

fn above_zero(size: Decimal, what: &str) -> Result<Quantity, String> {
    Quantity::new(size.normalize())
        .map_err(|_| format!("{what} would be nothing: give fewer or larger parts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(texts: &[&str], whole: &str) -> Result<Vec<String>, String> {
        let parts: Vec<_> = texts.iter().map(|text| text.parse().ok()).collect();
        let sizes = quantities(&parts, whole.parse().unwrap(), Decimal::ONE)?;
        Ok(sizes.into_iter().map(|size| size.map_or("all".to_owned(), |size| size.to_string())).collect())
    }

    #[test]
    fn shares_are_whole_lots_and_lose_nothing() {
        assert_eq!(split(&["50%", "50%"], "25").unwrap(), ["12", "13"]);
        assert_eq!(split(&["33.3%", "33.3%"], "100").unwrap(), ["33", "33"]);
        assert_eq!(split(&["10", "50%"], "100").unwrap(), ["10", "50"]);
        assert_eq!(split(&["all"], "100").unwrap(), ["all"]);
        let nothing = "1% of 10, in lots of 1, would be nothing: give fewer or larger parts";
        assert_eq!(split(&["1%", "99%"], "10").unwrap_err(), nothing);
    }

    #[test]
    fn exits_are_read_with_their_parts() {
        let stop: StopText = "180/179.5:50%".parse().unwrap();
        let (price, limit) = ("180".parse().unwrap(), "179.5".parse().unwrap());
        assert_eq!(stop.kind, OrderKind::StopLimit { stop: price, limit });
        assert_eq!(stop.part, Some(Part::Percent(50.into())));
        assert!("195".parse::<TargetText>().is_ok() && "2%:50".parse::<TrailText>().is_ok());
        for bad in ["", ":", "x", "195:", "195:0", "195:101%"] {
            assert!(bad.parse::<TargetText>().is_err() && bad.parse::<StopText>().is_err(), "{bad:?}");
            assert!(bad == "x" || bad.parse::<TrailText>().is_err(), "{bad:?}");
        }
    }
}
