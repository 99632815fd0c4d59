//! One line of the index of thumbnails: which image, which size, where, and a glimpse of it.

use std::io::{self, Read, Seek, SeekFrom};

use crate::domain::Glimpse;

/// What the index begins with; another version begins otherwise and is begun anew.
pub(super) const HEADER: &[u8] = b"proofsheet thumbnails 1\n";
/// Bytes of a SHA-256.
pub(super) const KEY_BYTES: usize = 32;
/// Bytes of an entry on the disk: hash, five numbers, glimpse, and a checksum of all that.
pub(super) const BYTES: usize = KEY_BYTES + 5 * 4 + Glimpse::BYTES + 4;

/// Of which image, by its bytes, and in which size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) hash: [u8; KEY_BYTES],
    pub(super) side: u32,
}

/// Where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) pack: u32,
    pub(super) offset: u32,
    pub(super) length: u32,
    pub(super) crc: u32,
}

/// A SHA-256 from its hex digits.
pub(super) fn hash(sha256: &str) -> Option<[u8; KEY_BYTES]> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (pairs, []) = sha256.as_bytes().as_chunks::<2>() else { return None };
    let bytes: Vec<u8> =
        pairs.iter().map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect::<Option<_>>()?;
    bytes.try_into().ok()
}

/// The bytes of an entry.
pub(super) fn written(key: Key, entry: Entry, glimpse: Glimpse) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(BYTES);
    bytes.extend(key.hash);
    for number in [key.side, entry.pack, entry.offset, entry.length, entry.crc] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(glimpse.bytes());
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// The entries of an index up to the first that is not whole.
pub(super) fn read(index: &[u8]) -> impl Iterator<Item = (Key, Entry, Glimpse)> + '_ {
    let (entries, _rest) = index.strip_prefix(HEADER).unwrap_or_default().as_chunks::<BYTES>();
    entries.iter().map_while(one)
}

/// One line of an index that is open; `None` when it is not whole.
pub(super) fn read_line(index: &mut (impl Read + Seek), line: u32) -> io::Result<Option<(Key, Entry, Glimpse)>> {
    index.seek(SeekFrom::Start(HEADER.len() as u64 + u64::from(line) * BYTES as u64))?;
    let mut bytes = [0; BYTES];
    index.read_exact(&mut bytes)?;
    Ok(one(&bytes))
}

fn one(bytes: &[u8; BYTES]) -> Option<(Key, Entry, Glimpse)> {
    let (body, check) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(body).to_le_bytes() != *check {
        return None;
    }
    let (hash, body) = body.split_first_chunk::<KEY_BYTES>()?;
    let (numbers, glimpse) = body.split_at_checked(5 * 4)?;
    let mut numbers = numbers.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number));
    let key = Key { hash: *hash, side: numbers.next()? };
    let entry = Entry { pack: numbers.next()?, offset: numbers.next()?, length: numbers.next()?, crc: numbers.next()? };
    Some((key, entry, Glimpse::from_bytes(*glimpse.first_chunk()?)))
}
