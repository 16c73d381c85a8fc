//! Who is told what, in order.

mod tick;

pub(crate) use tick::{Tick, Told};

use super::Output;
use super::chaos::Note;
use super::session::{Session, SessionId};
use crate::wire::{Answer, Codec, WireError};
use std::collections::BTreeMap;
use tick::Forms;

/// What waits to be sent.
#[derive(Debug, Default)]
pub struct Outbox {
    waiting: Vec<(SessionId, Item)>,
    /// What has happened, while a scenario wants to know.
    notes: Option<Vec<Note>>,
    forms: Forms,
}

/// One thing that waits.
#[derive(Debug)]
pub(super) enum Item {
    Answer(Answer),
    /// A tick of a stream, as numbers.
    Tick(Tick),
    /// Bytes as they are, alone.
    Raw(Vec<u8>),
    /// The end, and why.
    Close(String),
}

impl Outbox {
    /// Says something on a connection.
    pub fn say(&mut self, to: SessionId, answer: impl Into<Answer>) {
        self.waiting.push((to, Item::Answer(answer.into())));
    }

    /// Says what streams say most.
    pub(crate) fn tick(&mut self, to: SessionId, tick: Tick) {
        self.waiting.push((to, Item::Tick(tick)));
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

    /// Says that something has happened, if anybody wants to know.
    pub(crate) fn note(&mut self, note: Note) {
        if let Some(notes) = &mut self.notes {
            notes.push(note);
        }
    }

    /// Does anybody want to know what happens?
    pub(super) fn listen(&mut self, wanted: bool) {
        if wanted != self.notes.is_some() {
            self.notes = wanted.then(Vec::new);
        }
    }

    /// What has happened and what waits, ticks as answers, to look at before it is sent.
    pub(super) fn take(&mut self) -> (Vec<Note>, Vec<(SessionId, Item)>) {
        let notes = self.notes.as_mut().map(std::mem::take).unwrap_or_default();
        for (_, item) in &mut self.waiting {
            if let Item::Tick(tick) = item {
                *item = Item::Answer(self.forms.fill(tick).clone());
            }
        }
        (notes, std::mem::take(&mut self.waiting))
    }

    /// Puts back what was looked at, in front of everything else.
    pub(super) fn put_first(&mut self, items: &mut Vec<(SessionId, Item)>) {
        items.append(&mut self.waiting);
        std::mem::swap(&mut self.waiting, items);
    }

    /// Encodes everything: consecutive answers of one connection become one piece of bytes.
    pub(crate) fn flush(&mut self, sessions: &BTreeMap<SessionId, Session>, out: &mut Vec<Output>) {
        let mut open: Option<Piece> = None;
        for (to, item) in self.waiting.drain(..) {
            let is_told = matches!(item, Item::Answer(_) | Item::Tick(_));
            if !is_told || open.as_ref().is_some_and(|piece| piece.to != to) {
                out.extend(open.take().and_then(Piece::output));
            }
            match item {
                Item::Raw(frame) => out.push(Output::Send(to, frame)),
                Item::Close(reason) => out.push(Output::Close(to, reason)),
                Item::Answer(mut answer) => {
                    let piece = open.get_or_insert_with(|| Piece::new(to, sessions));
                    piece.put(answer.name(), |codec, bytes| codec.put_answer_of(&mut answer, bytes));
                }
                Item::Tick(tick) => {
                    let piece = open.get_or_insert_with(|| Piece::new(to, sessions));
                    let answer = self.forms.fill(&tick);
                    piece.put(answer.name(), |codec, bytes| codec.put_answer_of(answer, bytes));
                }
            }
        }
        out.extend(open.and_then(Piece::output));
    }
}

/// What is said on one connection in one go.
struct Piece {
    to: SessionId,
    /// `None` for who has not agreed on a version, or is gone: nothing can be said there.
    codec: Option<Codec>,
    bytes: Vec<u8>,
}

impl Piece {
    fn new(to: SessionId, sessions: &BTreeMap<SessionId, Session>) -> Self {
        Self { to, codec: sessions.get(&to).and_then(Session::codec), bytes: Vec::new() }
    }

    fn put(&mut self, name: &str, write: impl FnOnce(Codec, &mut Vec<u8>) -> Result<(), WireError>) {
        let Some(codec) = self.codec else { return };
        if let Err(error) = write(codec, &mut self.bytes) {
            tracing::error!(answer = name, %error, "an answer could not be written");
        }
    }

    fn output(self) -> Option<Output> {
        self.codec.map(|_| Output::Send(self.to, self.bytes))
    }
}
