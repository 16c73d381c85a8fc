//! The tasks of one connection: one listens, one asks for signs of life. Neither keeps the broker alive.

use super::probe;
use crate::broker::Inner;
use crate::notices::Meaning;
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
            reason = listen(&weak, notices) => reason,
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

/// Ends with the connection, or with a word after which it is worth nothing; says why.
async fn listen(weak: &Weak<Inner>, mut notices: NoticeStream) -> String {
    while let Some(notice) = notices.next().await {
        let Some(inner) = weak.upgrade() else { break };
        let said = inner.tools.notices.said(notice.code, &notice.message);
        inner.hear(&said);
        // TWS has dropped a message and does not say which: somebody would wait for its answer, or read a stream that
        // never begins. So all of them are told that the connection is over.
        if said.meaning == Meaning::Pacing {
            return format!("TWS has dropped a message that came too fast: {said}");
        }
    }
    "the socket was closed".to_owned()
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
