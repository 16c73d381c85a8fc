//! Strategies of several legs as they are typed: by name, with strikes that are given or counted from the money.
//!
//! Left out: which strikes and days are listed (`commands::order::spread`).

use super::kind::Kind;
use super::{ExpiryText, OrderOptions, StrikeText, Terms, TimeArgs};
use crate::cli::Spec;
use clap::builder::Resettable;
use clap::{ArgMatches, Args, FromArgMatches, Subcommand};
use std::str::FromStr;
use tradeport_contracts::Right;
use tradeport_kernel::{Price, Quantity};
use tradeport_orders::Side;
use tradeport_orders::strategy::Strategy;

/// A strategy, and behind what makes it how many, at what price, how: the same for all of them.
#[derive(Clone, Debug)]
pub struct SpreadArgs {
    /// Which strategy.
    pub strategy: SpreadCommand,
    /// How many, at what price, how.
    pub options: SpreadOptions,
}

impl Subcommand for SpreadArgs {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        SpreadCommand::augment_subcommands(command).mut_subcommands(with_options)
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        SpreadCommand::augment_subcommands_for_update(command).mut_subcommands(with_options)
    }

    fn has_subcommand(name: &str) -> bool {
        SpreadCommand::has_subcommand(name)
    }
}

/// A strategy with its options, and what it says of itself.
fn with_options(strategy: clap::Command) -> clap::Command {
    let (about, more) = (strategy.get_about().cloned(), strategy.get_long_about().cloned());
    SpreadOptions::augment_args(strategy).about(Resettable::from(about)).long_about(Resettable::from(more))
}

impl FromArgMatches for SpreadArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let strategy = SpreadCommand::from_arg_matches(matches)?;
        let none = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (_, behind) = matches.subcommand().ok_or_else(none)?;
        Ok(Self { strategy, options: SpreadOptions::from_arg_matches(behind)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Which strategy.
#[derive(Clone, Debug, Subcommand)]
#[command(after_help = AFTER)]
pub enum SpreadCommand {
    /// One strike bought and another sold, of one right and expiry
    #[command(after_help = VERTICAL)]
    Vertical {
        /// What the options are on, such as SPY or index:SPX@CBOE
        symbol: Spec,
        /// When both expire: 2026-12-18, 2026-12, or 30d for the first expiry at least 30 days away
        expiry: ExpiryText,
        /// call or put
        right: Right,
        /// The strike bought: 600, or atm+1 for one above the money
        long: StrikeText,
        /// The strike sold
        short: StrikeText,
    },
    /// One strike, two expiries: the far one bought, the near one sold
    Calendar {
        /// What the options are on
        symbol: Spec,
        /// call or put
        right: Right,
        /// The strike of both
        strike: StrikeText,
        /// When the sold one expires
        near: ExpiryText,
        /// When the bought one expires
        far: ExpiryText,
    },
    /// Two strikes and two expiries: the far one bought, the near one sold
    Diagonal {
        /// What the options are on
        symbol: Spec,
        /// call or put
        right: Right,
        /// When the sold one expires
        near: ExpiryText,
        /// The strike sold
        near_strike: StrikeText,
        /// When the bought one expires
        far: ExpiryText,
        /// The strike bought
        far_strike: StrikeText,
    },
    /// A call and a put of one strike, both bought
    Straddle {
        /// What the options are on
        symbol: Spec,
        /// When both expire
        expiry: ExpiryText,
        /// The strike of both
        strike: StrikeText,
    },
    /// A put and a call above it, both bought
    Strangle {
        /// What the options are on
        symbol: Spec,
        /// When both expire
        expiry: ExpiryText,
        /// The put's strike
        put: StrikeText,
        /// The call's strike, above it
        call: StrikeText,
    },
    /// A low and a high strike bought, the one in the middle sold twice
    Butterfly {
        /// What the options are on
        symbol: Spec,
        /// When all expire
        expiry: ExpiryText,
        /// call or put
        right: Right,
        /// The low strike bought
        low: StrikeText,
        /// The strike sold twice, halfway
        middle: StrikeText,
        /// The high strike bought
        high: StrikeText,
    },
    /// A put spread below and a call spread above, both sold: for a credit
    #[command(after_help = CONDOR)]
    IronCondor {
        /// What the options are on
        symbol: Spec,
        /// When all expire
        expiry: ExpiryText,
        /// The put bought, lowest
        put_long: StrikeText,
        /// The put sold
        put_short: StrikeText,
        /// The call sold
        call_short: StrikeText,
        /// The call bought, highest
        call_long: StrikeText,
    },
    /// Put and call of the middle strike sold, a lower put and a higher call bought: for a credit
    IronButterfly {
        /// What the options are on
        symbol: Spec,
        /// When all expire
        expiry: ExpiryText,
        /// The put bought
        low: StrikeText,
        /// Put and call sold
        middle: StrikeText,
        /// The call bought
        high: StrikeText,
    },
    /// Shares and a put bought, a higher call sold
    Collar {
        /// The shares, such as AAPL
        symbol: Spec,
        /// When both options expire
        expiry: ExpiryText,
        /// The put's strike
        put: StrikeText,
        /// The call's strike, above it
        call: StrikeText,
    },
    /// Shares bought, a call sold against them
    CoveredCall {
        /// The shares, such as AAPL
        symbol: Spec,
        /// When the call expires
        expiry: ExpiryText,
        /// Its strike
        strike: StrikeText,
    },
    /// Any legs, each by --leg
    #[command(after_help = CUSTOM)]
    Custom {
        /// What the options are on
        symbol: Spec,
        /// A leg: "buy 1 2026-12-18 call 600", "sell 2 30d put atm-1" or "buy 100 shares"
        #[arg(long, value_name = "LEG", required = true)]
        leg: Vec<LegText>,
    },
    /// A strategy by its notation, as these commands print it
    Of {
        /// Such as "vertical SPY 2026-12-18 call 600/610" or "short straddle SPY 2026-12-18 600"
        #[arg(value_name = "NOTATION")]
        strategy: StrategyText,
    },
}

const AFTER: &str =
    "Legs trade together or not at all. What it can earn and lose is printed before it is ordered;
with --preview that is all. Strikes are given (600) or counted from the money in what is listed
(atm, atm+1, atm-2); expiries are days (2026-12-18), months with one expiry (2026-12), or the first
one so far away (30d).";

const VERTICAL: &str = "Such as, five times bought at 2.10 a share or less:
  tradeport order spread vertical SPY 2026-12-18 call 600 610 5 --limit 2.10";

const CONDOR: &str = "Such as, for a credit of 1.50 a share or more:
  tradeport order spread iron-condor SPY 30d atm-4 atm-2 atm+2 atm+4 --credit 1.50";

const CUSTOM: &str = "Such as, a call sold twice against one bought below it:
  tradeport order spread custom SPY --leg \"buy 1 30d call atm\" --leg \"sell 2 30d call atm+2\" --limit 0.40";

/// How many of a strategy, at what price, how.
#[derive(Clone, Debug, Args)]
pub struct SpreadOptions {
    /// How many
    #[arg(allow_negative_numbers = true, default_value = "1")]
    pub quantity: Quantity,
    /// The most that is paid a share; below zero for a credit; with --sell the least that is received [default: the
    /// middle of the legs' quotes]
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true, help_heading = "Price")]
    pub limit: Option<Price>,
    /// The least that is received a share: --credit 1.50 is --limit -1.50
    #[arg(long, value_name = "PRICE", conflicts_with_all = ["limit", "sell"], help_heading = "Price")]
    pub credit: Option<Price>,
    /// Sells it: every leg the other way, a short straddle from a straddle
    #[arg(long, help_heading = "Price")]
    pub sell: bool,
    /// The kind: lmt, mkt, or one for combos alone [default: lmt]
    #[arg(
        long = "type",
        value_enum,
        value_name = "KIND",
        ignore_case = true,
        hide_possible_values = true,
        help_heading = "Price"
    )]
    pub kind: Option<Kind>,
    /// The class of the options where several are listed, such as SPXW
    #[arg(long, value_name = "CLASS", help_heading = "Order")]
    pub class: Option<String>,
    /// Say what it would cost and whether it would go; send nothing
    #[arg(long, help_heading = "Order")]
    pub preview: bool,
    /// Key and account
    #[command(flatten)]
    pub options: OrderOptions,
    /// Time
    #[command(flatten)]
    pub time: TimeArgs,
}

impl SpreadOptions {
    /// The price that was given, as it is paid for one unit as it is named: below zero for a credit.
    #[must_use]
    pub fn price(&self) -> Option<Price> {
        self.limit.or_else(|| self.credit.and_then(|credit| Price::new(-credit.as_decimal()).ok()))
    }

    /// Which way.
    #[must_use]
    pub const fn side(&self) -> Side {
        if self.sell { Side::Sell } else { Side::Buy }
    }

    /// Its terms at a price, for kinds that have one.
    #[must_use]
    pub fn terms(&self, price: Price) -> Terms {
        let limit = if self.is_limited() || self.price().is_some() { Some(price) } else { None };
        Terms { kind: Some(self.kind()), limit, ..Terms::default() }
    }

    /// Is it ordered at a limit?
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.kind().row().needs.iter().any(|flags| flags.contains(&super::Flag::Limit))
    }

    fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Lmt)
    }
}

impl SpreadCommand {
    /// On what.
    #[must_use]
    pub const fn symbol(&self) -> &Spec {
        match self {
            Self::Vertical { symbol, .. }
            | Self::Calendar { symbol, .. }
            | Self::Diagonal { symbol, .. }
            | Self::Straddle { symbol, .. }
            | Self::Strangle { symbol, .. }
            | Self::Butterfly { symbol, .. }
            | Self::IronCondor { symbol, .. }
            | Self::IronButterfly { symbol, .. }
            | Self::Collar { symbol, .. }
            | Self::CoveredCall { symbol, .. }
            | Self::Custom { symbol, .. } => symbol,
            Self::Of { strategy, .. } => &strategy.symbol,
        }
    }
}

/// What a custom leg trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegText {
    /// Shares of the underlying.
    Shares(Side, u32),
    /// An option on it.
    Option {
        /// Which way.
        side: Side,
        /// How many.
        ratio: u32,
        /// When it expires.
        expiry: ExpiryText,
        /// Call or put.
        right: Right,
        /// Its strike.
        strike: StrikeText,
    },
}

impl FromStr for LegText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            format!(
                "{text:?} is not a leg: expected such as \"buy 1 2026-12-18 call 600\", \"sell 2 30d put atm-1\" or \
                 \"buy 100 shares\""
            )
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (side, ratio, of) = match words.as_slice() {
            [side, ratio, of @ ..] => (side.to_ascii_lowercase(), ratio, of),
            _ => return Err(expected()),
        };
        let side = match side.as_str() {
            "buy" => Side::Buy,
            "sell" => Side::Sell,
            _ => return Err(expected()),
        };
        let ratio = ratio.parse::<u32>().map_err(|_| expected())?;
        match of {
            ["shares"] => Ok(Self::Shares(side, ratio)),
            [expiry, right, strike] => Ok(Self::Option {
                side,
                ratio,
                expiry: expiry.parse()?,
                right: right.parse().map_err(|_| expected())?,
                strike: strike.parse()?,
            }),
            _ => Err(expected()),
        }
    }
}

/// A strategy by its notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrategyText {
    symbol: Spec,
    strategy: Strategy,
}

impl StrategyText {
    /// The strategy.
    #[must_use]
    pub const fn strategy(&self) -> &Strategy {
        &self.strategy
    }
}

impl FromStr for StrategyText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        use std::error::Error;
        let strategy: Strategy =
            text.parse().map_err(|error: tradeport_orders::strategy::NotANotation| {
                let cause = error.source().map(|cause| format!(": {cause}"));
                format!("{error}{}", cause.unwrap_or_default())
            })?;
        let symbol = strategy
            .underlying()
            .as_str()
            .parse()
            .map_err(|error: crate::cli::NotASpec| error.to_string())?;
        Ok(Self { symbol, strategy })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command, OrderCommand};
    use clap::Parser;

    fn read(typed: &str) -> Result<SpreadArgs, String> {
        let words = ["tradeport", "order", "spread"].into_iter().chain(typed.split_whitespace());
        let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
        let Command::Order(command) = cli.command else { return Err("not about orders".to_owned()) };
        match *command {
            OrderCommand::Spread(spread) => Ok(spread),
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn a_vertical_is_typed_in_the_order_of_its_words() {
        let spread = read("vertical SPY 2026-12-18 call 600 610 5 --type LMT --limit 2.10").unwrap();
        let SpreadArgs { strategy, options } = &spread;
        let SpreadCommand::Vertical { right: Right::Call, long, short, .. } = strategy else {
            panic!("{strategy:?}")
        };
        let at = |text: &str| StrikeText::At(text.parse().unwrap());
        assert_eq!((*long, *short), (at("600"), at("610")));
        assert_eq!((options.quantity.to_string().as_str(), options.price()), ("5", "2.10".parse().ok()));
        assert_eq!(options.kind, Some(Kind::Lmt));
        assert_eq!(strategy.symbol().to_string(), "SPY");
    }

    #[test]
    fn a_credit_is_a_limit_below_zero() {
        let price = |typed: &str| read(typed).map(|spread| spread.options.price());
        let condor = "iron-condor SPY 30d atm-4 atm-2 atm+2 atm+4";
        assert_eq!(price(&format!("{condor} --credit 1.50")), Ok("-1.50".parse().ok()));
        assert_eq!(price(&format!("{condor} 2 --limit -1.50")), Ok("-1.50".parse().ok()));
        assert_eq!(price(condor), Ok(None));
        assert!(
            price(&format!("{condor} --credit 1 --limit 1")).unwrap_err().contains("cannot be used with")
        );
    }

    #[test]
    fn legs_and_notations_that_are_none_are_refused_with_an_example() {
        assert_eq!("Buy 100 shares".parse(), Ok(LegText::Shares(Side::Buy, 100)));
        assert!("sell 2 30d put atm-1".parse::<LegText>().is_ok());
        for bad in ["", "buy", "hold 1 shares", "buy 1 2026-12-18 600 call", "buy x shares"] {
            assert!(bad.parse::<LegText>().unwrap_err().contains("such as"), "{bad:?}");
        }
        assert!("vertical SPY".parse::<StrategyText>().unwrap_err().contains("is written such as"));
        let flat = "vertical SPY 2026-12-18 call 600/600".parse::<StrategyText>().unwrap_err();
        assert!(flat.contains("two different strikes are needed"), "{flat}");
    }
}
