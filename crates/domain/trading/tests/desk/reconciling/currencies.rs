//! Cash of several currencies, held against the broker in each of them.

use super::*;
use crate::statements::described;
use std::sync::{Arc, Mutex};
use tradeport_contracts::{
    Bond, ContractDraft, ContractId, Expiry, Forex, Future, Instrument, InstrumentKind, Stock,
};
use tradeport_portfolio::Balances;
use tradeport_trading::reconciliation::Break;

fn euro() -> Currency {
    "EUR".parse().unwrap()
}

fn dollars(text: &str) -> Money {
    Money::new(text.parse().unwrap(), Currency::USD)
}

fn euros(text: &str) -> Money {
    Money::new(text.parse().unwrap(), euro())
}

/// What the broker says of an account: so much in each currency, and what a euro is worth.
#[derive(Clone)]
struct Told(Arc<Mutex<(Balances, Decimal)>>);

impl Told {
    fn new() -> Self {
        let balances = [dollars("10000"), euros("4000")].into_iter().collect();
        Self(Arc::new(Mutex::new((balances, "1.25".parse().unwrap()))))
    }

    fn moved(&self, by: &[Money]) {
        by.iter().for_each(|amount| self.0.lock().unwrap().0.add(*amount).unwrap());
    }

    /// A euro is worth this from now on.
    fn rate(&self, rate: &str) {
        self.0.lock().unwrap().1 = rate.parse().unwrap();
    }

    fn feed(&self, house: &House) -> MockAccountFeed {
        let (told, mut feed) = (self.clone(), MockAccountFeed::new());
        feed.expect_accounts().returning(|| Ok(vec![account()]));
        let broker = house.broker.clone();
        feed.expect_summary().returning(move |account| {
            let mut summary = AccountFeed::summary(&*broker, account).now_or_never().unwrap()?;
            let (balances, rate) = told.0.lock().unwrap().clone();
            let in_all = balances.of(Currency::USD).amount() + balances.of(euro()).amount() * rate;
            summary.cash = Money::new(in_all, Currency::USD);
            summary.rates.insert(euro(), rate);
            summary.balances = Some(balances);
            Ok(summary)
        });
        let broker = house.broker.clone();
        feed.expect_positions()
            .returning(move |account| AccountFeed::positions(&*broker, account).now_or_never().unwrap());
        feed
    }
}

/// A share that trades in euros, the pair, a future in dollars and a bond: each by its number.
fn listed(house: &House) -> Vec<Instrument> {
    let share: Instrument = Stock::new("SAP").unwrap().in_currency(euro()).into();
    let pair: Instrument = Forex::new(euro(), Currency::USD).unwrap().into();
    let future: Instrument = Future::new("ES", Expiry::on(2026, 12, 18).unwrap(), "CME").unwrap().into();
    let bond: Instrument = Bond::new("US912810TM09").unwrap().into();
    let all = [(201, share), (202, pair), (203, future), (204, bond)].map(|(id, instrument)| {
        let currency = if id == 201 { euro() } else { Currency::USD };
        let multiplier = match instrument.kind() {
            Some(InstrumentKind::Future) => 50.into(),
            Some(InstrumentKind::Bond) => Decimal::TEN,
            _ => Decimal::ONE,
        };
        let symbol = instrument.symbol();
        let plain = described(ContractId::new(id), symbol);
        ContractDraft { instrument, currency, multiplier, ..plain }.check().unwrap()
    });
    let instruments = all.iter().map(|it| it.instrument().clone()).collect();
    house.broker.script(|script| script.listed = all.to_vec());
    instruments
}

struct Street {
    house: House,
    desk: OrderDesk,
    told: Told,
    instruments: Vec<Instrument>,
}

impl Street {
    async fn new() -> Self {
        let (house, told) = (House::new(), Told::new());
        let instruments = listed(&house);
        let accounts = Arc::new(told.feed(&house));
        let desk = House::desk_on(DeskPorts { accounts, ..house.ports() }).await;
        for instrument in &instruments {
            desk.learn(instrument).await.unwrap();
        }
        Self { house, desk, told, instruments }
    }

    /// Something trades, and what it cost is told.
    async fn trade(&self, which: usize, side: Side, units: u32, price: &str, cost: Money) {
        let root = format!("x{}", self.house.broker.script(|script| script.executions.len()));
        let symbol = self.instruments[which].symbol();
        let traded =
            Execution { symbol, side, price: price.parse().unwrap(), ..execution(&root, None, units) };
        let signed = side.signed(traded.quantity).as_decimal();
        self.house.broker.script(|script| {
            let held = script.positions.iter().find(|it| it.symbol() == symbol);
            let held = held.map_or(Decimal::ZERO, |it| it.quantity().as_decimal()) + signed;
            script.positions.retain(|it| it.symbol() != symbol);
            let held = i64::try_from(held).unwrap();
            script.positions.extend((held != 0).then(|| held_of(symbol, held)));
            script.executions.push(traded.clone());
        });
        self.house.broker.say(None, BrokerNews::Executed(traded.clone()));
        let charged = Commission { execution: traded.id, amount: cost };
        self.house.broker.say(None, BrokerNews::Charged(charged));
        self.desk.pump().await.unwrap();
    }

    /// What does not fit, and what was not compared.
    async fn look(&self) -> (Vec<String>, Vec<String>) {
        let reconciled = self.desk.reconcile(Some(Patience::NONE)).await.unwrap();
        let breaks = self.desk.breaks().await;
        let said =
            |it: &Break| format!("{} {}", it.subject(), it.difference().unwrap_or_default().normalize());
        (breaks.iter().map(said).collect(), reconciled.open_questions)
    }
}

fn nothing() -> (Vec<String>, Vec<String>) {
    (Vec::new(), Vec::new())
}

#[test]
fn scenario_acc_01_cash_ties_out_to_the_cent_in_each_currency_whatever_the_rates_do() {
    block_on(async {
        let street = Street::new().await;
        assert_eq!(street.look().await, nothing());
        street.told.rate("1.31");
        assert_eq!(street.look().await, nothing(), "a rate moves no cash");
        street.trade(0, Side::Buy, 10, "100.05", euros("2.50")).await;
        assert_eq!(street.look().await.0, ["DU1 cash in EUR 1003"], "the broker has not paid it yet");
        street.told.moved(&[euros("-1003")]);
        assert_eq!(street.look().await, nothing(), "ten at 100.05 and 2.50");
        street.told.rate("1.19");
        street.trade(1, Side::Sell, 1_000, "1.2034", dollars("2")).await;
        street.told.moved(&[euros("-1000"), dollars("1203.40"), dollars("-2")]);
        assert_eq!(street.look().await, nothing(), "one currency for the other, and what that cost");
        let portfolio = street.desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.balances(), Some(&street.told.0.lock().unwrap().0));
    });
}

#[test]
fn a_dividend_in_one_currency_is_a_break_of_that_one_and_what_the_broker_exchanges_of_two() {
    block_on(async {
        let street = Street::new().await;
        street.told.moved(&[euros("4.25")]);
        assert_eq!(street.look().await.0, ["DU1 cash in EUR 4.25"]);
        let remedy = street.desk.breaks().await[0].cause().remedy();
        assert!(remedy.starts_with("look it up in a statement: interest, dividends"), "{remedy}");
        assert_eq!(street.look().await.0, ["DU1 cash in EUR 4.25"], "it stands");
        let name = street.desk.breaks().await[0].id();
        street.desk.solve_break(&name, "ada", "a dividend, see the statement").await.unwrap();
        assert_eq!(street.look().await, nothing());
        street.told.moved(&[euros("-100"), dollars("124.90")]);
        assert_eq!(street.look().await.0, ["DU1 cash in EUR -100", "DU1 cash in USD 124.9"]);
        street.told.moved(&[euros("100"), dollars("-124.90")]);
        assert_eq!(street.look().await, nothing(), "and back again");
    });
}

#[test]
fn a_future_moves_its_commission_and_what_it_gains_is_asked_and_no_break() {
    block_on(async {
        let street = Street::new().await;
        street.trade(2, Side::Buy, 1, "5000", dollars("2.25")).await;
        street.told.moved(&[dollars("-2.25")]);
        assert_eq!(street.look().await, nothing(), "nobody has paid 250,000");
        street.told.moved(&[dollars("-212.50")]);
        let moves = "the cash of DU1 in USD moves with what futures and contracts for difference gain in it";
        assert_eq!(street.look().await, (Vec::new(), vec![moves.to_owned()]));
        street.told.moved(&[euros("1")]);
        assert_eq!(street.look().await.0, ["DU1 cash in EUR 1"], "euros are another matter");
        street.told.moved(&[euros("-1")]);
        // Flat: what it came to is in the cash that is read with it, and from then on each cent counts.
        street.trade(2, Side::Sell, 1, "4990", dollars("2.25")).await;
        street.told.moved(&[dollars("-289.75")]);
        assert_eq!(street.look().await, (Vec::new(), vec![moves.to_owned()]));
        assert_eq!(street.look().await, nothing());
        street.told.moved(&[dollars("0.01")]);
        assert_eq!(street.look().await.0, ["DU1 cash in USD 0.01"]);
    });
}

/// Whoever buys a bond pays the interest since its last coupon as well, and no execution tells how much that is.
#[test]
fn a_bond_moves_cash_by_interest_that_nobody_tells_and_is_no_break() {
    block_on(async {
        let street = Street::new().await;
        street.trade(3, Side::Buy, 5, "99.5", dollars("5")).await;
        street.told.moved(&[dollars("-4975"), dollars("-37.20"), dollars("-5")]);
        let alone =
            "what a trade did to the cash of DU1 the broker alone knows, until the account is read again";
        assert_eq!(street.look().await, (Vec::new(), vec![alone.to_owned()]));
        assert_eq!(street.look().await, nothing());
        let portfolio = street.desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.balances(), Some(&street.told.0.lock().unwrap().0));
        street.told.moved(&[dollars("-0.01")]);
        assert_eq!(street.look().await.0, ["DU1 cash in USD -0.01"], "from then on each cent counts");
    });
}

/// The broker tells cash anew every few minutes: what is read right after the trade is of before it.
#[test]
fn an_account_is_read_again_once_its_cash_may_be_that_of_after_the_trade() {
    block_on(async {
        let street = Street::new().await;
        street.trade(2, Side::Buy, 1, "5000", dollars("2.25")).await;
        street.trade(2, Side::Sell, 1, "5001", dollars("2.25")).await;
        for minute in 0..15 {
            if minute == 3 {
                street.told.moved(&[dollars("45.50")]);
            }
            street.desk.reconcile(None).await.unwrap();
            assert_eq!(causes(&street.desk).await, [], "minute {minute}");
            street.house.clock.advance(Duration::from_secs(60));
        }
        assert_eq!(street.look().await, nothing());
        street.told.moved(&[dollars("0.01")]);
        assert_eq!(street.look().await.0, ["DU1 cash in USD 0.01"], "each cent counts again");
    });
}

#[test]
fn what_nobody_can_name_may_have_done_anything_to_the_cash_until_the_account_is_read_again() {
    block_on(async {
        let street = Street::new().await;
        let stranger = Symbol::new("STRANGER").unwrap();
        let traded = Execution { symbol: stranger, ..execution("s", None, 3) };
        street.house.broker.script(|script| {
            script.positions.push(held_of(stranger, 3));
            script.executions.push(traded.clone());
        });
        street.house.broker.say(None, BrokerNews::Executed(traded.clone()));
        let charged = Commission { execution: traded.id, amount: euros("1") };
        street.house.broker.say(None, BrokerNews::Charged(charged));
        street.desk.pump().await.unwrap();
        street.told.moved(&[euros("-1"), Money::new((-900).into(), "JPY".parse().unwrap())]);
        let alone =
            "what a trade did to the cash of DU1 the broker alone knows, until the account is read again";
        assert_eq!(street.look().await, (Vec::new(), vec![alone.to_owned()]));
        assert_eq!(street.look().await, nothing());
    });
}
