//! The port: it takes connections while the server wants them.

use super::driver::Command;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tradeport_kernel::Clock;

/// Between two tries to have the port back.
const AGAIN: Duration = Duration::from_millis(100);

/// Takes connections, until the server is gone. While the port is not open nobody listens on it.
pub(super) async fn listen(
    mut listener: TcpListener,
    address: SocketAddr,
    commands: mpsc::Sender<Command>,
    mut is_open: watch::Receiver<bool>,
    clock: Arc<dyn Clock>,
) {
    loop {
        tokio::select! {
            changed = is_open.changed() => {
                if changed.is_err() {
                    return;
                }
                if !*is_open.borrow_and_update() {
                    drop(listener);
                    let Some(back) = come_back(address, &mut is_open, clock.as_ref()).await else { return };
                    listener = back;
                }
            }
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    tracing::debug!(%from, "a connection");
                    if commands.send(Command::Accepted(stream)).await.is_err() {
                        return;
                    }
                }
                // Too many open files, or a client that has gone again: others can still come.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::task::yield_now().await;
                }
            },
        }
    }
}

/// The same port again, once it is to be open; `None` when the server is gone.
async fn come_back(
    address: SocketAddr,
    is_open: &mut watch::Receiver<bool>,
    clock: &dyn Clock,
) -> Option<TcpListener> {
    is_open.wait_for(|is_open| *is_open).await.ok()?;
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return Some(listener),
            Err(error) => {
                tracing::warn!(%error, %address, "the port cannot be had yet");
                clock.sleep_until(clock.now().after(AGAIN)).await;
            }
        }
    }
}
