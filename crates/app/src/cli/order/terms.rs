//! Prices as they are typed, and the order kind that they make. The prices given make the kind, unless `--type` names it.
//!
//! Left out: how long an order stands and everything else it may say (`time`, `extras`).

use super::flag::Flag;
use super::kind::Kind;
use super::known::Known;
use super::number::{LegPriceText, MidOffsetsText, OffsetText, RangeText};
use crate::cli::Spec;
use clap::{Args, ValueEnum};
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{
    Benchmark, Compete, MidPeg, OffsetBy, OrderKind, PegDirection, StockPeg, StockRange, TrailBy,
    TrailingLimit, Volatility, VolatilityPeg, VolatilityTerms,
};

/// Prices. Those given make the kind, unless `--type` names it.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Price")]
pub struct Terms {
    /// The kind, see the table at the end of --help [default: by the prices given; mkt without any]
    #[arg(long = "type", value_enum, value_name = "KIND", ignore_case = true, hide_possible_values = true)]
    pub kind: Option<Kind>,
    /// The worst price accepted
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true)]
    pub limit: Option<Price>,
    /// The price that wakes a stop order; where a trail starts
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true)]
    pub stop: Option<Price>,
    /// The price that wakes a mit or lit order
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true)]
    pub trigger: Option<Price>,
    /// How far a trail stays behind the market, in the price's units
    #[arg(long, value_name = "DISTANCE", allow_negative_numbers = true, conflicts_with = "trail_percent")]
    pub trail_amount: Option<Decimal>,
    /// How far a trail stays behind the market, in percent
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true)]
    pub trail_percent: Option<Decimal>,
    /// How far beyond its stop the limit of a trail-limit order lies
    #[arg(long, value_name = "DISTANCE", allow_negative_numbers = true)]
    pub limit_offset: Option<Decimal>,
    /// What rarer kinds are priced by.
    #[command(flatten)]
    pub rare: RareTerms,
}

/// What rarer kinds are priced by.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Price of rarer kinds")]
pub struct RareTerms {
    /// How far from the price that is followed: 0.05, or 1% for rel
    #[arg(long, value_name = "DISTANCE", allow_hyphen_values = true, hide_short_help = true)]
    pub offset: Option<OffsetText>,
    /// Distances from the midpoint, when it is a whole cent and when it is half a cent: 0.01/0.005
    #[arg(
        long,
        value_name = "WHOLE/HALF",
        allow_hyphen_values = true,
        hide_short_help = true,
        conflicts_with = "offset"
    )]
    pub mid_offsets: Option<MidOffsetsText>,
    /// A peg-prim order trades up to its limit at its discretion
    #[arg(long, hide_short_help = true)]
    pub discretionary: bool,
    /// How an option's price moves with its stock's: from 0 to 1, below zero for puts
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, hide_short_help = true)]
    pub delta: Option<Decimal>,
    /// The order's first price [default: by the market]
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true, hide_short_help = true)]
    pub starting_price: Option<Price>,
    /// The first price of what is followed [default: by the market]
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true, hide_short_help = true)]
    pub reference_price: Option<Price>,
    /// Where the price of what is followed must stay: 100..120, 100.. or ..120
    #[arg(long, value_name = "LOW..HIGH", allow_hyphen_values = true, hide_short_help = true)]
    pub range: Option<RangeText>,
    /// The instrument that a peg-bench order follows
    #[arg(long, value_name = "SPEC", hide_short_help = true)]
    pub benchmark: Option<Spec>,
    /// By how much a peg-bench order's price moves
    #[arg(long, value_name = "DISTANCE", allow_negative_numbers = true, hide_short_help = true)]
    pub step: Option<Decimal>,
    /// How much the benchmark must move for that
    #[arg(long, value_name = "DISTANCE", allow_negative_numbers = true, hide_short_help = true)]
    pub benchmark_step: Option<Decimal>,
    /// The price falls when the benchmark rises
    #[arg(long, hide_short_help = true)]
    pub opposite: bool,
    /// The volatility of a vol order, in percent
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, hide_short_help = true)]
    pub volatility: Option<Decimal>,
    /// Over which time a volatility is meant
    #[arg(long, value_enum, value_name = "BASIS", hide_short_help = true)]
    pub volatility_of: Option<VolatilityOf>,
    /// Which stock price turns a volatility into a price
    #[arg(long, value_enum, value_name = "PRICE", hide_short_help = true)]
    pub volatility_from: Option<VolatilityFrom>,
    /// A volatility order's price follows the stock all the time
    #[arg(long, hide_short_help = true)]
    pub continuous: bool,
    /// A stock price to use in place of the market's
    #[arg(long, value_name = "PRICE", hide_short_help = true)]
    pub stock_price: Option<Price>,
    /// A limit for each leg of a combo, in their order; - for a leg without one
    #[arg(long, value_name = "PRICE", allow_hyphen_values = true, hide_short_help = true)]
    pub leg_price: Vec<LegPriceText>,
}

/// Over which time a volatility is meant, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum VolatilityOf {
    /// A day's
    Day,
    /// A year's
    Year,
}

/// Which stock price turns a volatility into a price, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum VolatilityFrom {
    /// The middle of bid and ask
    Mid,
    /// The bid or the ask, by the side of the option
    Side,
}

impl Terms {
    /// The order kind, with exactly the prices that it has; a missing or a superfluous one is named.
    pub fn order_kind(&self, known: &Known) -> Result<OrderKind, String> {
        let kind = self.chosen();
        self.check(kind)?;
        self.built(kind, known)
    }

    /// Is any price given, or a kind?
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.kind.is_some() || !self.given().is_empty()
    }

    /// The kind that was named, or that the prices make.
    #[must_use]
    pub fn chosen(&self) -> Kind {
        let trails = self.trail_amount.is_some() || self.trail_percent.is_some();
        self.kind.unwrap_or(match (self.limit, self.stop) {
            _ if trails && self.limit_offset.is_some() => Kind::TrailLimit,
            _ if trails => Kind::Trail,
            _ if self.rare.volatility.is_some() => Kind::Vol,
            _ if self.rare.delta.is_some() => Kind::PegStk,
            _ if self.rare.benchmark.is_some() => Kind::PegBench,
            _ if !self.rare.leg_price.is_empty() => Kind::LmtPerLeg,
            (limit, None) if self.trigger.is_some() => {
                if limit.is_some() {
                    Kind::Lit
                } else {
                    Kind::Mit
                }
            }
            (Some(_), Some(_)) => Kind::StpLmt,
            (Some(_), None) => Kind::Lmt,
            (None, Some(_)) => Kind::Stp,
            (None, None) => Kind::Mkt,
        })
    }

    /// The flags that were given.
    #[must_use]
    pub fn given(&self) -> Vec<Flag> {
        let rare = &self.rare;
        let flags = [
            (Flag::Limit, self.limit.is_some()),
            (Flag::Stop, self.stop.is_some()),
            (Flag::Trigger, self.trigger.is_some()),
            (Flag::TrailAmount, self.trail_amount.is_some()),
            (Flag::TrailPercent, self.trail_percent.is_some()),
            (Flag::LimitOffset, self.limit_offset.is_some()),
            (Flag::Offset, rare.offset.is_some()),
            (Flag::MidOffsets, rare.mid_offsets.is_some()),
            (Flag::Discretionary, rare.discretionary),
            (Flag::Delta, rare.delta.is_some()),
            (Flag::StartingPrice, rare.starting_price.is_some()),
            (Flag::ReferencePrice, rare.reference_price.is_some()),
            (Flag::Range, rare.range.is_some()),
            (Flag::Benchmark, rare.benchmark.is_some()),
            (Flag::Step, rare.step.is_some()),
            (Flag::BenchmarkStep, rare.benchmark_step.is_some()),
            (Flag::Opposite, rare.opposite),
            (Flag::Volatility, rare.volatility.is_some()),
            (Flag::VolBasis, rare.volatility_of.is_some()),
            (Flag::VolReference, rare.volatility_from.is_some()),
            (Flag::Continuous, rare.continuous),
            (Flag::StockPrice, rare.stock_price.is_some()),
            (Flag::LegPrice, !rare.leg_price.is_empty()),
        ];
        flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag).collect()
    }

    /// Exactly one of each flag that is needed, and no other than may be.
    fn check(&self, kind: Kind) -> Result<(), String> {
        let (row, given) = (kind.row(), self.given());
        for needed in row.needs {
            let names = || needed.iter().map(|flag| flag.name()).collect::<Vec<_>>();
            match needed.iter().filter(|flag| given.contains(flag)).count() {
                0 => return Err(format!("an order of type {kind} needs {}", names().join(" or "))),
                1 => {}
                _ => return Err(format!("an order of type {kind} has {}, never both", names().join(" or "))),
            }
        }
        let belongs = |flag: &Flag| row.takes.contains(flag) || row.needs.iter().any(|it| it.contains(flag));
        match given.iter().find(|flag| !belongs(flag)) {
            Some(flag) if self.kind.is_none() => Err(format!(
                "the prices given make an order of type {kind}, which has no {}: name another by --type",
                flag.name()
            )),
            Some(flag) => Err(format!("an order of type {kind} has no {}", flag.name())),
            None => Ok(()),
        }
    }

    fn built(&self, kind: Kind, known: &Known) -> Result<OrderKind, String> {
        let (limit, stop, trigger) = (|| need(self.limit), || need(self.stop), || need(self.trigger));
        let by = || self.trail_by();
        Ok(match kind {
            Kind::Mkt => OrderKind::Market,
            Kind::MktPrt => OrderKind::MarketProtected,
            Kind::Mtl => OrderKind::MarketToLimit { limit: self.limit },
            Kind::BoxTop => OrderKind::BoxTop,
            Kind::Vwap => OrderKind::Vwap,
            Kind::Quote => OrderKind::Quote,
            Kind::Lmt => OrderKind::Limit { limit: limit()? },
            Kind::MidPrice => OrderKind::MidPrice { cap: self.limit },
            Kind::Stp => OrderKind::Stop { stop: stop()? },
            Kind::StpPrt => OrderKind::StopProtected { stop: stop()? },
            Kind::StpLmt => OrderKind::StopLimit { stop: stop()?, limit: limit()? },
            Kind::Mit => OrderKind::MarketIfTouched { trigger: trigger()? },
            Kind::Lit => OrderKind::LimitIfTouched { trigger: trigger()?, limit: limit()? },
            Kind::Trail => OrderKind::Trail { by: by()?, stop: self.stop },
            Kind::TrailLimit => match self.beyond()? {
                TrailingLimit::Offset(limit_offset) => {
                    OrderKind::TrailLimit { by: by()?, stop: self.stop, limit_offset }
                }
                TrailingLimit::At(limit) => OrderKind::TrailLimitFrom { by: by()?, stop: self.stop, limit },
            },
            Kind::TrailMit => OrderKind::TrailMarketIfTouched { by: by()?, trigger: self.trigger },
            Kind::TrailLit => {
                OrderKind::TrailLimitIfTouched { by: by()?, trigger: self.trigger, limit: self.beyond()? }
            }
            Kind::Moc => OrderKind::MarketOnClose,
            Kind::Loc => OrderKind::LimitOnClose { limit: limit()? },
            Kind::Moo => OrderKind::MarketOnOpen,
            Kind::Loo => OrderKind::LimitOnOpen { limit: limit()? },
            Kind::LmtPerLeg => OrderKind::LimitPerLeg,
            Kind::LmtMkt => OrderKind::LimitPlusMarket { limit: limit()? },
            Kind::RelLmt => OrderKind::RelativePlusLimit { offset: self.amount()?, limit: limit()? },
            Kind::RelMkt => OrderKind::RelativePlusMarket { offset: self.amount()? },
            Kind::TrailLmtMkt => {
                OrderKind::TrailLimitPlusMarket { by: by()?, stop: self.stop, limit: self.beyond()? }
            }
            Kind::TrailRelMkt => OrderKind::TrailRelativePlusMarket { by: by()?, stop: self.stop },
            Kind::Vol => {
                let percent = need(self.rare.volatility)?;
                OrderKind::Volatility(Volatility { percent, terms: self.volatility_terms() })
            }
            Kind::Ppv => self.pegged_volatility(VolatilityPeg::Primary)?,
            Kind::Pdv => self.pegged_volatility(VolatilityPeg::Midpoint)?,
            Kind::Pmv => self.pegged_volatility(VolatilityPeg::Market)?,
            Kind::Psv => self.pegged_volatility(VolatilityPeg::Surface)?,
            _ => self.pegged(kind, known)?,
        })
    }

    /// The relative and pegged kinds.
    fn pegged(&self, kind: Kind, known: &Known) -> Result<OrderKind, String> {
        let (cap, limit, offset) = (self.limit, self.limit, || self.amount());
        Ok(match kind {
            Kind::Rel => OrderKind::Relative { offset: self.rare.offset.map(OffsetText::by), cap },
            Kind::PassvRel => OrderKind::PassiveRelative { offset: offset()?, cap },
            Kind::PegMkt => OrderKind::PegMarket { offset: offset()?, cap },
            Kind::PegPrim => {
                let discretionary = self.rare.discretionary;
                OrderKind::PegPrimary { offset: offset()?, cap, discretionary }
            }
            Kind::PegMid => {
                let by = match (offset()?, self.rare.mid_offsets) {
                    (_, Some(offsets)) => MidPeg::BySpread(offsets.0),
                    (Some(offset), None) => MidPeg::Offset(offset),
                    (None, None) => MidPeg::At,
                };
                OrderKind::PegMid { limit, by }
            }
            Kind::PegBest => {
                let compete = match (offset()?, self.rare.mid_offsets) {
                    (_, Some(offsets)) => Compete::UpToMidpoint(offsets.0),
                    (Some(offset), None) => Compete::Offset(offset),
                    (None, None) => Compete::Default,
                };
                OrderKind::PegBest { limit, compete }
            }
            Kind::FixPegged => OrderKind::FixPegged { offset: offset()?, limit },
            Kind::SnapMkt => OrderKind::SnapMarket { offset: offset()? },
            Kind::SnapPrim => OrderKind::SnapPrimary { offset: offset()? },
            Kind::SnapMid => OrderKind::SnapMid { offset: offset()? },
            Kind::PegStk => OrderKind::PegStock(StockPeg {
                delta: need(self.rare.delta)?,
                starting_price: self.rare.starting_price,
                reference_price: self.rare.reference_price,
                range: self.range(),
            }),
            _ => OrderKind::PegBenchmark(self.benchmark(known)?),
        })
    }

    fn benchmark(&self, known: &Known) -> Result<Benchmark, String> {
        let rare = &self.rare;
        let watched = known.watched(need(rare.benchmark.as_ref())?);
        let direction = if rare.opposite { PegDirection::Opposite } else { PegDirection::Same };
        Ok(Benchmark {
            contract: watched.contract,
            venue: watched.venue,
            direction,
            step: need(rare.step)?,
            benchmark_step: need(rare.benchmark_step)?,
            starting_price: rare.starting_price,
            reference_price: rare.reference_price,
            range: self.range(),
        })
    }

    fn pegged_volatility(&self, to: VolatilityPeg) -> Result<OrderKind, String> {
        Ok(OrderKind::PegVolatility { to, offset: self.amount()?, terms: self.volatility_terms() })
    }

    fn volatility_terms(&self) -> VolatilityTerms {
        VolatilityTerms {
            basis: self.rare.volatility_of.map(VolatilityOf::basis),
            reference: self.rare.volatility_from.map(VolatilityFrom::reference),
            continuous: self.rare.continuous,
            stock_price: self.rare.stock_price,
            range: self.range(),
        }
    }

    fn range(&self) -> StockRange {
        self.rare.range.map(|range| range.0).unwrap_or_default()
    }

    /// How far a trail stays behind the market.
    pub(super) fn trail_by(&self) -> Result<TrailBy, String> {
        match (self.trail_amount, self.trail_percent) {
            (Some(amount), _) => Ok(TrailBy::Amount(amount)),
            (None, percent) => need(percent).map(TrailBy::Percent),
        }
    }

    fn beyond(&self) -> Result<TrailingLimit, String> {
        match (self.limit_offset, self.limit) {
            (Some(offset), _) => Ok(TrailingLimit::Offset(offset)),
            (None, limit) => need(limit).map(TrailingLimit::At),
        }
    }

    /// The offset of kinds that know none in percent.
    pub(super) fn amount(&self) -> Result<Option<Decimal>, String> {
        match self.rare.offset.map(OffsetText::by) {
            Some(OffsetBy::Fraction(_)) => {
                Err("only an order of type rel has an --offset in percent: give it in price units".to_owned())
            }
            Some(OffsetBy::Amount(amount)) => Ok(Some(amount)),
            None => Ok(None),
        }
    }
}

impl VolatilityOf {
    const fn basis(self) -> tradeport_orders::VolatilityBasis {
        match self {
            Self::Day => tradeport_orders::VolatilityBasis::Daily,
            Self::Year => tradeport_orders::VolatilityBasis::Annual,
        }
    }
}

impl VolatilityFrom {
    const fn reference(self) -> tradeport_orders::ReferencePrice {
        match self {
            Self::Mid => tradeport_orders::ReferencePrice::Midpoint,
            Self::Side => tradeport_orders::ReferencePrice::BySide,
        }
    }
}

/// What the table of kinds says is needed; its check has seen that it is there.
fn need<T>(value: Option<T>) -> Result<T, String> {
    value.ok_or_else(|| "a price that this type of order needs is missing".to_owned())
}
