//! Keeps every core awake: one process each that does nothing, and gives way to whatever has something to do.
//!
//! A core of a virtual machine that falls asleep between two words is slow to wake, and what runs then finds nothing in its
//! caches. That is the machine's time and not the adapter's.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

/// The argument that makes this program one of them.
pub(crate) const SPIN: &str = "--spin";

/// Spins until nobody holds the other end of the input.
pub(crate) fn spin() {
    static IS_OVER: AtomicBool = AtomicBool::new(false);
    std::thread::spawn(|| {
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        IS_OVER.store(true, Ordering::Relaxed);
    });
    while !IS_OVER.load(Ordering::Relaxed) {
        std::hint::spin_loop();
    }
}

/// All of them; they end when this is dropped.
pub(crate) struct Awake(Vec<Child>);

impl Awake {
    /// `None` where there is no way to say that a process gives way to all others.
    pub(crate) fn all_cores() -> Option<Self> {
        let cores = std::thread::available_parallelism().ok()?.get();
        let program = std::env::current_exe().ok()?;
        let mut all = Self(Vec::new());
        for _ in 0..cores {
            let mut command = Command::new("chrt");
            command.args(["--idle", "0"]).arg(&program).arg(SPIN).stdin(Stdio::piped());
            all.0.push(command.spawn().ok()?);
        }
        Some(all)
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        for process in &mut self.0 {
            drop(process.stdin.take());
            process.wait().unwrap();
        }
    }
}
