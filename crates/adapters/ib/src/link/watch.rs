//! The tasks of one connection: one listens, one asks for signs of life. Neither keeps the broker alive.

use super::probe;
use crate::broker::Inner;
use crate::runtime::Owned;
use crate::session::Lack;
use ibapi::subscriptions::NoticeStream;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tradeport_kernel::{Clock, ConnectionEpoch};

pub(super) fn tasks(inner: &Arc<Inner>, epoch: ConnectionEpoch, notices: NoticeStream) -> Vec<Owned> {
    let tools = &inner.tools;
    let counted = tools.census.task();
    let weak = Arc::downgrade(inner);
    let desk = Arc::clone(&inner.desk);
    let mut tasks = vec![Owned::spawn(&tools.runtime, async move {
        let _counted = counted;
        let reason = tokio::select! {
            biased;
            reason = desk.keep_up(epoch) => reason,
            () = listen(&weak, notices) => "the socket was closed".to_owned(),
        };
        let Some(inner) = weak.upgrade() else { return };
        let lost = inner.lose(epoch, &reason);
        drop(inner);
        // It may still stand, when what it says could not be read.
        if let Some(lost) = lost {
            lost.client.disconnect().await;
        }
    })];
    if let Some(every) = inner.settings.waits().heartbeat {
        let counted = tools.census.task();
        let (weak, clock) = (Arc::downgrade(inner), Arc::clone(&tools.clock));
        tasks.push(Owned::spawn(&tools.runtime, async move {
            let _counted = counted;
            ask_for_life(&weak, epoch, clock.as_ref(), every).await;
        }));
    }
    tasks
}

/// Ends with the connection.
async fn listen(weak: &Weak<Inner>, mut notices: NoticeStream) {
    while let Some(notice) = notices.next().await {
        let Some(inner) = weak.upgrade() else { return };
        inner.hear(&inner.tools.notices.said(notice.code, &notice.message));
    }
}

/// A socket whose other end is gone says nothing for hours. Ends when the broker does, or with the epoch.
async fn ask_for_life(weak: &Weak<Inner>, epoch: ConnectionEpoch, clock: &dyn Clock, every: Duration) {
    loop {
        clock.sleep_until(clock.now().after(every)).await;
        let Some(inner) = weak.upgrade() else { return };
        let Ok(session) = inner.session() else { return };
        if session.epoch != epoch {
            return;
        }
        let limit = inner.settings.waits().answer;
        if let Err(Lack::Silent(limit)) = probe(&session, limit).await {
            let reason = format!("no sign of life within {} ms", limit.as_millis());
            let lost = inner.lose(epoch, &reason);
            drop((session, inner));
            // The socket still stands, on our side.
            if let Some(lost) = lost {
                lost.client.disconnect().await;
            }
            return;
        }
    }
}
