//! A recording, taken apart into requests and what belongs to each.

use super::like::Likeness;
use crate::record::{Dialogue, Line, Record, RecordingError, Said, Side};
use crate::server::served;
use crate::wire::frame::write_frame;
use crate::wire::{Answer, Codec, Request, Space};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// A recording, ready to be played. It is held in memory.
#[derive(Debug, Default)]
pub struct Script {
    pub(super) scenes: Vec<Scene>,
}

/// One recorded connection that got as far as a version.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) codec: Codec,
    pub(super) client_id: Option<i32>,
    /// The frame that answers the client's versions.
    pub(super) greeting: Vec<u8>,
    pub(super) questions: Vec<Question>,
}

/// A recorded request.
#[derive(Debug)]
pub(super) struct Question {
    /// The name of the call.
    pub(super) name: &'static str,
    pub(super) likeness: Likeness,
    pub(super) number: Option<(Space, i32)>,
    /// What belongs to it, in the order of the recording.
    pub(super) pieces: Vec<Piece>,
    at: Timestamp,
}

/// What is to be sent, or done.
#[derive(Debug)]
pub(super) struct Piece {
    /// So long after its request.
    pub(super) delay: Duration,
    /// Where it stood among all pieces of its connection.
    pub(super) place: usize,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    /// A frame, its length in front.
    Frame(Vec<u8>),
    /// Bytes that are no frame.
    Bytes(Vec<u8>),
    /// The end of the connection.
    Close,
}

impl Script {
    /// Takes a recording apart. A recording that was cut short is played as far as it goes, and the error says where it
    /// ends.
    #[must_use]
    pub fn read(
        recording: impl Iterator<Item = Result<Record, RecordingError>>,
    ) -> (Self, Option<RecordingError>) {
        let (mut stage, mut dialogue, mut error) = (Stage::default(), Dialogue::default(), None);
        for record in recording {
            match record {
                Ok(record) => dialogue.take(record, &mut |line| stage.take(line)),
                Err(cut) => error = Some(cut),
            }
        }
        (stage.finish(), error)
    }

    /// How many connections can be played.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.scenes.len()
    }

    /// Their versions, in their order.
    #[must_use]
    pub fn versions(&self) -> Vec<i32> {
        self.scenes.iter().map(|scene| scene.codec.version()).collect()
    }

    /// How many requests were recorded.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.scenes.iter().map(|scene| scene.questions.len()).sum()
    }
}

/// The connections that are being taken apart.
#[derive(Default)]
struct Stage {
    scenes: Vec<Sketch>,
    /// Which of them a connection is, while it lasts.
    open: BTreeMap<u64, usize>,
}

/// A connection that is being taken apart.
#[derive(Default)]
struct Sketch {
    greeting: Option<(Codec, Vec<u8>)>,
    client_id: Option<i32>,
    questions: Vec<Question>,
    /// The latest request with a number.
    by_number: BTreeMap<(Space, i32), usize>,
    /// The latest request that is answered with such a message.
    by_answer: BTreeMap<i32, usize>,
    /// The question for a list of orders that is being answered.
    order_list: Option<usize>,
    /// The latest request that can change what is held.
    order: Option<usize>,
    start: usize,
    places: usize,
}

impl Stage {
    fn take(&mut self, line: Line) {
        let Line { at, connection, client_id, frame, said } = line;
        let place = *self.open.entry(connection).or_insert_with(|| {
            self.scenes.push(Sketch::default());
            self.scenes.len() - 1
        });
        let Some(scene) = self.scenes.get_mut(place) else { return };
        match said {
            Said::Connected | Said::Opening(_) => {}
            Said::Greeting(version, _) => scene.greeting = Some((Codec::new(version), framed(&frame))),
            Said::Request(request) => {
                scene.client_id = client_id;
                scene.ask(request, at);
            }
            Said::Unreadable(Side::Client, _) => {
                scene.question("", Likeness::of_frame(&frame), None, at);
            }
            Said::Answer(mut answer) => {
                let cause = scene.cause(&mut answer);
                scene.piece(cause, at, What::Frame(framed(&frame)));
            }
            Said::Unreadable(Side::Server, _) => scene.piece(scene.start, at, What::Frame(framed(&frame))),
            Said::NoFrames(Side::Server, bytes, _) => scene.piece(scene.start, at, What::Bytes(bytes)),
            Said::NoFrames(Side::Client, ..) => {}
            Said::Closed(side, _) => {
                if side == Side::Server {
                    scene.piece(scene.questions.len().saturating_sub(1), at, What::Close);
                }
                self.open.remove(&connection);
            }
        }
    }

    fn finish(self) -> Script {
        let scene = |sketch: Sketch| {
            let (codec, greeting) = sketch.greeting?;
            let (client_id, questions) = (sketch.client_id, sketch.questions);
            Some(Scene { codec, client_id, greeting, questions })
        };
        Script { scenes: self.scenes.into_iter().filter_map(scene).collect() }
    }
}

impl Sketch {
    fn ask(&mut self, mut request: Request, at: Timestamp) {
        let number = request.number();
        let place = self.question(request.name(), Likeness::of(&request), number, at);
        if let Some(number) = number {
            self.by_number.insert(number, place);
        }
        for answer in served(request.id()).map_or(&[][..], |row| row.answers) {
            self.by_answer.insert(*answer, place);
        }
        match request {
            Request::StartApi(_) => self.start = place,
            Request::OpenOrders(_) | Request::AllOpenOrders(_) | Request::AutoOpenOrders(_) => {
                self.order_list = Some(place);
            }
            Request::PlaceOrder(_) | Request::CancelOrder(_) | Request::ExerciseOptions(_) => {
                self.order = Some(place);
            }
            _ => {}
        }
    }

    fn question(
        &mut self,
        name: &'static str,
        likeness: Likeness,
        number: Option<(Space, i32)>,
        at: Timestamp,
    ) -> usize {
        self.questions.push(Question { name, likeness, number, pieces: Vec::new(), at });
        self.questions.len() - 1
    }

    /// Which request a message belongs to.
    fn cause(&mut self, answer: &mut Answer) -> usize {
        if let Answer::OpenOrdersEnd(_) = answer {
            return self.order_list.take().unwrap_or(self.start);
        }
        let other = match answer {
            Answer::OpenOrder(_) | Answer::OrderStatus(_) => self.order_list,
            // Holdings and balances change when orders do.
            Answer::Position(_)
            | Answer::PortfolioValue(_)
            | Answer::AccountValue(_)
            | Answer::AccountUpdateTime(_) => self.order,
            _ => None,
        };
        let of = |key: (Space, i32)| self.by_number.get(&key).copied();
        let cause = match answer.number() {
            Some((Space::Either, number)) => of((Space::Request, number)).max(of((Space::Order, number))),
            Some(key) => of(key),
            None => self.by_answer.get(&answer.id()).copied(),
        };
        cause.max(other).unwrap_or(self.start)
    }

    fn piece(&mut self, cause: usize, at: Timestamp, what: What) {
        // Before the first request a server says nothing but its version.
        let Some(question) = self.questions.get_mut(cause) else { return };
        let delay = at.since(question.at);
        question.pieces.push(Piece { delay, place: self.places, what });
        self.places += 1;
    }
}

fn framed(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let Ok(()) = write_frame::<Infallible>(&mut out, |out| {
        out.extend_from_slice(body);
        Ok(())
    });
    out
}
