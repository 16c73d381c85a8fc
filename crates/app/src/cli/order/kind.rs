//! The kinds of orders as they are typed: names, what each needs, what it takes besides. One table, from which come the
//! values of `--type`, the help, and the refusals of a price that is missing or means nothing.
//!
//! Left out: how typed prices become an order kind (`terms`).

use super::flag::Flag;
use Flag::{
    Benchmark, BenchmarkStep, Continuous, Delta, Discretionary, LegPrice, Limit, LimitOffset, MidOffsets,
    Offset, Opposite, Range, ReferencePrice, StartingPrice, Step, StockPrice, Stop, TrailAmount,
    TrailPercent, Trigger, VolBasis, VolReference, Volatility,
};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::fmt::{self, Write};

/// Defines the kinds and their table together, so that none is without its row.
macro_rules! kinds {
    ($($family:literal { $($kind:ident = $name:literal $(| $alias:literal)* : $about:literal needs $needs:expr, takes $takes:expr;)+ })+) => {
        /// The kinds of orders, as they are typed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $($(#[doc = $about] $kind,)+)+
        }

        /// Every kind with all that is said of it, family by family.
        pub static KINDS: &[Family] = &[$(Family {
            name: $family,
            rows: &[$(Row {
                kind: Kind::$kind,
                name: $name,
                aliases: &[$($alias),*],
                about: $about,
                needs: $needs,
                takes: $takes,
            }),+],
        }),+];

        const ALL: &[Kind] = &[$($(Kind::$kind),+),+];
    };
}

/// Kinds that belong together.
#[derive(Debug)]
pub struct Family {
    /// What they have in common.
    pub name: &'static str,
    /// The kinds.
    pub rows: &'static [Row],
}

/// What is said of a kind.
#[derive(Debug)]
pub struct Row {
    /// Which.
    pub kind: Kind,
    /// As it is typed.
    pub name: &'static str,
    /// As it may be typed, too.
    pub aliases: &'static [&'static str],
    /// What it does.
    pub about: &'static str,
    /// What must be given: one flag of each of these.
    pub needs: &'static [&'static [Flag]],
    /// What may be given besides.
    pub takes: &'static [Flag],
}

const TRAIL: &[Flag] = &[TrailAmount, TrailPercent];
const BEYOND: &[Flag] = &[LimitOffset, Limit];
const VOL: &[Flag] = &[VolBasis, VolReference, Continuous, StockPrice, Range];
const PEGGED_VOL: &[Flag] = &[Offset, VolBasis, VolReference, Continuous, StockPrice, Range];

kinds! {
    "At once" {
        Mkt = "mkt" | "market": "At the market" needs &[], takes &[];
        MktPrt = "mkt-prt": "At the market, no further from it than the venue protects" needs &[], takes &[];
        Mtl = "mtl": "At the market; the rest at the price of the first fill" needs &[], takes &[Limit];
        BoxTop = "box-top": "At the market; the rest at the exchange's best price" needs &[], takes &[];
        Vwap = "vwap": "At the day's average price by volume, guaranteed" needs &[], takes &[];
        Quote = "quote": "Asks for quotes" needs &[], takes &[];
    }
    "At a price" {
        Lmt = "lmt" | "limit": "At the limit or better" needs &[&[Limit]], takes &[];
        MidPrice = "midprice": "At the midpoint or better, up to the limit" needs &[], takes &[Limit];
    }
    "Asleep until a price" {
        Stp = "stp" | "stop": "At the market, once the stop is touched" needs &[&[Stop]], takes &[];
        StpPrt = "stp-prt": "A stop, no further from the market than the venue protects" needs &[&[Stop]], takes &[];
        StpLmt = "stp-lmt" | "stop-limit": "At the limit or better, once the stop is touched" needs &[&[Stop], &[Limit]], takes &[];
        Mit = "mit": "At the market, once a better price is touched" needs &[&[Trigger]], takes &[];
        Lit = "lit": "At the limit or better, once a better price is touched" needs &[&[Trigger], &[Limit]], takes &[];
    }
    "Asleep, following the market" {
        Trail = "trail": "A stop that follows the market" needs &[TRAIL], takes &[Stop];
        TrailLimit = "trail-limit": "A trail that becomes a limit order" needs &[TRAIL, BEYOND], takes &[Stop];
        TrailMit = "trail-mit": "A mit order that follows the market" needs &[TRAIL], takes &[Trigger];
        TrailLit = "trail-lit": "A lit order that follows the market" needs &[TRAIL, BEYOND], takes &[Trigger];
    }
    "In an auction" {
        Moc = "moc": "At the close" needs &[], takes &[];
        Loc = "loc": "At the close, at the limit or better" needs &[&[Limit]], takes &[];
        Moo = "moo": "At the open" needs &[], takes &[];
        Loo = "loo": "At the open, at the limit or better" needs &[&[Limit]], takes &[];
    }
    "Relative and pegged" {
        Rel = "rel": "Better than its own side's best price" needs &[], takes &[Offset, Limit];
        PassvRel = "passv-rel": "Behind its own side's best price" needs &[], takes &[Offset, Limit];
        PegMkt = "peg-mkt": "Follows the other side's best price" needs &[], takes &[Offset, Limit];
        PegPrim = "peg-prim": "Follows its own side's best price" needs &[], takes &[Offset, Limit, Discretionary];
        PegMid = "peg-mid": "Follows the midpoint" needs &[], takes &[Offset, MidOffsets, Limit];
        PegBest = "peg-best": "Competes with the best price" needs &[], takes &[Offset, MidOffsets, Limit];
        PegStk = "peg-stk": "An option that follows its stock" needs &[&[Delta]], takes &[StartingPrice, ReferencePrice, Range];
        PegBench = "peg-bench": "Follows another instrument" needs &[&[Benchmark], &[Step], &[BenchmarkStep]], takes &[Opposite, StartingPrice, ReferencePrice, Range];
        FixPegged = "fix-pegged": "Stays at a fixed distance" needs &[], takes &[Offset, Limit];
        SnapMkt = "snap-mkt": "A limit at the other side's best price of the moment" needs &[], takes &[Offset];
        SnapPrim = "snap-prim": "A limit at its own side's best price of the moment" needs &[], takes &[Offset];
        SnapMid = "snap-mid": "A limit at the midpoint of the moment" needs &[], takes &[Offset];
    }
    "Options by volatility" {
        Vol = "vol": "At a volatility" needs &[&[Volatility]], takes VOL;
        Ppv = "ppv": "Follows its own side's best volatility" needs &[], takes PEGGED_VOL;
        Pdv = "pdv": "Follows the middle volatility" needs &[], takes PEGGED_VOL;
        Pmv = "pmv": "Follows the other side's best volatility" needs &[], takes PEGGED_VOL;
        Psv = "psv": "Follows the model's volatility" needs &[], takes PEGGED_VOL;
    }
    "Combos alone" {
        LmtPerLeg = "lmt-per-leg": "Each leg at its own limit" needs &[&[LegPrice]], takes &[];
        LmtMkt = "lmt+mkt": "One leg at the limit, the others at the market" needs &[&[Limit]], takes &[];
        RelLmt = "rel+lmt": "One leg relative, the others at the limit" needs &[&[Limit]], takes &[Offset];
        RelMkt = "rel+mkt": "One leg relative, the others at the market" needs &[], takes &[Offset];
        TrailLmtMkt = "trail-lmt+mkt": "Trailing; then as lmt+mkt" needs &[TRAIL, BEYOND], takes &[Stop];
        TrailRelMkt = "trail-rel+mkt": "Trailing; then as rel+mkt" needs &[TRAIL], takes &[Stop];
    }
}

impl Kind {
    /// Its row of the table.
    #[must_use]
    pub fn row(self) -> &'static Row {
        let mut rows = KINDS.iter().flat_map(|family| family.rows);
        rows.find(|row| row.kind == self).expect("the macro makes a row of every kind")
    }

    /// Its name, as it is typed.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let row = self.row();
        Some(PossibleValue::new(row.name).aliases(row.aliases.iter().copied()).help(row.about))
    }
}

impl Row {
    /// `--limit, [--offset]`: what it needs, and in brackets what it takes besides.
    fn flags(&self) -> String {
        let name = |flag: &Flag| flag.name().to_owned();
        let either = |flags: &&[Flag]| flags.iter().map(name).collect::<Vec<_>>().join(" or ");
        let needs = self.needs.iter().map(either);
        let takes = self.takes.iter().map(|flag| format!("[{}]", flag.name()));
        needs.chain(takes).collect::<Vec<_>>().join(" ")
    }
}

/// The table as the help prints it.
#[must_use]
pub(super) fn table() -> String {
    let mut text = "Kinds of orders, by --type; what each needs, and [what it takes besides]:\n".to_owned();
    for family in KINDS {
        let mut line = |words: String| writeln!(text, "{words}").expect("a text takes any text");
        line(format!("\n{}:", family.name));
        for row in family.rows {
            line(format!("  {:<14} {}", row.name, row.about));
            if !row.flags().is_empty() {
                line(format!("{:17}{}", "", row.flags()));
            }
        }
    }
    text.truncate(text.trim_end().len());
    text
}
