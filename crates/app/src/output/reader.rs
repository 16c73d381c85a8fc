//! Whoever reads standard output through a pipe, and leaves: noticed at once, and not with the next line, which may never come.
//!
//! Left out: terminals and files. Where none of this can be told, as on Windows, a line that nobody reads tells it.

/// Waits until nobody reads standard output any more; for ever where that cannot be told.
pub(super) async fn left() {
    #[cfg(unix)]
    if let Some(pipe) = unix::pipe() {
        return unix::broken(&pipe).await;
    }
    std::future::pending().await
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io;
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::fs::FileTypeExt;
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// The other end is seen by errors alone; to wait for room as well is what every system takes.
    const WATCHED: Interest = Interest::ERROR.add(Interest::WRITABLE);

    /// Standard output, if it is a pipe.
    pub(super) fn pipe() -> Option<AsyncFd<OwnedFd>> {
        watched(io::stdout().as_fd().try_clone_to_owned().ok()?)
    }

    fn watched(out: OwnedFd) -> Option<AsyncFd<OwnedFd>> {
        let kind = File::from(out.try_clone().ok()?).metadata().ok()?.file_type();
        if !kind.is_fifo() && !kind.is_socket() {
            return None;
        }
        #[expect(
            deprecated,
            reason = "what comes instead is unsafe; an `OwnedFd` cannot be closed behind it"
        )]
        AsyncFd::with_interest(out, WATCHED).ok()
    }

    /// Waits until its other end is closed.
    pub(super) async fn broken(pipe: &AsyncFd<OwnedFd>) {
        loop {
            let Ok(mut guard) = pipe.ready(WATCHED).await else { return std::future::pending().await };
            let ready = guard.ready();
            if ready.is_error() || ready.is_write_closed() {
                return;
            }
            // There is room: the next change counts.
            guard.clear_ready();
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::io::Write;

        #[tokio::test]
        async fn a_pipe_is_broken_once_its_reader_has_left_and_not_before() {
            let (reader, mut writer) = std::io::pipe().unwrap();
            let pipe = watched(writer.try_clone().unwrap().into()).unwrap();
            let mut broken = Box::pin(broken(&pipe));
            for _ in 0..100 {
                tokio::task::yield_now().await;
                assert!(futures::poll!(&mut broken).is_pending());
            }
            writer.write_all(b"a line").unwrap();
            tokio::task::yield_now().await;
            assert!(futures::poll!(&mut broken).is_pending(), "it may be read later");
            drop(reader);
            broken.await;
        }

        #[tokio::test]
        async fn a_file_is_no_pipe() {
            assert!(watched(tempfile::tempfile().unwrap().into()).is_none());
        }
    }
}
