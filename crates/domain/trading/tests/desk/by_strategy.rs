//! What a strategy has counts as what an account has: filled, working, in flight and unknown, after a restart as before.

use crate::support::*;
use futures::executor::block_on;
use std::time::Duration;
use tradeport_contracts::CorporateAction;
use tradeport_kernel::{Decimal, PermId, Timestamp};
use tradeport_orders::{
    Bracket, BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, Execution, ExecutionId, JournalCheckpoint,
    JournalEntry, OrderChange, OrderDraft, OrderInput, OrderIntent, OrderJournal, OrderState, Side,
};
use tradeport_risk::{PolicyDraft, Tighter};
use tradeport_trading::audit::{JournalWitness, Rebuilt, compare};
use tradeport_trading::{AuditLog, ChangeOutcome, OrderDesk};

fn pairs(name: &str, units: u32) -> OrderIntent {
    by("pairs", name, units)
}

fn by(strategy: &str, name: &str, units: u32) -> OrderIntent {
    buy(name, units).to_draft().by_strategy(strategy.parse().unwrap()).check().unwrap()
}

fn selling(name: &str, units: u32) -> OrderIntent {
    OrderDraft { side: Side::Sell, ..pairs(name, units).to_draft() }.check().unwrap()
}

/// Under these limits of `pairs`; `trend` has none.
fn under(own: Tighter) -> PolicyDraft {
    let strategies = [("pairs".parse().unwrap(), own), ("trend".parse().unwrap(), Tighter::default())];
    PolicyDraft { strategies: strategies.into(), ..PolicyDraft::default() }
}

fn thirty() -> PolicyDraft {
    under(Tighter { max_position_quantity: Some(30.into()), ..Tighter::default() })
}

async fn refusal(desk: &OrderDesk, intent: OrderIntent) -> Option<String> {
    desk.submit(intent).await.unwrap().refusal.map(|refusal| refusal.to_string())
}

fn beyond(units: u32) -> Option<String> {
    Some(format!("strategies.pairs.max_position_quantity: {units} against a limit of 30"))
}

/// Ten filled, five working of ten with five filled, four in flight or unknown: together twenty-four.
async fn of_every_sort(house: &House) -> OrderDesk {
    let desk = house.desk_under(thirty()).await;
    for (name, units) in [("filled", 10), ("working", 10)] {
        desk.submit(pairs(name, units)).await.unwrap();
    }
    house.broker.script(|script| script.answers.push_back(Err(unknown())));
    let lost = desk.submit(pairs("unknown", 4)).await.unwrap();
    assert_eq!(lost.order.state(), OrderState::Unknown);
    for (name, units) in [("filled", 10), ("working", 5)] {
        let executed = execution(&format!("x-{name}"), Some(name), units);
        house.broker.say(Some(name), BrokerNews::Executed(executed));
    }
    desk.pump().await.unwrap();
    desk
}

async fn has_twenty_four(desk: &OrderDesk, name: &str) {
    assert_eq!(refusal(desk, pairs(&format!("{name}-too-many"), 7)).await, beyond(31));
    assert_eq!(refusal(desk, pairs(&format!("{name}-few"), 6)).await, None);
}

#[test]
fn filled_working_and_unknown_count_together_and_those_of_others_do_not() {
    block_on(async {
        let house = House::new();
        let desk = of_every_sort(&house).await;
        assert_eq!(refusal(&desk, by("trend", "other", 30)).await, None);
        assert_eq!(refusal(&desk, buy("nobody", 30)).await, None);
        has_twenty_four(&desk, "now").await;
    });
}

#[test]
fn a_restart_counts_the_same_from_the_whole_journal() {
    block_on(async {
        let house = House::new();
        drop(of_every_sort(&house).await);
        hold(&house);
        has_twenty_four(&house.desk_under(thirty()).await, "replayed").await;
    });
}

#[test]
fn a_restart_counts_the_same_from_a_checkpoint() {
    block_on(async {
        let house = House::new();
        of_every_sort(&house).await.checkpoint().await.unwrap();
        hold(&house);
        has_twenty_four(&house.desk_under(thirty()).await, "kept").await;
    });
}

#[test]
fn a_checkpoint_of_before_strategies_is_put_aside_and_everything_replayed() {
    block_on(async {
        let house = House::new();
        let desk = of_every_sort(&house).await;
        desk.checkpoint().await.unwrap();
        let kept = house.journal.checkpoint().await.unwrap().unwrap();
        let older = kept.document.replace("journal checkpoint 4 by", "journal checkpoint 1 by");
        assert_ne!(older, kept.document);
        house.journal.keep_checkpoint(&JournalCheckpoint { document: older, ..kept }).await.unwrap();
        hold(&house);
        has_twenty_four(&house.desk_under(thirty()).await, "older").await;
    });
}

/// What the broker says after a restart: it has the order of which nobody knew.
fn hold(house: &House) {
    let row = |name, perm_id, units, filled| {
        let row = held_by_broker(name, BrokerPhase::Working);
        let perm_id = Some(PermId::new(perm_id));
        let status = BrokerStatus { filled: Decimal::from(filled), perm_id, ..row.status.clone() };
        BrokerOrder { perm_id, size: quantity(units).into(), status, ..row }
    };
    let executions = [("filled", 10), ("working", 5)]
        .map(|(name, units)| execution(&format!("x-{name}"), Some(name), units));
    house.broker.script(|script| {
        script.executions = executions.to_vec();
        script.open = vec![row("working", 7, 10, 5), row("unknown", 8, 4, 0)];
    });
}

/// An order with its life, at a moment before the time of the tests.
async fn once(house: &House, seconds: i64, intent: OrderIntent, end: OrderInput) {
    let at = Timestamp::from_seconds(seconds);
    let happened = |input| JournalEntry::happened(intent.key().clone(), input, at);
    let life = [JournalEntry::intended(intent.clone(), at), happened(OrderInput::Sent), happened(end)];
    house.journal.append(&life).await.unwrap();
}

#[test]
fn what_was_filled_long_ago_is_told_by_the_checkpoint_alone() {
    block_on(async {
        let house = House::new();
        let execution =
            Execution { at: Timestamp::from_seconds(-2_000_000), ..execution("x", Some("old"), 25) };
        once(&house, -2_000_000, pairs("old", 25), OrderInput::Executed { execution }).await;
        // So many end after it that it does not stay in memory.
        for number in 0..2_100 {
            let refused = OrderInput::Refused { reason: "no such route".to_owned() };
            once(&house, number * 100 - 1_000_000, buy(&format!("later-{number}"), 1), refused).await;
        }
        house.desk_under(thirty()).await.checkpoint().await.unwrap();
        let desk = house.desk_under(thirty()).await;
        assert!(desk.orders().await.iter().all(|order| order.intent().key() != &key("old")));
        assert_eq!(refusal(&desk, pairs("a", 6)).await, beyond(31));
        assert_eq!(refusal(&desk, pairs("b", 5)).await, None);
    });
}

#[test]
fn a_correction_counts_in_the_place_of_what_it_corrects() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(thirty()).await;
        desk.submit(pairs("a", 20)).await.unwrap();
        let told = execution("x", Some("a"), 20);
        house.broker.say(Some("a"), BrokerNews::Executed(told.clone()));
        let id = ExecutionId::new("x", 2);
        let corrected = Execution { id, quantity: quantity(12), ..told };
        house.broker.say(Some("a"), BrokerNews::Executed(corrected));
        desk.pump().await.unwrap();
        let cancelled = BrokerStatus {
            phase: BrokerPhase::Cancelled,
            filled: Decimal::from(12),
            perm_id: None,
            reason: None,
        };
        house.broker.say(Some("a"), BrokerNews::Status(cancelled));
        desk.pump().await.unwrap();
        assert_eq!(refusal(&desk, pairs("b", 19)).await, beyond(31));
        assert_eq!(refusal(&desk, pairs("c", 10)).await, None);
        assert_eq!(refusal(&desk, selling("d", 12)).await, None, "it leaves what it has");
    });
}

#[test]
fn its_orders_of_a_day_and_of_a_minute_are_counted_over_a_restart() {
    block_on(async {
        let house = House::new();
        let own = || {
            under(Tighter { max_orders_per_minute: Some(2), max_daily_trades: Some(3), ..Tighter::default() })
        };
        let desk = house.desk_under(own()).await;
        assert_eq!(refusal(&desk, pairs("a", 1)).await, None);
        assert_eq!(refusal(&desk, pairs("b", 2)).await, None);
        assert_eq!(refusal(&desk, by("trend", "c", 3)).await, None);
        let minute = Some("strategies.pairs.max_orders_per_minute: 2 against a limit of 2".to_owned());
        assert_eq!(refusal(&desk, pairs("d", 3)).await, minute);
        desk.checkpoint().await.unwrap();
        assert_eq!(refusal(&house.desk_under(own()).await, pairs("e", 3)).await, minute);
        house.clock.advance(Duration::from_secs(61));
        let desk = house.desk_under(own()).await;
        assert_eq!(refusal(&desk, pairs("f", 3)).await, None);
        let day = Some("strategies.pairs.max_daily_trades: 3 against a limit of 3".to_owned());
        assert_eq!(refusal(&desk, pairs("g", 3)).await, day);
        house.clock.advance(Duration::from_secs(86_400));
        assert_eq!(refusal(&house.desk_under(own()).await, pairs("h", 3)).await, None);
    });
}

#[test]
fn orders_of_earlier_in_the_day_are_counted_by_the_checkpoint_alone() {
    block_on(async {
        let house = House::new();
        let own = || under(Tighter { max_daily_trades: Some(3), ..Tighter::default() });
        let desk = house.desk_under(own()).await;
        for (name, units) in [("a", 1), ("b", 2)] {
            assert_eq!(refusal(&desk, pairs(name, units)).await, None);
        }
        // By then nobody remembers them as sent lately.
        house.clock.advance(Duration::from_secs(2 * 3_600));
        house.quote(&desk);
        assert_eq!(refusal(&desk, pairs("c", 3)).await, None);
        desk.checkpoint().await.unwrap();
        let desk = house.desk_under(own()).await;
        let day = Some("strategies.pairs.max_daily_trades: 3 against a limit of 3".to_owned());
        assert_eq!(refusal(&desk, pairs("d", 4)).await, day);
        assert_eq!(refusal(&desk, by("trend", "e", 5)).await, None, "they were not this one's");
    });
}

#[test]
fn what_a_strategy_has_sold_is_taken_off() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(thirty()).await;
        for (intent, side) in [(pairs("a", 20), Side::Buy), (selling("b", 8), Side::Sell)] {
            let (name, units) = (intent.key().clone(), if side == Side::Buy { 20 } else { 8 });
            assert_eq!(refusal(&desk, intent).await, None);
            let executed = execution(&format!("x-{name}"), Some(name.as_str()), units);
            house.broker.say(Some(name.as_str()), BrokerNews::Executed(Execution { side, ..executed }));
            desk.pump().await.unwrap();
        }
        assert_eq!(refusal(&desk, pairs("c", 19)).await, beyond(31));
        assert_eq!(refusal(&desk, pairs("d", 18)).await, None);
    });
}

#[test]
fn what_a_strategy_has_after_a_split_is_the_same_after_a_restart() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(thirty()).await;
        let buys = async |desk: &OrderDesk, name: &str, units| {
            assert_eq!(refusal(desk, pairs(name, units)).await, None);
            let executed = execution(&format!("x-{name}"), Some(name), units);
            house.broker.say(Some(name), BrokerNews::Executed(executed));
            desk.pump().await.unwrap();
        };
        buys(&desk, "a", 10).await;
        let split = CorporateAction::split(apple(), Timestamp::EPOCH, 2, 1).unwrap();
        desk.note_split(&split, "50".parse().unwrap()).await.unwrap();
        house.quote(&desk);
        assert_eq!(refusal(&desk, pairs("b", 11)).await, beyond(31), "ten old ones are twenty");
        buys(&desk, "c", 5).await;
        assert_eq!(refusal(&desk, pairs("d", 6)).await, beyond(31));
        drop(desk);
        let desk = house.desk_under(thirty()).await;
        assert_eq!(refusal(&desk, pairs("e", 6)).await, beyond(31), "by the journal alone");
        desk.checkpoint().await.unwrap();
        drop(desk);
        let desk = house.desk_under(thirty()).await;
        assert_eq!(refusal(&desk, pairs("f", 6)).await, beyond(31), "by a checkpoint");
        assert_eq!(refusal(&desk, pairs("g", 5)).await, None);
        let (mut log, mut witness) = (Rebuilt::default(), JournalWitness::default());
        for record in house.audit.read(0, 1_000).await.unwrap() {
            log.take(&record).unwrap();
        }
        for record in house.journal.read(0, 1_000).await.unwrap() {
            witness.take(&record).unwrap();
        }
        assert_eq!(compare(&log, &witness), [], "the log tells of the split in its place");
    });
}

#[test]
fn a_bracket_counts_its_entry_once_and_belongs_to_its_strategy() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(thirty()).await;
        let entry = |name, units| OrderDraft { kind: limit("99"), ..pairs(name, units).to_draft() };
        let bracket = |name, units| {
            let around = Bracket::around(entry(name, units));
            around.target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap()
        };
        let placed = desk.submit_family(bracket("a", 30)).await.unwrap();
        assert!(placed.members.iter().all(|it| it.refusal.is_none()));
        assert!(placed.members.iter().all(|it| it.order.intent().strategy().is_some()));
        let placed = desk.submit_family(bracket("b", 1)).await.unwrap();
        let words = placed.members[0].refusal.as_ref().map(ToString::to_string);
        assert_eq!(words, beyond(31));
    });
}

#[test]
fn each_order_of_a_bracket_is_one_of_its_strategys_orders() {
    block_on(async {
        let bracket = || {
            let around = Bracket::around(OrderDraft { kind: limit("99"), ..pairs("a", 1).to_draft() });
            around.target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap()
        };
        let day = |most| Tighter { max_daily_trades: Some(most), ..Tighter::default() };
        let minute = |most| Tighter { max_orders_per_minute: Some(most), ..Tighter::default() };
        for (own, words) in [
            (day(2), Some("strategies.pairs.max_daily_trades: 2 against a limit of 2")),
            (minute(2), Some("strategies.pairs.max_orders_per_minute: 2 against a limit of 2")),
            (day(3), None),
            (minute(3), None),
        ] {
            let desk = House::new().desk_under(under(own)).await;
            let placed = desk.submit_family(bracket()).await.unwrap();
            let said = |at: usize| placed.members[at].refusal.as_ref().map(ToString::to_string);
            assert_eq!([said(0), said(1), said(2)], [None, None, words.map(str::to_owned)]);
        }
    });
}

#[test]
fn a_change_is_judged_in_the_place_of_its_order() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(thirty()).await;
        desk.submit(pairs("a", 20)).await.unwrap();
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 5)));
        desk.pump().await.unwrap();
        let to = |units| OrderChange { quantity: Some(quantity(units)), ..OrderChange::default() };
        let stopped = desk.change(&key("a"), to(31)).await.unwrap().outcome;
        assert!(matches!(stopped, ChangeOutcome::StoppedByRisk(it) if Some(it.to_string()) == beyond(31)));
        let made = desk.change(&key("a"), to(30)).await.unwrap().outcome;
        assert!(!matches!(made, ChangeOutcome::StoppedByRisk(_)));
    });
}

#[test]
fn the_journal_and_the_audit_log_tell_whose_idea_it_was() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(thirty()).await;
        desk.submit(pairs("a", 31)).await.unwrap();
        let known = desk.order(&key("a")).await.unwrap();
        assert_eq!(known.intent().strategy().unwrap().as_str(), "pairs");
        let told = house.audited().await;
        assert!(told[0].contains(" strategy=pairs "), "{told:?}");
        assert!(
            told[1].contains("rule=strategies.pairs.max_position_quantity number=31 limit=30"),
            "{told:?}"
        );
    });
}
