//! Frames: a length of four bytes, big end first, and that many bytes.
//!
//! Whatever arrives, however it is cut, gives frames or an error: a length beyond the limit is refused before anything
//! is set aside for it, and never more is held than has arrived.

/// The longest body of a frame: 16 MiB less one, as in every client.
pub const MAX_FRAME: usize = 0x00ff_ffff;

/// The bytes that open a connection, before its first frame.
pub const OPENING: [u8; 4] = *b"API\0";

/// How many bytes say how long a frame is.
const LENGTH_BYTES: usize = 4;

/// Why bytes are not frames. The connection cannot go on after it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The first bytes are not those that open this protocol.
    #[error("a connection must begin with \"API\" and a zero byte, not with {0:02x?}")]
    NotTheProtocol([u8; 4]),
    /// A frame longer than any client sends.
    #[error("a frame of {0} bytes is announced: the most is {MAX_FRAME}")]
    TooLong(usize),
}

/// Bytes as they arrive, and the frames in them.
#[derive(Clone, Debug, Default)]
pub struct FrameBuffer {
    bytes: Vec<u8>,
    /// Where the first byte that was not taken is.
    start: usize,
    opened: bool,
}

impl FrameBuffer {
    /// For a connection whose opening bytes are still to come.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For bytes that have no opening: what a server sends.
    #[must_use]
    pub fn opened() -> Self {
        Self { opened: true, ..Self::default() }
    }

    /// Takes in what has arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole frame's body; `None` until more bytes come.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        if !self.opened {
            let Some(opening) = self.waiting().first_chunk::<4>().copied() else { return self.no_opening() };
            if opening != OPENING {
                return Err(FrameError::NotTheProtocol(opening));
            }
            self.start += OPENING.len();
            self.opened = true;
        }
        let Some(length) = self.waiting().first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        if length > MAX_FRAME {
            return Err(FrameError::TooLong(length));
        }
        let from = self.start + LENGTH_BYTES;
        let end = from + length;
        if self.bytes.len() < end {
            return Ok(None);
        }
        self.start = end;
        Ok(self.bytes.get(from..end))
    }

    /// Bytes that belong to no frame yet.
    #[must_use]
    pub fn waiting(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Fewer bytes than an opening has: they must at least begin like one, so that a stranger is told at once.
    fn no_opening(&self) -> Result<Option<&[u8]>, FrameError> {
        let waiting = self.waiting();
        if OPENING.starts_with(waiting) {
            return Ok(None);
        }
        let mut seen = [0; 4];
        for (to, from) in seen.iter_mut().zip(waiting) {
            *to = *from;
        }
        Err(FrameError::NotTheProtocol(seen))
    }
}

/// Writes one frame: `body` appends its bytes, the length is filled in after it.
pub fn write_frame<E>(out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
    let start = out.len();
    out.extend_from_slice(&[0; LENGTH_BYTES]);
    if let Err(error) = body(out) {
        out.truncate(start);
        return Err(error);
    }
    let length = u32::try_from(out.len() - start - LENGTH_BYTES).unwrap_or(u32::MAX);
    if let Some(room) = out.get_mut(start..start + LENGTH_BYTES) {
        room.copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(buffer: &mut FrameBuffer) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        while let Some(frame) = buffer.next_frame().expect("good frames") {
            found.push(frame.to_vec());
        }
        found
    }

    proptest! {
        #[test]
        fn however_the_bytes_are_cut_the_frames_are_the_same(
            bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20),
            cuts in prop::collection::vec(1_usize..60, 1..50),
        ) {
            let mut bytes = OPENING.to_vec();
            for body in &bodies {
                let written = write_frame::<()>(&mut bytes, |out| {
                    out.extend_from_slice(body);
                    Ok(())
                });
                prop_assert!(written.is_ok());
            }
            let mut buffer = FrameBuffer::new();
            let mut seen = Vec::new();
            let mut rest = bytes.as_slice();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (now, later) = rest.split_at((*cut).min(rest.len()));
                buffer.push(now);
                seen.extend(frames(&mut buffer));
                rest = later;
            }
            prop_assert_eq!(seen, bodies);
            prop_assert!(buffer.waiting().is_empty());
        }

        #[test]
        fn any_bytes_give_frames_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut buffer = FrameBuffer::new();
            buffer.push(&bytes);
            while let Ok(Some(_)) = buffer.next_frame() {}
        }
    }

    #[test]
    fn a_stranger_is_told_by_its_first_wrong_byte() {
        let mut buffer = FrameBuffer::new();
        buffer.push(b"G");
        let error = buffer.next_frame().map(|_| ()).unwrap_err();
        assert_eq!(error, FrameError::NotTheProtocol([b'G', 0, 0, 0]));
    }

    #[test]
    fn a_frame_beyond_the_limit_is_refused_by_its_length_alone() {
        let mut buffer = FrameBuffer::opened();
        buffer.push(&[1, 0, 0, 0]);
        assert_eq!(buffer.next_frame().map(|_| ()), Err(FrameError::TooLong(0x0100_0000)));
    }

    #[test]
    fn a_body_that_fails_leaves_nothing_behind() {
        let mut out = vec![7];
        let failed = write_frame(&mut out, |out| {
            out.push(1);
            Err("no")
        });
        assert_eq!((failed, out), (Err("no"), vec![7]));
    }
}
