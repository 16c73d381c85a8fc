//! What TWS tells beside orders and contracts: executions and their costs, positions, bars, ticks, figures of accounts.
//! Values of the domain are told as the simulated TWS's codec writes them, and read here as the same values.
//!
//! Among them are the marks for "not set", numbers as long as a float holds, prices below zero, texts without a letter and
//! moments around the changes of clocks.

use crate::line::Line;
use crate::{CASES, holds_for};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestCaseResult};
use time_tz::{OffsetDateTimeExt, timezones::db::america::NEW_YORK};
use tradeport_conformance::generate;
use tradeport_fake_tws::wire::{Answer, proto};
use tradeport_ib::translate::{
    AccountFigures, bar_from_ib, commission_from_ib, execution_from_ib, key_from_ib, mid_from_ib,
    position_from_ib, print_from_ib, quote_from_ib,
};
use tradeport_kernel::{
    AccountId, Currency, Decimal, Money, OrderKey, PermId, Price, Quantity, SignedQuantity, Symbol, Timestamp,
};
use tradeport_market_data::{Bar, BarPrices, BarSize, Level, Mid, Print, PrintMarks, Quote};
use tradeport_orders::{Commission, ExecutedPart, Execution, ExecutionId, Side};
use tradeport_portfolio::{AccountSummary, Position};

/// Clocks of New York and of Europe change in 2026, on and back.
const CLOCKS_CHANGE: [i64; 4] = [1_772_953_200, 1_774_746_000, 1_792_890_000, 1_793_512_800];
const ACCOUNT: &str = "DU1";

fn apple() -> Symbol {
    "AAPL".parse().unwrap()
}

fn seconds(at: Timestamp) -> i64 {
    at.nanos().div_euclid(1_000_000_000)
}

fn float(number: Decimal) -> f64 {
    number.to_string().parse().unwrap()
}

/// Not zero, of either sign; as long as a float holds, every now and then.
fn number() -> impl Strategy<Value = Decimal> {
    let long = (1..1_000_000_000_000_000_i64, 3..13_u32, any::<bool>());
    let long = long.prop_map(|(digits, scale, below)| {
        let number = Decimal::new(digits, scale);
        if below { -number } else { number }
    });
    prop_oneof![4 => generate::number(), 1 => long]
}

fn price() -> impl Strategy<Value = Price> {
    number().prop_map(|number| Price::new(number).unwrap())
}

fn quantity() -> impl Strategy<Value = Quantity> {
    number().prop_map(|number| Quantity::new(number.abs()).unwrap())
}

fn moment() -> impl Strategy<Value = Timestamp> {
    let edge = (0..CLOCKS_CHANGE.len(), -3_601..3_602_i64)
        .prop_map(|(change, around)| Timestamp::from_seconds(CLOCKS_CHANGE[change] + around));
    prop_oneof![generate::moment(), edge]
}

fn currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec!["USD", "EUR", "JPY", "CHF", "KWD"]).prop_map(|name| name.parse().unwrap())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), generate::words().prop_map(|words| words.as_str().to_owned())]
}

fn execution_id() -> impl Strategy<Value = ExecutionId> {
    ("[0-9a-f]{8}\\.[0-9a-f]{8}\\.[0-9]{2}", 1..100_u32)
        .prop_map(|(root, times)| ExecutionId::new(&root, times))
}

fn fails(error: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

fn all_hold<T: std::fmt::Debug + Clone>(
    what: &str,
    values: impl Strategy<Value = T>,
    law: impl Fn(&mut Line, &[T]) -> TestCaseResult,
) {
    holds_for(CASES, what, values, |it| Some(it.clone()), law);
}

/// A moment as TWS writes it: in UTC, or in New York where the clock there shows it once.
fn written(at: Timestamp, is_local: bool) -> String {
    let local = |at: Timestamp| {
        let at = at.to_utc().to_timezone(NEW_YORK);
        let (date, time) = (at.date(), at.time());
        let day = i32::from(date.day()) + 100 * i32::from(u8::from(date.month())) + 10_000 * date.year();
        format!("{day} {:02}:{:02}:{:02} US/Eastern", time.hour(), time.minute(), time.second())
    };
    let hour = std::time::Duration::from_secs(3_600);
    let shown = local(at);
    if is_local && shown != local(at.before(hour)) && shown != local(at.after(hour)) {
        return shown;
    }
    let (date, time) = (at.to_utc().date(), at.to_utc().time());
    let day = i32::from(date.day()) + 100 * i32::from(u8::from(date.month())) + 10_000 * date.year();
    format!("{day} {:02}:{:02}:{:02} UTC", time.hour(), time.minute(), time.second())
}

fn execution() -> impl Strategy<Value = (Execution, bool)> {
    let key = prop::option::of("[A-Za-z0-9][A-Za-z0-9._:-]{0,20}");
    let what = (quantity(), price(), moment(), any::<bool>());
    (execution_id(), key, 1..i64::MAX, what, any::<bool>()).prop_map(|(id, key, perm_id, what, is_local)| {
        let (quantity, price, at, buys) = what;
        let execution = Execution {
            id,
            key: key.map(|key| OrderKey::new(&key).unwrap()),
            perm_id: PermId::new(perm_id),
            account: AccountId::new(ACCOUNT).unwrap(),
            symbol: apple(),
            side: if buys { Side::Buy } else { Side::Sell },
            quantity,
            price,
            at,
            part: ExecutedPart::Whole,
        };
        (execution, is_local)
    })
}

fn told_execution((it, is_local): &(Execution, bool)) -> Answer {
    let execution = proto::Execution {
        order_id: Some(1),
        client_id: Some(7),
        exec_id: Some(it.id.to_string()),
        time: Some(written(it.at, *is_local)),
        acct_number: Some(it.account.as_str().to_owned()),
        side: Some(if it.side == Side::Buy { "BOT" } else { "SLD" }.to_owned()),
        shares: Some(it.quantity.as_decimal().to_string()),
        price: Some(float(it.price.as_decimal())),
        perm_id: Some(it.perm_id.number()),
        order_ref: it.key.as_ref().map(|key| key.as_str().to_owned()),
        ..proto::Execution::default()
    };
    let contract = proto::Contract { con_id: Some(265_598), ..proto::Contract::default() };
    proto::ExecutionDetails { req_id: Some(-1), contract: Some(contract), execution: Some(execution) }.into()
}

#[test]
fn executions() {
    all_hold("executions", execution(), |line, executions| {
        let told = line.tell_executions(executions.iter().map(told_execution).collect());
        for ((wanted, _), data) in executions.iter().zip(&told) {
            let key = key_from_ib(&data.execution.order_reference);
            let read = execution_from_ib(data, apple(), key, ExecutedPart::Whole, None).map_err(fails)?;
            prop_assert_eq!(&read, wanted, "{:?}", data.execution);
        }
        Ok(())
    });
}

#[test]
fn commissions() {
    let values = (execution_id(), number(), currency()).prop_map(|(execution, amount, currency)| {
        Commission { execution, amount: Money::new(amount, currency) }
    });
    all_hold("commissions", values, |line, commissions| {
        let told = commissions.iter().map(|it| {
            Answer::from(proto::CommissionAndFeesReport {
                exec_id: Some(it.execution.to_string()),
                commission_and_fees: Some(float(it.amount.amount())),
                currency: Some(it.amount.currency().as_str().to_owned()),
                realized_pnl: Some(f64::MAX),
                bond_yield: Some(f64::MAX),
                yield_redemption_date: None,
            })
        });
        let told = line.tell_commissions(told.collect());
        for (wanted, report) in commissions.iter().zip(&told) {
            prop_assert_eq!(&commission_from_ib(report).map_err(fails)?, wanted, "{:?}", report);
        }
        Ok(())
    });
}

/// A position with the average cost of one unit; nothing is held of some.
#[derive(Clone, Debug)]
struct Holding {
    position: Position,
    multiplier: Decimal,
    average: Decimal,
}

fn holding() -> impl Strategy<Value = Holding> {
    let held = prop_oneof![9 => generate::number(), 1 => Just(Decimal::ZERO)];
    let multiplier = prop::sample::select(vec![1, 50, 100, 1_000]).prop_map(Decimal::from);
    (held, generate::number(), multiplier, currency()).prop_map(|(held, average, multiplier, currency)| {
        let cost = Money::new(held * average, currency);
        let quantity = SignedQuantity::new(held).unwrap();
        let position = Position::reported(apple(), quantity, cost, multiplier, Money::zero(currency));
        Holding { position, multiplier, average }
    })
}

#[test]
fn positions() {
    all_hold("positions", holding(), |line, holdings| {
        let rows = holdings.iter().map(|it| {
            let currency = it.position.cost().currency().as_str().to_owned();
            proto::PositionMulti {
                account: Some(ACCOUNT.to_owned()),
                contract: Some(proto::Contract { currency: Some(currency), ..proto::Contract::default() }),
                position: Some(it.position.quantity().as_decimal().to_string()),
                avg_cost: Some(float(it.average)),
                ..proto::PositionMulti::default()
            }
        });
        let told = line.tell_positions(rows.collect());
        prop_assert_eq!(told.len(), holdings.len());
        for (wanted, row) in holdings.iter().zip(&told) {
            let read = position_from_ib(apple(), wanted.multiplier, row).map_err(fails)?;
            prop_assert_eq!(&read, &wanted.position, "{:?}", row);
        }
        Ok(())
    });
}

fn bar() -> impl Strategy<Value = Bar> {
    let volume = prop::option::of(number().prop_map(|number| number.abs()));
    let four = (price(), price(), price(), price());
    (four, moment(), volume, any::<bool>(), any::<bool>()).prop_map(|(four, at, volume, is_day, rises)| {
        let mut prices = [four.0, four.1, four.2, four.3];
        prices.sort();
        let [low, lower, upper, high] = prices;
        let (open, close) = if rises { (lower, upper) } else { (upper, lower) };
        let (size, start) = if is_day {
            let day = seconds(at).div_euclid(86_400) * 86_400;
            (BarSize::DAY, Timestamp::from_seconds(day))
        } else {
            (BarSize::MINUTE, at)
        };
        Bar::new(apple(), size, start, BarPrices { open, high, low, close }, volume).unwrap()
    })
}

fn told_bar(bar: &Bar) -> proto::HistoricalDataBar {
    let price = |price: Price| Some(float(price.as_decimal()));
    let prices = bar.prices();
    let date = if bar.size() == BarSize::DAY {
        written(bar.start(), false)[..8].to_owned()
    } else {
        seconds(bar.start()).to_string()
    };
    proto::HistoricalDataBar {
        date: Some(date),
        open: price(prices.open),
        high: price(prices.high),
        low: price(prices.low),
        close: price(prices.close),
        volume: Some(bar.volume().map_or_else(|| "-1".to_owned(), |volume| volume.to_string())),
        wap: Some("-1".to_owned()),
        bar_count: Some(-1),
    }
}

#[test]
fn bars() {
    all_hold("bars", bar(), |line, bars| {
        let told = line.tell_bars(bars.iter().map(told_bar).collect());
        prop_assert_eq!(told.len(), bars.len());
        for (wanted, row) in bars.iter().zip(&told) {
            let read = bar_from_ib(apple(), wanted.size(), row).map_err(fails)?;
            prop_assert_eq!(&read, wanted, "{:?}", row);
        }
        Ok(())
    });
}

/// One side of a quote; -1 without a size is TWS's mark for nobody.
fn level() -> impl Strategy<Value = Option<Level>> {
    prop::option::weighted(0.8, (price(), prop::option::of(quantity()))).prop_map(|side| {
        let (price, size) = side?;
        (size.is_some() || price.as_decimal() != -Decimal::ONE).then(|| Level::new(price, size))
    })
}

#[test]
fn quotes() {
    let values = (moment(), level(), level());
    let values = values.prop_filter_map("nobody", |(at, bid, ask)| Quote::new(apple(), at, bid, ask).ok());
    all_hold("quotes", values, |line, quotes| {
        let rows = quotes.iter().map(|quote| {
            let price =
                |side: Option<Level>, mark: f64| side.map_or(mark, |it| float(it.price().as_decimal()));
            let size = |side: Option<Level>| {
                side.and_then(|it| it.size()).map_or_else(|| "0".to_owned(), |it| it.as_decimal().to_string())
            };
            let tick = proto::HistoricalTickBidAsk {
                time: Some(seconds(quote.at())),
                price_bid: Some(price(quote.bid(), -1.0)),
                price_ask: Some(price(quote.ask(), 0.0)),
                size_bid: Some(size(quote.bid())),
                size_ask: Some(size(quote.ask())),
                ..proto::HistoricalTickBidAsk::default()
            };
            proto::TickByTickData {
                tick_type: Some(3),
                historical_tick_bid_ask: Some(tick),
                ..proto::TickByTickData::default()
            }
        });
        let told = line.tell_quotes(rows.collect());
        for (wanted, tick) in quotes.iter().zip(&told) {
            let read = quote_from_ib(apple(), tick).map_err(fails)?;
            prop_assert_eq!(read.as_ref(), Some(wanted), "{:?}", tick);
        }
        Ok(())
    });
}

#[test]
fn prints() {
    let marks = (any::<bool>(), any::<bool>());
    let values = (moment(), price(), prop::option::of(quantity()), text(), text(), marks);
    let values = values.prop_map(|(at, price, size, exchange, conditions, (past_limit, unreported))| {
        let print = Print::new(apple(), at, price, size).on(&exchange).under(&conditions);
        print.marked(PrintMarks { past_limit, unreported })
    });
    all_hold("prints", values, |line, prints| {
        let rows = prints.iter().map(|print| {
            let tick = proto::HistoricalTickLast {
                time: Some(seconds(print.at())),
                price: Some(float(print.price().as_decimal())),
                size: Some(print.size().map_or_else(|| "0".to_owned(), |it| it.as_decimal().to_string())),
                exchange: Some(print.exchange().unwrap_or_default().to_owned()),
                special_conditions: Some(print.conditions().unwrap_or_default().to_owned()),
                tick_attrib_last: Some(proto::TickAttribLast {
                    past_limit: Some(print.marks().past_limit),
                    unreported: Some(print.marks().unreported),
                }),
            };
            proto::TickByTickData {
                tick_type: Some(2),
                historical_tick_last: Some(tick),
                ..proto::TickByTickData::default()
            }
        });
        let told = line.tell_prints(rows.collect());
        for (wanted, tick) in prints.iter().zip(&told) {
            prop_assert_eq!(&print_from_ib(apple(), tick).map_err(fails)?, wanted, "{:?}", tick);
        }
        Ok(())
    });
}

#[test]
fn mids() {
    let values = (moment(), price()).prop_map(|(at, price)| Mid { symbol: apple(), at, price });
    all_hold("mids", values, |line, mids| {
        let rows = mids.iter().map(|mid| {
            let (time, price) = (Some(seconds(mid.at)), Some(float(mid.price.as_decimal())));
            proto::TickByTickData {
                tick_type: Some(4),
                historical_tick_mid_point: Some(proto::HistoricalTick {
                    time,
                    price,
                    size: Some("0".to_owned()),
                }),
                ..proto::TickByTickData::default()
            }
        });
        let told = line.tell_mids(rows.collect());
        for (wanted, tick) in mids.iter().zip(&told) {
            prop_assert_eq!(&mid_from_ib(apple(), tick).map_err(fails)?, wanted, "{:?}", tick);
        }
        Ok(())
    });
}

fn summary() -> impl Strategy<Value = AccountSummary> {
    let profits = (prop::option::of(number()), prop::option::of(number()));
    let figures = (number(), number(), number(), number());
    let balances = prop::collection::vec((number(), currency()), 0..4);
    (figures, profits, currency(), balances).prop_map(
        |((net, cash, power, margin), (realized, unrealized), currency, balances)| {
            let balances: Vec<Money> =
                balances.into_iter().map(|(amount, currency)| Money::new(amount, currency)).collect();
            let balances = (!balances.is_empty()).then(|| balances.into_iter().collect());
            let money = |amount: Decimal| Money::new(amount, currency);
            AccountSummary {
                account: AccountId::new(ACCOUNT).unwrap(),
                at: Timestamp::EPOCH,
                net_liquidation: money(net),
                cash: money(cash),
                positions_value: money(net - cash),
                buying_power: money(power),
                maintenance_margin: money(margin),
                realized_pnl: money(realized.unwrap_or_default()),
                unrealized_pnl: money(unrealized.unwrap_or_default()),
                rates: Default::default(),
                balances,
            }
        },
    )
}

fn told_figures(it: &AccountSummary) -> Vec<proto::AccountValue> {
    let own = it.cash.currency();
    let own = own.as_str();
    let row = |key: &str, amount: Money, currency: &str| proto::AccountValue {
        key: Some(key.to_owned()),
        value: Some(amount.amount().to_string()),
        currency: Some(currency.to_owned()),
        account_name: Some(ACCOUNT.to_owned()),
    };
    let mut rows = vec![
        row("NetLiquidation", it.net_liquidation, own),
        row("TotalCashValue", it.cash, own),
        row("BuyingPower", it.buying_power, own),
        row("MaintMarginReq", it.maintenance_margin, own),
        row("UnrealizedPnL", it.unrealized_pnl, own),
    ];
    if let Some(balances) = &it.balances {
        rows.push(row("TotalCashBalance", it.cash, "BASE"));
        rows.extend(balances.iter().map(|it| row("TotalCashBalance", it, it.currency().as_str())));
    }
    // Without a gain there is an empty text, or no row at all.
    match it.realized_pnl.amount().is_zero() {
        false => rows.push(row("RealizedPnL", it.realized_pnl, "BASE")),
        true => rows.push(proto::AccountValue {
            value: Some(String::new()),
            ..row("RealizedPnL", it.realized_pnl, own)
        }),
    }
    rows
}

#[test]
fn figures_of_accounts() {
    all_hold("figures", summary(), |line, summaries| {
        let told = line.tell_figures(summaries.iter().map(told_figures).collect());
        for (wanted, rows) in summaries.iter().zip(&told) {
            let mut figures = AccountFigures::default();
            rows.iter().for_each(|row| figures.hear(row));
            let read = figures.summary(wanted.account.clone(), wanted.at).map_err(fails)?;
            prop_assert_eq!(&read, wanted, "{:?}", rows);
        }
        Ok(())
    });
}

/// A cost that is not set is no cost of zero, and no largest of all numbers.
#[test]
fn a_cost_that_is_not_set_is_an_error() {
    let mut line = Line::new();
    let unset = |amount| {
        Answer::from(proto::CommissionAndFeesReport {
            exec_id: Some("a.01".to_owned()),
            commission_and_fees: amount,
            currency: Some("USD".to_owned()),
            ..proto::CommissionAndFeesReport::default()
        })
    };
    for report in line.tell_commissions(vec![unset(Some(f64::MAX)), unset(Some(f64::NAN))]) {
        assert!(commission_from_ib(&report).is_err(), "{report:?}");
    }
}
