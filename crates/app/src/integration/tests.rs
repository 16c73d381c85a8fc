//! The suite on the simulated broker, and what becomes of scenarios that go wrong.

use super::stage::PREFIX;
use super::*;
use crate::Session;
use crate::clock::SystemClock;
use crate::config::{Loaded, OutputFormat};
use crate::output::Output;
use crate::stop::Stop;
use futures::FutureExt;
use std::path::Path;
use std::sync::Arc;
use tradeport_kernel::Decimal;
use tradeport_orders::{OrderKind, OrderState, Side};

fn session(stop: Stop) -> Session {
    Session::new(Loaded::defaults(), Output::new(OutputFormat::Json, false), stop, Arc::new(SystemClock))
}

async fn opened(folder: &Path) -> Backend {
    Backend::open(&Target::Fake, &folder.join("state"), &session(Stop::never())).await.unwrap()
}

async fn play(folder: &Path, scenarios: &[Scenario], stop: &Stop) -> Report {
    runner::run(opened(folder).await, scenarios, stop, |_| {}).await
}

fn of_steps(
    name: &'static str,
    steps: for<'a> fn(&'a mut Stage) -> futures::future::LocalBoxFuture<'a, Result<(), Halt>>,
) -> Scenario {
    Scenario { name, needs: &[], expected: "this", play: Play::Steps(steps) }
}

#[tokio::test]
async fn every_scenario_that_the_simulated_broker_can_play_passes_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let report = play(folder.path(), &chosen(&[]), &Stop::never()).await;
    let failed: Vec<_> = report.played.iter().filter(|it| matches!(it.verdict, Verdict::Failed(_))).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(report.left_over, Vec::<String>::new());
    let skipped: Vec<&str> = report
        .played
        .iter()
        .filter(|it| matches!(it.verdict, Verdict::Skipped(_)))
        .map(|it| it.name)
        .collect();
    let not_there = ["kinds.relative", "kinds.pegged-to-midpoint", "kinds.mid-price"];
    assert_eq!(skipped, not_there, "whatever else is skipped proves nothing");
    assert!(report.is_good());
}

#[tokio::test]
async fn what_a_scenario_leaves_is_cleared_away_however_it_ends() {
    async fn leaves_an_order(stage: &mut Stage) -> Result<(), Halt> {
        let share = stage.quoted().await?;
        let draft = stage.far_below(&share)?;
        stage.place(draft).await?;
        stage.check("a", "b", false);
        Ok(())
    }
    async fn holds_a_share_and_falls_over(stage: &mut Stage) -> Result<(), Halt> {
        let share = stage.quoted().await?;
        let draft = stage.draft(share.symbol(), Side::Buy, OrderKind::Market)?;
        let key = draft.key.clone();
        stage.place(draft).await?;
        stage.settled(&key, &[OrderState::Filled]).await?;
        std::panic::panic_any("a scenario with a bug");
    }
    async fn finds_nothing(stage: &mut Stage) -> Result<(), Halt> {
        let open = stage.broker().gateway().open_orders().await?.into_rows().len();
        stage.same("open orders", &0, &open);
        let held = stage.broker().accounts().positions(stage.account()).await?.into_rows();
        stage.same("positions", &0, &held.len());
        let traded: Decimal = stage.orders().await.iter().map(tradeport_orders::Order::filled).sum();
        stage.same("bought and sold", &Decimal::TWO, &traded);
        Ok(())
    }
    async fn looks_at_nothing(_: &mut Stage) -> Result<(), Halt> {
        Ok(())
    }
    let scenarios = [
        of_steps("a", |stage| leaves_an_order(stage).boxed_local()),
        of_steps("b", |stage| holds_a_share_and_falls_over(stage).boxed_local()),
        of_steps("c", |stage| finds_nothing(stage).boxed_local()),
        of_steps("d", |stage| looks_at_nothing(stage).boxed_local()),
    ];
    let folder = tempfile::tempdir().unwrap();
    let report = play(folder.path(), &scenarios, &Stop::never()).await;
    let reasons: Vec<_> = report.played.iter().map(|it| (it.verdict.word(), it.verdict.reason())).collect();
    assert_eq!(reasons[0], ("FAILED", Some("expected: a; seen: b")));
    assert_eq!(reasons[1].0, "FAILED");
    assert_eq!(reasons[2], ("passed", None), "{:#?}", report.played[2].checks);
    assert_eq!(reasons[3], ("FAILED", Some("nothing was looked at")));
    assert_eq!(report.left_over, Vec::<String>::new());
}

#[tokio::test]
async fn an_interrupted_run_skips_the_rest_and_leaves_nothing() {
    async fn waits_for_ever(stage: &mut Stage) -> Result<(), Halt> {
        let share = stage.quoted().await?;
        let draft = stage.far_below(&share)?;
        stage.place(draft).await?;
        std::future::pending().await
    }
    let (stop, ask) = Stop::by_hand();
    let folder = tempfile::tempdir().unwrap();
    let backend = opened(folder.path()).await;
    let broker = backend.stage.broker().simulated().unwrap().clone();
    let scenarios =
        [of_steps("a", |stage| waits_for_ever(stage).boxed_local()), chosen(&["link".to_owned()])[0]];
    let run = runner::run(backend, &scenarios, &stop, |_| {});
    let asking = async {
        while broker.exchange_snapshot().open_orders().is_empty() {
            tokio::task::yield_now().await;
        }
        ask();
    };
    let (report, ()) = futures::join!(run, asking);
    assert!(report.interrupted);
    for played in &report.played {
        assert_eq!(played.verdict, Verdict::Skipped("the run was interrupted".to_owned()), "{}", played.name);
    }
    assert_eq!(report.left_over, Vec::<String>::new());
    assert!(broker.exchange_snapshot().open_orders().is_empty());
}

#[tokio::test]
async fn orders_of_the_suite_that_nobody_here_knows_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let backend = opened(folder.path()).await;
    let broker = backend.stage.broker().simulated().unwrap().clone();
    let key = tradeport_kernel::OrderKey::new(&format!("{PREFIX}elsewhere-1")).unwrap();
    let symbol = tradeport_kernel::Symbol::new("AAPL").unwrap();
    let account = backend.stage.account().clone();
    let kind = OrderKind::Limit { limit: "1".parse().unwrap() };
    let intent = tradeport_orders::OrderDraft::new(
        key,
        account,
        symbol,
        Side::Buy,
        tradeport_kernel::Quantity::new(Decimal::ONE).unwrap(),
        kind,
    );
    let mut exchange = broker.exchange_snapshot();
    let now = broker.now();
    let input = tradeport_fake_broker::exchange::Input::Submit {
        intent: intent.good_till_cancelled().check().unwrap(),
    };
    exchange.step(input, now, &mut Vec::new());
    broker.restore(exchange);
    let report = runner::run(backend, &chosen(&["link.health".to_owned()]), &Stop::never(), |_| {}).await;
    assert!(report.left_over[0].contains("suite-elsewhere-1"), "{:?}", report.left_over);
    assert!(!report.is_good());
}
