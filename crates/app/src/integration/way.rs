//! The way to a TWS: through a proxy of our own, which records what goes over and can be cut.
//!
//! So what a scenario has seen can be looked at byte by byte and served again, and a link can be lost without anybody's
//! help: neither TWS nor the adapter knows about the proxy.

use super::levers::Levers;
use super::scenario::Need;
use anyhow::Context;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use std::cell::RefCell;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tradeport_fake_tws::FakeTws;
use tradeport_fake_tws::record::{Proxy, ProxyError, Recorder, RecorderHandle};
use tradeport_kernel::Clock;

/// A port that was just given up can be had again after a moment.
const TRIES: usize = 50;
const BETWEEN: Duration = Duration::from_millis(20);

/// A proxy in front of a TWS, and the simulated one behind it, if it is one.
pub(super) struct Way {
    proxy: RefCell<Option<Proxy>>,
    address: SocketAddr,
    upstream: String,
    recording: RecorderHandle,
    recorder: Option<Recorder>,
    clock: Arc<dyn Clock>,
    /// It serves until it is dropped.
    _tws: Option<FakeTws>,
}

impl Way {
    /// To what listens at `upstream`; recorded onto a new file.
    pub(super) async fn to(
        upstream: String,
        tws: Option<FakeTws>,
        file: &Path,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        let recorder = Recorder::create(file)?;
        let recording = recorder.handle();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let proxy = Proxy::start(any, upstream.clone(), recording.clone(), Arc::clone(&clock)).await?;
        let address = proxy.address();
        let proxy = RefCell::new(Some(proxy));
        Ok(Self { proxy, address, upstream, recording, recorder: Some(recorder), clock, _tws: tws })
    }

    /// Where it begins.
    pub(super) const fn port(&self) -> u16 {
        self.address.port()
    }

    async fn listen(&self) -> anyhow::Result<()> {
        if self.proxy.borrow().is_some() {
            return Ok(());
        }
        for _ in 0..TRIES {
            let (upstream, recording) = (self.upstream.clone(), self.recording.clone());
            match Proxy::start(self.address, upstream, recording, Arc::clone(&self.clock)).await {
                Ok(proxy) => {
                    self.proxy.replace(Some(proxy));
                    return Ok(());
                }
                Err(ProxyError::Bind { .. }) => {
                    self.clock.sleep_until(self.clock.now().after(BETWEEN)).await;
                }
            }
        }
        anyhow::bail!("port {} could not be had again", self.address.port())
    }
}

impl Levers for Way {
    fn has(&self, need: Need) -> bool {
        matches!(need, Need::CutLink | Need::Restart)
    }

    fn cut_link(&self) -> LocalBoxFuture<'_, anyhow::Result<()>> {
        // Its connections go with it.
        drop(self.proxy.take());
        self.listen().boxed_local()
    }

    fn take_down(&self) -> LocalBoxFuture<'_, anyhow::Result<()>> {
        drop(self.proxy.take());
        futures::future::ok(()).boxed_local()
    }

    fn bring_up(&self) -> LocalBoxFuture<'_, anyhow::Result<()>> {
        self.listen().boxed_local()
    }

    fn let_time_pass(&self) {}
}

impl Drop for Way {
    fn drop(&mut self) {
        drop(self.proxy.take());
        if let Some(Err(error)) = self.recorder.take().map(Recorder::finish) {
            tracing::warn!(%error, "the recording of the wire is not whole");
        }
    }
}
