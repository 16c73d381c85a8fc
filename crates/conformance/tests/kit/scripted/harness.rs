//! The scripted gateway as the kit's harness; the script is a type, so that each case can be run with each fault.

use super::{Fault, ScriptedGateway};
use std::marker::PhantomData;
use std::time::Duration;
use tradeport_conformance::order_gateway::{Claims, Harness};
use tradeport_kernel::{AccountId, Decimal, OrderKey, Symbol};
use tradeport_orders::{OrderKind, Side};

/// Which fault, and which claims.
pub(crate) trait Script: 'static {
    const FAULT: Fault;
    const CLAIMS: Claims = Claims::ALL;
}

pub(crate) struct Fixture<S>(ScriptedGateway, PhantomData<S>);

fn limit(price: &str) -> OrderKind {
    OrderKind::Limit { limit: price.parse().unwrap() }
}

impl<S: Script> Harness for Fixture<S> {
    type Gateway = ScriptedGateway;
    const CLAIMS: Claims = S::CLAIMS;

    async fn fresh() -> Self {
        Self(ScriptedGateway::new(S::FAULT), PhantomData)
    }
    fn gateway(&self) -> &ScriptedGateway {
        &self.0
    }
    fn account(&self) -> AccountId {
        AccountId::new("DU1").unwrap()
    }
    fn symbol(&self) -> Symbol {
        Symbol::new("AAPL").unwrap()
    }
    fn unknown_symbol(&self) -> Symbol {
        Symbol::new("NOPE").unwrap()
    }
    fn resting(&self, _side: Side) -> OrderKind {
        limit("50")
    }
    fn resting_elsewhere(&self, _side: Side) -> OrderKind {
        limit("49")
    }
    fn marketable(&self, _side: Side) -> OrderKind {
        OrderKind::Market
    }
    async fn trade(&self, key: &OrderKey, units: u32) {
        self.0.state().trade(key, Decimal::from(units));
    }
    async fn drop_link(&self) {
        self.0.state().drop_link();
    }
    async fn reconnect(&self) {
        self.0.state().reconnect();
    }
    async fn cut_next_answer(&self) {
        self.0.state().cut_next_answer();
    }
    async fn make_unreadable(&self, key: &OrderKey) {
        self.0.state().make_unreadable(key);
    }
    async fn settle(&self) {
        let mut state = self.0.state();
        state.now = state.now.after(Duration::from_secs(1));
    }
}
