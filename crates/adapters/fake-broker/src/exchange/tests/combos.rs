//! Combos: how they are listed, what they trade at, and what they are refused.

use super::stage::{Stage, account, key, limit, number, price, units};
use crate::commission::CommissionSchedule;
use crate::exchange::{Exchange, ExchangeEvent, Input};
use tradeport_contracts::{
    Combo, ComboLeg, ComboTerms, Contract, ContractDraft, ContractId, Instrument, LegAction, Session,
    TradingSessions,
};
use tradeport_kernel::{Decimal, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{BrokerPhase, ExecutedPart, OrderDraft, OrderKind, Side, TimeInForce};

pub(super) const LOW: &str = "AAPL 20261218C100";
pub(super) const HIGH: &str = "AAPL 20261218C110";

fn option(name: &str, id: i64, like: &Exchange) -> Contract {
    let known: ContractDraft = like.contracts().next().unwrap().clone().into();
    let instrument: Instrument = name.parse().unwrap();
    let id = ContractId::new(id);
    let multiplier = Decimal::ONE_HUNDRED;
    ContractDraft { id, symbol: instrument.symbol(), instrument, multiplier, ..known }.check().unwrap()
}

fn legs(legs: &[(i64, u32, LegAction)]) -> Combo {
    let leg = |(id, ratio, action): &_| ComboLeg::new(ContractId::new(*id), *ratio, *action).unwrap();
    Combo::new("AAPL", legs.iter().map(leg).collect()).unwrap()
}

/// Buys the lower strike, sells the higher one.
fn vertical() -> Combo {
    legs(&[(1, 1, LegAction::Buy), (2, 1, LegAction::Sell)])
}

fn contract(combo: &Combo, like: &Exchange) -> Contract {
    let known: Vec<Contract> = like.contracts().cloned().collect();
    let terms = ComboTerms::of(combo, &known).unwrap();
    terms.contract(combo).check().unwrap()
}

fn list(stage: &mut Stage, contract: Contract) {
    stage.input(Input::List { contract: Box::new(contract) });
}

fn name(combo: &Combo) -> Symbol {
    Instrument::from(combo.clone()).symbol()
}

pub(super) fn quote(stage: &mut Stage, name: &str, bid: &str, ask: &str) {
    sized(stage, name, bid, "50", ask, "50");
}

fn sized(stage: &mut Stage, name: &str, bid: &str, bid_size: &str, ask: &str, ask_size: &str) {
    let level = |at: &str, size: &str| (!at.is_empty()).then(|| Level::new(price(at), size.parse().ok()));
    let (symbol, now) = (Symbol::new(name).unwrap(), stage.exchange.now());
    let quote = Quote::new(symbol, now, level(bid, bid_size), level(ask, ask_size)).unwrap();
    stage.input(Input::Quote { quote });
}

pub(super) fn order(stage: &mut Stage, id: &str, side: Side, quantity: &str, kind: OrderKind) {
    order_with(stage, id, side, quantity, kind, |_| {});
}

fn order_with(
    stage: &mut Stage,
    id: &str,
    side: Side,
    quantity: &str,
    kind: OrderKind,
    change: impl FnOnce(&mut OrderDraft),
) {
    let spread = vertical();
    let mut draft = OrderDraft::new(key(id), account("RICH"), name(&spread), side, units(quantity), kind)
        .of(spread.into());
    change(&mut draft);
    stage.input(Input::Submit { intent: draft.check().unwrap() });
}

/// Open, with both options and the spread listed, and the options at 4.00 to 4.20 and 1.30 to 1.40.
pub(super) fn open() -> Stage {
    open_with(CommissionSchedule::free())
}

fn open_with(commission: CommissionSchedule) -> Stage {
    let mut stage = Stage::with(|config| config.commission = commission.into());
    stage.at(110);
    for (name, id) in [(LOW, 1), (HIGH, 2)] {
        let option = option(name, id, &stage.exchange);
        list(&mut stage, option);
    }
    let spread = contract(&vertical(), &stage.exchange);
    list(&mut stage, spread);
    quote(&mut stage, LOW, "4.00", "4.20");
    quote(&mut stage, HIGH, "1.30", "1.40");
    stage
}

fn held(stage: &Stage, name: &str) -> Decimal {
    let positions = stage.exchange.positions(&account("RICH")).unwrap();
    let found = positions.iter().find(|position| position.symbol().as_str() == name);
    found.map_or(Decimal::ZERO, |position| position.quantity().as_decimal())
}

/// What has traded of an order, part by part.
pub(super) fn parts(stage: &Stage, id: &str) -> Vec<String> {
    let ours = stage.exchange.executions().iter().filter(|execution| execution.key == Some(key(id)));
    ours.map(|it| format!("{:?} {} {}@{}", it.part, it.side, it.quantity, it.price)).collect()
}

#[test]
fn a_market_order_trades_every_leg_at_what_it_displays() {
    let mut stage = open();
    let spread = name(&vertical());
    let shown = stage.exchange.last_quote(spread).unwrap();
    let told = |level: Option<Level>| level.map(|level| (level.price(), level.size()));
    assert_eq!(told(shown.bid()), Some((price("2.60"), Some(units("50")))));
    assert_eq!(told(shown.ask()), Some((price("2.90"), Some(units("50")))));
    order(&mut stage, "spread", Side::Buy, "10", OrderKind::Market);
    assert_eq!(parts(&stage, "spread"), ["Combo buy 10@2.9", "Leg buy 10@4.20", "Leg sell 10@1.30"]);
    assert_eq!(stage.phase("spread"), BrokerPhase::Filled);
    assert_eq!(stage.status("spread").filled, Decimal::TEN);
    assert_eq!((held(&stage, LOW), held(&stage, HIGH)), (number("10"), number("-10")));
    assert_eq!(held(&stage, spread.as_str()), Decimal::ZERO);
    assert_eq!(stage.cash("RICH"), number("1000000") - number("2900"));
    order(&mut stage, "back", Side::Sell, "10", OrderKind::Market);
    assert_eq!(parts(&stage, "back"), ["Combo sell 10@2.6", "Leg sell 10@4.00", "Leg buy 10@1.40"]);
    assert_eq!((held(&stage, LOW), held(&stage, HIGH)), (Decimal::ZERO, Decimal::ZERO));
}

#[test]
fn a_limit_waits_for_the_net_of_the_legs_and_gets_what_is_displayed() {
    let mut stage = open();
    order(&mut stage, "waits", Side::Buy, "10", limit("2.75"));
    assert_eq!(stage.phase("waits"), BrokerPhase::Working);
    quote(&mut stage, LOW, "3.90", "4.10");
    assert_eq!(stage.fills("waits"), Vec::<String>::new(), "2.80 is more than 2.75");
    quote(&mut stage, HIGH, "1.40", "1.50");
    assert_eq!(parts(&stage, "waits"), ["Combo buy 10@2.7", "Leg buy 10@4.10", "Leg sell 10@1.40"]);
}

#[test]
fn a_credit_is_a_price_below_zero() {
    let mut stage = open();
    let credit = legs(&[(1, 1, LegAction::Sell), (2, 1, LegAction::Buy)]);
    let listed = ContractDraft { id: ContractId::new(2_000), ..contract(&credit, &stage.exchange).into() };
    list(&mut stage, listed.check().unwrap());
    let of = |draft: &mut OrderDraft, instrument: Combo| {
        *draft = OrderDraft::clone(draft).of(instrument.into());
    };
    order_with(&mut stage, "greedy", Side::Buy, "1", limit("-2.70"), |draft| of(draft, credit.clone()));
    assert_eq!(stage.phase("greedy"), BrokerPhase::Working);
    order_with(&mut stage, "credit", Side::Buy, "1", limit("-2.60"), |draft| of(draft, credit.clone()));
    assert_eq!(parts(&stage, "credit"), ["Combo buy 1@-2.6", "Leg sell 1@4.00", "Leg buy 1@1.40"]);
    assert_eq!(stage.cash("RICH"), number("1000260"));
}

#[test]
fn only_whole_units_trade_and_no_more_than_the_smallest_leg_displays() {
    let mut stage = open();
    sized(&mut stage, LOW, "4.00", "7", "4.20", "7");
    order(&mut stage, "part", Side::Buy, "10", limit("3.00"));
    assert_eq!(stage.fills("part"), ["7@2.9", "7@4.20", "7@1.30"]);
    assert_eq!((stage.phase("part"), stage.status("part").filled), (BrokerPhase::Working, number("7")));
    quote(&mut stage, HIGH, "1.30", "1.40");
    assert_eq!(stage.status("part").filled, number("7"), "the other leg has nothing left");
    sized(&mut stage, LOW, "4.00", "2", "4.20", "2");
    sized(&mut stage, LOW, "4.00", "5", "4.20", "5");
    assert_eq!(stage.phase("part"), BrokerPhase::Filled);
    assert_eq!((held(&stage, LOW), held(&stage, HIGH)), (number("10"), number("-10")));
}

#[test]
fn without_a_quote_of_every_leg_it_rests() {
    let mut stage = open();
    quote(&mut stage, HIGH, "", "1.40");
    assert!(stage.exchange.last_quote(name(&vertical())).unwrap().ask().is_none());
    order(&mut stage, "rests", Side::Buy, "1", limit("3.00"));
    order_with(&mut stage, "at-once", Side::Buy, "1", limit("3.00"), |draft| {
        draft.time_in_force = TimeInForce::ImmediateOrCancel;
    });
    assert_eq!((stage.phase("rests"), stage.phase("at-once")), (BrokerPhase::Working, BrokerPhase::Working));
    quote(&mut stage, HIGH, "1.00", "1.40");
    assert_eq!(
        (stage.phase("rests"), stage.phase("at-once")),
        (BrokerPhase::Working, BrokerPhase::Cancelled)
    );
    quote(&mut stage, HIGH, "1.30", "1.40");
    assert_eq!(stage.phase("rests"), BrokerPhase::Filled);
}

#[test]
fn it_trades_while_all_legs_do() {
    let mut stage = Stage::closed();
    stage.at(10);
    let session =
        |open, close| Session { open: Timestamp::from_seconds(open), close: Timestamp::from_seconds(close) };
    let late = TradingSessions::new(vec![session(150, 300)]).unwrap();
    let first = option(LOW, 1, &stage.exchange);
    let second = ContractDraft { sessions: late, ..option(HIGH, 2, &stage.exchange).into() }.check().unwrap();
    list(&mut stage, first);
    list(&mut stage, second);
    let spread = contract(&vertical(), &stage.exchange);
    let spread = ContractDraft { sessions: TradingSessions::always(), ..spread.into() }.check().unwrap();
    list(&mut stage, spread);
    stage.at(110);
    quote(&mut stage, LOW, "4.00", "4.20");
    quote(&mut stage, HIGH, "1.30", "1.40");
    order(&mut stage, "waits", Side::Buy, "1", limit("3.00"));
    assert_eq!(stage.phase("waits"), BrokerPhase::Held);
    stage.at(160);
    quote(&mut stage, HIGH, "1.30", "1.40");
    assert_eq!(stage.phase("waits"), BrokerPhase::Filled);
    order(&mut stage, "late", Side::Buy, "1", limit("1.00"));
    stage.at(200);
    assert_eq!(stage.phase("late"), BrokerPhase::Expired, "the first leg closed");
}

#[test]
fn legs_come_before_their_combo() {
    let mut stage = open();
    let missing = legs(&[(1, 1, LegAction::Buy), (77, 1, LegAction::Sell)]);
    let known = contract(&vertical(), &stage.exchange);
    let draft = ContractDraft {
        id: ContractId::new(3_000),
        symbol: name(&missing),
        instrument: missing.into(),
        ..known.into()
    };
    let before = stage.exchange.clone();
    list(&mut stage, draft.check().unwrap());
    let Some(ExchangeEvent::NotListed { reason, .. }) = stage.said.last().map(|effect| &effect.event) else {
        panic!("it was listed")
    };
    assert_eq!(reason, "its leg of contract 77 is not known: resolve and list the legs first");
    assert_eq!(stage.exchange, before);
}

#[test]
fn what_is_listed_between_its_legs_does_not_disturb_it() {
    let mut stage = open();
    order(&mut stage, "waits", Side::Buy, "1", limit("2.75"));
    for (at, text) in [(5, "AAPL 20261218C105"), (6, "A"), (7, "ZZ"), (8, "combo")] {
        let option = option(&text.replace("combo", "CC"), at, &stage.exchange);
        list(&mut stage, option);
    }
    let kept = serde_json::to_string(&stage.exchange).unwrap();
    assert_eq!(serde_json::from_str::<Exchange>(&kept).unwrap(), stage.exchange);
    quote(&mut stage, LOW, "3.90", "4.00");
    assert_eq!(parts(&stage, "waits"), ["Combo buy 1@2.7", "Leg buy 1@4.00", "Leg sell 1@1.30"]);
}

#[test]
fn what_cannot_trade_on_a_combo_is_refused() {
    let mut stage = open();
    order(&mut stage, "close", Side::Buy, "1", OrderKind::MarketOnClose);
    assert_eq!(stage.refusal(), "combos have no auctions, so they do not trade as MOC orders");
    order_with(&mut stage, "cash", Side::Buy, "1", limit("3.00"), |draft| draft.account = account("CASH"));
    assert_eq!(
        stage.refusal(),
        "CASH is a cash account, which may be short in no leg: trade combos in a margin account"
    );
    order(&mut stage, "half", Side::Buy, "0.5", limit("3.00"));
    assert_eq!(stage.refusal(), "a quantity of 0.5 is not a whole number of lots of 1");
    order(&mut stage, "between", Side::Buy, "1", limit("2.995"));
    assert_eq!(stage.refusal(), "a limit of 2.995 is not a whole number of price steps of 0.01");
    order(&mut stage, "fills", Side::Buy, "1", OrderKind::Market);
    stage.input(Input::Correct { key: key("fills"), price: price("1") });
    assert_eq!(stage.refusal(), "executions of combos are neither corrected nor cancelled here");
    stage.input(Input::Bust { key: key("fills"), left: None });
    assert_eq!(stage.refusal(), "executions of combos are neither corrected nor cancelled here");
}

#[test]
fn a_spread_keeps_its_largest_loss_and_a_closing_one_nothing() {
    let mut stage = open();
    // Costs 1.00 x 100 at most; loses no more than that.
    order(&mut stage, "debit", Side::Buy, "3", limit("1.00"));
    assert_eq!(stage.exchange.reserved(&account("RICH")), Some(number("300")));
    stage.cancel("debit");
    // Brings in 5.00 x 100 at least, and loses 10.00 x 100 less that.
    order(&mut stage, "credit", Side::Sell, "3", limit("5.00"));
    assert_eq!(stage.exchange.reserved(&account("RICH")), Some(number("1500")));
    // More than the distance of the strikes: nothing can be lost.
    stage.cancel("credit");
    order(&mut stage, "sure", Side::Sell, "3", limit("12.00"));
    assert_eq!(stage.exchange.reserved(&account("RICH")), Some(Decimal::ZERO));
    stage.cancel("sure");
    order(&mut stage, "opens", Side::Buy, "3", OrderKind::Market);
    order(&mut stage, "closes", Side::Sell, "3", limit("5.00"));
    assert_eq!(stage.exchange.reserved(&account("RICH")), Some(Decimal::ZERO));
    order(&mut stage, "beyond", Side::Sell, "1", limit("5.00"));
    assert_eq!(stage.exchange.reserved(&account("RICH")), Some(number("500")));
    order(&mut stage, "huge", Side::Sell, "10000", limit("5.00"));
    assert!(
        stage.refusal().starts_with("insufficient funds: the order needs 5000000"),
        "{}",
        stage.refusal()
    );
}

#[test]
fn every_leg_is_charged_like_an_order_of_its_own() {
    let mut stage = open_with(CommissionSchedule::ib_us_stocks_fixed());
    order(&mut stage, "spread", Side::Buy, "10", OrderKind::Market);
    let charged = stage.said.iter().filter_map(|effect| match &effect.event {
        ExchangeEvent::Charged { commission, .. } => Some(commission.clone()),
        _ => None,
    });
    let charged: Vec<_> = charged.collect();
    let legs: Vec<_> =
        stage.exchange.executions().iter().filter(|it| it.part == ExecutedPart::Leg).cloned().collect();
    let ids: Vec<_> = charged.iter().map(|it| &it.execution).collect();
    assert_eq!(ids, legs.iter().map(|leg| &leg.id).collect::<Vec<_>>());
    assert_eq!(charged[0].amount.amount(), number("1"), "the least of the bought leg");
    assert_eq!(charged[1].amount.amount(), number("1.00166"), "the least of the sold one, and its fee");
    assert_eq!(stage.exchange.commissions(&account("RICH")).unwrap().amount(), number("2.00166"));
}

#[test]
fn a_scripted_price_that_the_legs_do_not_show_goes_onto_one_leg() {
    let mut stage = open();
    order(&mut stage, "scripted", Side::Buy, "2", limit("2.00"));
    stage.input(Input::Trade { key: key("scripted"), quantity: units("2") });
    assert_eq!(parts(&stage, "scripted"), ["Combo buy 2@2.00", "Leg buy 2@3.3", "Leg sell 2@1.30"]);
}
