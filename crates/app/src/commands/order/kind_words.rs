//! A kind of order in words, with every number that it was given: `STP LMT stop 470, limit 472`.
//!
//! Where a kind has one price alone nobody has to ask which it is, and it stands bare: `LMT 187.25`.

use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{
    Benchmark, Compete, MidOffsets, MidPeg, OffsetBy, OrderKind, PegDirection, StockPeg, StockRange, TrailBy,
    TrailingLimit, VolatilityBasis, VolatilityTerms,
};

/// `STP LMT stop 470, limit 472`.
pub(crate) fn kind_words(kind: &OrderKind) -> String {
    let Terms(terms) = terms(kind);
    if terms.is_empty() { kind.name().to_owned() } else { format!("{} {}", kind.name(), terms.join(", ")) }
}

/// The numbers of a kind, each with its name.
#[derive(Default)]
struct Terms(Vec<String>);

fn terms(kind: &OrderKind) -> Terms {
    let terms = Terms::default();
    match *kind {
        OrderKind::Market
        | OrderKind::MarketProtected
        | OrderKind::LimitPerLeg
        | OrderKind::MarketOnClose
        | OrderKind::MarketOnOpen
        | OrderKind::BoxTop
        | OrderKind::Vwap
        | OrderKind::Quote => terms,
        OrderKind::Limit { limit: price }
        | OrderKind::LimitOnClose { limit: price }
        | OrderKind::LimitOnOpen { limit: price }
        | OrderKind::LimitPlusMarket { limit: price }
        | OrderKind::Stop { stop: price }
        | OrderKind::StopProtected { stop: price }
        | OrderKind::MarketIfTouched { trigger: price } => terms.bare(Some(price)),
        OrderKind::MarketToLimit { limit } | OrderKind::MidPrice { cap: limit } => terms.bare(limit),
        OrderKind::StopLimit { stop, limit } => terms.price("stop", Some(stop)).price("limit", Some(limit)),
        OrderKind::LimitIfTouched { trigger, limit } => {
            terms.price("trigger", Some(trigger)).price("limit", Some(limit))
        }
        OrderKind::Trail { .. }
        | OrderKind::TrailLimit { .. }
        | OrderKind::TrailLimitFrom { .. }
        | OrderKind::TrailMarketIfTouched { .. }
        | OrderKind::TrailLimitIfTouched { .. }
        | OrderKind::TrailLimitPlusMarket { .. }
        | OrderKind::TrailRelativePlusMarket { .. } => trailing(kind),
        OrderKind::Volatility(volatility) => {
            terms.percent("", volatility.percent).volatility(volatility.terms)
        }
        OrderKind::PegVolatility { offset, terms: shared, .. } => {
            terms.number("offset", offset).volatility(shared)
        }
        OrderKind::PegStock(peg) => terms.stock(peg),
        OrderKind::PegBenchmark(benchmark) => terms.benchmark(benchmark),
        _ => following(kind),
    }
}

/// Of kinds that wake when the market turns by so much.
fn trailing(kind: &OrderKind) -> Terms {
    let by = kind.trail().expect("the caller asks of trailing kinds alone");
    let started = |name| Terms::default().trail(by).price(name, kind.trigger_price());
    let limited = |terms: Terms, limit| match limit {
        TrailingLimit::Offset(offset) => terms.number("limit offset", Some(offset)),
        TrailingLimit::At(price) => terms.price("limit", Some(price)),
    };
    match *kind {
        OrderKind::TrailLimit { limit_offset, .. } => {
            limited(started("stop"), TrailingLimit::Offset(limit_offset))
        }
        OrderKind::TrailLimitFrom { limit, .. } => limited(started("stop"), TrailingLimit::At(limit)),
        OrderKind::TrailLimitPlusMarket { limit, .. } => limited(started("stop"), limit),
        OrderKind::TrailLimitIfTouched { limit, .. } => limited(started("trigger"), limit),
        OrderKind::TrailMarketIfTouched { .. } => started("trigger"),
        _ => started("stop"),
    }
}

/// Of kinds that follow the best prices, or the middle between them.
fn following(kind: &OrderKind) -> Terms {
    let terms = Terms::default();
    match *kind {
        OrderKind::Relative { offset: Some(OffsetBy::Fraction(fraction)), cap } => {
            terms.percent("offset ", fraction * Decimal::ONE_HUNDRED).price("limit", cap)
        }
        OrderKind::Relative { offset: Some(OffsetBy::Amount(amount)), cap } => {
            terms.number("offset", Some(amount)).price("limit", cap)
        }
        OrderKind::Relative { offset: None, cap } => terms.price("limit", cap),
        OrderKind::PassiveRelative { offset, cap: limit }
        | OrderKind::PegMarket { offset, cap: limit }
        | OrderKind::FixPegged { offset, limit } => terms.number("offset", offset).price("limit", limit),
        OrderKind::PegPrimary { offset, cap, discretionary } => {
            terms.number("offset", offset).price("limit", cap).word("discretionary", discretionary)
        }
        OrderKind::PegMid { limit, by } => terms.off_midpoint(by).price("limit", limit),
        OrderKind::PegBest { limit, compete } => terms.competing(compete).price("limit", limit),
        OrderKind::RelativePlusLimit { offset, limit } => {
            terms.number("offset", offset).price("limit", Some(limit))
        }
        OrderKind::SnapMid { offset }
        | OrderKind::SnapMarket { offset }
        | OrderKind::SnapPrimary { offset }
        | OrderKind::RelativePlusMarket { offset } => terms.number("offset", offset),
        _ => terms,
    }
}

impl Terms {
    fn with(mut self, words: Option<String>) -> Self {
        self.0.extend(words);
        self
    }

    fn bare(self, price: Option<Price>) -> Self {
        self.with(price.map(|price| price.as_decimal().normalize().to_string()))
    }

    fn number(self, name: &str, number: Option<Decimal>) -> Self {
        self.with(number.map(|number| format!("{name} {}", number.normalize())))
    }

    fn price(self, name: &str, price: Option<Price>) -> Self {
        self.number(name, price.map(Price::as_decimal))
    }

    fn percent(self, name: &str, percent: Decimal) -> Self {
        self.with(Some(format!("{name}{} %", percent.normalize())))
    }

    fn word(self, word: &str, said: bool) -> Self {
        self.with(said.then(|| word.to_owned()))
    }

    fn trail(self, by: TrailBy) -> Self {
        match by {
            TrailBy::Amount(distance) => self.number("by", Some(distance)),
            TrailBy::Percent(percent) => self.percent("by ", percent),
        }
    }

    fn offsets(self, offsets: MidOffsets) -> Self {
        self.number("offset at whole cents", Some(offsets.at_whole))
            .number("at half cents", Some(offsets.at_half))
    }

    fn off_midpoint(self, by: MidPeg) -> Self {
        match by {
            MidPeg::At => self,
            MidPeg::Offset(offset) => self.number("offset", Some(offset)),
            MidPeg::BySpread(offsets) => self.offsets(offsets),
        }
    }

    fn competing(self, compete: Compete) -> Self {
        match compete {
            Compete::Default => self,
            Compete::Offset(offset) => self.number("offset", Some(offset)),
            Compete::UpToMidpoint(offsets) => self.offsets(offsets),
        }
    }

    fn range(self, of: &str, range: StockRange) -> Self {
        self.price(&format!("{of} from"), range.lower).price(&format!("{of} to"), range.upper)
    }

    fn stock(self, peg: StockPeg) -> Self {
        self.number("delta", Some(peg.delta))
            .price("starting price", peg.starting_price)
            .price("reference price", peg.reference_price)
            .range("stock", peg.range)
    }

    fn benchmark(self, peg: Benchmark) -> Self {
        let steps = format!("step {} for each {} of", peg.step.normalize(), peg.benchmark_step.normalize());
        let benchmark = format!("{steps} contract {} at {}", peg.contract.number(), peg.venue);
        self.with(Some(benchmark))
            .word("opposite", peg.direction == PegDirection::Opposite)
            .price("starting price", peg.starting_price)
            .price("reference price", peg.reference_price)
            .range("benchmark", peg.range)
    }

    fn volatility(self, terms: VolatilityTerms) -> Self {
        let basis = terms.basis.map(|basis| match basis {
            VolatilityBasis::Daily => "daily".to_owned(),
            VolatilityBasis::Annual => "annual".to_owned(),
        });
        self.with(basis)
            .word("continuous", terms.continuous)
            .price("stock price", terms.stock_price)
            .range("stock", terms.range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_contracts::ContractId;
    use tradeport_orders::{Volatility, VolatilityPeg};

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn said(kind: OrderKind, words: &str) {
        assert_eq!(kind_words(&kind), words);
    }

    #[test]
    fn one_price_alone_stands_bare() {
        said(OrderKind::Market, "MKT");
        said(OrderKind::Limit { limit: price("187.250") }, "LMT 187.25");
        said(OrderKind::Stop { stop: price("20") }, "STP 20");
        said(OrderKind::MarketIfTouched { trigger: price("20") }, "MIT 20");
        said(OrderKind::MidPrice { cap: None }, "MIDPRICE");
        said(OrderKind::MidPrice { cap: Some(price("20")) }, "MIDPRICE 20");
    }

    #[test]
    fn of_several_prices_each_has_its_name() {
        let (stop, limit) = (price("470"), price("472"));
        said(OrderKind::StopLimit { stop, limit }, "STP LMT stop 470, limit 472");
        said(OrderKind::LimitIfTouched { trigger: stop, limit }, "LIT trigger 470, limit 472");
    }

    #[test]
    fn a_trail_says_how_far_and_from_where() {
        let by = TrailBy::Percent(number("2.50"));
        let two = TrailBy::Amount(number("2"));
        let (none, stop) = (None, Some(price("150")));
        let (offset, at) = (TrailingLimit::Offset(number("1")), TrailingLimit::At(price("149")));
        said(OrderKind::Trail { by, stop: none }, "TRAIL by 2.5 %");
        said(OrderKind::Trail { by: two, stop }, "TRAIL by 2, stop 150");
        let kind = OrderKind::TrailLimit { by: two, stop, limit_offset: number("1") };
        said(kind, "TRAIL LIMIT by 2, stop 150, limit offset 1");
        let kind = OrderKind::TrailLimitFrom { by: two, stop, limit: price("149") };
        said(kind, "TRAIL LIMIT by 2, stop 150, limit 149");
        said(OrderKind::TrailMarketIfTouched { by, trigger: stop }, "TRAIL MIT by 2.5 %, trigger 150");
        let kind = OrderKind::TrailLimitIfTouched { by: two, trigger: stop, limit: at };
        said(kind, "TRAIL LIT by 2, trigger 150, limit 149");
        let kind = OrderKind::TrailLimitPlusMarket { by: two, stop: none, limit: offset };
        said(kind, "TRAIL LMT + MKT by 2, limit offset 1");
        said(OrderKind::TrailRelativePlusMarket { by: two, stop }, "TRAIL REL + MKT by 2, stop 150");
    }

    #[test]
    fn what_follows_the_best_price_says_how_far_and_up_to_where() {
        let (offset, cap) = (Some(number("0.02")), Some(price("12")));
        said(OrderKind::Relative { offset: None, cap }, "REL limit 12");
        let amount = Some(OffsetBy::Amount(number("0.02")));
        said(OrderKind::Relative { offset: amount, cap }, "REL offset 0.02, limit 12");
        let fraction = Some(OffsetBy::Fraction(number("0.015")));
        said(OrderKind::Relative { offset: fraction, cap: None }, "REL offset 1.5 %");
        said(OrderKind::PassiveRelative { offset, cap }, "PASSV REL offset 0.02, limit 12");
        said(OrderKind::PegMarket { offset, cap }, "PEG MKT offset 0.02, limit 12");
        let kind = OrderKind::PegPrimary { offset, cap: None, discretionary: true };
        said(kind, "PEG PRIM offset 0.02, discretionary");
        said(OrderKind::FixPegged { offset, limit: cap }, "FIX PEGGED offset 0.02, limit 12");
        said(OrderKind::SnapMid { offset }, "SNAP MID offset 0.02");
        said(OrderKind::RelativePlusLimit { offset, limit: price("12") }, "REL + LMT offset 0.02, limit 12");
    }

    #[test]
    fn distances_from_the_midpoint_are_told_apart() {
        let limit = Some(price("12"));
        let offsets = MidOffsets { at_whole: number("0.02"), at_half: number("0.01") };
        said(OrderKind::PegMid { limit, by: MidPeg::At }, "PEG MID limit 12");
        let by = MidPeg::Offset(number("0.05"));
        said(OrderKind::PegMid { limit: None, by }, "PEG MID offset 0.05");
        let both = "offset at whole cents 0.02, at half cents 0.01, limit 12";
        said(OrderKind::PegMid { limit, by: MidPeg::BySpread(offsets) }, &format!("PEG MID {both}"));
        let compete = Compete::UpToMidpoint(offsets);
        said(OrderKind::PegBest { limit, compete }, &format!("PEG BEST {both}"));
        said(OrderKind::PegBest { limit, compete: Compete::Default }, "PEG BEST limit 12");
        let compete = Compete::Offset(number("0.01"));
        said(OrderKind::PegBest { limit, compete }, "PEG BEST offset 0.01, limit 12");
    }

    #[test]
    fn what_follows_another_instrument_says_which_price_is_whose() {
        let range = StockRange { lower: Some(price("95")), upper: Some(price("105")) };
        let kind = OrderKind::PegStock(StockPeg {
            delta: number("0.5"),
            starting_price: Some(price("2.40")),
            reference_price: Some(price("100")),
            range,
        });
        let words = "PEG STK delta 0.5, starting price 2.4, reference price 100, stock from 95, stock to 105";
        said(kind, words);
        let kind = OrderKind::PegBenchmark(Benchmark {
            contract: ContractId::new(208_813_720),
            venue: "ISLAND".parse().unwrap(),
            direction: PegDirection::Opposite,
            step: number("0.10"),
            benchmark_step: number("1"),
            starting_price: Some(price("33")),
            reference_price: None,
            range: StockRange { lower: None, upper: Some(price("105")) },
        });
        let words = "PEG BENCH step 0.1 for each 1 of contract 208813720 at ISLAND, opposite, starting price 33, \
                     benchmark to 105";
        said(kind, words);
    }

    #[test]
    fn volatilities_are_percentages() {
        let stock_price = Some(price("100"));
        let basis = Some(VolatilityBasis::Annual);
        let terms = VolatilityTerms { basis, continuous: true, stock_price, ..VolatilityTerms::default() };
        let kind = OrderKind::Volatility(Volatility { percent: number("20"), terms });
        said(kind, "VOL 20 %, annual, continuous, stock price 100");
        let (offset, to) = (Some(number("0.5")), VolatilityPeg::Midpoint);
        let terms = VolatilityTerms { basis: Some(VolatilityBasis::Daily), ..VolatilityTerms::default() };
        said(OrderKind::PegVolatility { to, offset, terms }, "PDV offset 0.5, daily");
    }
}
