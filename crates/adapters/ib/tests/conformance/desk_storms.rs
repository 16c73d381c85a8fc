//! Storms on a wire, and the desk behind the adapter: orders, brackets, changes and cancels while TWS is heard only in parts,
//! twice, or too late, while connections are cut, and while the program starts anew. Never may more be on order than was
//! wanted; once the wire is quiet the desk must know of every order what TWS knows, with no difference left open.
//!
//! Left out: what TWS tells against what its exchange holds, which `chaos` looks at.

use crate::chaos::{Chance, draft, limit, patiently, trade_with_some};
use crate::link::run;
use crate::stand::{Stand, symbol};
use crate::wire::Fate;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::{BrokerLink, LinkState};
use tradeport_kernel::{Clock, Decimal, OrderKey, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_memory::{MemoryAudit, MemoryBreaks, MemoryJournal, MemorySwitch};
use tradeport_orders::{Bracket, CancelTag, OrderChange, OrderGateway, OrderIntent, OrderKind, Side};
use tradeport_trading::reconciliation::{Patience, Subject};
use tradeport_trading::{DeskError, DeskPorts, DeskSettings, EventBus, OrderDesk};

const SEEDS: u64 = 60;
const ACTS: usize = 14;

/// Statuses, errors, costs: words that TWS does not always say, or says again.
const WORDS: [u32; 3] = [3, 4, 59];
/// Open orders, executions: what is in a list is in it, and comes in its order.
const ROWS: [u32; 2] = [5, 11];

/// TWS is heard badly from now on, as the seed has it.
fn lie(stand: &Stand, seed: u64) {
    let mut chance = Chance(seed ^ 0xdead);
    stand.wire.script(Box::new(move |kind, _| match (chance.below(100), kind) {
        (0..=11, kind) if WORDS.contains(&kind) => Fate::Drop,
        (12..=23, kind) if WORDS.contains(&kind) => Fate::Later,
        (24..=35, kind) if WORDS.contains(&kind) || ROWS.contains(&kind) => Fate::Twice,
        (36..=37, kind) if WORDS.contains(&kind) || ROWS.contains(&kind) => Fate::CutAfter,
        _ => Fate::Pass,
    }));
}

/// A desk in front of a TWS that is heard badly.
struct Storm {
    stand: Stand,
    chance: Chance,
    journal: MemoryJournal,
    /// None while TWS could not be read whole at its start.
    desk: Option<Arc<OrderDesk>>,
    /// A connection began, and what stands in it is not proven yet.
    unproven: bool,
    wanted: BTreeMap<OrderKey, Decimal>,
}

impl Storm {
    async fn begin(seed: u64) -> Self {
        let (stand, journal) = (Stand::quoted().await, MemoryJournal::default());
        let mut storm = Self {
            stand,
            chance: Chance(seed),
            journal,
            desk: None,
            unproven: false,
            wanted: BTreeMap::new(),
        };
        storm.start().await;
        lie(&storm.stand, seed);
        storm
    }

    async fn start(&mut self) {
        self.desk = None;
        let opened = patiently(&self.stand, self.opening()).await;
        self.desk = opened.ok().map(Arc::new);
        self.unproven = false;
    }

    fn opening(&self) -> impl Future<Output = Result<OrderDesk, DeskError>> + use<> {
        let broker = Arc::new(self.stand.broker.clone());
        let ports = DeskPorts {
            journal: Arc::new(self.journal.clone()),
            gateway: broker.clone(),
            accounts: broker.clone(),
            catalog: broker,
            clock: Arc::new(self.stand.clock.clone()),
            audit: Arc::new(MemoryAudit::default()),
            switch: Arc::new(MemorySwitch::default()),
            breaks: Arc::new(MemoryBreaks::default()),
        };
        OrderDesk::open(ports, DeskSettings::default(), EventBus::default())
    }

    /// What the desk is asked for, if there is one: its answer, or why not.
    async fn ask<T, F>(&self, question: impl FnOnce(Arc<OrderDesk>) -> F) -> Option<Result<T, DeskError>>
    where
        F: Future<Output = Result<T, DeskError>>,
    {
        let desk = self.desk.clone()?;
        let quote = |text: &str| Some(Level::new(text.parse().unwrap(), "10000".parse().ok()));
        let now = self.stand.clock.now();
        desk.note_quote(Quote::new(symbol("AAPL"), now, quote("100.00"), quote("100.02")).unwrap());
        Some(patiently(&self.stand, question(desk)).await)
    }

    async fn want(&mut self, intents: Vec<OrderIntent>) {
        for intent in &intents {
            self.may_be(intent.key(), intent.quantity().unwrap().as_decimal());
        }
        self.ask(|desk| async move { desk.submit_family(intents).await }).await;
    }

    fn may_be(&mut self, key: &OrderKey, units: Decimal) {
        let wanted = self.wanted.entry(key.clone()).or_default();
        *wanted = (*wanted).max(units);
    }

    async fn act(&mut self, number: usize) {
        let name = format!("order-{number}");
        let earlier = OrderKey::new(&format!("order-{}", self.chance.below(number as u64 + 1))).unwrap();
        let units = self.chance.below(9) + 1;
        match self.chance.below(10) {
            0 | 1 => {
                self.want(vec![draft(&name, Side::Buy, OrderKind::Market, units).check().unwrap()]).await
            }
            2 => {
                let kind = limit(9_000 + self.chance.below(100));
                self.want(vec![draft(&name, Side::Buy, kind, units).check().unwrap()]).await;
            }
            3 | 4 => {
                let entry = draft(&name, Side::Buy, limit(9_500 + self.chance.below(600)), units);
                let bracket = Bracket::around(entry).target("120".parse().unwrap());
                self.want(bracket.stop("80".parse().unwrap()).build().unwrap()).await;
            }
            5 => {
                self.ask(|desk| async move { desk.cancel(&earlier, CancelTag::default()).await }).await;
            }
            6 => {
                let larger = Decimal::from(units + 2);
                if self.wanted.contains_key(&earlier) {
                    self.may_be(&earlier, larger);
                }
                let change = OrderChange::to_quantity(larger.try_into().unwrap());
                self.ask(|desk| async move { desk.change(&earlier, change).await }).await;
            }
            7 => self.start().await,
            _ => trade_with_some(&self.stand, units).await,
        }
        self.stand.quote("AAPL").await;
        self.ask(|desk| async move {
            desk.pump().await?;
            desk.tend().await;
            Ok(())
        })
        .await;
        if self.stand.broker.state() == LinkState::Down && self.chance.below(2) == 0 {
            self.stand.reconnect().await;
            lie(&self.stand, self.chance.below(u64::MAX));
            self.unproven = true;
        }
        self.prove().await;
    }

    /// As the program does it: nothing leaves in a new connection before everything is held against it.
    async fn prove(&mut self) {
        if self.desk.is_none() {
            self.start().await;
        } else if self.unproven {
            let proven = self.ask(|desk| async move { desk.resume().await }).await;
            self.unproven = !matches!(proven, Some(Ok(())));
        }
    }

    /// Everything is heard from now on, so that nobody need wait for time to pass.
    async fn calm(&mut self) {
        self.stand.wire.script(Box::new(|_, _| Fate::Pass));
        self.stand.reconnect().await;
        self.stand.clock.advance(Duration::from_secs(1));
        self.stand.settle().await;
        match &self.desk {
            Some(desk) => desk.resume().await.unwrap(),
            None => self.start_in_quiet().await,
        }
        let desk = self.desk.clone().unwrap();
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
    }

    async fn start_in_quiet(&mut self) {
        self.desk = None;
        self.desk = Some(Arc::new(self.opening().await.unwrap()));
    }

    /// What has traded and what is open, by the name of the order, as TWS tells it.
    async fn told(&self) -> BTreeMap<OrderKey, (Decimal, bool)> {
        let mut told: BTreeMap<OrderKey, (Decimal, bool)> = BTreeMap::new();
        for execution in self.stand.broker.executions(Timestamp::EPOCH).await.unwrap().rows() {
            told.entry(execution.key.clone().unwrap()).or_default().0 += execution.quantity.as_decimal();
        }
        for order in self.stand.broker.open_orders().await.unwrap().rows() {
            let key = order.key.clone().unwrap();
            let (traded, is_open) = told.entry(key.clone()).or_default();
            assert!(!std::mem::replace(is_open, true), "{key} is on order twice");
            let units = order.size.quantity().unwrap().as_decimal();
            assert!(units <= self.wanted[&key], "{key}: {units} on order, of which {traded} have traded");
        }
        told
    }

    async fn judge(&self, when: &str) {
        let told = self.told().await;
        let desk = self.desk.as_ref().unwrap();
        for (key, wanted) in &self.wanted {
            let (traded, is_open) = told.get(key).copied().unwrap_or_default();
            assert!(traded <= *wanted, "{when}: {key} traded {traded} of {wanted}");
            let order = desk.order(key).await;
            let believed = order.as_ref().map(|it| (it.filled(), it.state().may_trade())).unwrap_or_default();
            assert_eq!(believed, (traded, is_open), "{when}: {key}, {order:#?}");
        }
        // What an order has cost is lost on the way as well: by so much cash may have moved without a word, which a person sees.
        let breaks = desk.breaks().await;
        let others: Vec<_> =
            breaks.iter().filter(|it| !matches!(it.subject(), Subject::Cash { .. })).collect();
        assert!(others.is_empty(), "{when}: {others:?}");
    }
}

async fn one_storm(seed: u64) {
    let mut storm = Storm::begin(seed).await;
    for number in 0..ACTS {
        storm.act(number).await;
    }
    storm.calm().await;
    storm.judge(&format!("seed {seed}")).await;
    storm.start_in_quiet().await;
    storm.judge(&format!("seed {seed}, after a new start")).await;
}

#[test]
fn after_sixty_storms_the_desk_knows_what_tws_knows() {
    run(async {
        for seed in 0..SEEDS {
            one_storm(seed).await;
        }
    });
}
