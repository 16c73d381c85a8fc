//! From the words of a strategy to its legs: strikes and days that were given are checked, others are chosen.

use super::listed::Listed;
use crate::cli::{LegText, SpreadArgs, SpreadCommand};
use crate::fault::Fault;
use tradeport_contracts::Contract;
use tradeport_orders::Side;
use tradeport_orders::strategy::{LegOf, NotAStrategy, Shape, Strategy, StrategyLeg};

/// A strategy, as it is traded: sold strategies are reversed.
pub(super) struct Chosen {
    pub(super) strategy: Strategy,
    /// The contract of each leg, in their order.
    pub(super) legs: Vec<Contract>,
}

/// Finds everything that was meant.
pub(super) async fn choose(args: &SpreadArgs, listed: &Listed<'_>) -> anyhow::Result<Chosen> {
    let command = &args.strategy;
    let refused = |error: NotAStrategy| {
        Fault::usage(error.to_string(), format!("tradeport order spread {} --help", name_of(command)))
    };
    let strategy = match command {
        SpreadCommand::Of { strategy, .. } => strategy.strategy().clone(),
        _ => {
            let shape = shape(command, listed).await?;
            let first = first_expiry(&shape, listed)?;
            Strategy::new(listed.underlying().symbol(), shape)
                .and_then(|it| it.with_multiplier(first.0))
                .map_err(refused)?
                .in_currency(first.1)
        }
    };
    let strategy = if args.options.side() == Side::Sell { strategy.reversed() } else { strategy };
    let mut legs = Vec::new();
    for leg in strategy.legs() {
        legs.push(match leg.of() {
            LegOf::Stock => listed.underlying().clone(),
            LegOf::Option { expiry, right, strike } => {
                let strike = listed.strike(expiry, crate::cli::StrikeText::At(strike)).await?;
                listed.option(listed.chain(expiry)?, expiry, right, strike.as_decimal()).await?
            }
        });
    }
    Ok(Chosen { strategy, legs })
}

/// Multiplier and currency of the options of a shape.
fn first_expiry(
    shape: &Shape,
    listed: &Listed<'_>,
) -> anyhow::Result<(tradeport_kernel::Decimal, tradeport_kernel::Currency)> {
    let usual = || (tradeport_kernel::Decimal::ONE_HUNDRED, listed.underlying().currency());
    let expiry = match shape {
        Shape::Vertical { expiry, .. }
        | Shape::Straddle { expiry, .. }
        | Shape::Strangle { expiry, .. }
        | Shape::Butterfly { expiry, .. }
        | Shape::IronCondor { expiry, .. }
        | Shape::IronButterfly { expiry, .. }
        | Shape::Collar { expiry, .. }
        | Shape::CoveredCall { expiry, .. } => Some(*expiry),
        Shape::Calendar { near, .. } | Shape::Diagonal { near, .. } => Some(*near),
        Shape::Custom { legs } => legs.iter().find_map(StrategyLeg::expiry),
    };
    Ok(match expiry {
        Some(expiry) => {
            let chain = listed.chain(expiry)?;
            (chain.multiplier(), chain.currency())
        }
        None => usual(),
    })
}

const fn name_of(command: &SpreadCommand) -> &'static str {
    match command {
        SpreadCommand::Vertical { .. } => "vertical",
        SpreadCommand::Calendar { .. } => "calendar",
        SpreadCommand::Diagonal { .. } => "diagonal",
        SpreadCommand::Straddle { .. } => "straddle",
        SpreadCommand::Strangle { .. } => "strangle",
        SpreadCommand::Butterfly { .. } => "butterfly",
        SpreadCommand::IronCondor { .. } => "iron-condor",
        SpreadCommand::IronButterfly { .. } => "iron-butterfly",
        SpreadCommand::Collar { .. } => "collar",
        SpreadCommand::CoveredCall { .. } => "covered-call",
        SpreadCommand::Custom { .. } => "custom",
        SpreadCommand::Of { .. } => "of",
    }
}

async fn shape(command: &SpreadCommand, listed: &Listed<'_>) -> anyhow::Result<Shape> {
    Ok(match command {
        SpreadCommand::Vertical { expiry, right, long, short, .. } => {
            let (expiry, right) = (listed.expiry(*expiry)?, *right);
            let (long, short) = (listed.strike(expiry, *long).await?, listed.strike(expiry, *short).await?);
            Shape::Vertical { expiry, right, long, short }
        }
        SpreadCommand::Calendar { right, strike, near, far, .. } => {
            let (near, far) = (listed.expiry(*near)?, listed.expiry(*far)?);
            Shape::Calendar { right: *right, strike: listed.strike(near, *strike).await?, near, far }
        }
        SpreadCommand::Diagonal { right, near, near_strike, far, far_strike, .. } => {
            let (near, far) = (listed.expiry(*near)?, listed.expiry(*far)?);
            let near_strike = listed.strike(near, *near_strike).await?;
            let far_strike = listed.strike(far, *far_strike).await?;
            Shape::Diagonal { right: *right, near, near_strike, far, far_strike }
        }
        SpreadCommand::Straddle { expiry, strike, .. } => {
            let expiry = listed.expiry(*expiry)?;
            Shape::Straddle { expiry, strike: listed.strike(expiry, *strike).await? }
        }
        SpreadCommand::Strangle { expiry, put, call, .. } => {
            let expiry = listed.expiry(*expiry)?;
            let (put, call) = (listed.strike(expiry, *put).await?, listed.strike(expiry, *call).await?);
            Shape::Strangle { expiry, put, call }
        }
        SpreadCommand::Collar { expiry, put, call, .. } => {
            let expiry = listed.expiry(*expiry)?;
            let (put, call) = (listed.strike(expiry, *put).await?, listed.strike(expiry, *call).await?);
            Shape::Collar { expiry, put, call }
        }
        SpreadCommand::CoveredCall { expiry, strike, .. } => {
            let expiry = listed.expiry(*expiry)?;
            Shape::CoveredCall { expiry, strike: listed.strike(expiry, *strike).await? }
        }
        SpreadCommand::Custom { leg, .. } => {
            let mut legs = Vec::new();
            for leg in leg {
                legs.push(self::leg(*leg, listed).await?);
            }
            Shape::Custom { legs }
        }
        _ => winged(command, listed).await?,
    })
}

/// The shapes of three and of four strikes of one expiry.
async fn winged(command: &SpreadCommand, listed: &Listed<'_>) -> anyhow::Result<Shape> {
    Ok(match command {
        SpreadCommand::Butterfly { expiry, right, low, middle, high, .. } => {
            let expiry = listed.expiry(*expiry)?;
            let (low, high) = (listed.strike(expiry, *low).await?, listed.strike(expiry, *high).await?);
            Shape::Butterfly {
                expiry,
                right: *right,
                low,
                middle: listed.strike(expiry, *middle).await?,
                high,
            }
        }
        SpreadCommand::IronButterfly { expiry, low, middle, high, .. } => {
            let expiry = listed.expiry(*expiry)?;
            let (low, high) = (listed.strike(expiry, *low).await?, listed.strike(expiry, *high).await?);
            Shape::IronButterfly { expiry, low, middle: listed.strike(expiry, *middle).await?, high }
        }
        SpreadCommand::IronCondor { expiry, put_long, put_short, call_short, call_long, .. } => {
            let expiry = listed.expiry(*expiry)?;
            Shape::IronCondor {
                expiry,
                put_long: listed.strike(expiry, *put_long).await?,
                put_short: listed.strike(expiry, *put_short).await?,
                call_short: listed.strike(expiry, *call_short).await?,
                call_long: listed.strike(expiry, *call_long).await?,
            }
        }
        other => anyhow::bail!("{} has neither three nor four strikes", name_of(other)),
    })
}

async fn leg(text: LegText, listed: &Listed<'_>) -> anyhow::Result<StrategyLeg> {
    let usage = |error: NotAStrategy| Fault::usage(error.to_string(), "tradeport order spread custom --help");
    Ok(match text {
        LegText::Shares(side, shares) => StrategyLeg::new(side, shares, LegOf::Stock).map_err(usage)?,
        LegText::Option { side, ratio, expiry, right, strike } => {
            let expiry = listed.expiry(expiry)?;
            let strike = listed.strike(expiry, strike).await?;
            StrategyLeg::new(side, ratio, LegOf::Option { expiry, right, strike }).map_err(usage)?
        }
    })
}
