//! From keys to verbs: which verbs are alive where, and how a chord reads in the toolkit's words.

use egui::{Event, ImeEvent, Key, Modifiers, Popup, Ui, os::OperatingSystem};

use super::composer::prompt_id;
use super::cx::Cx;
use crate::message::{Chord, Key as Named, Page, Place, Verb};

/// The window runs on macOS: Ctrl is Cmd.
pub(super) fn is_mac(ui: &Ui) -> bool {
    ui.ctx().os() == OperatingSystem::Mac
}

/// The first chord of a verb as written on buttons.
pub(super) fn keys(ui: &Ui, verb: Verb) -> Option<String> {
    verb.chords().first().map(|chord| chord.shown(is_mac(ui)))
}

/// What holds the keyboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Holder {
    /// Nothing, or the images: bare letters and arrows are verbs.
    #[default]
    Images,
    /// The prompt box.
    Prompt,
    /// Another text field.
    Text,
    /// A button, a slider, a list: arrows, Space and Enter are for it, letters are verbs.
    Control,
}

/// Where the keyboard is and what lies over the window.
#[derive(Clone, Copy, Debug)]
struct Surroundings {
    holder: Holder,
    page: Page,
    dialog: bool,
    /// A list is open: it closes itself with Esc, and its arrows and Enter choose.
    list: bool,
    composing: bool,
    filled: Filled,
}

/// Reused settings lie in the composer, or lay there a moment ago: until the form is edited, Undo and Redo mean all of
/// it, not the letters last typed into the prompt.
#[derive(Clone, Copy, Debug, Default)]
struct Filled {
    undo: bool,
    redo: bool,
}

/// Takes the keys that are verbs out of this frame's input and asks for the verbs.
pub(super) fn route(ui: &Ui, cx: &mut Cx<'_>) {
    note_composing(ui, &mut cx.memory.composing);
    let desk = cx.session.desk();
    let now = holder(ui, cx);
    // The toolkit has taken the keyboard from a field that Esc leaves before it is asked here.
    let leaves = ui.input(|input| input.key_pressed(Key::Escape));
    let before = std::mem::replace(&mut cx.memory.keyboard, now);
    let around = Surroundings {
        holder: if leaves && now == Holder::Images { before } else { now },
        page: desk.page(),
        dialog: desk.dialog().is_some(),
        list: Popup::is_any_open(ui.ctx()),
        composing: cx.memory.composing,
        filled: Filled { undo: cx.session.undo_empties_composer(), redo: cx.session.redo_fills_composer() },
    };
    for verb in Verb::all() {
        for chord in verb.chords() {
            if is_alive(verb, chord, around) && take(ui, chord) {
                if verb == Verb::Generate {
                    cx.memory.from_composer = around.holder != Holder::Images;
                }
                cx.ask(verb);
            }
        }
    }
}

fn holder(ui: &Ui, cx: &Cx<'_>) -> Holder {
    let focused = ui.memory(egui::Memory::focused);
    match focused {
        None => Holder::Images,
        Some(id) if Some(id) == cx.memory.images_id => Holder::Images,
        Some(id) if id == prompt_id() => Holder::Prompt,
        Some(_) if ui.ctx().text_edit_focused() => Holder::Text,
        Some(_) => Holder::Control,
    }
}

/// Is this chord of this verb listened to now?
fn is_alive(verb: Verb, chord: Chord, around: Surroundings) -> bool {
    let Surroundings { holder, page, dialog, list, composing, filled } = around;
    if composing || (list && !chord.ctrl) {
        return false;
    }
    if page == Page::FirstStart && !dialog {
        return matches!(verb, Verb::FullScreen | Verb::KeySheet);
    }
    if dialog {
        return matches!(verb, Verb::Back | Verb::FullScreen | Verb::KeySheet | Verb::Preferences);
    }
    match verb.place() {
        // Esc in a text field only leaves the field.
        Place::Everywhere => verb != Verb::Back || matches!(holder, Holder::Images | Holder::Control),
        Place::Prompt => holder == Holder::Prompt,
        Place::Images | Place::Viewing => {
            let here = verb.place() == Place::Images || matches!(page, Page::Viewer | Page::Survey);
            here && match holder {
                Holder::Images => true,
                Holder::Control => chord.ctrl || matches!(chord.key, Named::Letter(_)),
                Holder::Prompt => (verb == Verb::Undo && filled.undo) || (verb == Verb::Redo && filled.redo),
                Holder::Text => false,
            }
        }
    }
}

/// Removes the chord's press from the input, when it is there.
fn take(ui: &Ui, chord: Chord) -> bool {
    // The integration turns Ctrl+C into a copy of its own.
    if chord == Chord::ctrl(Named::Letter('C')) {
        let copied = ui.input_mut(|input| {
            let before = input.events.len();
            input.events.retain(|event| !matches!(event, Event::Copy));
            input.events.len() < before
        });
        if copied {
            return true;
        }
    }
    let Some(key) = toolkit_key(chord.key) else { return false };
    let wanted = Modifiers { alt: chord.alt, shift: chord.shift, command: chord.ctrl, ..Modifiers::NONE };
    let plus = chord.key == Named::Plus;
    ui.input_mut(|input| {
        let mut taken = false;
        input.events.retain(|event| {
            let Event::Key { key: pressed_key, pressed: true, modifiers, .. } = event else { return true };
            // `+` is Shift and `=` on many keyboards: Shift says nothing there.
            let same_key = *pressed_key == key || (plus && *pressed_key == Key::Equals);
            let shift = plus || modifiers.shift == wanted.shift;
            let hit = same_key && shift && modifiers.alt == wanted.alt && modifiers.command == wanted.command;
            taken |= hit;
            !hit
        });
        taken
    })
}

/// An input method is composing from its first candidate to its commit: keys belong to it.
fn note_composing(ui: &Ui, composing: &mut bool) {
    ui.input(|input| {
        for event in &input.events {
            match event {
                Event::Ime(ImeEvent::Preedit { text, .. }) => *composing = !text.is_empty(),
                Event::Ime(ImeEvent::Commit(_)) | Event::WindowFocused(false) => *composing = false,
                _ => {}
            }
        }
    });
}

fn toolkit_key(key: Named) -> Option<Key> {
    match key {
        Named::Letter(letter) => Key::from_name(letter.encode_utf8(&mut [0; 4])),
        Named::Function(number) => Key::from_name(&format!("F{number}")),
        Named::Left => Some(Key::ArrowLeft),
        Named::Right => Some(Key::ArrowRight),
        Named::Up => Some(Key::ArrowUp),
        Named::Down => Some(Key::ArrowDown),
        Named::Home => Some(Key::Home),
        Named::End => Some(Key::End),
        Named::PageUp => Some(Key::PageUp),
        Named::PageDown => Some(Key::PageDown),
        Named::Enter => Some(Key::Enter),
        Named::Space => Some(Key::Space),
        Named::Escape => Some(Key::Escape),
        Named::Delete => Some(Key::Delete),
        Named::Comma => Some(Key::Comma),
        Named::Plus => Some(Key::Plus),
        Named::Minus => Some(Key::Minus),
        Named::Menu => Some(Key::Menu),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Mark;

    const SHEET: Surroundings = Surroundings {
        holder: Holder::Images,
        page: Page::Sheet,
        dialog: false,
        list: false,
        composing: false,
        filled: Filled { undo: false, redo: false },
    };

    #[track_caller]
    fn check(verb: Verb, around: Surroundings, alive: bool) {
        for chord in verb.chords() {
            assert_eq!(is_alive(verb, chord, around), alive, "{verb:?} {} {around:?}", chord.shown(false));
        }
    }

    #[test]
    fn every_key_of_the_key_sheet_exists_in_the_toolkit() {
        for verb in Verb::all() {
            for chord in verb.chords() {
                assert!(toolkit_key(chord.key).is_some(), "{verb:?}");
            }
        }
    }

    #[test]
    fn bare_letters_are_dead_while_text_has_the_keyboard() {
        let pick = Verb::Mark(Mark::Pick);
        check(pick, SHEET, true);
        check(pick, Surroundings { holder: Holder::Control, ..SHEET }, true);
        for holder in [Holder::Prompt, Holder::Text] {
            check(pick, Surroundings { holder, ..SHEET }, false);
            check(Verb::View, Surroundings { holder, ..SHEET }, false);
            check(Verb::Undo, Surroundings { holder, ..SHEET }, false);
            check(Verb::Back, Surroundings { holder, ..SHEET }, false);
            check(Verb::Generate, Surroundings { holder, ..SHEET }, true);
        }
    }

    #[test]
    fn in_the_prompt_undo_means_the_composer_only_while_reused_settings_lie_in_it() {
        let prompt = Surroundings { holder: Holder::Prompt, ..SHEET };
        let (undo, redo) = (Filled { undo: true, redo: false }, Filled { undo: false, redo: true });
        check(Verb::Undo, Surroundings { filled: undo, ..prompt }, true);
        check(Verb::Redo, Surroundings { filled: undo, ..prompt }, false);
        check(Verb::Redo, Surroundings { filled: redo, ..prompt }, true);
        check(Verb::Undo, Surroundings { holder: Holder::Text, filled: undo, ..SHEET }, false);
    }

    #[test]
    fn nothing_is_taken_from_an_input_method() {
        for verb in Verb::all() {
            check(verb, Surroundings { composing: true, ..SHEET }, false);
        }
    }

    #[test]
    fn a_focused_control_keeps_space_and_arrows() {
        let control = Surroundings { holder: Holder::Control, ..SHEET };
        check(Verb::View, control, false);
        check(Verb::Move(crate::message::Direction::Left), control, false);
        check(Verb::Save, control, true);
    }

    #[test]
    fn under_a_dialog_only_its_own_keys_live() {
        let dialog = Surroundings { dialog: true, ..SHEET };
        check(Verb::Back, dialog, true);
        check(Verb::Preferences, dialog, true);
        check(Verb::Mark(Mark::Pick), dialog, false);
        check(Verb::Generate, dialog, false);
    }

    #[test]
    fn an_open_list_keeps_its_keys_and_ctrl_enter_still_sends() {
        let list = Surroundings { holder: Holder::Text, list: true, ..SHEET };
        check(Verb::Back, list, false);
        check(Verb::View, list, false);
        check(Verb::Generate, list, true);
    }

    #[test]
    fn zoom_keys_live_in_the_viewer() {
        check(Verb::ZoomIn, SHEET, false);
        check(Verb::ZoomIn, Surroundings { page: Page::Viewer, ..SHEET }, true);
    }

    #[test]
    fn earlier_prompts_are_for_the_prompt_box() {
        check(Verb::EarlierPrompt, SHEET, false);
        check(Verb::EarlierPrompt, Surroundings { holder: Holder::Prompt, ..SHEET }, true);
    }
}
