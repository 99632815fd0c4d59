//! The vault against the real keyring in trouble: odd entries, a question nobody answers, an end between two calls.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proofsheet::domain::{FailureKind, KeyPlace, Secret};
use proofsheet::secrets::{Found, SERVICE, Vault};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::OwnedObjectPath;

use super::alone::{Around, alone, eventually};
use super::keyring::{lock, name, output, start_keyring};

const KEY: &str = "sk-real-keyring-2";

/// Puts bytes under a name past the program, as another program could.
fn put(user: &str, more: &[&str], secret: &[u8]) {
    let mut child = Command::new("secret-tool")
        .args(["store", "--label=by hand", "service", SERVICE, "username", user])
        .args(more)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(secret).unwrap();
    assert!(child.wait().unwrap().success());
}

/// The vault, once the keyring answers.
fn ready() -> Vault {
    let vault = Vault::new(SERVICE);
    eventually(|| vault.find(&name("nobody")).problem.is_none());
    vault
}

#[track_caller]
fn told(found: &Found, place: KeyPlace, words: &str) {
    assert_eq!(found.place, place);
    let problem = found.problem.as_ref().unwrap();
    assert_eq!(problem.kind, FailureKind::Keyring);
    assert!(problem.sentence.contains(words), "{}", problem.sentence);
    let all = format!("{problem:?}");
    assert!(!all.contains("sk-") && !all.contains("real-keyring"), "{all}");
}

#[test]
fn an_entry_that_is_no_text_is_told_and_a_new_key_takes_its_place() {
    alone(module_path!(), "an_entry_that_is_no_text_is_told_and_a_new_key_takes_its_place", Around::Bus, || {
        let _keyring = start_keyring();
        let vault = ready();
        put("odd", &[], b"sk-\xff\xfe real-keyring");
        let found = vault.find(&name("odd"));
        assert!(found.key.is_none());
        told(&found, KeyPlace::Unknown, "not a key");
        assert_eq!(vault.save(&name("odd"), Secret::new(KEY)).place, KeyPlace::Keyring);
        assert_eq!(output("secret-tool", &["lookup", "service", SERVICE, "username", "odd"]), KEY);
    });
}

#[test]
fn several_entries_under_one_name_are_told_and_become_one() {
    alone(module_path!(), "several_entries_under_one_name_are_told_and_become_one", Around::Bus, || {
        let _keyring = start_keyring();
        let vault = ready();
        put("twice", &[], b"sk-one");
        put("twice", &["more", "yes"], b"sk-one");
        let found = vault.find(&name("twice"));
        assert_eq!(found.key.as_ref().map(Secret::expose), Some("sk-one"), "equal ones are one");
        put("twice", &["more", "yes"], b"sk-two");
        let found = vault.find(&name("twice"));
        assert!(found.key.is_none());
        told(&found, KeyPlace::Unknown, "different keys");
        assert_eq!(vault.save(&name("twice"), Secret::new(KEY)).place, KeyPlace::Keyring);
        let listed = output("secret-tool", &["search", "--all", "service", SERVICE, "username", "twice"]);
        assert_eq!(listed.matches("secret = ").count(), 1, "{listed}");
        assert!(listed.contains(KEY), "{listed}");
        assert_eq!(vault.forget(&name("twice")), None);
        assert_eq!(output("secret-tool", &["search", "--all", "service", SERVICE, "username", "twice"]), "");
    });
}

#[test]
fn a_long_key_and_odd_names_come_back_as_they_went() {
    alone(module_path!(), "a_long_key_and_odd_names_come_back_as_they_went", Around::Bus, || {
        let _keyring = start_keyring();
        let vault = ready();
        let long = "k".repeat(1_280);
        for user in ["Räder & Söhne 狐", "a'b\"c\\d", "-rf", "x".repeat(100).as_str()] {
            assert_eq!(vault.save(&name(user), Secret::new(long.as_str())).place, KeyPlace::Keyring, "{user}");
            let found = Vault::new(SERVICE).find(&name(user));
            assert_eq!(found.key.as_ref().map(Secret::expose), Some(long.as_str()), "{user}");
        }
    });
}

/// Takes every question to the person, and lets none come to an end.
struct Prompter(Arc<Mutex<Vec<String>>>);

#[zbus::interface(name = "org.gnome.keyring.internal.Prompter")]
impl Prompter {
    fn begin_prompting(&self, callback: OwnedObjectPath) {
        self.0.lock().unwrap().push(callback.to_string());
    }
}

fn prompter(asked: &Arc<Mutex<Vec<String>>>) -> Connection {
    let service = Prompter(Arc::clone(asked));
    let builder = Builder::session().unwrap().serve_at("/org/gnome/keyring/Prompter", service).unwrap();
    builder.name("org.gnome.keyring.SystemPrompter").unwrap().build().unwrap()
}

#[test]
fn a_question_that_is_never_answered_costs_the_time_limit_and_no_key() {
    const LIMIT: Duration = Duration::from_secs(2);
    alone(module_path!(), "a_question_that_is_never_answered_costs_the_time_limit_and_no_key", Around::Bus, || {
        let asked = Arc::default();
        let _prompter = prompter(&asked);
        let _keyring = start_keyring();
        assert_eq!(ready().save(&name("a"), Secret::new(KEY)).place, KeyPlace::Keyring);
        lock();
        let vault = Vault::with_time_limit(SERVICE, LIMIT);
        let found = vault.find(&name("a"));
        assert!(found.key.is_none());
        told(&found, KeyPlace::Unknown, "did not answer within 2 seconds");
        assert!(!asked.lock().unwrap().is_empty(), "the person was asked");
        // Meanwhile a key can be used, and other names are not held up for longer than the limit.
        let saved = vault.save(&name("a"), Secret::new("sk-newer"));
        assert_eq!((saved.place, saved.key.as_ref().map(Secret::expose)), (KeyPlace::Session, Some("sk-newer")));
        assert_eq!(vault.find(&name("a")).key.as_ref().map(Secret::expose), Some("sk-newer"));
        drop(vault.find(&name("b")));
    });
}

#[test]
fn a_keyring_that_ends_between_two_calls_loses_no_key() {
    alone(module_path!(), "a_keyring_that_ends_between_two_calls_loses_no_key", Around::Bus, || {
        let keyring = start_keyring();
        let vault = ready();
        assert_eq!(vault.save(&name("a"), Secret::new(KEY)).place, KeyPlace::Keyring);
        drop(keyring);
        // Gone: the old key cannot be read, a new one lives for the session, and nobody is told that it was kept.
        let found = vault.find(&name("a"));
        assert!(found.key.is_none() && found.problem.is_some());
        let saved = vault.save(&name("a"), Secret::new("sk-newer"));
        told(&saved, KeyPlace::Session, "gone when the program ends");
        assert_eq!(vault.find(&name("a")).key.as_ref().map(Secret::expose), Some("sk-newer"));
        // Back again: it is put in by itself, where the old one was.
        let _keyring = start_keyring();
        eventually(|| vault.find(&name("a")).place == KeyPlace::Keyring);
        assert_eq!(output("secret-tool", &["lookup", "service", SERVICE, "username", "a"]), "sk-newer");
    });
}
