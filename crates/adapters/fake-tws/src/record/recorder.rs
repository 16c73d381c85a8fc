//! Writes a recording behind the back of a session.
//!
//! A thread of its own writes, so that a slow disk does not slow the session. When the disk is full or fails, or so slow
//! that too much waits, the recording ends there, whole up to its last record: the error is logged at once, the session
//! goes on, and [`Recorder::finish`] says it again.

use super::recording::{Event, MAGIC, Record, put_record};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use tradeport_kernel::Timestamp;

/// So many bytes may wait for the disk before the recording is given up.
const MOST_WAITING: usize = 256 << 20;
/// So much is written at once, when that much waits.
const WRITE: usize = 1 << 20;

/// Why a recording did not begin, or is not whole.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// There is such a file: a recording is never written over.
    #[error("{0} exists already, and a recording is never written over")]
    Exists(PathBuf),
    /// It cannot be made.
    #[error("the recording {path} cannot be made")]
    Create {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The disk is full or broken; what was recorded before is whole.
    #[error("the recording ends early, after {records} records: it cannot be written any more")]
    Write {
        /// So many records are whole.
        records: u64,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The disk does not keep up; what was recorded before is whole.
    #[error("the recording ends early, after {records} records: the disk is too slow for it")]
    TooSlow {
        /// So many records are whole.
        records: u64,
    },
    /// The thread that writes is gone.
    #[error("the recording ends early: its writer has failed")]
    WriterGone,
}

/// What was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// So many records.
    pub records: u64,
    /// So many bytes on file.
    pub bytes: u64,
}

/// What the session and the writer both see.
#[derive(Debug, Default)]
struct Shared {
    /// So many bytes wait for the disk.
    waiting: AtomicUsize,
    /// No more is taken in.
    stopped: AtomicBool,
    /// Because too much waited.
    too_slow: AtomicBool,
}

enum Message {
    Record(Record),
    Finish,
}

/// Where a session's bytes are told to be recorded; cheap to clone.
#[derive(Clone, Debug)]
pub struct RecorderHandle {
    queue: Sender<Message>,
    shared: Arc<Shared>,
}

impl RecorderHandle {
    /// Something has happened. Never waits; does nothing once the recording has ended.
    pub fn note(&self, at: Timestamp, connection: u64, event: Event) {
        if self.shared.stopped.load(Ordering::Relaxed) {
            return;
        }
        let size = size_of(&event);
        if self.shared.waiting.fetch_add(size, Ordering::Relaxed) > MOST_WAITING {
            self.shared.too_slow.store(true, Ordering::Relaxed);
            self.shared.stopped.store(true, Ordering::Relaxed);
            tracing::error!("the recording ends here: the disk is too slow for it; the session goes on");
            return;
        }
        // A writer that is gone has said why.
        self.queue.send(Message::Record(Record { at, connection, event })).unwrap_or_default();
    }
}

fn size_of(event: &Event) -> usize {
    match event {
        Event::Connected => 0,
        Event::Sent(_, bytes) => bytes.len(),
        Event::Closed(_, reason) => reason.len(),
    }
}

/// A recording that goes on.
#[derive(Debug)]
pub struct Recorder {
    handle: RecorderHandle,
    writer: JoinHandle<Result<Recorded, RecordError>>,
}

impl Recorder {
    /// Onto a new file. A pipe or a device may be there already; a file may not.
    pub fn create(path: &Path) -> Result<Self, RecordError> {
        let fail = |source| RecordError::Create { path: path.to_owned(), source };
        let there = path.metadata();
        if there.as_ref().is_ok_and(std::fs::Metadata::is_file) {
            return Err(RecordError::Exists(path.to_owned()));
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(there.is_err());
        // It holds accounts and orders: nobody else may read it.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => RecordError::Exists(path.to_owned()),
            _ => fail(source),
        })?;
        Self::start(Disk(file)).map_err(fail)
    }

    /// Into anything that takes bytes. An error says that no thread can be had.
    pub fn over(sink: impl Write + Send + 'static) -> io::Result<Self> {
        Self::start(sink)
    }

    fn start(mut sink: impl Write + Send + 'static) -> io::Result<Self> {
        let (queue, messages) = channel();
        let shared = Arc::new(Shared::default());
        let seen = Arc::clone(&shared);
        let name = "wire-recorder".to_owned();
        let writer = std::thread::Builder::new().name(name).spawn(move || {
            let written = write(&mut sink, &messages, &seen);
            seen.stopped.store(true, Ordering::Relaxed);
            if let Err(RecordError::Write { source, .. }) = &written {
                tracing::error!(%source, "the recording ends here: it cannot be written; the session goes on");
            }
            written
        })?;
        Ok(Self { handle: RecorderHandle { queue, shared }, writer })
    }

    /// Where to tell what happens.
    #[must_use]
    pub fn handle(&self) -> RecorderHandle {
        self.handle.clone()
    }

    /// Writes what waits and ends; an error when the recording is not whole.
    pub fn finish(self) -> Result<Recorded, RecordError> {
        // A writer that is gone has its error ready.
        self.handle.queue.send(Message::Finish).unwrap_or_default();
        self.writer.join().map_err(|_| RecordError::WriterGone)?
    }
}

/// A file whose end is made durable.
struct Disk(File);

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        // A pipe has nothing to be made durable.
        if self.0.metadata().is_ok_and(|it| it.is_file()) { self.0.sync_all() } else { Ok(()) }
    }
}

/// What is written in one go.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    /// So many bytes of those that waited.
    taken: usize,
    records: u64,
    last: bool,
}

impl Batch {
    fn take(&mut self, message: Option<Message>) {
        match message {
            Some(Message::Record(record)) => {
                self.taken += size_of(&record.event);
                self.records += 1;
                put_record(&record, &mut self.bytes);
            }
            // Or nobody is left who could say more.
            Some(Message::Finish) | None => self.last = true,
        }
    }

    fn write(
        &mut self,
        sink: &mut impl Write,
        shared: &Shared,
        done: &mut Recorded,
    ) -> Result<(), RecordError> {
        let fail = |source| RecordError::Write { records: done.records, source };
        sink.write_all(&self.bytes).map_err(fail)?;
        if self.last {
            sink.flush().map_err(fail)?;
        }
        done.records += self.records;
        done.bytes += self.bytes.len() as u64;
        shared.waiting.fetch_sub(self.taken, Ordering::Relaxed);
        self.bytes.clear();
        (self.taken, self.records) = (0, 0);
        Ok(())
    }
}

fn write(
    sink: &mut impl Write,
    messages: &Receiver<Message>,
    shared: &Shared,
) -> Result<Recorded, RecordError> {
    let mut done = Recorded::default();
    let mut batch = Batch { bytes: MAGIC.to_vec(), ..Batch::default() };
    loop {
        batch.write(sink, shared, &mut done)?;
        if batch.last {
            let too_slow = shared.too_slow.load(Ordering::Relaxed);
            return if too_slow { Err(RecordError::TooSlow { records: done.records }) } else { Ok(done) };
        }
        batch.take(messages.recv().ok());
        while !batch.last
            && batch.bytes.len() < WRITE
            && let Ok(message) = messages.try_recv()
        {
            batch.take(Some(message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{RecordingReader, Side};
    use std::sync::Mutex;

    /// Takes so many bytes, then says that the disk is full.
    #[derive(Clone)]
    struct Small(Arc<Mutex<Vec<u8>>>, usize);

    impl Write for Small {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut held = self.0.lock().expect("no panic");
            let room = self.1 - held.len();
            if room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let (now, _) = bytes.split_at(room.min(bytes.len()));
            held.extend_from_slice(now);
            Ok(now.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn sent(handle: &RecorderHandle, pieces: usize) {
        for number in 0..pieces {
            let event = Event::Sent(Side::Client, vec![b'x'; 100]);
            handle.note(Timestamp::from_seconds(i64::try_from(number).expect("few")), 1, event);
        }
    }

    #[test]
    fn everything_said_before_the_end_is_on_file() {
        let folder = std::env::temp_dir().join(format!("tradeport-recorder-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("it.wire");
        let recorder = Recorder::create(&path).expect("a new file");
        sent(&recorder.handle(), 1_000);
        let done = recorder.finish().expect("a whole recording");
        assert_eq!((done.records, done.bytes), (1_000, std::fs::metadata(&path).expect("a file").len()));
        let recording = RecordingReader::new(File::open(&path).expect("a file")).expect("a recording");
        let records = recording.collect::<Result<Vec<_>, _>>().expect("records");
        assert_eq!(records.len(), 1_000);
        assert!(matches!(Recorder::create(&path), Err(RecordError::Exists(_))));
        assert!(matches!(Recorder::create(&folder.join("no/where")), Err(RecordError::Create { .. })));
        std::fs::remove_dir_all(folder).expect("gone");
    }

    #[test]
    fn a_full_disk_ends_the_recording_and_is_told() {
        let disk = Small(Arc::default(), 5_000);
        let recorder = Recorder::over(disk.clone()).expect("a thread");
        let handle = recorder.handle();
        sent(&handle, 1_000);
        let error = recorder.finish().expect_err("a full disk");
        let RecordError::Write { records, source } = error else { panic!("{error}") };
        assert_eq!(source.kind(), io::ErrorKind::StorageFull);
        // The session may go on.
        sent(&handle, 10);
        let held = disk.0.lock().expect("no panic").clone();
        let whole =
            RecordingReader::new(&held[..]).expect("a recording").filter(Result::is_ok).count() as u64;
        assert!(records <= whole && whole < 1_000, "{records} were promised, {whole} are there");
    }

    #[test]
    fn a_disk_that_does_not_keep_up_ends_the_recording_and_is_told() {
        let recorder = Recorder::over(io::sink()).expect("a thread");
        let handle = recorder.handle();
        handle.shared.waiting.store(MOST_WAITING + 1, Ordering::Relaxed);
        sent(&handle, 2);
        assert!(matches!(recorder.finish(), Err(RecordError::TooSlow { records: 0 })));
    }
}
