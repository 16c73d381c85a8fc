//! Positions and cash, held against the broker.

use super::*;

#[test]
fn scenario_pos_01_a_position_in_spite_of_a_refusal_is_a_break_and_nothing_is_traded_against_it() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Refused, 7, 0)));
        house.broker.script(|script| {
            script.open.clear();
            script.positions = vec![held(10)];
        });
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        assert_eq!(sent(&house.broker), 1, "nobody trades it away");
        assert_eq!(look(&desk).await, [Cause::PositionMoved], "it stands until it is solved");
        // The execution that explains it comes at last: the numbers fit again by themselves.
        house.broker.script(|script| script.executions = vec![execution("x", Some("a"), 10)]);
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(look(&desk).await, []);
        let audited = house.audited().await;
        assert!(audited.iter().any(|line| line == "break solved DU1 AAPL: position break"), "{audited:?}");
    });
}

#[test]
fn scenario_pos_02_what_is_not_answered_changes_nothing_and_ends_no_break() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.script(|script| script.positions = vec![held(3)]);
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        house.broker.script(|script| {
            script.silent = true;
            script.positions.clear();
        });
        assert!(desk.reconcile(Some(Patience::NONE)).await.is_err());
        assert_eq!(causes(&desk).await, [Cause::PositionMoved]);
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(
            portfolio.position(apple()).unwrap().quantity().as_decimal(),
            3.into(),
            "what was known stands"
        );
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Working);
    });
}

#[test]
fn scenario_pos_03_a_whole_snapshot_without_a_symbol_means_zero_once_it_is_seen_again() {
    block_on(async {
        let house = House::new();
        house
            .broker
            .script(|script| script.positions = vec![held(5), held_of(Symbol::new("IBM").unwrap(), 2)]);
        let desk = house.desk().await;
        house.broker.script(|script| script.positions.truncate(1));
        desk.reconcile(None).await.unwrap();
        assert_eq!(causes(&desk).await, [], "it is looked at again before anybody acts");
        house.clock.advance(Duration::from_secs(31));
        desk.reconcile(None).await.unwrap();
        assert_eq!(causes(&desk).await, [Cause::PositionMoved]);
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert!(
            portfolio.position(Symbol::new("IBM").unwrap()).is_none(),
            "the broker's counts from then on"
        );
    });
}

#[test]
fn scenario_pos_04_positions_that_come_late_are_no_break_within_their_grace() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 10)));
        desk.pump().await.unwrap();
        house.broker.script(|script| {
            script.open.clear();
            script.executions = vec![execution("x", Some("a"), 10)];
        });
        for _ in 0..3 {
            desk.reconcile(None).await.unwrap();
            assert_eq!(causes(&desk).await, []);
            let portfolio = desk.portfolio(&account()).await.unwrap();
            assert_eq!(
                portfolio.position(apple()).unwrap().quantity().as_decimal(),
                10.into(),
                "money counts"
            );
            house.clock.advance(Duration::from_secs(9));
        }
        house.broker.script(|script| script.positions = vec![held(10)]);
        for _ in 0..3 {
            house.clock.advance(Duration::from_secs(60));
            desk.reconcile(None).await.unwrap();
            assert_eq!(causes(&desk).await, []);
        }
    });
}

#[test]
fn scenario_pos_05_a_position_holds_partial_fills_of_open_orders_already() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        drop(desk);
        house.broker.script(|script| {
            script.open = vec![BrokerOrder { status: status(BrokerPhase::Working, 7, 4), ..shown("a", 7) }];
            script.executions = (0..4).map(|number| execution(&format!("x{number}"), Some("a"), 1)).collect();
            script.positions = vec![held(-1)];
        });
        let desk = house.desk().await;
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), Decimal::NEGATIVE_ONE);
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), 4.into());
        assert_eq!(look(&desk).await, []);
    });
}

#[test]
fn scenario_pos_06_restarts_make_no_second_break_and_no_order_of_the_same_position() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| script.positions = vec![held(7)]);
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        let name = desk.breaks().await[0].id();
        drop(desk);
        for _ in 0..3 {
            let desk = house.desk().await;
            look(&desk).await;
            let breaks = desk.breaks().await;
            assert_eq!((breaks.len(), breaks[0].id()), (1, name.clone()), "the same fact is the same break");
            assert_eq!(breaks[0].difference(), Some(7.into()));
            assert!(desk.orders().await.is_empty());
        }
        let told = house.audited().await.iter().filter(|line| line.starts_with("position break")).count();
        assert_eq!(told, 1);
    });
}

/// The account was of another moment then, and was not taken over.
#[test]
fn a_break_that_was_found_while_something_traded_stands_over_a_restart() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| (script.positions, script.open_hangs) = (vec![held(7)], true));
        let mut looking = Box::pin(desk.reconcile(Some(Patience::NONE)));
        for _ in 0..20 {
            assert!(futures::poll!(&mut looking).is_pending());
        }
        let traded = execution("y", None, 1);
        house.broker.say(None, BrokerNews::Executed(traded.clone()));
        house.broker.script(|script| script.open_hangs = false);
        looking.await.unwrap();
        assert_eq!(causes(&desk).await, [Cause::PositionMoved]);
        let name = desk.breaks().await[0].id();
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), Decimal::ONE);
        drop(desk);
        house.broker.script(|script| (script.positions, script.executions) = (vec![held(8)], vec![traded]));
        let desk = house.desk().await;
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        assert_eq!(desk.breaks().await[0].id(), name, "nobody has told what moved it");
    });
}

#[test]
fn scenario_pos_07_a_position_that_is_closed_by_hand_is_noticed_at_the_next_look() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        let desk = house.desk().await;
        // Told among the executions of the day, under nobody's key: it is taken in, and nothing is left unexplained.
        let by_hand = Execution { side: Side::Sell, ..execution("h", None, 10) };
        house.broker.script(|script| {
            script.positions.clear();
            script.executions = vec![by_hand];
        });
        assert_eq!(look(&desk).await, []);
        assert!(desk.portfolio(&account()).await.unwrap().held().next().is_none());
        // Not told at all: a break, and the position is the broker's all the same.
        house.broker.script(|script| script.positions = vec![held(2)]);
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), 2.into());
    });
}

#[test]
fn scenario_pos_08_positions_of_what_nobody_here_knows_are_kept_and_shown() {
    block_on(async {
        let house = House::new();
        let stranger = Symbol::new("STRANGER").unwrap();
        house.broker.script(|script| script.positions = vec![held_of(stranger, 3)]);
        let desk = house.desk().await;
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(stranger).unwrap().quantity().as_decimal(), 3.into());
        assert_eq!(look(&desk).await, []);
    });
}

/// A feed of two accounts, of which each holds its own.
fn two_accounts(house: &House, in_second: i64) -> MockAccountFeed {
    let mut feed = MockAccountFeed::new();
    let second = || AccountId::new("DU2").unwrap();
    let broker = house.broker.clone();
    feed.expect_accounts().returning(move || Ok(vec![account(), second()]));
    feed.expect_summary()
        .returning(move |account| AccountFeed::summary(&*broker, account).now_or_never().unwrap());
    feed.expect_positions().returning(move |account| {
        let rows = if *account == second() { vec![held(in_second)] } else { Vec::new() };
        Ok::<_, AccountFeedError>(Snapshot::complete(crate::support::EPOCH, Timestamp::EPOCH, rows))
    });
    feed
}

#[test]
fn scenario_pos_09_the_same_instrument_in_two_accounts_is_two_positions() {
    block_on(async {
        let house = House::new();
        let feed = |units| -> DeskPorts {
            DeskPorts { accounts: std::sync::Arc::new(two_accounts(&house, units)), ..house.ports() }
        };
        let desk = House::desk_on(feed(5)).await;
        let of =
            async |name: &str| desk.portfolio(&AccountId::new(name).unwrap()).await.unwrap().held().count();
        assert_eq!((of("DU1").await, of("DU2").await), (0, 1));
        assert_eq!(look(&desk).await, []);
        // A break of one account is none of the other.
        house.broker.script(|script| {
            script.executions =
                vec![Execution { account: AccountId::new("DU2").unwrap(), ..execution("x", None, 1) }];
        });
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        assert_eq!(desk.breaks().await[0].subject().to_string(), "DU2 AAPL");
    });
}

#[test]
fn scenario_pos_10_another_average_cost_is_no_break() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(5)]);
        let desk = house.desk().await;
        let cost = |text: &str| Money::new(text.parse().unwrap(), Currency::USD);
        let dearer = Position::reported(
            apple(),
            SignedQuantity::new(5.into()).unwrap(),
            cost("501.37"),
            Decimal::ONE,
            cost("0"),
        );
        house.broker.script(|script| script.positions = vec![dearer]);
        assert_eq!(look(&desk).await, []);
    });
}

#[test]
fn scenario_pos_11_a_split_that_nobody_told_of_is_a_break_of_the_position() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        let desk = house.desk().await;
        house.broker.script(|script| script.positions = vec![held(40)]);
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        assert_eq!(desk.breaks().await[0].difference(), Some(30.into()));
    });
}

#[test]
fn scenario_acc_03_accounts_that_are_told_in_part_change_nothing() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        let mut feed = MockAccountFeed::new();
        feed.expect_accounts().returning(|| Ok(vec![account()]));
        let (broker, mut asked) = (house.broker.clone(), 0);
        feed.expect_summary().returning(move |account| {
            asked += 1;
            if asked > 1 {
                return Err(AccountFeedError::Unavailable("the end was never told".into()));
            }
            AccountFeed::summary(&*broker, account).now_or_never().unwrap()
        });
        let broker = house.broker.clone();
        feed.expect_positions()
            .returning(move |account| AccountFeed::positions(&*broker, account).now_or_never().unwrap());
        let ports = DeskPorts { accounts: std::sync::Arc::new(feed), ..house.ports() };
        let desk = House::desk_on(ports).await;
        house.broker.script(|script| script.positions.clear());
        assert!(desk.reconcile(Some(Patience::NONE)).await.is_err());
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), 10.into());
        assert_eq!(causes(&desk).await, []);
    });
}

/// A feed with this cash.
pub(crate) fn with_cash(house: &House, cash: std::sync::Arc<std::sync::Mutex<Decimal>>) -> DeskPorts {
    let mut feed = MockAccountFeed::new();
    feed.expect_accounts().returning(|| Ok(vec![account()]));
    let broker = house.broker.clone();
    feed.expect_summary().returning(move |account| {
        let mut summary = AccountFeed::summary(&*broker, account).now_or_never().unwrap()?;
        summary.cash = Money::new(*cash.lock().unwrap(), Currency::USD);
        Ok(summary)
    });
    let broker = house.broker.clone();
    feed.expect_positions()
        .returning(move |account| AccountFeed::positions(&*broker, account).now_or_never().unwrap());
    DeskPorts { accounts: std::sync::Arc::new(feed), ..house.ports() }
}

#[test]
fn scenario_acc_02_cash_ties_out_to_the_cent_and_may_be_minutes_old() {
    block_on(async {
        let house = House::new();
        let cash = std::sync::Arc::new(std::sync::Mutex::new(Decimal::from(10_000)));
        let desk = House::desk_on(with_cash(&house, cash.clone())).await;
        desk.submit(buy("a", 10)).await.unwrap();
        let traded = execution("x", Some("a"), 10);
        house.broker.say(Some("a"), BrokerNews::Executed(traded.clone()));
        desk.pump().await.unwrap();
        house.broker.script(|script| {
            script.executions = vec![traded.clone()];
            script.positions = vec![held(10)];
        });
        let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!(reconciled.open_questions, ["the cash of DU1 waits for what trades have cost"]);
        let amount = Money::new("1.25".parse().unwrap(), Currency::USD);
        house.broker.say(Some("a"), BrokerNews::Charged(Commission { execution: traded.id, amount }));
        // The broker tells it anew every three minutes only.
        for _ in 0..3 {
            desk.reconcile(None).await.unwrap();
            assert_eq!(causes(&desk).await, []);
            house.clock.advance(Duration::from_secs(60));
        }
        *cash.lock().unwrap() = "8998.75".parse().unwrap();
        assert_eq!(look(&desk).await, [], "10000 - 1000 - 1.25");
        // Interest of a cent that nobody has told of.
        *cash.lock().unwrap() = "8998.76".parse().unwrap();
        assert_eq!(look(&desk).await, [Cause::CashMoved]);
        assert_eq!(look(&desk).await, [Cause::CashMoved], "and it stands");
        assert_eq!(desk.breaks().await[0].difference(), Some("0.01".parse().unwrap()));
        let name = desk.breaks().await[0].id();
        desk.solve_break(&name, "ada", "interest, see the statement").await.unwrap();
        assert_eq!(look(&desk).await, [], "what there is counts from then on");
    });
}

#[test]
fn what_a_trade_cost_is_paid_once_where_the_account_is_read_before_it_is_told() {
    block_on(async {
        let house = House::new();
        let cash = std::sync::Arc::new(std::sync::Mutex::new(Decimal::from(10_000)));
        let desk = House::desk_on(with_cash(&house, cash.clone())).await;
        desk.submit(buy("a", 10)).await.unwrap();
        // It trades while the link is down; the account is read with it, and then it is told what it cost.
        let traded = execution("x", Some("a"), 10);
        *cash.lock().unwrap() = "8998.75".parse().unwrap();
        house.broker.script(|script| {
            script.executions = vec![traded.clone()];
            script.positions = vec![held(10)];
        });
        desk.resume().await.unwrap();
        let amount = Money::new("1.25".parse().unwrap(), Currency::USD);
        house.broker.say(Some("a"), BrokerNews::Charged(Commission { execution: traded.id, amount }));
        desk.pump().await.unwrap();
        assert_eq!(look(&desk).await, []);
        assert_eq!(desk.portfolio(&account()).await.unwrap().cash().amount(), "8998.75".parse().unwrap());
        assert_eq!(desk.order(&key("a")).await.unwrap().commissions().next(), Some(amount));
        // It is told once more that it has cost half a dollar more: that the account had not paid.
        let amount = Money::new("1.75".parse().unwrap(), Currency::USD);
        let execution = execution("x", Some("a"), 10).id;
        house.broker.say(Some("a"), BrokerNews::Charged(Commission { execution, amount }));
        desk.pump().await.unwrap();
        assert_eq!(desk.portfolio(&account()).await.unwrap().cash().amount(), "8998.25".parse().unwrap());
        // The account is read once more, and it has cost a quarter more than that.
        *cash.lock().unwrap() = "8998.25".parse().unwrap();
        desk.resume().await.unwrap();
        let (amount, execution) = (Money::new(2.into(), Currency::USD), ExecutionId::new("x", 1));
        house.broker.say(Some("a"), BrokerNews::Charged(Commission { execution, amount }));
        desk.pump().await.unwrap();
        assert_eq!(desk.portfolio(&account()).await.unwrap().cash().amount(), "8998".parse().unwrap());
    });
}

#[test]
fn what_a_trade_cost_is_paid_once_where_the_account_is_taken_over_before_it_is_told() {
    block_on(async {
        let house = House::new();
        let cash = std::sync::Arc::new(std::sync::Mutex::new(Decimal::from(10_000)));
        let desk = House::desk_on(with_cash(&house, cash.clone())).await;
        let traded = execution("x", None, 10);
        house.broker.say(None, BrokerNews::Executed(traded.clone()));
        // Two more have come in that nobody tells of: the account is the broker's from here on, and has paid for all.
        *cash.lock().unwrap() = "8998.75".parse().unwrap();
        house.broker.script(|script| {
            script.executions = vec![traded.clone()];
            script.positions = vec![held(12)];
        });
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        let amount = Money::new("1.25".parse().unwrap(), Currency::USD);
        house.broker.say(None, BrokerNews::Charged(Commission { execution: traded.id, amount }));
        desk.pump().await.unwrap();
        assert_eq!(desk.portfolio(&account()).await.unwrap().cash().amount(), "8998.75".parse().unwrap());
    });
}
