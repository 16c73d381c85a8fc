//! What begins with the first link: the desk with all that serves it, and the recording.

use super::money;
use super::recording::Recording;
use super::{ACTOR, Service, limits, quotes};
use crate::stop::Stop;
use crate::wiring::{actor_of_run, breaks_of, switch_of};
use anyhow::Context;
use std::sync::Arc;
use tradeport_connection::Purpose;
use tradeport_kernel::{AccountId, ConnectionEpoch};
use tradeport_trading::{DeskPorts, DeskSettings, EventBus, OrderDesk};

impl Service {
    /// A desk that cannot be opened because the link is gone again is opened with the next one.
    pub(super) async fn open_desk(&mut self, epoch: ConnectionEpoch, ending: &Stop) -> anyhow::Result<()> {
        let ports = &self.lines[0].ports;
        let actor = actor_of_run(ACTOR, &self.session);
        let desk_ports = DeskPorts {
            journal: Arc::new(self.plant.stores.journal().audited(&actor)),
            gateway: Arc::clone(&ports.gateway),
            accounts: Arc::clone(&ports.accounts),
            catalog: Arc::clone(&ports.catalog),
            clock: self.session.clock(),
            audit: Arc::new(self.plant.stores.audit()),
            switch: Arc::new(switch_of(&self.session)?),
            breaks: Arc::new(breaks_of(&self.session)?),
        };
        let settings = DeskSettings {
            policy: self.session.config().risk.clone(),
            actor,
            patience: self.session.config().reconciliation.patience(),
        };
        // What traded meanwhile is kept before the desk writes it down.
        self.plant.keep()?;
        let desk = match OrderDesk::open(desk_ports, settings, EventBus::default()).await {
            Ok(desk) => desk,
            Err(error) if !self.handle_is_ready() => {
                tracing::warn!(%error, "the link went away while the orders were looked at");
                return Ok(());
            }
            Err(error) => return Err(error).context("the orders cannot be held against the broker's"),
        };
        self.board.prover.reconcile_with(desk.clone(), epoch);
        let managed = self.lines[0].ports.accounts.accounts().await.unwrap_or_default();
        crate::wiring::warn_of_unmanaged(&desk, &managed);
        // One desk for each service, and these are its accounts.
        let managed = self.board.managed.get_or_init(|| managed);
        tracing::debug!(accounts = managed.len(), "the broker manages");
        let account = self.board.prover.account().cloned();
        let now = self.session.clock().now();
        for portfolio in desk.portfolios().await {
            crate::wiring::note_worth(&desk, &self.plant.stores, portfolio.account(), now).await?;
            crate::wiring::look_for_breaks(&desk, &self.plant.stores, portfolio.account()).await?;
        }
        if self.board.desk.set(desk.clone()).is_err() {
            return Ok(());
        }
        self.look_after(desk, account, ending);
        Ok(())
    }

    /// What goes on beside a desk until the service ends.
    fn look_after(&mut self, desk: OrderDesk, account: Option<AccountId>, ending: &Stop) {
        let (obedient, stop) = (desk.clone(), ending.clone());
        self.tasks.spawn(async move {
            obedient.enforce_switch(async move { stop.asked().await }).await;
            Ok(())
        });
        let (tended, stop) = (desk.clone(), ending.clone());
        self.tasks.spawn(async move {
            tended.tend_orders(async move { stop.asked().await }).await;
            Ok(())
        });
        let (loaded, alarms) = (self.session.loaded().clone(), self.plant.alarms.clone());
        let stores = self.plant.stores.clone();
        let managed = self.board.managed.get().cloned().unwrap_or_default();
        let limited = limits::Limited { desk: desk.clone(), stores, managed };
        self.spawn_until(ending, limits::follow(loaded, limited, alarms, self.session.clock()));
        let (ports, handle) = (self.lines[0].ports.clone(), self.lines[0].handle.clone());
        self.spawn_until(ending, quotes::for_desk(desk.clone(), ports, handle, self.session.clone()));
        // The simulated broker's state is kept before its words are taken in: see `take_in`.
        if self.plant.simulated().is_none() {
            let stop = ending.clone();
            self.tasks.spawn(async move { Ok(desk.follow(async move { stop.asked().await }).await?) });
        }
        if let Some(account) = account {
            let accounts = Arc::clone(&self.lines[0].ports.accounts);
            self.spawn_until(ending, money::live_account(Arc::clone(&self.board), accounts, account));
        }
    }

    /// Work that may be left wherever it is.
    fn spawn_until(&mut self, ending: &Stop, work: impl Future<Output = ()> + Send + 'static) {
        let stop = ending.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.asked() => {}
                () = work => {}
            }
            Ok(())
        });
    }

    /// Records what it was asked to. Where the link is gone again, with the next one.
    pub(super) async fn start_recording(&mut self, purpose: Purpose, ending: &Stop) -> anyhow::Result<()> {
        let Some(line) = self.lines.iter().find(|line| line.purpose == purpose) else { return Ok(()) };
        let mut symbols = Vec::new();
        for instrument in &self.records {
            match self.plant.list(instrument, &line.ports).await {
                Ok(contract) => symbols.push(contract.symbol()),
                Err(error) if line.handle.may_order().is_err() && purpose == Purpose::Interactive => {
                    tracing::warn!(%error, "the link went away before anything was recorded");
                    return Ok(());
                }
                Err(error) => return Err(error.context(format!("{instrument} cannot be recorded"))),
            }
        }
        let (feed, handle) = (Arc::clone(&line.ports.quotes), line.handle.clone());
        let recording = Recording::new(symbols, feed, handle, &self.session, &self.plant);
        if self.board.recording.set(recording.shown()).is_ok() {
            let (stop, alarms) = (ending.clone(), self.board.alarms.clone());
            self.tasks.spawn(async move {
                recording.run(stop, &alarms).await;
                Ok(())
            });
        }
        Ok(())
    }
}
