//! zip: the directory is read once, entry by entry and within bounds; members are then read by any
//! thread, unpacked as they are read. Nothing is ever written, and no name of a member is opened.

use std::fs::File;
use std::io::{self, BufRead, Read};

use anyhow::{Result, anyhow, bail};
use flate2::CrcReader;
use flate2::bufread::DeflateDecoder;
use jiff::Timestamp;
use rawzip::time::ZipDateTimeKind;
use rawzip::{
    CompressionMethod, FileReader, RECOMMENDED_BUFFER_SIZE, ZipArchive, ZipArchiveEntryWayfinder,
    ZipFileHeaderRecord, ZipVerification,
};

use super::unpack::{Budget, Gauge, Mismatch, Unpacked, zstd};

/// Members that an archive may have.
const MAX_MEMBERS: usize = 1_000_000;
/// Bytes of all their names (64 MiB).
const MAX_NAMES: usize = 64 << 20;
/// Bytes of one name.
const MAX_NAME: usize = 1024;

/// An archive whose directory has been read.
pub(super) struct Zip {
    /// How it is called.
    pub(super) name: String,
    archive: ZipArchive<FileReader>,
    members: Vec<Member>,
    budget: Budget,
    /// When it was last changed.
    modified: Option<Timestamp>,
}

struct Member {
    name: Box<[u8]>,
    way: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    is_encrypted: bool,
    modified: Option<Timestamp>,
}

impl Zip {
    /// Reads the directory of an archive.
    pub(super) fn open(name: String, file: File) -> Result<Self> {
        let metadata = file.metadata()?;
        let modified = metadata.modified().ok().and_then(|time| time.try_into().ok());
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let damaged = "its directory is cut off or damaged; get it again";
        let archive = ZipArchive::from_file(file, &mut buffer).map_err(|_| anyhow!(damaged))?;
        let (mut members, mut names) = (Vec::new(), 0);
        let mut entries = archive.entries(&mut buffer);
        while let Some(entry) = entries.next_entry().map_err(|_| anyhow!(damaged))? {
            if entry.is_dir() {
                continue;
            }
            let member = Member::new(&entry);
            names += member.name.len();
            members.push(member);
            if members.len() > MAX_MEMBERS || names > MAX_NAMES {
                bail!("it has more than 1,000,000 members or 64 MiB of names; unpack it first");
            }
        }
        if members.is_empty() {
            bail!("it is an archive without files");
        }
        let budget = Budget::new(metadata.len());
        Ok(Self { name, archive, members, budget, modified })
    }

    /// How many members it has, from 1.
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// How a member is called: `archive.zip!path`.
    pub(super) fn member_name(&self, n: usize) -> String {
        let name = &self.members[n].name;
        let shown = String::from_utf8_lossy(&name[..name.len().min(MAX_NAME)]);
        let dots = if name.len() > MAX_NAME { "…" } else { "" };
        format!("{}!{shown}{dots}", self.name)
    }

    /// When a member was last changed, if that is known: the archive, if not.
    pub(super) fn modified(&self, n: usize) -> Option<Timestamp> {
        self.members[n].modified.or(self.modified)
    }

    pub(super) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Reads the content of a member.
    pub(super) fn read<T>(
        &self,
        n: usize,
        gauge: &Gauge,
        read: impl FnOnce(Unpacked<'_>) -> Result<T>,
    ) -> Result<T> {
        let member = &self.members[n];
        member.check()?;
        let entry = self
            .archive
            .get_entry(member.way)
            .map_err(|_| anyhow!("its place in the archive is damaged; get the archive again"))?;
        let reader = entry.reader();
        let claimed = reader.claim_verifier();
        let packed = gauge.packed(reader);
        let input = CrcReader::new(unpacked(member.method, packed)?);
        let unpacked = Verified { input, claimed, bytes: 0 };
        read(gauge.unpacked(Box::new(unpacked), &self.budget))
    }
}

impl Member {
    fn new(entry: &ZipFileHeaderRecord<'_>) -> Self {
        let modified = match entry.last_modified() {
            ZipDateTimeKind::Utc(time) => {
                let civil = |n: u8| i8::try_from(n).unwrap_or(0);
                i16::try_from(time.year()).ok().and_then(|year| {
                    jiff::civil::Date::new(year, civil(time.month()), civil(time.day()))
                        .ok()?
                        .at(civil(time.hour()), civil(time.minute()), civil(time.second()), 0)
                        .to_zoned(jiff::tz::TimeZone::UTC)
                        .ok()
                        .map(|time| time.timestamp())
                })
            }
            // Nobody knows in which zone.
            ZipDateTimeKind::Local(_) => None,
        };
        Self {
            name: entry.file_path().as_bytes().into(),
            way: entry.wayfinder(),
            method: entry.compression_method(),
            is_encrypted: entry.flags().is_encrypted(),
            modified,
        }
    }

    /// Fails where the member cannot be read, or is called as no honest one is.
    fn check(&self) -> Result<()> {
        let name = &self.name;
        if name.len() > MAX_NAME {
            bail!("its name has {} bytes, and {MAX_NAME} are allowed", name.len());
        }
        if name.iter().any(u8::is_ascii_control) {
            bail!("its name holds control characters");
        }
        let leads_out = name.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..");
        if leads_out || matches!(name.first(), None | Some(b'/' | b'\\')) {
            bail!("its name leads out of the archive");
        }
        if self.is_encrypted {
            bail!("it is encrypted; unpack the archive first");
        }
        Ok(())
    }
}

/// The content of a member; it fails at its end, with all of it read, where the size or the checksum
/// is not the one that the directory claims.
struct Verified<R> {
    input: CrcReader<R>,
    claimed: ZipVerification,
    bytes: u64,
}

impl<R: Read> Read for Verified<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.bytes += read as u64;
        if read == 0 && !buffer.is_empty() {
            let crc = self.input.crc().sum();
            let actual = ZipVerification { crc, uncompressed_size: self.bytes };
            self.claimed.valid(actual).map_err(|_| io::Error::other(Mismatch))?;
        }
        Ok(read)
    }
}

fn unpacked<'r>(
    method: CompressionMethod,
    packed: impl BufRead + 'r,
) -> Result<Box<dyn Read + 'r>> {
    Ok(match method {
        CompressionMethod::STORE => Box::new(packed),
        CompressionMethod::DEFLATE => Box::new(DeflateDecoder::new(packed)),
        CompressionMethod::ZSTD => zstd(packed),
        CompressionMethod::DEFLATE64 => {
            bail!("it is packed by Deflate64; unpack the archive first")
        }
        CompressionMethod::BZIP2 => bail!("it is packed by bzip2; unpack the archive first"),
        CompressionMethod::LZMA => bail!("it is packed by LZMA; unpack the archive first"),
        CompressionMethod::XZ => bail!("it is packed by xz; unpack the archive first"),
        other => bail!("it is packed by method {}; unpack the archive first", other.as_u16()),
    })
}
