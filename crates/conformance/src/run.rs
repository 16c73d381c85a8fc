//! Runs one case to its end, or to its limit.
//!
//! Left out: any runtime. A harness whose adapter needs one brings its own.

use std::future::Future;
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// What one case may take by the wall clock. Far above what any needs: it only tells a hanging case from a slow one.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs a case on a thread of its own, with a plain executor.
///
/// # Panics
/// When the case does, or when it has not ended after two minutes.
pub fn run_case<C, F>(case: C)
where
    C: FnOnce() -> F + Send + 'static,
    F: Future<Output = ()>,
{
    run_within(LIMIT, case);
}

fn run_within<C, F>(limit: Duration, case: C)
where
    C: FnOnce() -> F + Send + 'static,
    F: Future<Output = ()>,
{
    let (done, ended) = mpsc::channel::<()>();
    let name = thread::current().name().unwrap_or("case").to_owned();
    let worker = thread::Builder::new()
        .name(name)
        .spawn(move || {
            // Dropped when the case ends, also by a panic: that is the message.
            let _done = done;
            futures::executor::block_on(case());
        })
        .expect("a test machine has room for one more thread");
    let hangs = ended.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout);
    assert!(!hangs, "the case hangs: it has not ended within {} s", limit.as_secs_f64());
    if let Err(panic) = worker.join() {
        resume_unwind(panic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn a_case_that_ends_passes() {
        run_case(|| async {});
    }

    #[test]
    fn a_case_that_panics_fails_with_its_own_words() {
        let panic = catch_unwind(|| run_case(|| async { panic!("broken promise") })).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"broken promise"));
    }

    #[test]
    fn a_case_that_hangs_fails() {
        let hang = || run_within(Duration::from_millis(20), std::future::pending);
        assert!(catch_unwind(hang).is_err());
    }
}
