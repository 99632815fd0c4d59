//! A key with its modifiers, written down without any toolkit.

/// A key as named on the key sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter, upper case.
    Letter(char),
    /// F1 to F12.
    Function(u8),
    /// The arrows.
    Left,
    /// The arrows.
    Right,
    /// The arrows.
    Up,
    /// The arrows.
    Down,
    /// Start of the sheet.
    Home,
    /// End of the sheet.
    End,
    /// A page back.
    PageUp,
    /// A page on.
    PageDown,
    /// Return.
    Enter,
    /// Space bar.
    Space,
    /// Escape.
    Escape,
    /// Delete.
    Delete,
    /// `,`
    Comma,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// The key that opens the menu of what it is on.
    Menu,
}

/// A key with its modifiers. `ctrl` is Cmd on macOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    /// Ctrl, or Cmd on macOS.
    pub ctrl: bool,
    /// Alt, or Option on macOS.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
    /// The key.
    pub key: Key,
}

impl Chord {
    /// The key alone.
    pub const fn bare(key: Key) -> Self {
        Self { ctrl: false, alt: false, shift: false, key }
    }

    /// With Ctrl (Cmd on macOS).
    pub const fn ctrl(key: Key) -> Self {
        Self { ctrl: true, ..Self::bare(key) }
    }

    /// With Shift.
    pub const fn shift(key: Key) -> Self {
        Self { shift: true, ..Self::bare(key) }
    }

    /// With Alt.
    pub const fn alt(key: Key) -> Self {
        Self { alt: true, ..Self::bare(key) }
    }

    /// With Ctrl and Shift.
    pub const fn ctrl_shift(key: Key) -> Self {
        Self { ctrl: true, ..Self::shift(key) }
    }

    /// Could be meant as text: such chords are dead while a text field has the focus.
    pub const fn types_text(self) -> bool {
        !self.ctrl && !self.alt && !matches!(self.key, Key::Function(_) | Key::Escape)
    }

    /// As written on the key sheet: `Ctrl Shift Z`, on macOS `⌘ ⇧ Z`.
    pub fn shown(self, mac: bool) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut modifier = |on: bool, mac_sign: &str, word: &str| {
            if on {
                parts.push(if mac { mac_sign.to_owned() } else { word.to_owned() });
            }
        };
        modifier(self.ctrl, "⌘", "Ctrl");
        modifier(self.alt, "⌥", "Alt");
        modifier(self.shift, "⇧", "Shift");
        parts.push(match self.key {
            Key::Letter(letter) => letter.to_string(),
            Key::Function(number) => format!("F{number}"),
            Key::Left => "←".to_owned(),
            Key::Right => "→".to_owned(),
            Key::Up => "↑".to_owned(),
            Key::Down => "↓".to_owned(),
            Key::Home => "Home".to_owned(),
            Key::End => "End".to_owned(),
            Key::PageUp => "PgUp".to_owned(),
            Key::PageDown => "PgDn".to_owned(),
            Key::Enter => "Enter".to_owned(),
            Key::Space => "Space".to_owned(),
            Key::Escape => "Esc".to_owned(),
            Key::Delete => "Del".to_owned(),
            Key::Comma => ",".to_owned(),
            Key::Plus => "+".to_owned(),
            Key::Minus => "−".to_owned(),
            Key::Menu => "Menu".to_owned(),
        });
        parts.join(" ")
    }
}
