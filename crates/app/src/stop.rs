//! Being asked to stop: Ctrl-C, SIGTERM, or on Linux a terminal that is closed; on Windows Ctrl-C, Ctrl-Break, or a window that is closed.
//!
//! The first time is a wish: commands that go on until told otherwise end in good order. The second time ends the
//! process at once; what was acknowledged is durable, so nothing of that is lost.

use crate::exit::Exit;
use tokio::sync::watch;

/// Tells whether somebody asked to stop; cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens for signals from now on; needs a running tokio runtime.
    pub fn listen() -> std::io::Result<Self> {
        let (asked, heard) = watch::channel(false);
        let mut signals = Signals::new()?;
        tokio::spawn(async move {
            signals.next().await;
            if asked.send(true).is_err() {
                tracing::debug!("asked to stop, and nobody listens any more");
            }
            signals.next().await;
            std::process::exit(i32::from(Exit::Interrupted.code()));
        });
        Ok(Self(heard))
    }

    /// A stop that is asked for by calling what comes with it.
    pub fn by_hand() -> (Self, impl FnOnce()) {
        let (asked, heard) = watch::channel(false);
        let ask = move || {
            // Nobody who could hear it is left when this fails.
            asked.send(true).unwrap_or_default();
        };
        (Self(heard), ask)
    }

    /// A stop that nobody asks for.
    #[must_use]
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// Has somebody asked?
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody asks.
    pub async fn asked(&self) {
        let mut heard = self.0.clone();
        if heard.wait_for(|asked| *asked).await.is_err() {
            // Whoever could have asked is gone: nobody will.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// The terminal is gone; `None` for whoever is to go on then.
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hangup = hangup_counts().then(|| signal(SignalKind::hangup())).transpose()?;
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupt, terminate, hangup })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            Some(_) = async { self.hangup.as_mut()?.recv().await } => {}
        }
    }
}

/// Does a terminal that goes away end it? Whoever was started by `nohup` ignores that from its first moment, and listening
/// would undo it. Where that cannot be told, nobody listens, and the system's habit stands.
#[cfg(unix)]
fn hangup_counts() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Signal 1 is the lowest bit.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 0)
}

/// Ctrl-C, Ctrl-Break, a closed window, and the end of the session or the machine; for the last three Windows waits some
/// seconds before it ends the process.
#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    break_key: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    logoff: tokio::signal::windows::CtrlLogoff,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::windows;
        Ok(Self {
            interrupt: windows::ctrl_c()?,
            break_key: windows::ctrl_break()?,
            close: windows::ctrl_close()?,
            logoff: windows::ctrl_logoff()?,
            shutdown: windows::ctrl_shutdown()?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.break_key.recv() => {}
            _ = self.close.recv() => {}
            _ = self.logoff.recv() => {}
            _ = self.shutdown.recv() => {}
        }
    }
}
