//! One connection: what waits on it, and why.
//!
//! What is said goes through three gates: the rest of a frame that comes in pieces, a stall, and messages that wait to be
//! sent together. While one is shut, everything that follows waits behind it, so that frames stay whole and in order.

use crate::chaos::{Merge, Reorder, Split};
use crate::server::outbox::Item;
use crate::server::session::SessionId;
use crate::wire::frame::write_frame;
use crate::wire::{Answer, Codec};
use std::collections::VecDeque;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// So many messages wait; then the gates open.
const MOST_WAITING: usize = 10_000;
/// How many bytes say how long a frame is.
const LENGTH_BYTES: usize = 4;

/// What is sent.
#[derive(Clone, Debug)]
pub(super) enum Payload {
    Answer(Answer),
    /// Bytes as they are.
    Bytes(Vec<u8>),
    /// The connection ends.
    Close(String),
}

/// A message on its way.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) payload: Payload,
    pub(super) delay: Duration,
    pub(super) behind: Option<Reorder>,
    pub(super) split: Option<Split>,
    pub(super) merge: Option<Merge>,
    /// The connection ends behind it.
    pub(super) ends: bool,
}

impl Parcel {
    pub(super) const fn plain(payload: Payload) -> Self {
        Self { payload, delay: Duration::ZERO, behind: None, split: None, merge: None, ends: false }
    }

    /// Its frame.
    pub(super) fn frame(&self, codec: Option<Codec>) -> Option<Vec<u8>> {
        match &self.payload {
            Payload::Bytes(bytes) => Some(bytes.clone()),
            Payload::Close(_) => None,
            Payload::Answer(answer) => {
                let mut frame = Vec::new();
                match codec?.put_answer(answer.clone(), &mut frame) {
                    Ok(()) => Some(frame),
                    Err(error) => {
                        tracing::error!(answer = answer.name(), %error, "an answer could not be written");
                        None
                    }
                }
            }
        }
    }

    /// Only the first bytes of its body, as a frame of their own.
    pub(super) fn truncate(&mut self, bytes: u32, codec: Option<Codec>) {
        let Some(frame) = self.frame(codec) else { return };
        let body = frame.get(LENGTH_BYTES..).unwrap_or_default();
        let kept = body.get(..size(bytes).min(body.len())).unwrap_or_default();
        let mut short = Vec::new();
        // A vector takes everything.
        write_frame::<()>(&mut short, |out| {
            out.extend_from_slice(kept);
            Ok(())
        })
        .unwrap_or_default();
        self.payload = Payload::Bytes(short);
    }

    /// Only the first bytes of its frame, and then the end.
    pub(super) fn tear(&mut self, bytes: u32, codec: Option<Codec>) {
        let Some(mut frame) = self.frame(codec) else { return };
        frame.truncate(size(bytes));
        self.payload = Payload::Bytes(frame);
        self.ends = true;
    }
}

fn size(bytes: u32) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// A message that others are to overtake.
#[derive(Debug)]
struct Overtaken {
    left: u32,
    until: Timestamp,
    parcel: Parcel,
}

/// Why a connection's streams of market data are silent.
#[derive(Clone, Debug)]
pub(super) struct Silence {
    pub(super) until: Option<Timestamp>,
    pub(super) code: i32,
    pub(super) text: String,
}

/// One connection.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Nothing is sent or read any more.
    pub(super) is_deaf: bool,
    /// It is going to be closed.
    pub(super) closes: bool,
    pub(super) silence: Option<Silence>,
    stalled_until: Option<Timestamp>,
    merging: Option<(usize, Timestamp)>,
    /// The rest of a frame.
    pieces: VecDeque<(Timestamp, Vec<u8>)>,
    waiting: VecDeque<Parcel>,
    overtaken: Vec<Overtaken>,
}

/// Where a line writes to: what may be sent now, on which connection, and how that speaks.
pub(super) struct Way<'a> {
    pub(super) id: SessionId,
    pub(super) codec: Option<Codec>,
    pub(super) now: Timestamp,
    pub(super) ready: &'a mut Vec<(SessionId, Item)>,
}

impl Line {
    /// Is there nothing about it?
    pub(super) fn is_plain(&self) -> bool {
        !self.is_deaf && !self.closes && self.silence.is_none() && self.next().is_none()
    }

    /// Is nothing read now?
    pub(super) const fn is_still(&self) -> bool {
        self.is_deaf || self.stalled_until.is_some()
    }

    /// Has only a part of a frame been sent?
    pub(super) fn is_torn(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// When something about it is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        // While one gate is shut, those behind it open no earlier.
        let piece = self.pieces.front().map(|(at, _)| *at);
        let gate = piece.or(self.stalled_until).or(self.merging.map(|(_, until)| until));
        let silence = self.silence.as_ref().and_then(|it| it.until);
        let overtaken = self.overtaken.iter().map(|it| it.until).min();
        [gate, silence, overtaken].into_iter().flatten().min()
    }

    /// Nothing is sent or read until then.
    pub(super) fn stall(&mut self, until: Timestamp) {
        self.stalled_until = Some(self.stalled_until.map_or(until, |before| before.max(until)));
    }

    /// Nothing is sent or read any more.
    pub(super) fn fall_silent(&mut self) {
        *self = Self { is_deaf: true, ..Self::default() };
    }

    /// Takes a message in.
    pub(super) fn take(&mut self, mut parcel: Parcel, way: &mut Way<'_>) {
        if self.is_deaf {
            return;
        }
        if let Some(merge) = parcel.merge.take()
            && self.merging.is_none()
        {
            self.merging = Some((size(merge.messages), way.now.after(merge.within)));
        }
        if let Some(reorder) = parcel.behind.take()
            && self.overtaken.len() < MOST_WAITING
        {
            let until = way.now.after(reorder.within);
            return self.overtaken.push(Overtaken { left: reorder.behind, until, parcel });
        }
        self.closes |= parcel.ends || matches!(parcel.payload, Payload::Close(_));
        self.waiting.push_back(parcel);
        self.overtake();
        if self.waiting.len() > MOST_WAITING {
            (self.stalled_until, self.merging) = (None, None);
            way.ready.extend(self.pieces.drain(..).map(|(_, bytes)| (way.id, Item::Raw(bytes))));
        }
        self.flow(way);
    }

    /// Time has passed.
    pub(super) fn turn(&mut self, way: &mut Way<'_>) {
        let now = way.now;
        let is_over = |until: &Timestamp| *until <= now;
        if self.silence.as_ref().and_then(|it| it.until.as_ref()).is_some_and(is_over) {
            self.silence = None;
        }
        if self.stalled_until.as_ref().is_some_and(is_over) {
            self.stalled_until = None;
        }
        while self.pieces.front().is_some_and(|(at, _)| *at <= now) {
            let piece = self.pieces.pop_front();
            way.ready.extend(piece.map(|(_, bytes)| (way.id, Item::Raw(bytes))));
        }
        self.flow(way);
        let (late, waiting) = std::mem::take(&mut self.overtaken).into_iter().partition(|it| it.until <= now);
        self.overtaken = waiting;
        let late: Vec<Overtaken> = late;
        self.waiting.extend(late.into_iter().map(|it| it.parcel));
        self.flow(way);
    }

    /// Sends what may be sent.
    fn flow(&mut self, way: &mut Way<'_>) {
        if let Some((messages, until)) = self.merging {
            let is_full = self.waiting.len() >= messages || self.waiting.iter().any(|it| it.ends);
            if !is_full && until > way.now {
                return;
            }
        }
        if !self.pieces.is_empty() || self.stalled_until.is_some() {
            return;
        }
        if self.merging.take().is_some() {
            self.merge(way.codec);
        }
        while self.pieces.is_empty()
            && let Some(parcel) = self.waiting.pop_front()
        {
            self.send(parcel, way);
        }
    }

    /// Everything that waits becomes one piece of bytes, up to what ends the connection.
    fn merge(&mut self, codec: Option<Codec>) {
        let mut whole = Vec::new();
        while let Some(frame) = self.waiting.front().filter(|it| !it.ends).and_then(|it| it.frame(codec)) {
            whole.extend(frame);
            self.waiting.pop_front();
        }
        if !whole.is_empty() {
            self.waiting.push_front(Parcel::plain(Payload::Bytes(whole)));
        }
    }

    fn send(&mut self, parcel: Parcel, way: &mut Way<'_>) {
        let is_end = matches!(parcel.payload, Payload::Close(_));
        match parcel.split.and_then(|split| Some((split, parcel.frame(way.codec)?))) {
            Some((split, frame)) => self.cut_up(split, &frame, way),
            None => {
                let item = match parcel.payload {
                    Payload::Answer(answer) => Item::Answer(answer),
                    Payload::Bytes(bytes) => Item::Raw(bytes),
                    Payload::Close(reason) => Item::Close(reason),
                };
                way.ready.push((way.id, item));
            }
        }
        if parcel.ends {
            self.waiting.push_front(Parcel::plain(Payload::Close("a frame was torn".to_owned())));
        } else if is_end {
            *self = Self { is_deaf: true, closes: true, ..Self::default() };
        }
    }

    /// One message has gone by those that wait to be overtaken.
    fn overtake(&mut self) {
        if self.overtaken.is_empty() {
            return;
        }
        for mut it in std::mem::take(&mut self.overtaken) {
            it.left = it.left.saturating_sub(1);
            if it.left == 0 {
                self.closes |= it.parcel.ends;
                self.waiting.push_back(it.parcel);
            } else {
                self.overtaken.push(it);
            }
        }
    }

    fn cut_up(&mut self, split: Split, frame: &[u8], way: &mut Way<'_>) {
        let length = frame.len().div_ceil(size(split.pieces).clamp(1, frame.len().max(1))).max(1);
        let mut at = way.now;
        for (piece, number) in frame.chunks(length).zip(0..) {
            if number == 0 {
                way.ready.push((way.id, Item::Raw(piece.to_vec())));
            } else {
                at = at.after(split.pause);
                self.pieces.push_back((at, piece.to_vec()));
            }
        }
    }
}
