//! A service that begins waits for what another command has for the moment: one that trades ends within seconds.
//!
//! Left out: waiting for another service, or for a command that goes on; those are told at once, or after a few seconds.

use crate::Session;
use crate::exit::Exit;
use crate::fault::Fault;
use std::time::Duration;

/// So long it is waited.
const PATIENCE: Duration = Duration::from_secs(5);
/// So long it waits without a word: mostly it is over by then.
const SILENTLY: Duration = Duration::from_millis(200);
/// So often it is tried.
const TRY_EVERY: Duration = Duration::from_millis(50);

/// What came of one try.
pub(crate) enum Tried<T> {
    /// It is ours.
    Got(T),
    /// Another process has it. With what is said where it keeps it.
    Busy(anyhow::Error),
}

/// Tries until nobody else has it, for a few seconds; says once that it waits. Errors: somebody still has it then, somebody
/// asked to stop meanwhile, or it cannot be had at all.
pub(crate) async fn once_free<T>(
    what: &str,
    session: &Session,
    mut take: impl FnMut() -> anyhow::Result<Tried<T>>,
) -> anyhow::Result<T> {
    let clock = session.clock();
    let (speaks, until) = (clock.now().after(SILENTLY), clock.now().after(PATIENCE));
    let mut said = false;
    loop {
        let busy = match take()? {
            Tried::Got(it) => return Ok(it),
            Tried::Busy(why) => why,
        };
        if clock.now() >= until {
            return Err(busy);
        }
        if clock.now() >= speaks && !std::mem::replace(&mut said, true) {
            let seconds = PATIENCE.as_secs();
            session
                .output()
                .say(&format!("another tradeport has {what} for the moment: waiting, {seconds} s at most"));
        }
        tokio::select! {
            () = session.stop().asked() => {
                let message = format!("stopped while another tradeport had {what}");
                return Err(Fault::new(Exit::Interrupted, message, "the same again").because(busy).into());
            }
            () = clock.sleep_until(clock.now().after(TRY_EVERY)) => {}
        }
    }
}
