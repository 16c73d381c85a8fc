//! Listens to a stream without ever waiting for it: what has not arrived after so many rounds does not arrive.
//!
//! Left out: time. The harness' `settle` lever moves it.

use futures::future::FutureExt;
use futures::stream::{Stream, StreamExt};

/// How many times the world may be settled before an event counts as missing.
const ROUNDS: usize = 100;
/// How many events one listening takes: a source that never stops is a failure, not a hang.
const MOST: usize = 1_000_000;

/// What a stream said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard<T> {
    /// Its items, in order.
    pub items: Vec<T>,
    /// Did it end?
    pub ended: bool,
}

/// Everything that is there now, without waiting.
pub fn drain<S: Stream + Unpin>(stream: &mut S) -> Heard<S::Item> {
    let mut items = Vec::new();
    while items.len() < MOST {
        match stream.next().now_or_never() {
            Some(Some(item)) => items.push(item),
            Some(None) => return Heard { items, ended: true },
            None => break,
        }
    }
    Heard { items, ended: false }
}

/// Listens and settles in turn until `enough` was heard, the stream ended, or a hundred rounds are over. The caller
/// asserts on what came: too little is its failure to tell.
pub async fn hear_until<S: Stream + Unpin>(
    stream: &mut S,
    settle: impl AsyncFn(),
    enough: impl Fn(&[S::Item]) -> bool,
) -> Heard<S::Item> {
    let mut heard = drain(stream);
    for _ in 0..ROUNDS {
        if heard.ended || enough(&heard.items) {
            break;
        }
        settle().await;
        let more = drain(stream);
        heard.items.extend(more.items);
        heard.ended = more.ended;
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::channel::mpsc::unbounded;

    #[test]
    fn silence_ends_after_so_many_rounds() {
        let (_source, mut stream) = unbounded::<u32>();
        let heard = futures::executor::block_on(hear_until(&mut stream, async || {}, |_| false));
        assert_eq!(heard, Heard { items: vec![], ended: false });
    }

    #[test]
    fn what_settling_brings_is_heard_in_order() {
        let (source, mut stream) = unbounded::<u32>();
        let settle = async || source.unbounded_send(7).unwrap();
        let heard = futures::executor::block_on(hear_until(&mut stream, settle, |items| items.len() == 2));
        assert_eq!(heard, Heard { items: vec![7, 7], ended: false });
        drop(source);
        assert!(drain(&mut stream).ended);
    }
}
