//! The tasks of one connection: one listens, one asks for signs of life. Neither keeps the broker alive.

use super::probe;
use crate::broker::Inner;
use crate::notices::{Meaning, Said};
use crate::runtime::Owned;
use crate::session::Lack;
use crate::unplaced;
use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::Either;
use ibapi::NOTICE_STREAM_LAG_CODE;
use ibapi::subscriptions::NoticeStream;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tradeport_kernel::{Clock, ConnectionEpoch};

pub(super) fn tasks(
    inner: &Arc<Inner>,
    epoch: ConnectionEpoch,
    notices: NoticeStream,
    of_orders: UnboundedReceiver<Said>,
) -> Vec<Owned> {
    let tools = &inner.tools;
    let counted = tools.census.task();
    let weak = Arc::downgrade(inner);
    let (desk, unplaced) = (Arc::clone(&inner.desk), unplaced::listen());
    let mut tasks = vec![Owned::spawn(&tools.runtime, async move {
        let _counted = counted;
        let reason = tokio::select! {
            biased;
            reason = desk.keep_up(epoch) => reason,
            reason = listen(&weak, notices, of_orders, unplaced) => reason,
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
async fn listen(
    weak: &Weak<Inner>,
    mut notices: NoticeStream,
    mut of_orders: UnboundedReceiver<Said>,
    mut unplaced: UnboundedReceiver<String>,
) -> String {
    loop {
        let heard = tokio::select! {
            Some(reason) = unplaced.next() => return reason,
            notice = notices.next() => notice.map(Either::Left),
            Some(said) = of_orders.next() => Some(Either::Right(said)),
        };
        let (Some(heard), Some(inner)) = (heard, weak.upgrade()) else { break };
        let said = match heard {
            Either::Left(notice) => inner.tools.notices.said(notice.code, &notice.message),
            Either::Right(said) => said,
        };
        inner.hear(&said);
        if let Some(reason) = ends(&said) {
            return reason;
        }
    }
    "the socket was closed".to_owned()
}

/// Why a connection is worth nothing after such a word.
fn ends(said: &Said) -> Option<String> {
    match said.meaning {
        // TWS has dropped a message and does not say which: somebody would wait for its answer, or read a stream that
        // never begins. So all of them are told that the connection is over.
        Meaning::Pacing => Some(format!("TWS has dropped a message that came too fast: {said}")),
        // The library has lost some of what was said, which may be that every stream is lost.
        _ if said.code == NOTICE_STREAM_LAG_CODE => {
            Some(format!("what TWS said of the connection was lost on the way: {said}"))
        }
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::NoticeTable;

    #[test]
    fn only_words_that_may_have_cost_something_end_a_connection() {
        let why = |code, text| ends(&NoticeTable::default().said(code, text));
        assert!(why(100, "Max rate of messages").is_some_and(|it| it.contains("too fast")));
        assert!(
            why(NOTICE_STREAM_LAG_CODE, "3 notices dropped").is_some_and(|it| it.contains("lost on the way"))
        );
        for code in [1100, 1101, 1102, 2103, 2104, 2105, 2106, 2107, 2108, 2110, 2119, 2157, 2158, 77_777] {
            assert_eq!(why(code, ""), None, "{code}");
        }
    }
}
