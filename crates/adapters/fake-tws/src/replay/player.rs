//! One connection to a recording that is played: bytes and the time go in, bytes come out.

use super::casting::Casting;
use super::like::Likeness;
use super::script::{Question, Scene, Script, What};
use crate::wire::proto::ErrorMessage;
use crate::wire::{Codec, FrameBuffer, Request, Space, VersionRange};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// The code for a request that cannot be answered.
const CANNOT_ANSWER: i32 = 320;
/// What an error's id says when it is about no request.
const NO_REQUEST: i32 = -1;

/// What all connections to one recording share.
#[derive(Clone, Debug)]
pub(super) struct Theatre {
    pub(super) script: Arc<Script>,
    pub(super) casting: Arc<Casting>,
}

/// Plays a recorded connection's server to one client.
#[derive(Debug)]
pub struct Player {
    theatre: Theatre,
    buffer: FrameBuffer,
    /// Which recorded connection is played, once versions were agreed on.
    part: Option<usize>,
    started: bool,
    used: BTreeSet<usize>,
    /// Recorded numbers, and what they are now; and the other way round.
    now: BTreeMap<(Space, i32), i32>,
    then: BTreeMap<(Space, i32), i32>,
    playing: Vec<Playing>,
}

/// A request whose answer goes on.
#[derive(Clone, Copy, Debug)]
struct Playing {
    question: usize,
    began: Timestamp,
    /// The piece that comes next.
    next: usize,
}

impl Player {
    /// For a client of a recording that nobody else plays.
    #[must_use]
    pub fn new(script: Arc<Script>) -> Self {
        Self::in_theatre(Theatre { script, casting: Arc::default() })
    }

    pub(super) fn in_theatre(theatre: Theatre) -> Self {
        Self {
            theatre,
            buffer: FrameBuffer::new(),
            part: None,
            started: false,
            used: BTreeSet::new(),
            now: BTreeMap::new(),
            then: BTreeMap::new(),
            playing: Vec::new(),
        }
    }

    /// Takes in what the client sent, and appends what is to be sent now, each piece in one go. An error is the reason to
    /// close.
    pub fn receive(&mut self, bytes: &[u8], now: Timestamp, out: &mut Vec<Vec<u8>>) -> Result<(), String> {
        self.buffer.push(bytes);
        loop {
            let frame = match self.buffer.next_frame() {
                Ok(Some(frame)) => frame.to_vec(),
                Ok(None) => return self.wake(now, out),
                Err(error) => return Err(error.to_string()),
            };
            if self.part.is_none() {
                self.open(&frame, out)?;
                continue;
            }
            // What was due comes before what is asked; what is due at this very moment comes in its recorded order.
            self.wake(now.before(Duration::from_nanos(1)), out)?;
            self.ask(&frame, now, out)?;
        }
    }

    /// Appends what is due.
    pub fn wake(&mut self, now: Timestamp, out: &mut Vec<Vec<u8>>) -> Result<(), String> {
        let theatre = self.theatre.clone();
        let Some(scene) = self.scene(&theatre) else { return Ok(()) };
        while let Some((place, due, _)) = self.first(scene)
            && due <= now
        {
            let Some(playing) = self.playing.get_mut(place) else { break };
            let piece = scene.questions.get(playing.question).and_then(|it| it.pieces.get(playing.next));
            playing.next += 1;
            match piece.map(|piece| &piece.what) {
                Some(What::Frame(frame)) => out.push(self.renumbered(scene.codec, frame)),
                Some(What::Bytes(bytes)) => out.push(bytes.clone()),
                Some(What::Close) => return Err("so it was recorded".to_owned()),
                None => {
                    self.playing.remove(place);
                }
            }
        }
        Ok(())
    }

    /// When it wants to be woken, if nothing arrives before.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        let scene = self.scene(&self.theatre)?;
        self.first(scene).map(|(_, due, _)| due)
    }

    /// A small frame that says nothing new, for a client that must not meet with silence now.
    #[must_use]
    pub fn filler(&self) -> Option<Vec<u8>> {
        let scene = self.scene(&self.theatre).filter(|_| self.started)?;
        let text = "Market data farm connection is OK:usfarm".to_owned();
        error(scene.codec, NO_REQUEST, 2104, text, Timestamp::EPOCH)
    }

    fn scene<'a>(&self, theatre: &'a Theatre) -> Option<&'a Scene> {
        theatre.script.scenes.get(self.part?)
    }

    /// What comes next: which of those that go on, when, and where it stood in the recording.
    fn first(&self, scene: &Scene) -> Option<(usize, Timestamp, usize)> {
        let due = |(place, playing): (usize, &Playing)| {
            let pieces = &scene.questions.get(playing.question)?.pieces;
            match pieces.get(playing.next) {
                Some(piece) => Some((place, playing.began.after(piece.delay), piece.place)),
                // It has ended, and is taken out at once.
                None => Some((place, playing.began, 0)),
            }
        };
        let all = self.playing.iter().enumerate().filter_map(due);
        all.min_by_key(|(_, due, place)| (*due, *place))
    }

    fn open(&mut self, frame: &[u8], out: &mut Vec<Vec<u8>>) -> Result<(), String> {
        let range = VersionRange::parse(frame).map_err(|error| error.to_string())?;
        let part = self.theatre.casting.give(&self.theatre.script, &range).ok_or_else(|| {
            let versions = self.theatre.script.versions();
            format!("the client speaks {range}, and what was recorded is of {versions:?}")
        })?;
        self.part = Some(part);
        let theatre = self.theatre.clone();
        out.extend(self.scene(&theatre).map(|scene| scene.greeting.clone()));
        Ok(())
    }

    fn ask(&mut self, frame: &[u8], now: Timestamp, out: &mut Vec<Vec<u8>>) -> Result<(), String> {
        let theatre = self.theatre.clone();
        let Some(codec) = self.scene(&theatre).map(|scene| scene.codec) else { return Ok(()) };
        let mut request = codec.request(frame);
        if let Ok(Request::StartApi(start)) = &request
            && !self.started
        {
            self.started = true;
            self.part =
                self.part.map(|part| theatre.casting.exchange(&theatre.script, part, start.client_id));
        }
        let Some(scene) = self.scene(&theatre) else { return Ok(()) };
        let (likeness, number) = match &mut request {
            Ok(request) => (Likeness::of(request), request.number()),
            Err(_) => (Likeness::of_frame(frame), None),
        };
        let name = request.as_ref().map_or("a message that cannot be read", Request::name);
        let ends = name.starts_with("cancel") && name != "cancelOrder";
        if ends {
            self.wake(now, out)?;
        }
        let question = self.alike(scene, &likeness, number, ends);
        if ends {
            self.end(scene, name, number);
        }
        if let Some(question) = question {
            self.play(scene, question, number, now);
        } else if !ends {
            tracing::warn!(request = name, ?number, "a request that was never recorded");
            let id = number.map_or(NO_REQUEST, |(_, number)| number);
            let text = format!("Error reading request. {name} like this was never recorded");
            out.extend(error(codec, id, CANNOT_ANSWER, text, now));
        }
        Ok(())
    }

    /// The recorded request that is meant: under a number that was used before, one about the same thing.
    fn alike(
        &self,
        scene: &Scene,
        likeness: &Likeness,
        number: Option<(Space, i32)>,
        ends: bool,
    ) -> Option<usize> {
        let then = number.and_then(|(space, number)| Some((space, *self.then.get(&(space, number))?)));
        let same = self.alike_about(scene, likeness, then);
        // A request may have the number of another that is over; a cancel or an order may not.
        let anew = then.is_some_and(|(space, _)| space == Space::Request) && !ends;
        same.or_else(|| self.alike_about(scene, likeness, None).filter(|_| anew))
    }

    fn alike_about(&self, scene: &Scene, likeness: &Likeness, then: Option<(Space, i32)>) -> Option<usize> {
        let fits = |loosely: bool, question: &Question| {
            let same = match loosely {
                false => question.likeness.exact == likeness.exact,
                true => question.likeness.loose == likeness.loose,
            };
            same && then.is_none_or(|then| question.number == Some(then))
        };
        let all = || scene.questions.iter().enumerate();
        let unused = |loosely| {
            all().find(|(place, it)| !self.used.contains(place) && fits(loosely, it)).map(|it| it.0)
        };
        let used = |loosely| all().rev().find(|(_, it)| fits(loosely, it)).map(|it| it.0);
        unused(false).or_else(|| unused(true)).or_else(|| used(false)).or_else(|| used(true))
    }

    fn play(&mut self, scene: &Scene, place: usize, number: Option<(Space, i32)>, now: Timestamp) {
        self.used.insert(place);
        let Some(question) = scene.questions.get(place) else { return };
        if let (Some((space, then)), Some((_, number))) = (question.number, number) {
            self.now.insert((space, then), number);
            self.then.insert((space, number), then);
        }
        // Asked again, it begins again.
        self.playing.retain(|it| it.question != place);
        self.playing.push(Playing { question: place, began: now, next: 0 });
    }

    /// Ends what a request still had to come: the one with this number, or without any, the one that the name cancels.
    fn end(&mut self, scene: &Scene, cancel: &str, number: Option<(Space, i32)>) {
        let then = number.and_then(|(space, number)| Some((space, *self.then.get(&(space, number))?)));
        let ends = |question: &Question| match number {
            Some(_) => then.is_some() && question.number == then,
            None => question.name.strip_prefix("req") == cancel.strip_prefix("cancel"),
        };
        self.playing.retain(|it| !scene.questions.get(it.question).is_some_and(ends));
    }

    /// The frame with the numbers that the client uses now.
    fn renumbered(&self, codec: Codec, frame: &[u8]) -> Vec<u8> {
        let Ok(mut answer) = codec.answer(frame.get(4..).unwrap_or_default()) else { return frame.to_vec() };
        let mut changed = false;
        answer.visit_numbers(&mut |space, number| {
            let of = |space| self.now.get(&(space, *number)).copied();
            let now = match space {
                Space::Either => of(Space::Request).or_else(|| of(Space::Order)),
                space => of(space),
            };
            if let Some(now) = now.filter(|now| now != number) {
                *number = now;
                changed = true;
            }
        });
        let mut out = Vec::new();
        if changed && codec.put_answer(answer, &mut out).is_ok() { out } else { frame.to_vec() }
    }
}

fn error(codec: Codec, id: i32, code: i32, text: String, now: Timestamp) -> Option<Vec<u8>> {
    let message = ErrorMessage {
        id: Some(id),
        error_time: Some(now.nanos() / 1_000_000),
        error_code: Some(code),
        error_msg: Some(text),
        advanced_order_reject_json: None,
    };
    let mut frame = Vec::new();
    codec.put_answer(message.into(), &mut frame).ok()?;
    Some(frame)
}
