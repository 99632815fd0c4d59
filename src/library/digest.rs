//! SHA-256 of bytes and files.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

/// Read at once while hashing a file: large enough that calls cost nothing, small enough for the processor's cache.
const CHUNK_BYTES: usize = 64 << 10;

/// The hash of bytes, 64 lower-case hex digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The hash of everything `reader` gives, and how many bytes that was.
pub(super) fn sha256_of(reader: &mut dyn Read) -> io::Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut total = 0;
    loop {
        let length = match reader.read(&mut chunk) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if length == 0 {
            return Ok((hex(&hash.finalize()), total));
        }
        hash.update(chunk.get(..length).unwrap_or_default());
        total += length as u64;
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| DIGITS.get(usize::from(digit))).map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_everybody_knows() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), abc);
        assert_eq!(sha256_of(&mut &b"abc"[..]).unwrap(), (abc.to_owned(), 3));
        let long = vec![7; CHUNK_BYTES * 2 + 1];
        assert_eq!(sha256_of(&mut long.as_slice()).unwrap(), (sha256(&long), long.len() as u64));
    }
}
