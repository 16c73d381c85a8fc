//! A wire between the adapter and a TWS: it carries bytes, counts what is asked for, is cut when a test wants it, and lies
//! as a test scripts it.
//!
//! Left out: what frames mean, beyond their numbers and the number of the request in front.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedRwLockWriteGuard, RwLock};
use tokio::task::JoinHandle;

/// Above this, a message is protobuf.
const PROTOBUF: u32 = 200;
const TICK_BY_TICK: u32 = 97;
const CANCEL_TICK_BY_TICK: u32 = 98;
/// Open orders, executions, positions of an account, orders that have ended.
const ROWS: [u32; 4] = [5, 11, 71, 101];

/// The same, and where an order stands.
const REWRITTEN: [u32; 4] = [3, 5, 11, 101];

/// What becomes of a frame from TWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Pass,
    Drop,
    Twice,
    /// It comes so many times, in one piece.
    Times(usize),
    /// It waits, with all that comes after it, until it is let go.
    Hold,
    /// It comes after the next frame that passes.
    Later,
    /// Its third field, which is a message of its own, is a number instead.
    Garble,
    /// Nobody can read whose it is: its first field, the number of the request, never ends.
    Unplace,
    /// The wire is cut right after it.
    CutAfter,
}

/// Decides about a frame of TWS by its number (without the mark of protobuf) and its body.
pub(crate) type Script = Box<dyn FnMut(u32, &[u8]) -> Fate + Send>;

#[derive(Default)]
struct Control {
    lines: BTreeSet<u64>,
    asked: Vec<u32>,
    script: Option<Script>,
    later: VecDeque<Vec<u8>>,
    carriers: Vec<JoinHandle<()>>,
    is_mute: bool,
    /// What waits to be let go, if anything does.
    held: Option<Vec<Vec<u8>>>,
    inject: Option<UnboundedSender<Vec<u8>>>,
    /// What comes in place of frames of these numbers.
    instead: BTreeMap<u32, Vec<u8>>,
    /// Frames of rows that hold the first: the second is replaced by the third.
    rewritten: Vec<[String; 3]>,
    /// Who holds it to write holds back what TWS says.
    gate: Arc<RwLock<()>>,
}

/// A wire to a TWS; new connections go through it until it is dropped.
pub(crate) struct Wire {
    port: u16,
    control: Arc<Mutex<Control>>,
    listener: JoinHandle<()>,
}

fn lock(control: &Mutex<Control>) -> MutexGuard<'_, Control> {
    control.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Wire {
    pub(crate) async fn to(tws: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let control = Arc::new(Mutex::new(Control::default()));
        let shared = Arc::clone(&control);
        let listener = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(tws).await.unwrap();
                for stream in [&client, &server] {
                    stream.set_nodelay(true).unwrap();
                }
                let ((from_client, to_client), (from_server, to_server)) =
                    (client.into_split(), server.into_split());
                let carriers = [
                    tokio::spawn(carry_questions(from_client, to_server, Arc::clone(&shared))),
                    tokio::spawn(carry_answers(from_server, to_client, Arc::clone(&shared))),
                ];
                lock(&shared).carriers.extend(carriers);
            }
        });
        Self { port, control, listener }
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Cuts every connection.
    pub(crate) fn cut(&self) {
        cut(&self.control);
    }

    /// The wire is cut after the first row of the next answer.
    pub(crate) fn cut_next_answer(&self) {
        self.script(Box::new(|kind, _| if ROWS.contains(&kind) { Fate::CutAfter } else { Fate::Pass }));
    }

    /// Frames of TWS are decided about by this from now on.
    pub(crate) fn script(&self, script: Script) {
        lock(&self.control).script = Some(script);
    }

    /// Nothing of TWS arrives any more, while the connection stands.
    pub(crate) fn mute(&self) {
        lock(&self.control).is_mute = true;
    }

    /// What TWS says waits until this is dropped.
    pub(crate) async fn hold_answers(&self) -> OwnedRwLockWriteGuard<()> {
        let gate = Arc::clone(&lock(&self.control).gate);
        gate.write_owned().await
    }

    /// Whatever is held comes now, and nothing is held any more.
    pub(crate) fn let_go(&self) {
        let mut control = lock(&self.control);
        control.script = None;
        let held = control.held.take().unwrap_or_default();
        // Before anything that TWS says later: both go through whoever carries the answers.
        control.inject.as_ref().unwrap().send(held.concat()).unwrap();
    }

    /// The first of what is held comes now; the rest, and what TWS says from now on, stays held.
    pub(crate) fn let_one_go(&self) {
        let mut control = lock(&self.control);
        let first = control.held.as_mut().filter(|held| !held.is_empty()).map(|held| held.remove(0));
        control.inject.as_ref().unwrap().send(first.expect("something is held")).unwrap();
    }

    /// In place of frames of this number this one comes from now on, length included.
    pub(crate) fn replace(&self, kind: u32, frame: Vec<u8>) {
        lock(&self.control).instead.insert(kind, frame);
    }

    /// In frames of rows that hold the first text, the second one is replaced by the third, which is as long, from now on.
    pub(crate) fn rewrite(&self, holds: &str, text: &str, by: &str) {
        assert_eq!(text.len(), by.len(), "the frame stays as long");
        lock(&self.control).rewritten.push([holds, text, by].map(str::to_owned));
    }

    /// Nothing is replaced in frames of rows any more.
    pub(crate) fn rewrite_no_more(&self) {
        lock(&self.control).rewritten.clear();
    }

    /// TWS says this, too.
    pub(crate) fn inject(&self, frame: Vec<u8>) {
        lock(&self.control).inject.as_ref().unwrap().send(frame).unwrap();
    }

    /// How many streams of ticks one by one were asked for, and not cancelled.
    pub(crate) fn lines(&self) -> usize {
        lock(&self.control).lines.len()
    }

    /// The number of the request for the last of them.
    #[cfg_attr(test, expect(dead_code, reason = "only measurements need it"))]
    pub(crate) fn last_line(&self) -> Option<u64> {
        lock(&self.control).lines.last().copied()
    }

    /// The numbers of the messages that were sent to TWS, in order.
    pub(crate) fn asked(&self) -> Vec<u32> {
        lock(&self.control).asked.clone()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.listener.abort();
        self.cut();
    }
}

fn cut(control: &Mutex<Control>) {
    let mut control = lock(control);
    control.lines.clear();
    control.later.clear();
    control.carriers.drain(..).for_each(|carrier| carrier.abort());
}

/// Whole frames, as they come in.
#[derive(Default)]
struct Frames(Vec<u8>);

impl Frames {
    /// The next frame, length included.
    fn next(&mut self) -> Option<Vec<u8>> {
        let length = u32::from_be_bytes(self.0.get(..4)?.try_into().unwrap());
        let whole = 4 + usize::try_from(length).unwrap();
        (self.0.len() >= whole).then(|| self.0.drain(..whole).collect())
    }
}

/// The number of a message, without the mark of protobuf, and its body.
fn message(frame: &[u8]) -> (u32, &[u8]) {
    let number = frame.get(4..8).map_or(0, |bytes| u32::from_be_bytes(bytes.try_into().unwrap()));
    (number.saturating_sub(PROTOBUF), frame.get(8..).unwrap_or_default())
}

/// The first field of a message, where that is a number.
fn first_number(body: &[u8]) -> Option<u64> {
    let mut bytes = body.iter();
    (*bytes.next()? == 0x08).then_some(())?;
    let mut number = 0;
    for (byte, shift) in bytes.zip((0..64).step_by(7)) {
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

async fn carry_questions(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, control: Arc<Mutex<Control>>) {
    let mut prefix = [0; 4];
    if from.read_exact(&mut prefix).await.is_err() || to.write_all(&prefix).await.is_err() {
        return;
    }
    let (mut frames, mut bytes) = (Frames::default(), vec![0; 65_536]);
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        frames.0.extend_from_slice(&bytes[..read]);
        while let Some(frame) = frames.next() {
            let (kind, body) = message(&frame);
            {
                let mut control = lock(&control);
                control.asked.push(kind);
                match (kind, first_number(body)) {
                    (TICK_BY_TICK, Some(id)) => drop(control.lines.insert(id)),
                    (CANCEL_TICK_BY_TICK, Some(id)) => drop(control.lines.remove(&id)),
                    _ => {}
                }
            }
            if to.write_all(&frame).await.is_err() {
                return;
            }
        }
    }
}

async fn carry_answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, control: Arc<Mutex<Control>>) {
    let (inject, mut injected) = unbounded_channel();
    lock(&control).inject = Some(inject);
    let gate = Arc::clone(&lock(&control).gate);
    let (mut frames, mut bytes) = (Frames::default(), vec![0; 65_536]);
    loop {
        tokio::select! {
            read = from.read(&mut bytes) => match read {
                Ok(read @ 1..) => frames.0.extend_from_slice(&bytes[..read]),
                _ => return,
            },
            Some(frame) = injected.recv() => {
                if to.write_all(&frame).await.is_err() {
                    return;
                }
            }
        }
        while let Some(frame) = frames.next() {
            let _open = gate.read().await;
            let (out, is_last) = decide(&mut lock(&control), frame);
            for frame in out {
                if to.write_all(&frame).await.is_err() {
                    return;
                }
            }
            if is_last {
                // What was written arrives; then both sides are gone.
                to.shutdown().await.unwrap_or_default();
                return cut(&control);
            }
        }
    }
}

fn place_of(text: &str, frame: &[u8]) -> Option<usize> {
    frame.windows(text.len()).position(|window| window == text.as_bytes())
}

fn rewritten(control: &Control, mut frame: Vec<u8>) -> Vec<u8> {
    if !REWRITTEN.contains(&message(&frame).0) {
        return frame;
    }
    for [holds, text, by] in &control.rewritten {
        while place_of(holds, &frame).is_some()
            && let Some(place) = place_of(text, &frame)
        {
            frame[place..place + text.len()].copy_from_slice(by.as_bytes());
        }
    }
    frame
}

fn decide(control: &mut Control, frame: Vec<u8>) -> (Vec<Vec<u8>>, bool) {
    if control.is_mute {
        return (vec![], false);
    }
    let replaced = control.instead.get(&message(&frame).0).cloned();
    let frame = replaced.unwrap_or(frame);
    let frame = rewritten(control, frame);
    let (kind, body) = message(&frame);
    if let Some(held) = &mut control.held {
        held.push(frame);
        return (vec![], false);
    }
    let fate = control.script.as_mut().map_or(Fate::Pass, |script| script(kind, body));
    let later = |control: &mut Control| control.later.drain(..).collect::<Vec<_>>();
    match fate {
        Fate::Pass => ([vec![frame], later(control)].concat(), false),
        Fate::Drop => (vec![], false),
        Fate::Twice => ([vec![frame.clone(), frame], later(control)].concat(), false),
        Fate::Times(times) => (vec![frame.repeat(times)], false),
        Fate::Hold => {
            control.held = Some(vec![frame]);
            (vec![], false)
        }
        Fate::Later => {
            control.later.push_back(frame);
            (vec![], false)
        }
        Fate::Garble => {
            let length = u32::try_from(frame.len() - 4 + 2).unwrap();
            let garbled = [&length.to_be_bytes(), &frame[4..], &[3 << 3, 1]].concat();
            (vec![garbled], false)
        }
        Fate::Unplace => {
            let unreadable = [&6_u32.to_be_bytes()[..], &frame[4..8], &[1 << 3, 0xff]].concat();
            (vec![unreadable], false)
        }
        Fate::CutAfter => {
            control.script = None;
            (vec![frame], true)
        }
    }
}
