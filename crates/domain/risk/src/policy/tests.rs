//! Policies that make no sense are refused, in words that help.

use super::*;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn problem(change: impl FnOnce(&mut PolicyDraft)) -> String {
    let mut draft = PolicyDraft::default();
    change(&mut draft);
    draft.check().unwrap_err().to_string()
}

fn own(tighter: Tighter) -> impl FnOnce(&mut PolicyDraft) {
    move |draft| {
        draft.accounts.insert(AccountId::new("DU1").unwrap(), tighter);
    }
}

#[test]
fn percentages_in_the_place_of_shares_would_let_everything_pass() {
    assert_eq!(
        problem(|it| it.max_position_share = number("5")),
        "max_position_share is 5: it must be a fraction, 0.05 for five percent; above 1, with what is borrowed, only \
         beside a max_gross_share"
    );
    assert_eq!(
        problem(|it| it.max_gross_share = Some(number("150"))),
        "max_gross_share is 150: it must be a fraction of at most 100, 1.5 for one and a half portfolios"
    );
    let borrowed =
        |it: &mut PolicyDraft| (it.max_position_share, it.max_gross_share) = (number("2"), Some(number("3")));
    let mut draft = PolicyDraft::default();
    borrowed(&mut draft);
    assert!(draft.check().is_ok(), "whoever borrows says how much");
    let whole = PolicyDraft { max_position_share: Decimal::ONE, ..PolicyDraft::default() };
    assert!(whole.check().is_ok(), "all that there is in one position borrows nothing");
}

#[test]
fn limits_that_nothing_or_everything_would_pass() {
    assert_eq!(
        problem(|it| it.max_position_share = Decimal::ZERO),
        "max_position_share is 0: it must be above zero"
    );
    assert_eq!(
        problem(|it| it.max_order_value = Some(number("-1"))),
        "max_order_value is -1: it must be above zero"
    );
    assert_eq!(
        problem(|it| it.max_position_share = number("11")),
        "max_position_share is 11: it must be a fraction of at most 10, 0.10 for a tenth"
    );
    assert_eq!(
        problem(|it| it.max_drawdown = Some(number("10"))),
        "max_drawdown is 10: it must be a fraction of at most 1, 0.10 for a tenth"
    );
    assert_eq!(
        problem(|it| it.max_daily_loss_share = Some(number("2"))),
        "max_daily_loss_share is 2: it must be a fraction of at most 1, 0.02 for two percent"
    );
    assert_eq!(
        problem(|it| it.max_margin_share = Some(number("50"))),
        "max_margin_share is 50: it must be a fraction of at most 1, 0.50 for a half"
    );
    assert_eq!(
        problem(|it| it.price_collar = Some(number("10"))),
        "price_collar is 10: it must be a fraction of at most 1, 0.10 for a tenth"
    );
    assert_eq!(
        problem(|it| it.max_portfolio_risk = Some(number("5"))),
        "max_portfolio_risk is 5: it must be a fraction of at most 1, 0.05 for five percent"
    );
    assert_eq!(
        problem(|it| it.max_daily_trades = 0),
        "max_daily_trades is 0: it must be above zero: it would keep everybody in as well; tradeport risk kill stops \
         all orders"
    );
    for seconds in [0, 604_801] {
        assert_eq!(
            problem(|it| it.max_quote_age_seconds = seconds),
            format!(
                "max_quote_age_seconds is {seconds}: it must be from 1 to 604800, a week: an older quote is no quote"
            )
        );
    }
    for seconds in [0, 121] {
        assert_eq!(
            problem(|it| it.max_preview_age_seconds = seconds),
            format!(
                "max_preview_age_seconds is {seconds}: it must be from 1 to 120: margins move with the market"
            )
        );
    }
    assert_eq!(
        problem(|it| it.max_orders_per_minute = Some(0)),
        "max_orders_per_minute is 0: it must be above zero, or absent"
    );
    assert_eq!(
        problem(|it| it.duplicate_window_seconds = Some(3_601)),
        "duplicate_window_seconds is 3601: it must be at most 3600, an hour"
    );
}

#[test]
fn limits_that_another_one_always_reaches_first() {
    let order_beyond_position = |draft: &mut PolicyDraft| {
        draft.max_order_quantity = Some(number("21"));
        draft.max_position_quantity = Some(number("10"));
    };
    assert_eq!(
        problem(order_beyond_position),
        "max_order_quantity is 21: it must be at most twice max_position_quantity, 10: it would never bind"
    );
    assert_eq!(
        problem(|it| it.max_gross_share = Some(number("0.05"))),
        "max_position_share is 0.10: it must be at most max_gross_share, 0.05: it would never bind"
    );
    assert_eq!(
        problem(|it| it.max_orders_per_minute = Some(101)),
        "max_orders_per_minute is 101: it must be at most max_daily_trades, 100: it would never bind"
    );
}

#[test]
fn an_account_may_not_have_more_than_all() {
    let wider = Tighter { max_position_share: Some(number("0.2")), ..Tighter::default() };
    assert_eq!(
        problem(own(wider)),
        "accounts.DU1.max_position_share is 0.2: it must be at most 0.10, as for all accounts: it would never bind"
    );
    let busy = Tighter { max_daily_trades: Some(101), ..Tighter::default() };
    assert_eq!(
        problem(own(busy)),
        "accounts.DU1.max_daily_trades is 101: it must be at most 100, as for all accounts: it would never bind"
    );
    let nothing = Tighter { max_daily_loss: Some(Decimal::ZERO), ..Tighter::default() };
    assert_eq!(problem(own(nothing)), "accounts.DU1.max_daily_loss is 0: it must be above zero");
}

fn strategy(own: Tighter) -> impl FnOnce(&mut PolicyDraft) {
    move |draft| {
        draft.strategies.insert(StrategyId::new("pairs").unwrap(), own);
    }
}

#[test]
fn a_strategy_may_not_have_more_than_all() {
    let wider = Tighter { max_position_share: Some(number("0.2")), ..Tighter::default() };
    assert_eq!(
        problem(strategy(wider)),
        "strategies.pairs.max_position_share is 0.2: it must be at most 0.10, as for all orders: it would never bind"
    );
    let busy = Tighter { max_orders_per_minute: Some(9), max_daily_trades: Some(8), ..Tighter::default() };
    assert_eq!(
        problem(strategy(busy)),
        "strategies.pairs.max_orders_per_minute is 9: it must be at most max_daily_trades, 8: it would never bind"
    );
    let nothing = Tighter { max_order_value: Some(Decimal::ZERO), ..Tighter::default() };
    assert_eq!(problem(strategy(nothing)), "strategies.pairs.max_order_value is 0: it must be above zero");
}

#[test]
fn a_strategys_own_limits_are_held_against_each_other_and_not_against_those_of_all() {
    let all = || PolicyDraft {
        max_order_quantity: Some(number("1000")),
        max_position_quantity: Some(number("5000")),
        max_orders_per_minute: Some(20),
        ..PolicyDraft::default()
    };
    let with = |own: Tighter| {
        let mut draft = all();
        strategy(own)(&mut draft);
        draft.check().map(drop).map_err(|error| error.to_string())
    };
    let small = Tighter { max_position_quantity: Some(number("200")), ..Tighter::default() };
    assert_eq!(with(small.clone()), Ok(()), "an order of a thousand is one of others");
    assert_eq!(with(Tighter { max_daily_trades: Some(10), ..Tighter::default() }), Ok(()));
    let dead = Tighter { max_order_quantity: Some(number("401")), ..small };
    let words = "strategies.pairs.max_order_quantity is 401: it must be at most twice max_position_quantity, 200: it \
                 would never bind";
    assert_eq!(with(dead), Err(words.to_owned()));
}

#[test]
fn a_strategy_has_no_limit_that_nobody_reckons() {
    let half = Some(number("0.5"));
    let equity = "absent, or a limit of accounts: a strategy has no equity of its own";
    let positions = "absent, or a limit of accounts: a strategy's positions are not added up";
    let margin = "absent, or a limit of accounts: a strategy has no margin of its own";
    let cannot = [
        ("max_margin_share", Tighter { max_margin_share: half, ..Tighter::default() }, margin),
        ("min_excess_liquidity", Tighter { min_excess_liquidity: half, ..Tighter::default() }, margin),
        ("max_daily_loss", Tighter { max_daily_loss: half, ..Tighter::default() }, equity),
        ("max_daily_loss_share", Tighter { max_daily_loss_share: half, ..Tighter::default() }, equity),
        ("max_drawdown", Tighter { max_drawdown: half, ..Tighter::default() }, equity),
        ("max_gross_share", Tighter { max_gross_share: half, ..Tighter::default() }, positions),
        ("max_portfolio_risk", Tighter { max_portfolio_risk: half, ..Tighter::default() }, positions),
    ];
    for (limit, own, why) in cannot {
        let words = format!("strategies.pairs.{limit} is 0.5: it must be {why}");
        assert_eq!(problem(strategy(own)), words);
    }
}

#[test]
fn a_switch_that_kills_on_losses_binds_by_any_limit_of_them() {
    let fall = Tighter { max_drawdown: Some(number("0.1")), ..Tighter::default() };
    let mut draft = PolicyDraft { kill_on_loss: true, ..PolicyDraft::default() };
    own(fall)(&mut draft);
    assert!(draft.check().is_ok(), "an account's fall from the top kills");
}

#[test]
fn permissions_that_allow_nothing_or_contradict_themselves() {
    assert_eq!(
        problem(|it| it.permissions.symbols = Some(Vec::new())),
        "permissions.symbols is empty: it must be absent to allow all, or a list of what is allowed"
    );
    let both = |draft: &mut PolicyDraft| {
        draft.permissions.symbols = Some(vec!["AAPL".to_owned()]);
        draft.permissions.not_symbols = vec!["AAPL".to_owned()];
    };
    assert_eq!(
        problem(both),
        "permissions.symbols is AAPL: it must be either allowed or not: it stands in permissions.not_symbols as well"
    );
    let lasting = |draft: &mut PolicyDraft| {
        draft.permissions.overnight = false;
        draft.permissions.times_in_force = Some(vec!["GTC".to_owned(), "GTD".to_owned()]);
    };
    assert_eq!(
        problem(lasting),
        "permissions.times_in_force is GTC, GTD: it must be such that one of them ends with its session, since \
         overnight is false"
    );
    assert_eq!(
        problem(|it| it.permissions.times_in_force = Some(vec!["day".to_owned()])),
        "permissions.times_in_force is day: it must be one of DAY, GTC, IOC, FOK, GTD, GTT, AUC, GTX, DTC, Minutes"
    );
    assert_eq!(
        problem(|it| it.permissions.flat_minutes = 30),
        "permissions.flat_minutes is 30: it must be absent, or with overnight = false: it would never bind"
    );
    assert_eq!(
        problem(|it| it.permissions.not_symbols = vec!["GME ".to_owned()]),
        "permissions.not_symbols is \"GME \": it must be a symbol as orders name it, such as AAPL: it would never match"
    );
    let empty = problem(|it| it.permissions.symbols = Some(vec![String::new()]));
    assert!(empty.starts_with("permissions.symbols is \"\": it must be a symbol"), "{empty}");
    let small = problem(|it| it.permissions.currencies = Some(vec!["usd".to_owned()]));
    assert!(small.starts_with("permissions.currencies is \"usd\": it must be three capital"), "{small}");
    let kind = problem(|it| it.permissions.order_kinds = Some(vec!["LIMIT".to_owned()]));
    assert!(kind.starts_with("permissions.order_kinds is LIMIT: it must be one of MKT, MKT PRT,"), "{kind}");
    let stocks = problem(|it| it.permissions.instruments = Some(vec!["STK".to_owned()]));
    assert!(
        stocks.starts_with("permissions.instruments is STK: it must be one of stock, option,"),
        "{stocks}"
    );
}

#[test]
fn what_an_account_does_not_say_is_as_for_all() {
    let mut draft = PolicyDraft { max_drawdown: Some(number("0.2")), ..PolicyDraft::default() };
    own(Tighter { max_daily_trades: Some(3), ..Tighter::default() })(&mut draft);
    let policy = draft.check().unwrap();
    let limits = policy.limits_of(&AccountId::new("DU1").unwrap());
    assert_eq!((limits.max_daily_trades, limits.max_drawdown), (3, Some(number("0.2"))));
    assert_eq!(policy.limits_of(&AccountId::new("DU2").unwrap()), policy.limits());
}

#[test]
fn every_limit_is_above_zero() {
    type Change = fn(&mut PolicyDraft);
    let zeros: [(&str, Change); 13] = [
        ("max_margin_share", |it| it.max_margin_share = Some(Decimal::ZERO)),
        ("min_excess_liquidity", |it| it.min_excess_liquidity = Some(Decimal::ZERO)),
        ("max_order_quantity", |it| it.max_order_quantity = Some(Decimal::ZERO)),
        ("max_order_value", |it| it.max_order_value = Some(Decimal::ZERO)),
        ("max_position_quantity", |it| it.max_position_quantity = Some(Decimal::ZERO)),
        ("max_position_share", |it| it.max_position_share = Decimal::ZERO),
        ("max_gross_share", |it| it.max_gross_share = Some(Decimal::ZERO)),
        ("max_daily_loss", |it| it.max_daily_loss = Some(Decimal::ZERO)),
        ("max_daily_loss_share", |it| it.max_daily_loss_share = Some(Decimal::ZERO)),
        ("max_drawdown", |it| it.max_drawdown = Some(Decimal::ZERO)),
        ("max_portfolio_risk", |it| it.max_portfolio_risk = Some(Decimal::ZERO)),
        ("stress_move", |it| it.stress_move = Decimal::ZERO),
        ("price_collar", |it| it.price_collar = Some(Decimal::ZERO)),
    ];
    for (limit, change) in zeros {
        assert_eq!(problem(change), format!("{limit} is 0: it must be above zero"));
    }
    let stress = problem(|it| it.stress_move = number("15"));
    assert_eq!(stress, "stress_move is 15: it must be a fraction of at most 10, 0.10 for a tenth");
}

#[test]
fn a_limit_may_be_as_large_as_it_is_said_to_be() {
    let at_its_most = |draft: &mut PolicyDraft| {
        draft.stress_move = Decimal::TEN;
        draft.max_daily_loss_share = Some(Decimal::ONE);
        draft.max_drawdown = Some(Decimal::ONE);
        draft.duplicate_window_seconds = Some(PolicyDraft::LONGEST_WINDOW);
        draft.max_order_quantity = Some(number("20"));
        draft.max_position_quantity = Some(number("10"));
        draft.max_gross_share = Some(draft.max_position_share);
        draft.max_orders_per_minute = Some(draft.max_daily_trades);
        own(Tighter { max_daily_trades: Some(draft.max_daily_trades), ..Tighter::default() })(draft);
    };
    let mut draft = PolicyDraft::default();
    at_its_most(&mut draft);
    assert!(draft.check().is_ok());
}

#[test]
fn a_kill_on_loss_needs_a_limit_of_losses_of_all_or_of_one_account() {
    let kill = |change: fn(&mut PolicyDraft)| {
        let mut draft = PolicyDraft { kill_on_loss: true, ..PolicyDraft::default() };
        change(&mut draft);
        draft.check()
    };
    let refused = kill(|_| {}).unwrap_err().to_string();
    assert!(refused.starts_with("kill_on_loss is true: it must be false, or one of"), "{refused}");
    assert!(kill(|it| own(Tighter { max_daily_trades: Some(1), ..Tighter::default() })(it)).is_err());
    let some = Some(Decimal::ONE);
    let with = |tighter: Tighter| {
        let mut draft = PolicyDraft { kill_on_loss: true, ..PolicyDraft::default() };
        own(tighter)(&mut draft);
        draft.check()
    };
    assert!(kill(|it| it.max_daily_loss = Some(Decimal::ONE)).is_ok());
    assert!(with(Tighter { max_daily_loss: some, ..Tighter::default() }).is_ok());
    assert!(with(Tighter { max_daily_loss_share: some, ..Tighter::default() }).is_ok());
    assert!(with(Tighter { max_drawdown: some, ..Tighter::default() }).is_ok(), "a fall is a loss, too");
    assert!(PolicyDraft::default().check().is_ok(), "without it no limit of losses is asked for");
    assert!(!PolicyDraft::default().limits_losses());
}

#[test]
fn only_losses_kill_and_only_where_that_is_wanted() {
    let draft = PolicyDraft { max_daily_loss: Some(Decimal::ONE), ..PolicyDraft::default() };
    let silent = draft.clone().check().unwrap();
    let killing = PolicyDraft { kill_on_loss: true, ..draft }.check().unwrap();
    for rule in [Rule::MaxDailyLoss, Rule::MaxDailyLossShare, Rule::MaxDrawdown] {
        assert_eq!((silent.kills(rule), killing.kills(rule)), (false, true), "{rule:?}");
    }
    assert!(!killing.kills(Rule::MaxOrderValue) && !silent.kills(Rule::MaxOrderValue));
}

#[test]
fn what_is_written_is_what_was_checked() {
    let draft = PolicyDraft { max_daily_trades: 7, ..PolicyDraft::default() };
    assert_eq!(PolicyDraft::from(RiskPolicy::try_from(draft.clone()).unwrap()), draft);
}

#[test]
fn an_account_is_the_same_however_it_is_written() {
    let mut draft = PolicyDraft::default();
    let three = || Tighter { max_daily_trades: Some(3), ..Tighter::default() };
    draft.accounts.insert(AccountId::new("du1").unwrap(), three());
    let policy = draft.clone().check().unwrap();
    let most = |account| policy.limits_of(&AccountId::new(account).unwrap()).max_daily_trades;
    assert_eq!((most("DU1"), most("du1"), most("DU2")), (3, 3, 100));
    draft.accounts.insert(AccountId::new("DU1").unwrap(), three());
    let problem = draft.check().unwrap_err().to_string();
    assert_eq!(
        problem,
        "accounts.du1 is a second section: it must be one for each account, in capitals or not"
    );
}

#[test]
fn the_limits_of_one_account_say_nothing_of_others() {
    let mut draft = PolicyDraft::default();
    own(Tighter { max_daily_trades: Some(3), ..Tighter::default() })(&mut draft);
    let policy = draft.check().unwrap();
    assert!(policy.limits_of(&AccountId::new("DU1").unwrap()).accounts.is_empty());
}

#[test]
fn limits_of_losses_that_another_one_reaches_first() {
    let risk = |risk: &'static str| {
        move |it: &mut PolicyDraft| {
            (it.max_portfolio_risk, it.max_gross_share) = (Some(number(risk)), Some(number("1.5")));
        }
    };
    assert_eq!(
        problem(risk("0.075")),
        "max_portfolio_risk is 0.075: it must be below max_gross_share x stress_move, 0.075: it would never bind"
    );
    let mut draft = PolicyDraft::default();
    risk("0.0749")(&mut draft);
    assert!(draft.clone().check().is_ok());
    draft.accounts.insert(
        AccountId::new("DU1").unwrap(),
        Tighter { max_gross_share: Some(number("1")), ..Tighter::default() },
    );
    assert!(draft.check().is_ok(), "one account may be held shorter by another limit");
    let share = |share: &'static str| {
        move |it: &mut PolicyDraft| {
            (it.max_daily_loss_share, it.max_drawdown) = (Some(number(share)), Some(number("0.1")));
        }
    };
    assert_eq!(
        problem(share("0.11")),
        "max_daily_loss_share is 0.11: it must be at most max_drawdown, 0.1: it would never bind"
    );
    let mut draft = PolicyDraft::default();
    share("0.1")(&mut draft);
    assert!(draft.check().is_ok());
}
