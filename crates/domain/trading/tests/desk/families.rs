//! Orders that belong together.

use crate::statements::described;
use crate::support::{
    EPOCH, House, account, apple, audit_with_room, buy, execution, full, held_by_broker, journal_with_room,
    key, limit, quantity, sent, unknown,
};
use futures::StreamExt;
use futures::executor::block_on;
use std::sync::Arc;
use tradeport_contracts::ContractId;
use tradeport_kernel::{AccountId, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{
    Bracket, BrokerEvent, BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, CancelError, Order, OrderDraft,
    OrderInput, OrderIntent, OrderState, Side, SubmitError,
};
use tradeport_risk::{Permissions, PolicyDraft, Rule};
use tradeport_trading::audit::AuditedJournal;
use tradeport_trading::{
    DeskError, DeskPorts, NotAFamily, OrderDesk, ParentFate, PlacedFamily, PlatformEvent,
};

/// A bid for so many at 99, with a target at 120 and a stop at 80: `a`, `a.target1`, `a.stop1`.
fn bracket(units: u32) -> Vec<OrderIntent> {
    let entry = OrderDraft { kind: limit("99"), ..buy("a", units).to_draft() };
    Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap()
}

fn states(family: &PlacedFamily) -> Vec<OrderState> {
    family.members.iter().map(|member| member.order.state()).collect()
}

fn fate(family: &PlacedFamily) -> (&str, &ParentFate) {
    let off = family.called_off.as_ref().unwrap();
    (off.because_of.as_str(), &off.parent)
}

/// A house whose broker answers so to the orders that it is sent.
fn answering(answers: Vec<Option<SubmitError>>) -> House {
    let house = House::new();
    house.broker.script(|script| {
        for (answer, number) in answers.into_iter().zip(1..) {
            let accepted = tradeport_orders::Accepted {
                epoch: EPOCH,
                perm_id: None,
                broker_order_id: tradeport_kernel::BrokerOrderId::new(number),
            };
            script.answers.push_back(answer.map_or(Ok(accepted), Err));
        }
    });
    house
}

fn refused() -> SubmitError {
    SubmitError::Refused { reason: "no".into() }
}

fn not_sent() -> SubmitError {
    SubmitError::NotSent("no link".into())
}

use OrderState::{CancelPending, Held, NotSent, Refused, Unknown, Working};

#[test]
fn a_family_is_kept_in_one_append_and_sent_parent_first() {
    block_on(async {
        let house = House::new();
        // One for the family, one for each answer, one for what is held back no more.
        let journal = Arc::new(journal_with_room(&house.journal, 5));
        let journal = Arc::new(AuditedJournal::new(journal, Arc::new(house.audit.clone()), "test"));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        let family = desk.submit_family(bracket(100)).await.unwrap();
        assert_eq!((states(&family), family.called_off.as_ref()), (vec![Held, Held, Working], None));
        let keys =
            house.broker.script(|script| script.sent.iter().map(|it| it.key().clone()).collect::<Vec<_>>());
        assert_eq!(keys, [key("a"), key("a.target1"), key("a.stop1")]);
        assert_eq!(house.broker.script(|script| script.held_back.clone()), [true, true, false]);
        assert!(desk.orders().await.iter().all(|order| !order.is_held_back()), "all of it is there");
        assert_eq!(house.broker.script(|script| script.written_when_sent.clone()), [4, 4, 3]);
        let audited = house.audited().await;
        assert_eq!(audited.iter().filter(|line| line.starts_with("order sent")).count(), 3, "{audited:#?}");
    });
}

#[test]
fn exits_do_not_count_against_the_limit_of_what_they_end() {
    block_on(async {
        let desk = House::new().desk().await;
        let family = desk.submit_family(bracket(100)).await.unwrap();
        assert!(family.members.iter().all(|member| member.refusal.is_none()), "{family:?}");
        // A tenth of the portfolio is in it: not one share more, and not one short either.
        assert_eq!(desk.submit(buy("b", 1)).await.unwrap().refusal.unwrap().rule, Rule::MaxPositionShare);
        let short = |name, units| {
            let draft = OrderDraft { side: Side::Sell, ..buy(name, units).to_draft() };
            draft.check().unwrap()
        };
        assert_eq!(desk.submit(short("c", 100)).await.unwrap().refusal, None);
        assert_eq!(desk.submit(short("d", 1)).await.unwrap().refusal.unwrap().rule, Rule::MaxPositionShare);
    });
}

#[test]
fn children_that_take_out_more_than_comes_in_count_for_the_rest() {
    block_on(async {
        let desk = House::new().desk().await;
        let mut family = bracket(10);
        let large = OrderDraft { size: quantity(111).into(), ..family[1].to_draft() };
        family[1] = large.check().unwrap();
        let placed = desk.submit_family(family).await.unwrap();
        assert_eq!(placed.members[1].refusal.as_ref().unwrap().rule, Rule::MaxPositionShare);
    });
}

/// Not every broker cancels one child when another one fills: each of them may sell all that came in.
#[test]
fn a_parent_is_a_way_out_for_one_of_its_children_and_for_none_in_another_account() {
    block_on(async {
        let house = House::new();
        let other = AccountId::new("DU2").unwrap();
        house.broker.script(|script| script.managed = vec![account(), other.clone()]);
        let permissions = Permissions { short_sales: false, ..Permissions::default() };
        let desk = house.desk_under(PolicyDraft { permissions, ..PolicyDraft::default() }).await;
        desk.submit(buy("a", 10)).await.unwrap();
        let child = |name: &str, account: AccountId| {
            let draft = OrderDraft { side: Side::Sell, account, ..buy(name, 10).to_draft() };
            draft.child_of(key("a")).check().unwrap()
        };
        let refusal = async |intent| desk.submit(intent).await.unwrap().refusal.map(|it| it.rule);
        assert_eq!(refusal(child("elsewhere", other)).await, Some(Rule::ShortSales));
        assert_eq!(refusal(child("first", account())).await, None);
        assert_eq!(refusal(child("second", account())).await, Some(Rule::ShortSales));
        assert_eq!(sent(&house.broker), 2);
    });
}

#[test]
fn a_child_of_another_instrument_is_judged_beside_what_its_parent_may_hold() {
    block_on(async {
        let microsoft = Symbol::new("MSFT").unwrap();
        let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
        let of = |name, symbol, units| OrderDraft { symbol, ..buy(name, units).to_draft() };
        // The parent may come to 9,000 of 100,000, and each child of 60 to 6,000 more.
        for (units, words) in [(60, None), (61, Some("max_gross_share: 0.151 against a limit of 0.15"))] {
            let house = House::new();
            let listed = described(ContractId::new(272_093), microsoft).check().unwrap();
            house.broker.script(|script| script.listed = vec![listed]);
            let limits =
                PolicyDraft { max_gross_share: Some("0.15".parse().unwrap()), ..PolicyDraft::default() };
            let desk = house.desk_under(limits).await;
            desk.note_quote(Quote::new(microsoft, Timestamp::EPOCH, level("99"), level("101")).unwrap());
            let parent = of("a", microsoft, 90).check().unwrap();
            let child = of("b", apple(), units).child_of(key("a")).check().unwrap();
            let placed = desk.submit_family(vec![parent, child]).await.unwrap();
            let said = placed.members[1].refusal.as_ref().map(ToString::to_string);
            assert_eq!(said.as_deref(), words);
            assert_eq!(sent(&house.broker), if words.is_some() { 0 } else { 2 });
        }
    });
}

#[test]
fn who_of_a_family_was_stopped_is_told() {
    block_on(async {
        let house = House::new();
        let (desk, events) = (house.desk().await, house.bus.subscribe());
        let placed = desk.submit_family(bracket(111)).await.unwrap();
        assert_eq!(fate(&placed), ("a", &ParentFate::NotThere));
        drop((desk, house));
        let told: Vec<PlatformEvent> = events.collect().await;
        let stopped = |it: &PlatformEvent| match it {
            PlatformEvent::RiskRefused { key, refusal } => Some((key.as_str().to_owned(), refusal.rule)),
            _ => None,
        };
        let stopped: Vec<_> = told.iter().filter_map(stopped).collect();
        assert_eq!(stopped[0], ("a".to_owned(), Rule::MaxPositionShare));
    });
}

#[test]
fn when_one_is_stopped_none_is_sent_and_all_are_kept() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let mut family = bracket(10);
        family[2] = OrderDraft {
            kind: tradeport_orders::OrderKind::Stop { stop: "80.001".parse().unwrap() },
            ..family[2].to_draft()
        }
        .check()
        .unwrap();
        let placed = desk.submit_family(family.clone()).await.unwrap();
        assert_eq!(states(&placed), [NotSent, NotSent, Refused]);
        assert_eq!(fate(&placed), ("a.stop1", &ParentFate::NotThere));
        assert!(placed.members[2].invalid.is_some() && placed.members[0].invalid.is_none());
        assert_eq!(placed.members[0].order.reason(), Some("a.stop1 of its family was stopped"));
        assert_eq!(sent(&house.broker), 0);
        let audited = house.audited().await;
        assert!(
            audited.iter().any(|line| line.starts_with("order refused by validation a.stop1")),
            "{audited:#?}"
        );
        assert_eq!(
            audited.iter().filter(|line| line.starts_with("order not sent")).count(),
            2,
            "{audited:#?}"
        );
        let again = house.desk().await.submit_family(family).await.unwrap();
        assert!(again.repeat);
        assert_eq!(states(&again), [NotSent, NotSent, Refused]);

        let large = desk.submit_family(vec![buy("b", 101)]).await.unwrap();
        assert_eq!(
            (large.members[0].refusal.as_ref().unwrap().rule, sent(&house.broker)),
            (Rule::MaxPositionShare, 0)
        );
    });
}

#[test]
fn without_a_parent_no_child_is_sent() {
    block_on(async {
        for (error, state) in [(refused(), Refused), (not_sent(), NotSent)] {
            let house = answering(vec![Some(error)]);
            let family = house.desk().await.submit_family(bracket(10)).await.unwrap();
            assert_eq!(states(&family), [state, NotSent, NotSent]);
            assert_eq!(fate(&family), ("a", &ParentFate::NotThere));
            assert_eq!((sent(&house.broker), house.broker.script(|script| script.cancels.len())), (1, 0));
        }
    });
}

#[test]
fn an_unknown_parent_stays_unknown_and_is_asked_to_go() {
    block_on(async {
        let house = answering(vec![Some(unknown())]);
        let family = house.desk().await.submit_family(bracket(10)).await.unwrap();
        assert_eq!(states(&family), [Unknown, NotSent, NotSent]);
        assert_eq!(fate(&family), ("a", &ParentFate::CancelAsked));
        assert_eq!(
            (sent(&house.broker), house.broker.script(|script| script.cancels.clone())),
            (1, vec![key("a")])
        );
    });
}

#[test]
fn when_a_child_does_not_get_through_the_parent_is_cancelled() {
    block_on(async {
        for (error, state) in [(refused(), Refused), (not_sent(), NotSent), (unknown(), Unknown)] {
            let house = answering(vec![None, Some(error)]);
            let desk = house.desk().await;
            let family = desk.submit_family(bracket(10)).await.unwrap();
            // Whoever looks after orders has nothing to add.
            desk.tend().await;
            assert_eq!(states(&family), [CancelPending, state, NotSent]);
            assert_eq!(fate(&family), ("a.target1", &ParentFate::CancelAsked));
            let inputs = house.inputs("a.target1").await;
            let not_sent = inputs.iter().filter(|it| matches!(it, OrderInput::NotSent { .. })).count();
            assert_eq!(not_sent, usize::from(state == NotSent), "it is not called off as those after it");
            let reason = family.members[2].order.reason().unwrap();
            assert_eq!(reason, "a.target1 of its family did not get through");
            assert_eq!(
                (sent(&house.broker), house.broker.script(|script| script.cancels.clone())),
                (2, vec![key("a")])
            );
        }
    });
}

#[test]
fn a_parent_that_has_traded_stands_and_keeps_the_children_that_can_be_had() {
    block_on(async {
        let working = held_by_broker("a", BrokerPhase::Working).status;
        let said = BrokerNews::Status(BrokerStatus { filled: 4.into(), ..working });
        let executed = || BrokerNews::Executed(execution("x", Some("a"), 4));
        for (after, news) in [(1, executed()), (2, executed()), (1, said)] {
            let house = answering(vec![None, Some(refused()), None]);
            let traded = BrokerEvent { epoch: EPOCH, at: Timestamp::EPOCH, key: Some(key("a")), news };
            house.broker.script(|script| script.news_after = Some((after, traded)));
            let family = house.desk().await.submit_family(bracket(10)).await.unwrap();
            assert_eq!(states(&family), [Working, Refused, Working]);
            assert_eq!(fate(&family), ("a.target1", &ParentFate::Traded));
            assert_eq!((sent(&house.broker), house.broker.script(|script| script.cancels.len())), (3, 0));
        }
    });
}

#[test]
fn a_parent_that_cannot_be_cancelled_is_told_as_such() {
    block_on(async {
        let house = answering(vec![None, Some(refused())]);
        let fails = Err(CancelError::NotSent("no link".into()));
        house.broker.script(|script| script.cancel_answers.push_back(fails));
        let family = house.desk().await.submit_family(bracket(10)).await.unwrap();
        assert_eq!(states(&family), [Held, Refused, NotSent], "it waits for the last of its family");
        let reason = "the cancel never left this process: no link".to_owned();
        assert_eq!(fate(&family), ("a.target1", &ParentFate::NotCancelled { reason }));
    });
}

#[test]
fn what_cannot_be_kept_or_audited_is_not_sent() {
    block_on(async {
        let house = House::new();
        let journal = Arc::new(journal_with_room(&house.journal, 0));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        assert!(matches!(desk.submit_family(bracket(10)).await, Err(DeskError::Journal(_))), "{}", full());
        assert!(desk.orders().await.is_empty(), "what is not kept did not happen");

        let desk = House::desk_on(house.ports_telling(audit_with_room(0))).await;
        assert!(matches!(desk.submit_family(bracket(10)).await, Err(DeskError::Journal(_))));
        assert_eq!((desk.orders().await.len(), sent(&house.broker)), (0, 0));
        let reopened = house.desk().await.orders().await;
        assert!(reopened.iter().all(|order| order.state() == NotSent), "the journal may have them");
    });
}

#[test]
fn an_answer_that_cannot_be_kept_stops_the_rest() {
    block_on(async {
        let house = House::new();
        let journal = Arc::new(journal_with_room(&house.journal, 1));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        assert!(matches!(desk.submit_family(bracket(10)).await, Err(DeskError::AnswerNotKept { .. })));
        assert_eq!(sent(&house.broker), 1);
        let reopened = house.desk().await.orders().await;
        assert!(reopened.iter().all(|order| order.state() == NotSent), "the broker's snapshots show none");
    });
}

#[test]
fn the_same_family_is_placed_once() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit_family(bracket(10)).await.unwrap();
        let again = desk.submit_family(bracket(10)).await.unwrap();
        assert!(again.repeat && again.members.iter().all(|member| member.repeat));
        assert_eq!(sent(&house.broker), 3);
        assert!(matches!(desk.submit_family(bracket(11)).await, Err(DeskError::KeyReused(_))));
        let desk = House::new().desk().await;
        desk.submit(bracket(10).swap_remove(0)).await.unwrap();
        let used = desk.submit_family(bracket(10)).await;
        assert!(matches!(used, Err(DeskError::KeyReused(it)) if it == key("a")));
    });
}

async fn refusal(desk: &OrderDesk, family: Vec<OrderIntent>) -> NotAFamily {
    match desk.submit_family(family).await {
        Err(DeskError::Family(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_does_not_belong_together_is_refused() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let family = bracket(10);
        assert_eq!(refusal(&desk, vec![]).await, NotAFamily::Empty);
        let child_first = vec![family[1].clone(), family[0].clone()];
        assert_eq!(refusal(&desk, child_first).await, NotAFamily::ParentWithParent(key("a.target1")));
        let stranger = vec![family[0].clone(), buy("b", 1)];
        assert_eq!(refusal(&desk, stranger).await, NotAFamily::Stranger(key("b")));
        let twice = vec![family[0].clone(), family[1].clone(), family[1].clone()];
        assert_eq!(refusal(&desk, twice).await, NotAFamily::KeyTwice(key("a.target1")));
        let other = OrderDraft { account: "DU9".parse().unwrap(), ..family[1].to_draft() }.check().unwrap();
        let two_accounts = vec![family[0].clone(), other];
        assert_eq!(refusal(&desk, two_accounts).await, NotAFamily::OtherAccount(key("a.target1")));

        let mut two_strategies = bracket(10);
        let other = two_strategies[2].to_draft().by_strategy("pairs".parse().unwrap()).check().unwrap();
        two_strategies[2] = other;
        assert_eq!(refusal(&desk, two_strategies).await, NotAFamily::OtherStrategy(key("a.stop1")));
        assert_eq!((sent(&house.broker), desk.orders().await.len()), (0, 0));
        assert_eq!(family[0].account(), &account());
    });
}

/// Rows of what the broker holds of a bracket, as far as it came.
fn held_at_broker(names: &[&str]) -> Vec<BrokerOrder> {
    names.iter().map(|name| held_by_broker(name, BrokerPhase::Held)).collect()
}

#[test]
fn what_a_lost_link_cut_off_is_cancelled_with_the_next_one() {
    block_on(async {
        let house = answering(vec![None, Some(not_sent())]);
        let no_link = || CancelError::NotSent("no link".into());
        house.broker.script(|script| script.cancel_answers.push_back(Err(no_link())));
        let desk = house.desk().await;
        let family = desk.submit_family(bracket(10)).await.unwrap();
        assert!(matches!(fate(&family), ("a.target1", ParentFate::NotCancelled { .. })));
        assert!(desk.order(&key("a")).await.unwrap().is_held_back());

        house.broker.script(|script| {
            script.open = held_at_broker(&["a"]);
            script.cancel_answers.push_back(Err(no_link()));
        });
        desk.resume().await.unwrap();
        let cancels = || house.broker.script(|script| script.cancels.clone());
        assert_eq!(cancels(), [key("a"), key("a")], "tried again, and not for nothing");
        desk.resume().await.unwrap();
        assert_eq!(cancels().len(), 3);
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), CancelPending);
    });
}

#[test]
fn what_a_crash_cut_off_is_cancelled_when_the_desk_opens() {
    block_on(async {
        let house = House::new();
        let journal = Arc::new(journal_with_room(&house.journal, 2));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        assert!(matches!(desk.submit_family(bracket(10)).await, Err(DeskError::AnswerNotKept { .. })));
        house.broker.script(|script| script.open = held_at_broker(&["a", "a.target1"]));
        let desk = house.desk().await;
        let cancels = house.broker.script(|script| script.cancels.clone());
        assert_eq!(cancels, [key("a"), key("a.target1")]);
        let states: Vec<_> = desk.orders().await.iter().map(Order::state).collect();
        assert_eq!(states, [CancelPending, CancelPending, NotSent]);
    });
}

#[test]
fn a_family_that_is_there_after_all_is_left_alone() {
    block_on(async {
        let house = answering(vec![None, None, Some(unknown())]);
        let fails = Err(CancelError::OutcomeUnknown("no answer".into()));
        house.broker.script(|script| script.cancel_answers.push_back(fails));
        let desk = house.desk().await;
        desk.submit_family(bracket(10)).await.unwrap();
        house.broker.script(|script| script.open = held_at_broker(&["a", "a.target1", "a.stop1"]));
        desk.resume().await.unwrap();
        assert_eq!(house.broker.script(|script| script.cancels.len()), 1, "the one of before");
        assert!(desk.orders().await.iter().all(|order| !order.is_held_back()));
        // As long as nobody knows, nothing is done.
        let house = answering(vec![None, None, Some(unknown())]);
        house.broker.script(|script| script.executions_of_an_earlier_epoch = true);
        let desk = house.desk().await;
        desk.submit_family(bracket(10)).await.unwrap();
        house.broker.script(|script| script.open = held_at_broker(&["a", "a.target1"]));
        desk.resume().await.unwrap();
        assert_eq!(house.broker.script(|script| script.cancels.len()), 1, "the one of before");
        assert!(desk.order(&key("a")).await.unwrap().is_held_back());
    });
}

/// A bracket whose last order nobody knows of, and whose parent could not be called off either.
async fn in_doubt() -> (House, OrderDesk) {
    let house = answering(vec![None, None, Some(unknown())]);
    let fails = Err(CancelError::OutcomeUnknown("no answer".into()));
    house.broker.script(|script| script.cancel_answers.push_back(fails));
    let desk = house.desk().await;
    let family = desk.submit_family(bracket(10)).await.unwrap();
    assert_eq!(family.members[2].order.state(), Unknown);
    desk.tend().await;
    assert!(desk.order(&key("a")).await.unwrap().is_held_back(), "nobody knows");
    assert_eq!(house.broker.script(|script| script.cancels.len()), 1, "nothing is done in doubt");
    (house, desk)
}

fn said(name: &str, phase: BrokerPhase) -> BrokerNews {
    BrokerNews::Status(held_by_broker(name, phase).status)
}

#[test]
fn scenario_ord_22_a_last_order_that_a_reconciliation_proves_makes_its_family_whole_in_the_same_epoch() {
    block_on(async {
        let (house, desk) = in_doubt().await;
        house.broker.script(|script| script.open = held_at_broker(&["a", "a.target1", "a.stop1"]));
        desk.reconcile(None).await.unwrap();
        assert!(desk.orders().await.iter().all(|order| !order.is_held_back()), "all of it is there");
        assert_eq!(house.broker.script(|script| script.cancels.len()), 1, "the one of before");
    });
}

#[test]
fn scenario_ord_22_what_the_broker_says_late_of_the_last_order_decides_in_the_same_epoch() {
    block_on(async {
        for (phase, cancels) in [
            (BrokerPhase::Held, &["a"][..]),
            (BrokerPhase::Working, &["a"]),
            (BrokerPhase::Refused, &["a", "a", "a.target1"]),
            // It was there, and let go of the others.
            (BrokerPhase::Cancelled, &["a"]),
        ] {
            let (house, desk) = in_doubt().await;
            house.broker.say(Some("a.stop1"), said("a.stop1", phase));
            desk.pump().await.unwrap();
            for _ in 0..3 {
                desk.tend().await;
            }
            let is_whole = cancels.len() == 1;
            let held = desk.orders().await.iter().filter(|order| order.is_held_back()).count();
            assert_eq!(held == 0, is_whole, "{phase:?}: {held}");
            let cancels: Vec<_> = cancels.iter().map(|name| key(name)).collect();
            assert_eq!(house.broker.script(|script| script.cancels.clone()), cancels, "{phase:?}, and once");
        }
    });
}

#[test]
fn a_parent_that_was_asked_to_go_is_not_asked_again_while_its_last_order_is_in_doubt() {
    block_on(async {
        for answers in [vec![None, None, Some(unknown())], vec![None, Some(unknown())], vec![Some(unknown())]]
        {
            let house = answering(answers);
            let desk = house.desk().await;
            let mut events = house.bus.subscribe();
            let family = desk.submit_family(bracket(10)).await.unwrap();
            assert_eq!(fate(&family).1, &ParentFate::CancelAsked);
            for _ in 0..3 {
                desk.tend().await;
                desk.reconcile(None).await.unwrap();
            }
            assert_eq!(house.broker.script(|script| script.cancels.clone()), [key("a")]);
            while let Some(event) = futures::FutureExt::now_or_never(events.next()).flatten() {
                assert!(!format!("{event:?}").contains("to call it off"), "it is called off: {event:?}");
            }
        }
    });
}
