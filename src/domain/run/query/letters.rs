//! Letters without their accents, as the index reads them: whatever is found with an index is found without one.

/// Where a letter with an accent stands, how many of its like follow, and the letter without: SQLite's own list, which its
/// text tables go by (`remove_diacritics 2`).
const PLAIN: [(u16, u16, u8); 117] = [
    (0x00e0, 5, b'a'),
    (0x00e7, 0, b'c'),
    (0x00e8, 3, b'e'),
    (0x00ec, 3, b'i'),
    (0x00f1, 0, b'n'),
    (0x00f2, 4, b'o'),
    (0x00f9, 3, b'u'),
    (0x00fd, 0, b'y'),
    (0x00ff, 0, b'y'),
    (0x0101, 4, b'a'),
    (0x0107, 6, b'c'),
    (0x010f, 0, b'd'),
    (0x0113, 6, b'e'),
    (0x011b, 0, b'e'),
    (0x011d, 6, b'g'),
    (0x0125, 0, b'h'),
    (0x0129, 7, b'i'),
    (0x0135, 0, b'j'),
    (0x0137, 0, b'k'),
    (0x013a, 4, b'l'),
    (0x0144, 4, b'n'),
    (0x014d, 4, b'o'),
    (0x0155, 4, b'r'),
    (0x015b, 6, b's'),
    (0x0163, 2, b't'),
    (0x0169, 6, b'u'),
    (0x0171, 2, b'u'),
    (0x0175, 0, b'w'),
    (0x0177, 0, b'y'),
    (0x017a, 4, b'z'),
    (0x01a1, 0, b'o'),
    (0x01b0, 0, b'u'),
    (0x01ce, 0, b'a'),
    (0x01d0, 0, b'i'),
    (0x01d2, 0, b'o'),
    (0x01d4, 0, b'u'),
    (0x01d6, 6, b'u'),
    (0x01df, 0, b'a'),
    (0x01e7, 0, b'g'),
    (0x01e9, 0, b'k'),
    (0x01eb, 0, b'o'),
    (0x01ed, 0, b'o'),
    (0x01f0, 0, b'j'),
    (0x01f5, 0, b'g'),
    (0x01f9, 0, b'n'),
    (0x01fb, 0, b'a'),
    (0x0201, 2, b'a'),
    (0x0205, 2, b'e'),
    (0x0209, 2, b'i'),
    (0x020d, 2, b'o'),
    (0x0211, 2, b'r'),
    (0x0215, 2, b'u'),
    (0x0219, 0, b's'),
    (0x021b, 0, b't'),
    (0x021f, 0, b'h'),
    (0x0227, 0, b'a'),
    (0x0229, 0, b'e'),
    (0x022b, 2, b'o'),
    (0x022f, 0, b'o'),
    (0x0231, 0, b'o'),
    (0x0233, 0, b'y'),
    (0x1e01, 0, b'a'),
    (0x1e03, 4, b'b'),
    (0x1e09, 0, b'c'),
    (0x1e0b, 6, b'd'),
    (0x1e13, 0, b'd'),
    (0x1e15, 2, b'e'),
    (0x1e19, 2, b'e'),
    (0x1e1d, 0, b'e'),
    (0x1e1f, 0, b'f'),
    (0x1e21, 0, b'g'),
    (0x1e23, 6, b'h'),
    (0x1e2b, 0, b'h'),
    (0x1e2d, 0, b'i'),
    (0x1e2f, 0, b'i'),
    (0x1e31, 4, b'k'),
    (0x1e37, 0, b'l'),
    (0x1e39, 0, b'l'),
    (0x1e3b, 2, b'l'),
    (0x1e3f, 4, b'm'),
    (0x1e45, 6, b'n'),
    (0x1e4d, 6, b'o'),
    (0x1e55, 2, b'p'),
    (0x1e59, 2, b'r'),
    (0x1e5d, 0, b'r'),
    (0x1e5f, 0, b'r'),
    (0x1e61, 2, b's'),
    (0x1e65, 4, b's'),
    (0x1e6b, 6, b't'),
    (0x1e73, 4, b'u'),
    (0x1e79, 2, b'u'),
    (0x1e7d, 2, b'v'),
    (0x1e81, 6, b'w'),
    (0x1e89, 0, b'w'),
    (0x1e8b, 2, b'x'),
    (0x1e8f, 0, b'y'),
    (0x1e91, 4, b'z'),
    (0x1e96, 0, b'h'),
    (0x1e97, 0, b't'),
    (0x1e98, 0, b'w'),
    (0x1e99, 0, b'y'),
    (0x1ea1, 2, b'a'),
    (0x1ea5, 6, b'a'),
    (0x1ead, 6, b'a'),
    (0x1eb5, 2, b'a'),
    (0x1eb9, 4, b'e'),
    (0x1ebf, 6, b'e'),
    (0x1ec7, 0, b'e'),
    (0x1ec9, 2, b'i'),
    (0x1ecd, 2, b'o'),
    (0x1ed1, 6, b'o'),
    (0x1ed9, 6, b'o'),
    (0x1ee1, 2, b'o'),
    (0x1ee5, 2, b'u'),
    (0x1ee9, 6, b'u'),
    (0x1ef1, 0, b'u'),
    (0x1ef3, 6, b'y'),
];

/// Small letters without accents.
pub(super) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.to_lowercase().chars().filter(|letter| !is_accent(*letter)).map(plain).collect()
}

/// An accent that stands alone, behind its letter.
pub(super) const fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// A small letter without its accent.
fn plain(letter: char) -> char {
    // The long s is small already, but an s.
    if matches!(letter, 'ſ' | 'ẛ') {
        return 's';
    }
    let Ok(code) = u16::try_from(u32::from(letter)) else { return letter };
    let after = PLAIN.partition_point(|(first, ..)| *first <= code);
    match after.checked_sub(1).and_then(|place| PLAIN.get(place)) {
        Some(&(first, more, plain)) if code <= first + more => char::from(plain),
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_go_and_letters_stay() {
        let check = |text: &str, expected: &str| assert_eq!(folded(text), expected, "{text:?}");
        check("A red FOX", "a red fox");
        check("Crème BRÛLÉE", "creme brulee");
        check("cre\u{300}me", "creme");
        check("Ångström ñandú Żółw", "angstrom nandu zołw");
        check("Việt Nam", "viet nam");
        check("Faſtnacht", "fastnacht");
        check("İstanbul straße", "istanbul straße");
        check("Ёлка 赤い狐 빨간", "ёлка 赤い狐 빨간");
    }
}
