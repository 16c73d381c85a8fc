//! Orders that were made by hand or by other programs, as far as the risk gate counts them.

mod lists;
mod named;
mod ours;
mod refusals;
mod words;

use crate::support::{Broker, House, account, apple, buy, execution, held_by_broker, key, quantity, unknown};
use futures::executor::block_on;
use tradeport_contracts::{Contract, ContractDraft, ContractId, TradingSessions};
use tradeport_kernel::{Currency, Decimal, Money, PermId, SignedQuantity, Symbol, UnreadRow};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{
    BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, ExecutedPart, Execution, ExecutionId, OcaEffect,
    OcaGroup, OrderDraft, OrderIntent, OrderSize, PlacedBy, Side,
};
use tradeport_portfolio::{Position, TargetPercent, TargetRules};
use tradeport_risk::{Permissions, PolicyDraft, RiskRefusal, RiskVerdict, Rule};
use tradeport_trading::reconciliation::Patience;
use tradeport_trading::{OnItsWay, OrderDesk};

const NUMBER: PermId = PermId::new(20);

fn at_most(units: u32) -> PolicyDraft {
    PolicyDraft { max_position_quantity: Some(units.into()), ..PolicyDraft::default() }
}

fn never_short() -> PolicyDraft {
    let permissions = Permissions { short_sales: false, ..Permissions::default() };
    PolicyDraft { permissions, ..PolicyDraft::default() }
}

fn status(phase: BrokerPhase, filled: u32) -> BrokerStatus {
    BrokerStatus { phase, filled: filled.into(), perm_id: Some(NUMBER), reason: None }
}

/// One that was made by hand, of which so much has traded.
fn by_hand(side: Side, units: u32, filled: u32) -> BrokerOrder {
    BrokerOrder {
        key: None,
        perm_id: Some(NUMBER),
        side,
        size: quantity(units).into(),
        status: status(BrokerPhase::Working, filled),
        placed_by: Some(PlacedBy::Hand),
        ..held_by_broker("other", BrokerPhase::Working)
    }
}

/// A trade of it.
fn traded(root: &str, units: u32) -> Execution {
    Execution { perm_id: NUMBER, ..execution(root, None, units) }
}

fn held(units: i64) -> Position {
    let nothing = Money::zero(Currency::USD);
    let units = SignedQuantity::new(units.into()).unwrap();
    Position::reported(apple(), units, nothing, Decimal::ONE, nothing)
}

fn sell(name: &str, units: u32) -> OrderIntent {
    OrderDraft { side: Side::Sell, ..buy(name, units).to_draft() }.check().unwrap()
}

pub(crate) fn share(symbol: Symbol) -> Contract {
    let draft = ContractDraft {
        id: ContractId::new(272_093),
        symbol,
        instrument: symbol.as_str().parse().unwrap(),
        name: "MICROSOFT CORP".into(),
        currency: Currency::USD,
        price_step: "0.01".parse().unwrap(),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::always(),
        details: Default::default(),
    };
    draft.check().unwrap()
}

fn lists(broker: &Broker, rows: Vec<BrokerOrder>) {
    broker.script(|script| script.open = rows);
}

async fn look(desk: &OrderDesk) {
    desk.reconcile(Some(Patience::NONE)).await.unwrap();
}

async fn refused(desk: &OrderDesk, intent: OrderIntent) -> Option<RiskRefusal> {
    desk.submit(intent).await.unwrap().refusal
}

/// May so many more be bought under a limit of 50? Nothing is sent, and nothing stays.
async fn may_buy(desk: &OrderDesk, units: u32) -> Result<(), (Rule, String)> {
    let previewed = desk.preview(buy("look", units)).await.unwrap();
    match previewed.verdict {
        RiskVerdict::Approved { .. } => Ok(()),
        RiskVerdict::Refused(refusal) => Err((refusal.rule, refusal.number)),
    }
}

fn too_many(units: u32) -> Result<(), (Rule, String)> {
    Err((Rule::MaxPositionQuantity, units.to_string()))
}

#[test]
fn scenario_rsk_09_orders_of_others_count_beside_ours() {
    block_on(async {
        let house = House::new();
        let other_program = BrokerOrder {
            key: Some(key("theirs")),
            placed_by: Some(PlacedBy::OtherClient),
            ..by_hand(Side::Buy, 3, 0)
        };
        lists(&house.broker, vec![by_hand(Side::Buy, 30, 0), BrokerOrder { perm_id: None, ..other_program }]);
        // At the opening, and so after every restart.
        let desk = house.desk_under(at_most(50)).await;
        assert_eq!(may_buy(&desk, 17).await, Ok(()));
        assert_eq!(may_buy(&desk, 18).await, too_many(51));
        let refusal = refused(&desk, buy("a", 20)).await.unwrap();
        assert_eq!(refusal.others, Some(33.into()));
        assert_eq!(
            refusal.to_string(),
            "max_position_quantity: 53 against a limit of 50; this counts 33 that open orders made by hand or by other \
             programs may trade: tradeport reconcile shows them"
        );
        // With the next look what is gone counts no more, and what is new does.
        lists(&house.broker, vec![by_hand(Side::Buy, 45, 0)]);
        look(&desk).await;
        assert_eq!((may_buy(&desk, 5).await, may_buy(&desk, 6).await), (Ok(()), too_many(51)));
        lists(&house.broker, Vec::new());
        look(&desk).await;
        assert_eq!(may_buy(&desk, 50).await, Ok(()));
    });
}

#[test]
fn scenario_rsk_09_a_sale_by_hand_out_of_the_same_position_makes_ours_a_short_one() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        lists(&house.broker, vec![by_hand(Side::Sell, 8, 0)]);
        let desk = house.desk_under(never_short()).await;
        let refusal = refused(&desk, sell("a", 3)).await.unwrap();
        assert_eq!((refusal.rule, refusal.number.as_str()), (Rule::ShortSales, "-1"));
        assert_eq!(refusal.others, Some(8.into()));
        assert!(refused(&desk, sell("b", 2)).await.is_none(), "that much nobody else may sell");
    });
}

#[test]
fn what_others_may_make_of_another_instrument_is_exposure() {
    block_on(async {
        let house = House::new();
        let msft = Symbol::new("MSFT").unwrap();
        lists(&house.broker, vec![BrokerOrder { symbol: msft, ..by_hand(Side::Buy, 500, 0) }]);
        house.broker.script(|script| script.listed = vec![share(msft)]);
        let limits = PolicyDraft { max_gross_share: Some("0.6".parse().unwrap()), ..PolicyDraft::default() };
        let desk = house.desk_under(limits).await;
        let said = may_buy(&desk, 1).await;
        assert!(matches!(said, Err((Rule::KnownInputs, _))), "nobody knows what it is worth: {said:?}");
        let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
        desk.note_quote(
            Quote::new(msft, tradeport_kernel::Timestamp::EPOCH, level("99"), level("101")).unwrap(),
        );
        // 500 at 100 of 100 000 are a half.
        assert_eq!(may_buy(&desk, 99).await, Ok(()));
        assert_eq!(may_buy(&desk, 101).await, Err((Rule::MaxPositionShare, "0.101".to_owned())));
        let wide =
            PolicyDraft { max_position_share: "0.3".parse().unwrap(), ..desk.policy().limits().clone() };
        desk.exchange_policy(wide.check().unwrap(), "wider".to_owned()).await.unwrap();
        assert_eq!(may_buy(&desk, 100).await, Ok(()));
        assert_eq!(may_buy(&desk, 101).await, Err((Rule::MaxGrossShare, "0.601".to_owned())));
        assert_eq!(
            desk.symbols_of_others().await.into_iter().collect::<Vec<_>>(),
            [msft],
            "it needs its quotes"
        );
    });
}

#[test]
fn what_an_order_of_others_has_traded_is_held_and_counts_once() {
    block_on(async {
        let house = House::new();
        lists(&house.broker, vec![by_hand(Side::Buy, 40, 0)]);
        let desk = house.desk_under(at_most(50)).await;
        let may_buy_ten =
            async || assert_eq!((may_buy(&desk, 10).await, may_buy(&desk, 11).await), (Ok(()), too_many(51)));
        may_buy_ten().await;
        // It trades between two looks: then the position tells, and a correction of a trade counts in its place.
        house.broker.say(None, BrokerNews::Executed(traded("x", 30)));
        desk.pump().await.unwrap();
        may_buy_ten().await;
        let corrected = Execution { id: ExecutionId::new("x", 2), ..traded("x", 25) };
        house.broker.say(None, BrokerNews::Executed(corrected.clone()));
        desk.pump().await.unwrap();
        may_buy_ten().await;
        house.broker.script(|script| {
            script.positions = vec![held(25)];
            script.executions = vec![corrected.clone()];
            script.open = vec![by_hand(Side::Buy, 40, 25)];
        });
        look(&desk).await;
        may_buy_ten().await;
        house.broker.say(None, BrokerNews::Status(status(BrokerPhase::Filled, 40)));
        desk.pump().await.unwrap();
        may_buy_ten().await;
        house.broker.say(None, BrokerNews::Executed(traded("y", 15)));
        desk.pump().await.unwrap();
        may_buy_ten().await;
    });
}

#[test]
fn what_an_order_of_others_has_traded_on_earlier_days_is_held() {
    block_on(async {
        let house = House::new();
        // Nobody tells the executions any more.
        house.broker.script(|script| script.positions = vec![held(5)]);
        lists(&house.broker, vec![by_hand(Side::Buy, 40, 5)]);
        let desk = house.desk_under(at_most(50)).await;
        for _ in 0..2 {
            assert_eq!((may_buy(&desk, 10).await, may_buy(&desk, 11).await), (Ok(()), too_many(51)));
            look(&desk).await;
        }
    });
}

#[test]
fn what_the_list_says_has_traded_counts_until_the_account_holds_it() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(at_most(50)).await;
        // It trades after the accounts were read and before the orders were listed.
        lists(&house.broker, vec![by_hand(Side::Buy, 40, 15)]);
        look(&desk).await;
        assert_eq!((may_buy(&desk, 10).await, may_buy(&desk, 11).await), (Ok(()), too_many(51)));
        house.broker.say(None, BrokerNews::Executed(traded("x", 15)));
        desk.pump().await.unwrap();
        assert_eq!((may_buy(&desk, 10).await, may_buy(&desk, 11).await), (Ok(()), too_many(51)));
        // Cancelled with 20 traded, of which 5 are still to be told.
        house.broker.say(None, BrokerNews::Status(status(BrokerPhase::Cancelled, 20)));
        desk.pump().await.unwrap();
        assert_eq!((may_buy(&desk, 30).await, may_buy(&desk, 31).await), (Ok(()), too_many(51)));
    });
}

#[test]
fn an_order_of_ours_counts_once_under_whatever_client_it_is_listed() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        let desk = house.desk_under(at_most(50)).await;
        desk.submit(buy("a", 40)).await.unwrap();
        let ours = BrokerOrder {
            key: Some(key("a")),
            placed_by: Some(PlacedBy::OtherClient),
            ..by_hand(Side::Buy, 40, 0)
        };
        lists(&house.broker, vec![ours.clone()]);
        desk.resume().await.unwrap();
        assert_eq!((may_buy(&desk, 10).await, may_buy(&desk, 11).await), (Ok(()), too_many(51)));
        // Its number is known by now: without its key it is the same one.
        lists(&house.broker, vec![BrokerOrder { key: None, ..ours }]);
        look(&desk).await;
        assert_eq!((may_buy(&desk, 10).await, may_buy(&desk, 11).await), (Ok(()), too_many(51)));
    });
}

#[test]
fn of_an_order_of_which_nobody_knows_the_units_nothing_is_known() {
    block_on(async {
        let cash: OrderSize = Money::new(1_000.into(), Currency::USD).into();
        let half_traded = by_hand(Side::Buy, 7, 7);
        for row in [BrokerOrder { size: cash, ..by_hand(Side::Buy, 1, 0) }, half_traded] {
            let house = House::new();
            lists(&house.broker, vec![row]);
            let desk = house.desk_under(at_most(50)).await;
            assert!(matches!(may_buy(&desk, 1).await, Err((Rule::KnownInputs, _))));
        }
    });
}

#[test]
fn of_orders_of_others_nobody_asked_what_they_tie_up() {
    block_on(async {
        let house = House::new();
        let wide = PolicyDraft { max_margin_share: Some(Decimal::new(1, 1)), ..PolicyDraft::default() };
        lists(&house.broker, vec![by_hand(Side::Buy, 5, 0)]);
        let desk = house.desk_under(wide).await;
        let refusal = refused(&desk, buy("a", 1)).await.unwrap();
        let why = "AAPL: an order of it is live that may make the position larger, and nobody asked what it ties up";
        assert!(refusal.number.ends_with(why), "{refusal}");
        // One that only takes out of the position ties nothing up.
        house.broker.script(|script| script.positions = vec![held(5)]);
        lists(&house.broker, vec![by_hand(Side::Sell, 5, 0)]);
        desk.resume().await.unwrap();
        let refusal = refused(&desk, buy("b", 1)).await.unwrap();
        assert!(!refusal.number.ends_with(why), "{refusal}");
    });
}

#[test]
fn what_cannot_be_read_any_more_counts_as_it_was() {
    block_on(async {
        let house = House::new();
        lists(&house.broker, vec![by_hand(Side::Buy, 40, 0)]);
        let desk = house.desk_under(at_most(50)).await;
        house.broker.script(|script| {
            script.open.clear();
            script.unread =
                vec![UnreadRow { name: "order 9".to_owned(), key: None, reason: "a dream".to_owned() }];
        });
        look(&desk).await;
        assert_eq!((may_buy(&desk, 10).await, may_buy(&desk, 11).await), (Ok(()), too_many(51)));
        house.broker.script(|script| script.unread.clear());
        look(&desk).await;
        assert_eq!(may_buy(&desk, 50).await, Ok(()));
    });
}

#[test]
fn a_target_takes_what_others_sell_for_done() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        lists(&house.broker, vec![by_hand(Side::Sell, 10, 0)]);
        let desk = house.desk().await;
        let nothing = TargetPercent::new(Decimal::ZERO).unwrap();
        let placed = desk.target(key("t"), &account(), apple(), nothing, &TargetRules::default()).await;
        assert!(placed.unwrap().is_none());
        let counted = desk.on_its_way(&account(), apple(), nothing, &TargetRules::default()).await.unwrap();
        assert!(matches!(&counted[..], [OnItsWay::Theirs(it)] if it.perm_id == Some(NUMBER)), "{counted:?}");
    });
}

/// A desk that may hold 50, whose order for 40 has ended by the broker's word.
async fn with_one_that_ended(house: &House) -> OrderDesk {
    let desk = house.desk_under(at_most(50)).await;
    desk.submit(buy("a", 40)).await.unwrap();
    house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Cancelled, 0)));
    desk.pump().await.unwrap();
    desk
}

/// The broker's word that it ended was wrong, or somebody woke it there: it may trade, whatever is known of it here.
#[test]
fn an_order_of_ours_that_ended_here_and_lives_at_the_broker_counts() {
    block_on(async {
        let house = House::new();
        let desk = with_one_that_ended(&house).await;
        assert_eq!(may_buy(&desk, 50).await, Ok(()));
        house.clock.advance(std::time::Duration::from_secs(1));
        let ours = BrokerOrder {
            key: Some(key("a")),
            placed_by: Some(PlacedBy::ThisClient),
            ..by_hand(Side::Buy, 40, 0)
        };
        lists(&house.broker, vec![ours]);
        let may_buy_ten =
            async || assert_eq!((may_buy(&desk, 10).await, may_buy(&desk, 11).await), (Ok(()), too_many(51)));
        look(&desk).await;
        may_buy_ten().await;
        desk.resume().await.unwrap();
        may_buy_ten().await;
        let awake =
            async || desk.awake_orders().await.iter().map(|it| it.intent().key().clone()).collect::<Vec<_>>();
        assert_eq!(awake().await, [key("a")]);
        let all = TargetPercent::new("0.04".parse().unwrap()).unwrap();
        let counted = desk.on_its_way(&account(), apple(), all, &TargetRules::default()).await.unwrap();
        assert!(
            matches!(&counted[..], [OnItsWay::Ours(it)] if it.intent().key() == &key("a")),
            "{counted:?}"
        );
        // What it trades is held, and open no more.
        let told = Execution { key: Some(key("a")), ..traded("x", 30) };
        house.broker.say(Some("a"), BrokerNews::Executed(told));
        desk.pump().await.unwrap();
        may_buy_ten().await;
        house.broker.script(|script| script.positions = vec![held(30)]);
        lists(&house.broker, Vec::new());
        look(&desk).await;
        assert_eq!((may_buy(&desk, 20).await, may_buy(&desk, 21).await), (Ok(()), too_many(51)));
        assert_eq!(awake().await, []);
    });
}

/// The list may be of the moment before its end.
#[test]
fn an_order_of_ours_that_has_just_ended_counts_no_more() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(at_most(50)).await;
        desk.submit(buy("a", 40)).await.unwrap();
        let ours = BrokerOrder { key: Some(key("a")), ..by_hand(Side::Buy, 40, 0) };
        lists(&house.broker, vec![ours]);
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Cancelled, 0)));
        look(&desk).await;
        assert_eq!(may_buy(&desk, 50).await, Ok(()));
    });
}

/// One of several that were made by hand, each with a number of its own.
fn numbered(number: i64, side: Side, units: u32) -> BrokerOrder {
    let it = by_hand(side, units, 0);
    let perm_id = Some(PermId::new(number));
    BrokerOrder { perm_id, status: BrokerStatus { perm_id, ..it.status.clone() }, ..it }
}

fn in_group(name: &str, effect: impl Into<Option<OcaEffect>>, order: BrokerOrder) -> BrokerOrder {
    let group = OcaGroup::new(key(name));
    let group = effect.into().map_or(group.clone(), |effect| group.with_effect(effect));
    BrokerOrder { group: Some(group), ..order }
}

fn child_of(number: i64, order: BrokerOrder) -> BrokerOrder {
    BrokerOrder { parent: Some(PermId::new(number)), ..order }
}

/// How many may be sold beside these orders of others where 100 are held and no sale may be a short one.
async fn may_sell(rows: Vec<BrokerOrder>) -> u32 {
    let house = House::new();
    house.broker.script(|script| {
        script.positions = vec![held(100)];
        script.managed = vec![account(), "DU2".parse().unwrap()];
    });
    lists(&house.broker, rows.clone());
    let desk = house.desk_under(never_short()).await;
    let mut most = 0;
    for units in [1, 80, 85, 90, 94, 95, 100] {
        let verdict = desk.preview(sell("look", units)).await.unwrap().verdict;
        match verdict {
            RiskVerdict::Approved { .. } => most = units,
            RiskVerdict::Refused(refusal) => assert_eq!(refusal.rule, Rule::ShortSales, "{rows:?}"),
        }
    }
    most
}

#[test]
fn scenario_rsk_09_a_bracket_by_hand_counts_as_one_of_ours_would() {
    let entry = |units| numbered(1, Side::Buy, units);
    let exit = |number, units| child_of(1, numbered(number, Side::Sell, units));
    let grouped = |number, units| in_group("exits", OcaEffect::ReduceWithBlock, exit(number, units));
    let all_at_once = |number| in_group("exits", OcaEffect::ReduceWithoutBlock, exit(number, 10));
    let alone = |number, units| numbered(number, Side::Sell, units);
    let elsewhere = BrokerOrder { symbol: Symbol::new("MSFT").unwrap(), ..entry(10) };
    let of_another = BrokerOrder { account: "DU2".parse().unwrap(), ..entry(10) };
    let cases = [
        ("its exits take out what it brings in", vec![entry(10), grouped(2, 10), grouped(3, 10)], 100),
        ("both may fill", vec![entry(10), exit(2, 10), exit(3, 10)], 90),
        ("both may fill, by their group's own words", vec![entry(10), all_at_once(2), all_at_once(3)], 90),
        ("it has filled", vec![grouped(2, 10), grouped(3, 10)], 90),
        ("they take out more", vec![entry(10), grouped(2, 10), grouped(3, 15)], 95),
        ("nobody says whose they are", vec![entry(10), alone(2, 5), alone(3, 10)], 85),
        ("it brings in something else", vec![elsewhere, exit(2, 10)], 90),
        ("it brings in for another account", vec![of_another, exit(2, 10)], 90),
        ("it sells as well", vec![numbered(1, Side::Sell, 10), exit(2, 10)], 80),
    ];
    for (why, rows, most) in cases {
        assert_eq!(block_on(may_sell(rows)), most, "{why}");
    }
}

#[test]
fn scenario_rsk_09_of_a_group_by_hand_the_largest_counts_where_one_of_it_fills() {
    let of = |name: &str, effect, units: [u32; 2]| {
        let [one, other] = units.map(|units| numbered(units.into(), Side::Sell, units));
        vec![in_group(name, effect, one), in_group(name, effect, other)]
    };
    let cases = [
        (of("g", Some(OcaEffect::CancelWithBlock), [5, 10]), 90),
        (of("g", Some(OcaEffect::ReduceWithBlock), [5, 10]), 90),
        (of("g", Some(OcaEffect::ReduceWithoutBlock), [5, 10]), 85),
        (of("g", None, [5, 10]), 85),
    ];
    for (rows, most) in cases {
        assert_eq!(block_on(may_sell(rows.clone())), most, "{rows:?}");
    }
    let [one, other] = [("g", 5), ("h", 10)].map(|(name, units)| {
        in_group(name, OcaEffect::CancelWithBlock, numbered(units.into(), Side::Sell, units))
    });
    assert_eq!(block_on(may_sell(vec![one, other])), 85, "two groups");
}
