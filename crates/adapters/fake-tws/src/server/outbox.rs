//! Who is told what, in order.

use super::Output;
use super::session::{Session, SessionId};
use crate::wire::Answer;
use std::collections::BTreeMap;

/// What waits to be sent.
#[derive(Debug, Default)]
pub struct Outbox {
    waiting: Vec<(SessionId, Item)>,
}

#[derive(Debug)]
enum Item {
    Answer(Answer),
    Raw(Vec<u8>),
    Close(String),
}

impl Outbox {
    /// Says something on a connection.
    pub fn say(&mut self, to: SessionId, answer: impl Into<Answer>) {
        self.waiting.push((to, Item::Answer(answer.into())));
    }

    /// Sends bytes that are a frame already, alone.
    pub(crate) fn raw(&mut self, to: SessionId, frame: Vec<u8>) {
        self.waiting.push((to, Item::Raw(frame)));
    }

    /// Closes a connection behind what was said.
    pub fn close(&mut self, id: SessionId, reason: String) {
        if !self.closes(id) {
            self.waiting.push((id, Item::Close(reason)));
        }
    }

    pub(crate) fn closes(&self, id: SessionId) -> bool {
        self.waiting.iter().any(|(to, item)| *to == id && matches!(item, Item::Close(_)))
    }

    pub(crate) fn forget(&mut self, id: SessionId) {
        self.waiting.retain(|(to, _)| *to != id);
    }

    /// Encodes everything: consecutive answers of one connection become one piece of bytes.
    pub(crate) fn flush(&mut self, sessions: &BTreeMap<SessionId, Session>, out: &mut Vec<Output>) {
        let mut open: Option<(SessionId, Vec<u8>)> = None;
        for (to, item) in self.waiting.drain(..) {
            if open.as_ref().is_some_and(|(id, _)| *id != to) || !matches!(item, Item::Answer(_)) {
                out.extend(open.take().map(|(id, bytes)| Output::Send(id, bytes)));
            }
            match item {
                Item::Answer(answer) => {
                    let Some(codec) = sessions.get(&to).and_then(Session::codec) else { continue };
                    let (_, bytes) = open.get_or_insert_with(|| (to, Vec::new()));
                    let name = answer.name();
                    if let Err(error) = codec.put_answer(answer, bytes) {
                        tracing::error!(answer = name, %error, "an answer could not be written");
                    }
                }
                Item::Raw(frame) => out.push(Output::Send(to, frame)),
                Item::Close(reason) => out.push(Output::Close(to, reason)),
            }
        }
        out.extend(open.map(|(id, bytes)| Output::Send(id, bytes)));
    }
}
