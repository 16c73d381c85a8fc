//! The simulated TWS in a process of its own, which ends with its standard input.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tradeport_fake_tws::FakeTws;
use tradeport_fake_tws::server::{Limits, Prices, ServerSettings};
use tradeport_kernel::{Clock, Timestamp};
use tradeport_market_data::{Level, Quote};

/// The argument that makes this program the server.
pub(crate) const SERVE: &str = "--serve";

/// The machine's clock.
pub(crate) struct Real;

#[async_trait::async_trait]
impl Clock for Real {
    fn now(&self) -> Timestamp {
        Timestamp::EPOCH.after(SystemTime::now().duration_since(UNIX_EPOCH).unwrap())
    }
    async fn sleep_until(&self, deadline: Timestamp) {
        tokio::time::sleep(deadline.since(self.now())).await;
    }
}

/// Serves until nobody holds the other end of the input. Shares of AAPL can be bought and sold at any time.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let limits = Limits { market_data_lines: 100_000, tick_by_tick_gap: Duration::ZERO, pacing: None };
    let settings = ServerSettings {
        limits,
        message_rate: None,
        client_id_wait: Duration::ZERO,
        prices: Prices::Scripted,
        ..ServerSettings::default()
    };
    let tws = runtime.block_on(FakeTws::builder().settings(settings).start(Arc::new(Real))).unwrap();
    let level = |price: &str| Some(Level::new(price.parse().unwrap(), "1000000".parse().ok()));
    let quote = Quote::new("AAPL".parse().unwrap(), Real.now(), level("100.00"), level("100.02")).unwrap();
    runtime.block_on(tws.with(move |server| server.world_mut().hold(quote))).unwrap();
    println!("{}", tws.address().port());
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

/// A server; it ends when this is dropped.
pub(crate) struct Served {
    process: Child,
    port: u16,
}

impl Served {
    pub(crate) fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let command = command.arg(SERVE).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, port: line.trim().parse().unwrap() }
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().unwrap();
    }
}
