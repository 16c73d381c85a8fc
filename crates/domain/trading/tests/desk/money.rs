//! What executions and splits do to an account.

use crate::breaks::held;
use crate::others::share;
use crate::support::{House, account, apple, buy, execution, held_by_broker, key, quantity};
use futures::executor::block_on;
use std::time::Duration;
use tradeport_contracts::CorporateAction;
use tradeport_kernel::{AccountId, Decimal, Symbol, Timestamp};
use tradeport_orders::{
    BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, Execution, ExecutionId, OrderChange, OrderDraft,
    OrderState,
};
use tradeport_risk::{PolicyDraft, RiskVerdict};
use tradeport_trading::{ChangeOutcome, OrderDesk};

/// What is held, and the cash.
async fn has(desk: &OrderDesk) -> (Decimal, Decimal) {
    let portfolio = desk.portfolio(&account()).await.unwrap();
    let held = portfolio.position(apple()).map_or(Decimal::ZERO, |it| it.quantity().as_decimal());
    (held, portfolio.cash().amount())
}

#[test]
fn a_correction_takes_the_place_of_what_it_corrects_in_the_account() {
    for key in [Some("a"), None] {
        block_on(async {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit(buy("a", 10)).await.unwrap();
            for (revision, units) in [(1, 10), (2, 8), (1, 10)] {
                let id = ExecutionId::new("x", revision);
                let told = Execution { id, ..execution("x", key, units) };
                house.broker.say(key, BrokerNews::Executed(told));
            }
            desk.pump().await.unwrap();
            assert_eq!(has(&desk).await, (8.into(), 99_200.into()), "of an order of ours: {key:?}");
        });
    }
}

/// The account held it when it was read: only what corrects it is new.
#[test]
fn a_correction_of_what_was_traded_before_the_desk_was_opened_takes_its_place() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| {
            script.executions = vec![execution("x", None, 10)];
            script.positions = vec![held(10)];
        });
        let desk = house.desk().await;
        let corrected = Execution { id: ExecutionId::new("x", 2), ..execution("x", None, 8) };
        for told in [execution("x", None, 10), corrected.clone()] {
            house.broker.say(None, BrokerNews::Executed(told));
        }
        desk.pump().await.unwrap();
        assert_eq!(has(&desk).await, (8.into(), 100_200.into()));
        // The next list tells nothing new.
        house.broker.script(|script| {
            script.executions = vec![corrected];
            script.positions = vec![held(8)];
        });
        let written = house.audited().await.len();
        desk.reconcile(None).await.unwrap();
        assert_eq!((desk.breaks().await, house.audited().await.len()), (vec![], written));
        desk.resume().await.unwrap();
        assert_eq!(desk.breaks().await, []);
    });
}

#[test]
fn a_trade_of_nobody_here_is_written_down_once() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        for again in [false, true] {
            house.broker.say(None, BrokerNews::Executed(execution("x", None, 10)));
            desk.pump().await.unwrap();
            assert_eq!(house.audited().await.len(), 1, "told again: {again}");
        }
    });
}

#[test]
fn a_split_changes_how_many_are_held_and_pays_nothing() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.say(None, BrokerNews::Executed(execution("x", None, 10)));
        desk.pump().await.unwrap();
        let split = CorporateAction::split(apple(), Timestamp::EPOCH, 2, 1).unwrap();
        desk.note_split(&split, "50".parse().unwrap()).await.unwrap();
        assert_eq!(has(&desk).await, (20.into(), 99_000.into()));
    });
}

pub(crate) fn ended_with(filled: u32) -> BrokerNews {
    let phase = BrokerPhase::Cancelled;
    BrokerNews::Status(BrokerStatus { phase, filled: filled.into(), perm_id: None, reason: None })
}

async fn may_buy(desk: &OrderDesk, units: u32) -> Option<String> {
    match desk.preview(buy("look", units)).await.unwrap().verdict {
        RiskVerdict::Approved { .. } => None,
        RiskVerdict::Refused(refusal) => Some(refusal.number.to_string()),
    }
}

/// The broker's word on where an order stands may come before its executions, and these may be lost: nothing is held of it yet,
/// and nothing of it is open any more.
#[test]
fn what_the_broker_counts_of_an_order_that_has_ended_counts_until_it_is_held() {
    block_on(async {
        let house = House::new();
        let limits = PolicyDraft { max_position_quantity: Some(50.into()), ..PolicyDraft::default() };
        let desk = house.desk_under(limits.clone()).await;
        desk.submit(buy("a", 40)).await.unwrap();
        house.broker.say(Some("a"), ended_with(30));
        desk.pump().await.unwrap();
        let twenty = async |desk: &OrderDesk| {
            assert_eq!(may_buy(desk, 20).await, None);
            assert_eq!(may_buy(desk, 21).await.as_deref(), Some("51"));
        };
        twenty(&desk).await;
        for root in ["x", "y"] {
            house.broker.say(Some("a"), BrokerNews::Executed(execution(root, Some("a"), 15)));
            desk.pump().await.unwrap();
            twenty(&desk).await;
        }
        // Of another one the executions never come: the account tells, with the next link and after a restart.
        desk.submit(buy("b", 20)).await.unwrap();
        house.broker.say(Some("b"), ended_with(10));
        desk.pump().await.unwrap();
        let ten = async |desk: &OrderDesk| {
            assert_eq!(may_buy(desk, 10).await, None);
            assert_eq!(may_buy(desk, 11).await.as_deref(), Some("51"));
        };
        ten(&desk).await;
        house.broker.script(|script| script.positions = vec![held(40)]);
        desk.resume().await.unwrap();
        ten(&desk).await;
        ten(&house.desk_under(limits).await).await;
    });
}

/// Gross, and in one instrument, of what the account is worth.
pub(crate) fn a_twentieth() -> PolicyDraft {
    PolicyDraft {
        max_gross_share: Some("0.05".parse().unwrap()),
        max_position_share: "0.05".parse().unwrap(),
        ..PolicyDraft::default()
    }
}

/// A desk that may hold a twentieth, which knows what another instrument costs.
pub(crate) async fn beside_msft(house: &House) -> (OrderDesk, Symbol) {
    let msft = Symbol::new("MSFT").unwrap();
    house.broker.script(|script| script.listed = vec![share(msft)]);
    let desk = house.desk_under(a_twentieth()).await;
    house.quote_of(&desk, msft);
    (desk, msft)
}

#[test]
fn what_the_broker_counts_of_an_order_that_has_ended_is_exposure() {
    block_on(async {
        let house = House::new();
        let (desk, msft) = beside_msft(&house).await;
        let order = OrderDraft { symbol: msft, ..buy("a", 40).to_draft() };
        desk.submit(order.check().unwrap()).await.unwrap();
        // The second word comes when it has ended already.
        for filled in [0, 30] {
            house.broker.say(Some("a"), ended_with(filled));
            desk.pump().await.unwrap();
            assert_eq!(may_buy(&desk, 50).await.is_none(), filled == 0);
        }
        // 30 at 100 of 100 000.
        assert_eq!(may_buy(&desk, 20).await, None);
        assert_eq!(may_buy(&desk, 21).await.as_deref(), Some("0.051"));
        // What a change may come to is added up by itself.
        desk.submit(buy("b", 20)).await.unwrap();
        let larger = desk.change(&key("b"), OrderChange::to_quantity(quantity(21))).await.unwrap();
        assert!(matches!(larger.outcome, ChangeOutcome::StoppedByRisk(why) if why.number == "0.051"));
    });
}

#[test]
fn what_the_broker_counts_of_an_order_that_may_still_trade_counts_once() {
    block_on(async {
        let house = House::new();
        let limits = PolicyDraft { max_position_quantity: Some(50.into()), ..PolicyDraft::default() };
        let desk = house.desk_under(limits).await;
        desk.submit(buy("a", 40)).await.unwrap();
        let (phase, filled) = (BrokerPhase::Working, Decimal::from(30));
        let word = BrokerStatus { phase, filled, perm_id: None, reason: None };
        house.broker.say(Some("a"), BrokerNews::Status(word));
        desk.pump().await.unwrap();
        assert_eq!(may_buy(&desk, 10).await, None);
        assert_eq!(may_buy(&desk, 11).await.as_deref(), Some("51"));
    });
}

#[test]
fn what_the_broker_counts_for_one_account_is_nothing_to_another() {
    block_on(async {
        let house = House::new();
        let other: AccountId = "DU2".parse().unwrap();
        house.broker.script(|script| script.managed = vec![account(), other.clone()]);
        let limits = PolicyDraft { max_position_quantity: Some(50.into()), ..PolicyDraft::default() };
        let desk = house.desk_under(limits).await;
        let order = OrderDraft { account: other, ..buy("a", 40).to_draft() };
        desk.submit(order.check().unwrap()).await.unwrap();
        house.broker.say(Some("a"), ended_with(30));
        desk.pump().await.unwrap();
        assert_eq!(may_buy(&desk, 50).await, None);
    });
}

/// An order that ended in the moment in which everything was held against the broker: its accounts are of before, its lists of after.
#[test]
fn what_has_traded_since_the_accounts_were_read_counts_until_it_is_held() {
    block_on(async {
        let house = House::new();
        let limits = PolicyDraft { max_position_quantity: Some(50.into()), ..PolicyDraft::default() };
        let desk = house.desk_under(limits).await;
        let ended = |name: &str, filled: u32| {
            let row = held_by_broker(name, BrokerPhase::Cancelled);
            let BrokerNews::Status(status) = ended_with(filled) else { unreachable!() };
            vec![BrokerOrder { perm_id: None, status, ..row }]
        };
        desk.submit(buy("a", 40)).await.unwrap();
        house.broker.script(|script| script.completed = ended("a", 30));
        desk.resume().await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Cancelled);
        assert_eq!(may_buy(&desk, 20).await, None);
        assert_eq!(
            may_buy(&desk, 21).await.as_deref(),
            Some("51"),
            "30 were bought, and nobody has told of it"
        );
        // Its executions never come: the account is read again, and while that is done another one ends.
        desk.submit(buy("b", 15)).await.unwrap();
        desk.reconcile(None).await.unwrap();
        house.clock.advance(Duration::from_secs(300));
        house.broker.script(|script| {
            script.completed = ended("b", 10);
            script.positions = vec![held(30)];
        });
        desk.reconcile(None).await.unwrap();
        assert_eq!(has(&desk).await.0, 30.into());
        house.quote(&desk);
        assert_eq!(may_buy(&desk, 10).await, None);
        assert_eq!(may_buy(&desk, 11).await.as_deref(), Some("51"), "the account holds 30, and 10 on top");
        house.broker.say(Some("b"), BrokerNews::Executed(execution("z", Some("b"), 10)));
        desk.pump().await.unwrap();
        assert_eq!(may_buy(&desk, 10).await, None);
        assert_eq!(may_buy(&desk, 11).await.as_deref(), Some("51"), "they are told, and count once");
    });
}
