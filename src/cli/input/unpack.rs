//! gzip and zstd, told by their first bytes and unpacked as they are read, within bounds that no
//! honest log reaches.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Bytes by which a packing is told: as many as the longest mark, the header of a tar archive.
pub(super) const SNIFFED: usize = 512;
/// Bytes that anything may unpack to, however small it is (64 MiB): a log that waits repeats itself.
const FREE: u64 = 64 << 20;
/// How many times its size it may unpack to beyond that; deflate reaches 1032 on nothing but zeros,
/// logs seldom 50.
const MAX_RATIO: u64 = 1000;
/// Bytes that one file may unpack to, all its members together (64 GiB).
const MAX_UNPACKED: u64 = 64 << 30;
/// Bytes that a zstd frame may refer back to (32 MiB), which are kept in memory: all that the levels
/// up to 19 use, and not what `--long` and `--ultra` do.
const MAX_WINDOW: u64 = 32 << 20;
/// Bytes of packed data that are read at once.
const BUFFER: usize = 32 * 1024;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Gzip,
    Zstd,
    Zip,
    /// A kind that is known and not read, by its name.
    Other(&'static str),
}

impl Packing {
    /// Tells it by the first bytes of a file.
    pub(super) fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, 8, ..] => Self::Gzip,
            // The second is a frame to be skipped, with which pzstd begins.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Other("xz"),
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', b'&', b'S', b'Y', ..] => {
                Self::Other("bzip2")
            }
            [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Self::Other("7z"),
            [0x1f, 0x8b, ..] => Self::Other("an unknown kind of gzip"),
            [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Self::Other("rar"),
            [0x04, 0x22, 0x4d, 0x18, ..] => Self::Other("lz4"),
            [0x1f, 0x9d, ..] => Self::Other("compress"),
            _ => Self::None,
        }
    }
}

/// What one file on disk has unpacked to, all its members together.
pub(super) struct Budget {
    /// Bytes of the file; the largest number where that is not known.
    packed: u64,
    unpacked: AtomicU64,
}

impl Budget {
    pub(super) fn new(packed: u64) -> Self {
        Self { packed, unpacked: AtomicU64::new(0) }
    }

    /// Counts bytes; fails where they are more than the file can honestly hold.
    fn spend(&self, bytes: u64) -> Result<(), Fault> {
        let unpacked = self.unpacked.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if unpacked > MAX_UNPACKED {
            return Err(Fault::TooLarge);
        }
        check_ratio(unpacked, self.packed)
    }
}

fn check_ratio(unpacked: u64, packed: u64) -> Result<(), Fault> {
    let is_bomb = unpacked > FREE && unpacked / MAX_RATIO > packed;
    if is_bomb { Err(Fault::Bomb(0)) } else { Ok(()) }
}

/// Why packed data was not read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It ends too early, after this many unpacked bytes.
    CutOff(u64),
    /// It is broken after this many unpacked bytes.
    Damaged(u64),
    /// It is a tar archive, and was read as one text.
    Tar,
    /// It was read to its end, and is not what its archive claims.
    Mismatch,
    /// It unpacks to more than is allowed; so much was examined.
    Bomb(u64),
    TooLarge,
    /// It cannot be read here, for this reason.
    Refused(&'static str),
}

impl Fault {
    /// What is said of a text that begins like this, though it is read.
    pub(super) fn of_text(start: &[u8]) -> Option<Self> {
        // `magic` in the header of a member (POSIX.1-1988).
        (start.get(257..262) == Some(b"ustar")).then_some(Self::Tar)
    }

    /// Whether what was read before it is worth a report.
    pub(super) fn leaves_a_part(&self) -> bool {
        matches!(
            self,
            Self::CutOff(1..) | Self::Damaged(1..) | Self::Bomb(1..) | Self::Mismatch | Self::Tar
        )
    }

    /// What is wrong, and what to do.
    pub(super) fn text(&self) -> String {
        match self {
            Self::CutOff(0) => "it is cut off at its beginning; get it again".into(),
            Self::Damaged(0) => "it is damaged at its beginning; get it again".into(),
            Self::CutOff(bytes) => {
                format!("it is cut off; only its first {bytes} unpacked bytes were examined")
            }
            Self::Damaged(bytes) => {
                format!("it is damaged; only its first {bytes} unpacked bytes were examined")
            }
            Self::Tar => {
                "it is a tar archive, and is read as one log; unpack it for a report of each file"
                    .into()
            }
            Self::Mismatch => "it is damaged: its checksum is wrong; all of it was examined".into(),
            Self::Bomb(bytes) => format!(
                "it unpacks to more than 1,000 times its size; only its first {bytes} unpacked bytes were examined; if you trust it, unpack it first"
            ),
            Self::TooLarge => {
                "it unpacks to more than 64 GiB; if you trust it, unpack it first".into()
            }
            Self::Refused(reason) => (*reason).into(),
        }
    }
}

/// The error of a reader that has read all and found another size or checksum than it expects.
#[derive(Debug)]
pub(super) struct Mismatch;

impl std::fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the checksum is wrong")
    }
}

impl std::error::Error for Mismatch {}

/// What passes between the ends of a chain of readers.
#[derive(Default)]
pub(super) struct Gauge {
    /// Packed bytes read so far.
    read: Cell<u64>,
    /// Whether the packed bytes have ended.
    ended: Cell<bool>,
    fault: RefCell<Option<Fault>>,
}

impl Gauge {
    /// Why the unpacking ended early, if it did.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault.borrow().clone()
    }

    /// The packed bytes, measured.
    pub(super) fn packed<R: Read>(&self, input: R) -> BufReader<Packed<'_, R>> {
        BufReader::with_capacity(BUFFER, Packed { input, gauge: self })
    }

    /// The unpacked bytes, measured. What goes wrong ends them, and is noted here.
    pub(super) fn unpacked<'g>(
        &'g self,
        input: Box<dyn Read + 'g>,
        budget: &'g Budget,
    ) -> Unpacked<'g> {
        Unpacked { input, gauge: self, budget, written: 0 }
    }

    fn fault_of(&self, error: &io::Error, written: u64) -> Fault {
        let inner = error.get_ref();
        match inner.and_then(|inner| inner.downcast_ref()) {
            Some(FrameDecoderError::WindowSizeTooBig { .. }) => Fault::Refused(
                "its window is larger than 32 MiB; unpack it with `zstd -d --long=31`",
            ),
            Some(FrameDecoderError::DictNotProvided { .. }) => {
                Fault::Refused("it needs a dictionary; unpack it with `zstd -d -D DICTIONARY`")
            }
            _ if inner.and_then(|inner| inner.downcast_ref::<Mismatch>()).is_some() => {
                Fault::Mismatch
            }
            _ if self.ended.get() => Fault::CutOff(written),
            _ => Fault::Damaged(written),
        }
    }
}

/// See [`Gauge::packed`].
pub(super) struct Packed<'g, R> {
    input: R,
    gauge: &'g Gauge,
}

impl<R: Read> Read for Packed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.gauge.read.set(self.gauge.read.get() + read as u64);
        self.gauge.ended.set(read == 0 && !buffer.is_empty());
        Ok(read)
    }
}

/// See [`Gauge::unpacked`].
pub(super) struct Unpacked<'g> {
    input: Box<dyn Read + 'g>,
    gauge: &'g Gauge,
    budget: &'g Budget,
    written: u64,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.gauge.fault.borrow().is_some() {
            return Ok(0);
        }
        let fault = match self.input.read(buffer) {
            Ok(read) => {
                self.written += read as u64;
                let spent = self.budget.spend(read as u64);
                match spent.and_then(|()| check_ratio(self.written, self.gauge.read.get())) {
                    Ok(()) => return Ok(read),
                    // What was read last is not handed on.
                    Err(Fault::Bomb(_)) => Fault::Bomb(self.written - read as u64),
                    Err(fault) => fault,
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => return Err(error),
            Err(error) => self.gauge.fault_of(&error, self.written),
        };
        self.gauge.fault.replace(Some(fault));
        Ok(0)
    }
}

/// Unpacks gzip, of any number of members.
pub(super) fn gzip<'g>(packed: impl BufRead + 'g) -> Box<dyn Read + 'g> {
    Box::new(MultiGzDecoder::new(packed))
}

/// Unpacks zstd, of any number of frames.
pub(super) fn zstd<'g>(packed: impl BufRead + 'g) -> Box<dyn Read + 'g> {
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(MAX_WINDOW);
    Box::new(Frames { packed, decoder, within: false })
}

struct Frames<R> {
    packed: R,
    decoder: FrameDecoder,
    /// Whether a frame has begun and not ended.
    within: bool,
}

impl<R: BufRead> Frames<R> {
    /// Begins the next frame; `false` where there is none.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.packed.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.packed) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let skipped =
                        io::copy(&mut (&mut self.packed).take(length.into()), &mut io::sink())?;
                    if skipped < u64::from(length) {
                        return Err(ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() {
            if !self.within && !self.begin()? {
                return Ok(0);
            }
            self.within = true;
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.packed, one).map_err(io::Error::other)?;
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            self.within = false;
            let written = self.decoder.get_checksum_from_data();
            if written.is_some() && written != self.decoder.get_calculated_checksum() {
                return Err(ErrorKind::InvalidData.into());
            }
        }
        Ok(0)
    }
}
