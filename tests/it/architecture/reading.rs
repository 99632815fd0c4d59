//! Reads Rust source as far as the walls need it: which paths a file names, and which parts of it are tests.

/// The source with comments, strings and characters blanked out; every other byte stays in its place.
pub(super) fn without_words(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            'r' | 'b' | 'c' if !ends_in_word(&kept) => prefixed_string(rest),
            '"' => quoted(rest, '"', 1),
            '\'' => character(rest),
            _ => 0,
        };
        let (blanked, after) = rest.split_at(taken);
        kept.extend(blanked.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
        rest = after;
        if taken == 0 {
            kept.push(first);
            rest = rest.split_at(first.len_utf8()).1;
        }
    }
    kept
}

fn ends_in_word(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_word)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The length of a comment with comments inside.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        if rest.is_empty() {
            break;
        } else if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of `r"…"`, `br##"…"##`, `b"…"`, `c"…"` or `b'…'`; 0 when the letter begins a plain word.
fn prefixed_string(text: &str) -> usize {
    let word = text.find(|letter| !matches!(letter, 'r' | 'b' | 'c')).unwrap_or(text.len());
    let (prefix, rest) = text.split_at(word);
    if word > 2 {
        return 0;
    }
    if prefix.ends_with('r') {
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        if rest.trim_start_matches('#').starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = word + hashes + 1;
            let inside = text.get(start..).unwrap_or_default();
            return inside.find(&end).map_or(text.len(), |at| start + at + end.len());
        }
        return 0;
    }
    match rest.chars().next() {
        Some('"') => quoted(text, '"', word + 1),
        Some('\'') if prefix == "b" => quoted(text, '\'', word + 1),
        _ => 0,
    }
}

/// The length up to and with the closing mark, from a place inside.
fn quoted(text: &str, mark: char, start: usize) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip_while(|(at, _)| *at < start) {
        if escaped {
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else if letter == mark {
            return at + letter.len_utf8();
        }
    }
    text.len()
}

/// The length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut letters = text.chars().skip(1);
    match (letters.next(), letters.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(text, '\'', 1),
        _ => 0,
    }
}

/// What of the (blanked) source runs in the program: items under `#[cfg(test)]` are taken out.
pub(super) fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, after)) = rest.split_once(MARK) {
        kept.push_str(before);
        rest = after.split_at(item(after)).1;
    }
    kept.push_str(rest);
    kept
}

/// The length of the item that begins here: to its semicolon, or over its braces.
fn item(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in code.char_indices() {
        match letter {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// The modules declared with `mod name;`, each with whether it is declared for tests only.
pub(super) fn declared_modules(code: &str) -> Vec<(String, bool)> {
    let running = without_tests(code);
    let names = |code: &str| -> Vec<String> {
        code.split(';')
            .filter_map(|before| {
                let mut words = before.split_whitespace().rev();
                let name = words.next()?;
                (words.next()? == "mod" && name.chars().all(is_word)).then(|| name.to_owned())
            })
            .collect()
    };
    let in_program = names(&running);
    names(code).into_iter().map(|name| (name.clone(), !in_program.contains(&name))).collect()
}

/// Every path of two or more parts named in the (blanked) code, `use` lists written out: `std::{fs, io}` is two.
pub(super) fn paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut tokens = tokens(code).into_iter().peekable();
    let mut open: Vec<Vec<String>> = Vec::new();
    let mut current: Vec<String> = Vec::new();
    let mut joined = false;
    while let Some(token) = tokens.next() {
        match token.as_str() {
            "::" => joined = true,
            "{" if joined => {
                open.push(std::mem::take(&mut current));
                joined = false;
            }
            "{" => {
                end(&mut current, &open, &mut found);
                open.push(Vec::new());
            }
            "}" => {
                end(&mut current, &open, &mut found);
                open.pop();
                joined = false;
            }
            word if word == "*" || word.starts_with(is_word) => {
                if !joined {
                    end(&mut current, &open, &mut found);
                }
                if word == "as" {
                    tokens.next();
                } else if word != "*" || joined {
                    current.push(word.to_owned());
                }
                joined = false;
            }
            _ => {
                end(&mut current, &open, &mut found);
                joined = false;
            }
        }
    }
    end(&mut current, &open, &mut found);
    found
}

fn end(current: &mut Vec<String>, open: &[Vec<String>], found: &mut Vec<Vec<String>>) {
    if current.is_empty() {
        return;
    }
    let whole: Vec<String> = open.iter().flatten().cloned().chain(std::mem::take(current)).collect();
    if whole.len() > 1 {
        found.push(whole);
    }
}

fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut letters = code.chars().peekable();
    while let Some(letter) = letters.next() {
        if is_word(letter) {
            word.push(letter);
            continue;
        }
        if !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
        }
        if letter == ':' && letters.peek() == Some(&':') {
            letters.next();
            tokens.push("::".to_owned());
        } else if !letter.is_whitespace() {
            tokens.push(letter.to_string());
        }
    }
    tokens.push(word);
    tokens.retain(|token| !token.is_empty());
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, want: &[&str]) {
        let found: Vec<String> =
            paths(&without_tests(&without_words(code))).into_iter().map(|path| path.join("::")).collect();
        assert_eq!(found, want, "{code}");
    }

    #[test]
    fn paths_are_found_wherever_they_are_written() {
        check("use std::fs;", &["std::fs"]);
        check(
            "use std::{fs::{self, File}, io as words, net};",
            &["std::fs::self", "std::fs::File", "std::io", "std::net"],
        );
        check("use super::leaf::*;", &["super::leaf::*"]);
        check("fn a() { let x = std::fs::read(p)?; b * c; }", &["std::fs::read"]);
        check("fn a<'x>(y: &'x a::B) -> Vec<c::D> { { e::f(); } }", &["a::B", "c::D", "e::f"]);
        check("if a { b::C { d: e::f } } else { g::h() }", &["b::C", "e::f", "g::h"]);
    }

    #[test]
    fn words_and_tests_name_nothing() {
        check("//! std::fs\n/* a::b /* c::d */ */ /// e::f\nuse g::h;", &["g::h"]);
        check(r##"let a = ("b::c", r#"d::"e"::f"#, b"g::h", '"', b'"', '\'', i::j);"##, &["i::j"]);
        check("#[cfg(test)]\nmod tests { use a::b; fn c() { d::e(); } }\nuse f::g;", &["f::g"]);
        check("#[cfg(test)] mod tests;\nuse f::g;", &["f::g"]);
        check("#[cfg(test)]\nuse a::b;\nuse f::g;", &["f::g"]);
    }

    #[test]
    fn declared_modules_know_whether_they_are_tests() {
        let found = declared_modules("mod a;\npub mod b;\n#[cfg(test)]\nmod tests;\nmod c { }\n");
        assert_eq!(found, [("a".to_owned(), false), ("b".to_owned(), false), ("tests".to_owned(), true)]);
    }
}
