//! Order kinds, instruments and venues.

use crate::support::*;
use tradeport_contracts::{ById, ContractDetails, ContractDraft, ContractId, Expiry};
use tradeport_orders::validation::Rule;
use tradeport_orders::{
    AuctionStrategy, Compete, MidOffsets, MidPeg, OrderKind, Side, StockPeg, StockRange, TrailBy, Volatility,
    VolatilityPeg, VolatilityTerms,
};

const TOUCHED: &str = "MKT, LMT, TRAIL LIMIT, MIT, LIT, TRAIL MIT, TRAIL LIT";

#[test]
fn kinds_that_do_not_go_with_an_instrument() {
    let moc = buy(OrderKind::MarketOnClose);
    let said = "MOC orders do not go with a currency pair: MKT, LMT, STP, STP LMT, TRAIL, TRAIL LIMIT, MIT, LIT, \
                TRAIL MIT, TRAIL LIT, PEG BENCH would be accepted";
    assert_eq!(refused(&moc, &forex()), [said]);
    assert_eq!(found(&moc, &forex()).refusals()[0].rule(), Rule::Kind);
    for takes in [stock(), cfd(), future()] {
        assert_eq!(refused(&moc, &takes), NONE);
    }
    assert_eq!(
        refused(&buy(stop("10")), &crypto()),
        ["STP orders do not go with a crypto: MKT, LMT would be accepted"]
    );
    assert_eq!(
        refused(&buy(limit("10")), &fund()),
        ["LMT orders do not go with a fund: MKT would be accepted"]
    );
    let said = format!("STP orders do not go with a bond: {TOUCHED}, QUOTE would be accepted");
    assert_eq!(refused(&buy(stop("10")), &bond()), [said]);
    let said = "MKT orders do not go with an event contract: LMT would be accepted";
    assert_eq!(refused(&buy(OrderKind::Market), &event()), [said]);
}

#[test]
fn kinds_for_combos() {
    let pair = buy(OrderKind::LimitPlusMarket { limit: price("1") });
    assert_eq!(refused(&pair, &combo(2)), NONE);
    let said = refused(&pair, &stock());
    assert!(said[0].starts_with("LMT + MKT orders do not go with a stock: MKT, LMT, STP, "), "{said:?}");
    assert!(!said[0].contains('+') || !said[0].split(':').nth(1).unwrap().contains('+'), "{said:?}");
    let said = refused(&buy(OrderKind::MarketOnClose), &combo(2));
    assert!(
        said[0]
            .ends_with("LMT + MKT, REL + LMT, REL + MKT, TRAIL LMT + MKT, TRAIL REL + MKT would be accepted")
    );
}

#[test]
fn the_brokers_own_list_wins() {
    let peg = buy(OrderKind::PegMid { limit: None, by: MidPeg::At });
    assert_eq!(refused(&peg, &stock()), NONE);
    let said = "the broker takes no PEG MID orders for IT: MKT, LMT, STP LMT would be accepted";
    assert_eq!(refused(&peg, &with_kinds(stock(), "ACTIVETIM,LMT,MKT,STPLMT")), [said]);
    // Named, so it goes, whatever the guide says.
    assert_eq!(refused(&peg, &with_kinds(option(), "LMT,PEGMID")), NONE);
    // Never on such a list, so the guide decides.
    assert_eq!(refused(&buy(OrderKind::MarketProtected), &with_kinds(future(), "LMT,MKT")), NONE);
    // About something else.
    assert_eq!(refused(&peg, &with_kinds(stock(), "ALERT,BASKET")), NONE);
}

#[test]
fn one_venue_alone() {
    let at_box = |exchange| {
        let draft = option();
        let description = tradeport_contracts::Description {
            exchange: Some(String::from(exchange)),
            ..draft.instrument.description().clone()
        };
        ContractDraft { instrument: description.check().unwrap(), ..draft }
    };
    let top = buy(OrderKind::BoxTop);
    assert_eq!(refused(&top, &at_box("BOX")), NONE);
    assert_eq!(refused(&top, &at_box("SMART")), ["BOX TOP orders go to BOX: SMART was given"]);
    let mut improve = buy(limit("10"));
    improve.attributes.routing.auction = Some(AuctionStrategy::Improvement);
    assert_eq!(refused(&improve, &at_box("BOX")), NONE);
    let said = [
        "an auction strategy is for orders at BOX: SMART was given",
        "an auction strategy is for options: a stock was given",
    ];
    assert_eq!(refused(&improve, &stock()), said);
    let mid = buy(OrderKind::MidPrice { cap: None });
    assert_eq!(refused(&mid, &stock()), NONE);
    assert_eq!(refused(&mid, &stock_on("ARCA")), ["MIDPRICE orders go to SMART: ARCA was given"]);
    assert_eq!(refused(&mid, &euro_stock()), ["MIDPRICE orders are for instruments in USD: EUR was given"]);
    assert_eq!(refused(&buy(OrderKind::Vwap), &stock()), ["VWAP orders go to VWAP: SMART was given"]);
    let said = "VWAP takes VWAP orders alone: MKT was given";
    assert_eq!(refused(&buy(OrderKind::Market), &stock_on("VWAP")), [said]);
}

#[test]
fn a_list_that_names_a_kind_decides_its_venue_too() {
    let delta = number("0.5");
    let range = StockRange::default();
    let peg =
        buy(OrderKind::PegStock(StockPeg { delta, starting_price: None, reference_price: None, range }));
    assert_eq!(refused(&peg, &option()), ["PEG STK orders go to BOX: SMART was given"]);
    assert_eq!(refused(&peg, &with_kinds(option(), "LMT,RELSTK")), NONE);
}

#[test]
fn the_brokers_own_book() {
    let mut best = buy(OrderKind::PegBest { limit: None, compete: Compete::Default });
    let said =
        "PEG BEST orders at IBKRATS leave the price to the broker: one that is not held would be accepted";
    assert_eq!(refused(&best, &stock_on("IBKRATS")), [said]);
    best = best.not_held();
    best.attributes.handling.min_trade_quantity = Some(50);
    best.attributes.handling.min_compete_size = Some(50);
    assert_eq!(refused(&best, &stock_on("IBKRATS")), NONE);
    let said = [
        "PEG BEST orders go to IBKRATS: SMART was given",
        "a minimum trade quantity is for orders at IBKRATS: SMART was given",
        "a minimum compete size is for orders at IBKRATS: SMART was given",
    ];
    assert_eq!(refused(&best, &stock()), said);
}

#[test]
fn what_is_not_traded() {
    let said = "IT is an index, which is not traded: a contract on it would be accepted";
    assert_eq!(refused(&buy(limit("10")), &index()), [said]);
    let said = "IT is a query for futures, which is not traded: a contract on it would be accepted";
    assert_eq!(refused(&buy(limit("10")), &any_future()), [said]);
}

#[test]
fn what_has_ended() {
    let ended = |day| {
        let expiry = Some(Expiry::on(2026, 6, day).unwrap());
        ContractDraft { details: ContractDetails { expiry, ..Default::default() }, ..future() }
    };
    let said = "IT ended on 2026-06-28: a contract that still trades would be accepted";
    assert_eq!(refused(&buy(limit("10")), &ended(28)), [said]);
    assert_eq!(refused(&buy(limit("10")), &ended(29)), NONE, "still the last day somewhere");
}

#[test]
fn yes_is_not_sold() {
    let said = "IT is an event contract, which cannot be sold: buying its opposite would be accepted";
    assert_eq!(refused(&order(Side::Sell, "10", limit("0.5")), &event()), [said]);
}

#[test]
fn what_is_unknown_is_not_judged() {
    let unknown = contract(ById::new(ContractId::new(7)).unwrap());
    assert_eq!(refused(&buy(OrderKind::MarketOnClose), &unknown), NONE);
    let said = "it is not known what IT is: whether the kind of order goes with it was not checked";
    assert_eq!(warned(&buy(OrderKind::MarketOnClose), &unknown), [said]);
}

#[test]
fn an_unusual_venue_is_a_warning() {
    assert_eq!(warned(&buy(OrderKind::MarketProtected), &future()), NONE);
    let eurex =
        contract(tradeport_contracts::Future::new("GBL", Expiry::on(2026, 12, 8).unwrap(), "EUREX").unwrap());
    let said = "MKT PRT orders are usually taken at the CME group, not at EUREX";
    assert_eq!(warned(&buy(OrderKind::MarketProtected), &eurex), [said]);
}

/// As brokers send them for a US stock, a future and an option, in the spellings of the list and of orders.
#[test]
fn lists_as_they_are_sent() {
    let stock_list = "AD,AON,DAY,GTC,IOC,LIT,LMT,LOC,MIDPX,MIT,MKT,MOC,MTL,OPG,PEGBENCH,PEGMID,REL,SNAPMID,SNAPMKT,SNAPREL,STP,STPLMT,TRAIL,TRAILLIT,TRAILLMT,TRAILMIT";
    let translated = "LMT,MKT,MTL,STP,STP LMT,TRAIL LIMIT,MIDPRICE,SNAP MKT,PEG MID";
    let option_list = "DAY,LMT,MKT,PEGMIDVOL,PEGPRMVOL,REL,RELSTK,STP,VOLAT";
    let trail =
        OrderKind::TrailLimitFrom { by: TrailBy::Percent(number("1")), stop: None, limit: price("1") };
    for list in [stock_list, translated] {
        for kind in [OrderKind::MidPrice { cap: None }, trail, OrderKind::SnapMarket { offset: None }] {
            assert_eq!(refused(&buy(kind), &with_kinds(stock(), list)), NONE, "{} in {list}", kind.name());
        }
    }
    for kind in [OrderKind::MarketOnOpen, OrderKind::LimitOnClose { limit: price("1") }] {
        assert_eq!(refused(&buy(kind), &with_kinds(stock(), stock_list)), NONE);
        assert_eq!(refused(&buy(kind), &with_kinds(stock(), translated)).len(), 1);
    }
    let (percent, terms) = (number("20"), VolatilityTerms::default());
    for kind in [
        OrderKind::Volatility(Volatility { percent, terms }),
        OrderKind::PegVolatility { to: VolatilityPeg::Primary, offset: None, terms },
    ] {
        assert_eq!(refused(&buy(kind), &with_kinds(option(), option_list)), NONE);
    }
    let surface = OrderKind::PegVolatility { to: VolatilityPeg::Surface, offset: None, terms };
    let said =
        "the broker takes no PSV orders for IT: MKT, LMT, STP, REL, VOL, PPV, PDV, PEG STK would be accepted";
    assert_eq!(refused(&buy(surface), &with_kinds(option(), option_list)), [said]);
}

#[test]
fn the_width_of_the_spread_is_for_the_brokers_own_book() {
    let offsets = MidOffsets { at_whole: number("0.01"), at_half: number("0.005") };
    let peg = buy(OrderKind::PegMid { limit: None, by: MidPeg::BySpread(offsets) }).not_held();
    assert_eq!(refused(&peg, &stock_on("IBKRATS")), NONE);
    let said = "an offset by the width of the spread is for orders at IBKRATS: SMART was given";
    assert_eq!(refused(&peg, &stock()), [said]);
}
