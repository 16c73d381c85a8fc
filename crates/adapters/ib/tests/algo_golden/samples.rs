//! The broker's own sample orders with an algo: read, written again, and built by hand.

use super::{pairs, report, tag};
use ibapi::contracts::TagValue;
use serde_json::Value;
use tradeport_ib::translate::{algo_from_ib, algo_to_ib};
use tradeport_kernel::Price;
use tradeport_orders::algo::ib::{
    AccumulateDistribute, Adaptive, AdaptivePriority, ArrivalPx, BalanceImpactRisk, ClosePx, DarkIce,
    MinImpact, PctVol, PctVolSz, PctVolTm, RiskAversion, Twap, TwapStyle, Vwap,
};
use tradeport_orders::algo::{Algo, AlgoRefusal, AlgoTime, Share, csfb, jefferies};

type Built = fn() -> Result<Algo, AlgoRefusal>;

/// Each sample of the file, by our builders.
const BY_HAND: [(&str, Built); 14] = [
    ("AlgoArrivalPx", arrival_price),
    ("AlgoDarkIce", dark_ice),
    ("AlgoAD", accumulate_distribute),
    ("AlgoTwap", twap),
    ("AlgoVwap", vwap),
    ("AlgoBalanceImpactRisk", balance_impact_risk),
    ("AlgoMinImpact", || MinImpact::new().max_pct_vol(Share::percent(30)).build()),
    ("AlgoAdaptive", || Adaptive::new().priority(AdaptivePriority::Normal).build()),
    ("AlgoClosePx", close_price),
    ("AlgoPctVol", pct_vol),
    ("AlgoPctVolSz", pct_vol_by_size),
    ("AlgoPctVolTm", pct_vol_by_time),
    ("AlgoJefferiesVWAP", jefferies_vwap),
    ("AlgoCSFBInline", csfb_inline),
];

fn at(text: &str) -> AlgoTime {
    text.parse().unwrap()
}

fn price(whole: i64) -> Price {
    Price::new(whole.into()).unwrap()
}

fn arrival_price() -> Result<Algo, AlgoRefusal> {
    ArrivalPx::new()
        .max_pct_vol(Share::percent(10))
        .risk_aversion(RiskAversion::Aggressive)
        .start_time(at("09:00:00 US/Eastern"))
        .end_time(at("16:00:00 US/Eastern"))
        .force_completion(true)
        .allow_past_end_time(true)
        .build()
}

fn dark_ice() -> Result<Algo, AlgoRefusal> {
    DarkIce::new()
        .display_size(10)
        .start_time(at("09:00:00 US/Eastern"))
        .end_time(at("16:00:00 US/Eastern"))
        .allow_past_end_time(true)
        .build()
}

fn accumulate_distribute() -> Result<Algo, AlgoRefusal> {
    AccumulateDistribute::new()
        .component_size(10)
        .time_between_orders(60)
        .randomize_time20(true)
        .randomize_size55(true)
        .give_up(1)
        .catch_up(true)
        .wait_for_fill(true)
        .active_time_start(AlgoTime::in_login_zone(12, 0, 0)?)
        .active_time_end(AlgoTime::in_login_zone(16, 0, 0)?)
        .build()
}

fn twap() -> Result<Algo, AlgoRefusal> {
    Twap::new()
        .strategy_type(TwapStyle::Marketable)
        .start_time(at("09:00:00 US/Eastern"))
        .end_time(at("16:00:00 US/Eastern"))
        .allow_past_end_time(true)
        .build()
}

fn vwap() -> Result<Algo, AlgoRefusal> {
    Vwap::new()
        .max_pct_vol(Share::percent(20))
        .start_time(at("09:00:00 US/Eastern"))
        .end_time(at("16:00:00 US/Eastern"))
        .allow_past_end_time(true)
        .no_take_liq(true)
        .build()
}

fn balance_impact_risk() -> Result<Algo, AlgoRefusal> {
    BalanceImpactRisk::new()
        .max_pct_vol(Share::percent(10))
        .risk_aversion(RiskAversion::Aggressive)
        .force_completion(true)
        .build()
}

fn close_price() -> Result<Algo, AlgoRefusal> {
    ClosePx::new()
        .max_pct_vol(Share::percent(40))
        .risk_aversion(RiskAversion::Neutral)
        .start_time(AlgoTime::utc("2018-09-26T06:06:49Z".parse().unwrap()))
        .force_completion(true)
        .build()
}

fn pct_vol() -> Result<Algo, AlgoRefusal> {
    PctVol::new()
        .pct_vol(Share::percent(50))
        .start_time(at("12:00:00 US/Eastern"))
        .end_time(at("14:00:00 US/Eastern"))
        .no_take_liq(true)
        .build()
}

fn pct_vol_by_size() -> Result<Algo, AlgoRefusal> {
    PctVolSz::new()
        .start_pct_vol(Share::percent(20))
        .end_pct_vol(Share::percent(40))
        .start_time(at("12:00:00 US/Eastern"))
        .end_time(at("14:00:00 US/Eastern"))
        .no_take_liq(true)
        .build()
}

fn pct_vol_by_time() -> Result<Algo, AlgoRefusal> {
    PctVolTm::new()
        .start_pct_vol(Share::percent(20))
        .end_pct_vol(Share::percent(40))
        .start_time(at("12:00:00 US/Eastern"))
        .end_time(at("14:00:00 US/Eastern"))
        .no_take_liq(true)
        .build()
}

fn jefferies_vwap() -> Result<Algo, AlgoRefusal> {
    jefferies::Vwap::new()
        .start_time(at("10:00:00 US/Eastern"))
        .end_time(at("16:00:00 US/Eastern"))
        .relative_limit(10)
        .max_volume_rate(10)
        .exclude_auctions(jefferies::Auctions::ExcludeBoth)
        .trigger_price(price(130))
        .wow_price(price(135))
        .min_fill_size(1)
        .wow_order_pct(10)
        .wow_mode(jefferies::WowMode::Patience)
        .is_buy_back(jefferies::BuyBack::Zero)
        .wow_reference(jefferies::WowReference::Midpoint)
        .build()
}

fn csfb_inline() -> Result<Algo, AlgoRefusal> {
    csfb::Inline::new()
        .start_time(at("10:00:00 US/Eastern"))
        .end_time(at("16:00:00 US/Eastern"))
        .exec_style(csfb::ExecStyle::Patient)
        .min_percent(10)
        .max_percent(20)
        .display_size(100)
        .auction(csfb::Auction::Default)
        .block_finder(false)
        .block_price(price(40))
        .min_block_size(100)
        .max_block_size(100)
        .i_would_price(price(35))
        .build()
}

/// Name, strategy, tags and exchange of every sample order with an algo.
fn samples() -> Vec<(String, String, Vec<TagValue>, String)> {
    let orders: Value = serde_json::from_str(include_str!("../data/order-samples.json")).unwrap();
    let contracts: Value = serde_json::from_str(include_str!("../data/contract-samples.json")).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let exchange = |sample: &Value| {
        let named = |contract: &&Value| contract["name"] == sample["contract_sample"];
        let contract = contracts["samples"].as_array().unwrap().iter().find(named);
        contract.map(|contract| text(&contract["contract"]["exchange"])).unwrap_or_default()
    };
    let mut found = Vec::new();
    for sample in orders["samples"].as_array().unwrap() {
        let with_algo =
            sample["orders"].as_array().unwrap().iter().filter(|order| order["algoStrategy"].is_string());
        for order in with_algo {
            let list = order["algoParams"].as_array().cloned().unwrap_or_default();
            let tags =
                list.iter().map(|pair| tag(pair[0].as_str().unwrap(), pair[1].as_str().unwrap())).collect();
            found.push((text(&sample["name"]), text(&order["algoStrategy"]), tags, exchange(sample)));
        }
    }
    found
}

#[test]
fn every_sample_comes_out_tag_for_tag() {
    let samples = samples();
    let mut matched = 0;
    for (name, strategy, tags, exchange) in &samples {
        let algo = algo_from_ib(strategy, tags, exchange).unwrap();
        // Without its contract nobody can say whose algo it is.
        assert!(algo.spec().is_some() || exchange.is_empty(), "{name} is not a listed algo");
        let (out, out_tags) = algo_to_ib(&algo);
        assert_eq!((&out, pairs(&out_tags)), (strategy, pairs(tags)), "{name}");
        matched += 1;
    }
    report("sample orders with an algo", matched, samples.len());
}

/// Every construction above is a sample of the file, tag for tag.
#[test]
fn samples_can_be_built_by_hand() {
    let samples = samples();
    let mut matched = 0;
    for (name, built) in BY_HAND {
        let algo = built().unwrap();
        let (out, out_tags) = algo_to_ib(&algo);
        let sample = samples.iter().find(|(known, ..)| known == name);
        let (_, strategy, tags, exchange) = sample.unwrap_or_else(|| panic!("{name} is not in the file"));
        assert_eq!((&out, pairs(&out_tags)), (strategy, pairs(tags)), "{name}");
        assert_eq!(algo_from_ib(strategy, tags, exchange).unwrap(), algo, "{name}");
        algo.suits_route(exchange).unwrap();
        matched += 1;
    }
    report("samples built by hand", matched, BY_HAND.len());
}

/// As the broker's support and its sample programs in other languages send them.
#[test]
fn further_samples_of_the_same_kinds() {
    let price_variant = "pctVol=0.1 deltaPctVol=0.05 minPctVol4Px=0.01 maxPctVol4Px=0.2 noTakeLiq=1";
    let strobe = "Duration=-99 Benchmark=TWAP PercentVolume=0.25 NoCleanUp=1";
    let octane = "Duration=10.0 Urgency=Ultra_High";
    let zeros = "RelativeLimit=10.000000 MinFillSize=1 WowOrderPct=10.000000 IsBuyBack=0";
    let older = "maxPctVol=0.200000 allowPastEndTime=1 noTakeLiq=1 monetaryValue=100000.0";
    let fox = "PartRateLimit=0.05 EndTimeBehavior= DarkAttack=10-Most_aggressive IWouldDark=0 SweepPrice=304";
    let support =
        "componentSize=100 routeOrderType=REL routePercentOffset=0.01 routeOffset=0.05 activeTimeTz=EST";
    for (strategy, exchange, text, unlisted) in [
        ("PctVolPx", "SMART", price_variant, 0),
        ("STROBE", "QBALGO", strobe, 0),
        ("Octane", "QBALGO", octane, 0),
        ("VWAP", "JEFFALGO", zeros, 0),
        ("Vwap", "NYSE", older, 1),
        ("FoxVWAP", "FOXRIVER", fox, 0),
        ("AccuDistr", "SMART", support, 1),
        ("INLINE", "", "MinPercent=10", 1),
        ("Brand New", "NEWALGO", "Speed=3 Mode=", 2),
    ] {
        let split = |pair: &str| pair.split_once('=').map(|(name, value)| tag(name, value)).unwrap();
        let tags: Vec<TagValue> = text.split(' ').map(split).collect();
        let algo = algo_from_ib(strategy, &tags, exchange).unwrap();
        let (out, out_tags) = algo_to_ib(&algo);
        assert_eq!((out.as_str(), pairs(&out_tags)), (strategy, pairs(&tags)));
        let known = |name: &str| algo.spec().is_some_and(|spec| spec.param(name).is_some());
        assert_eq!(tags.iter().filter(|tag| !known(&tag.tag)).count(), unlisted, "{strategy}");
        algo.suits_route(if exchange.is_empty() { "SMART" } else { exchange }).unwrap();
    }
}
