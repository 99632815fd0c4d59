//! The vault over a mock keyring that is absent, late, locked, broken, forgetful or slow.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use keyring::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring::mock::{Cred, Store as Mock};
use keyring::{CredentialStore, Entry, Error};

use super::ring::{Open, Store};
use super::vault::Vault;
use crate::domain::{EndpointName, FailureKind, KeyPlace, Secret};

const PATIENT: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);
const KEY: &str = "sk-very-secret-123";

fn name(text: &str) -> EndpointName {
    EndpointName::new(text).unwrap()
}

fn broken() -> Error {
    Error::PlatformFailure("gone".into())
}

fn store(credentials: Arc<CredentialStore>) -> Store {
    Store { credentials, takes_label: false }
}

/// A vault over this mock, which is always there.
fn over(mock: &Arc<Mock>, limit: Duration) -> Vault {
    let mock = Arc::clone(mock);
    vault(move || Ok(store(Arc::clone(&mock) as _)), limit)
}

fn vault(open: impl Fn() -> keyring::Result<Store> + Send + Sync + 'static, limit: Duration) -> Vault {
    Vault::over("Test".to_owned(), Arc::new(open) as Arc<Open>, limit)
}

/// The next call on the entry fails so.
fn fail_next(mock: &Arc<Mock>, user: &str, error: Error) {
    let entry = mock.build("Test", user, None).unwrap();
    entry.as_any().downcast_ref::<Cred>().unwrap().set_error(error);
}

fn held(mock: &Arc<Mock>, user: &str) -> Option<String> {
    mock.build("Test", user, None).unwrap().get_password().ok()
}

#[track_caller]
fn check(found: &super::Found, place: KeyPlace, key: Option<&str>) {
    assert_eq!(found.place, place, "{:?}", found.problem);
    assert_eq!(found.key.as_ref().map(Secret::expose), key);
    if let Some(problem) = &found.problem {
        assert_eq!(problem.kind, FailureKind::Keyring);
        assert!(!format!("{problem:?}").contains("secret"), "{problem:?}");
    }
}

#[test]
fn a_saved_key_is_found_until_it_is_forgotten() {
    let mock = Mock::new().unwrap();
    let vault = over(&mock, PATIENT);
    check(&vault.find(&name("a")), KeyPlace::Missing, None);
    let saved = vault.save(&name("a"), Secret::new(KEY));
    check(&saved, KeyPlace::Keyring, Some(KEY));
    assert!(saved.problem.is_none());
    check(&over(&mock, PATIENT).find(&name("a")), KeyPlace::Keyring, Some(KEY));
    check(&vault.find(&name("b")), KeyPlace::Missing, None);
    assert_eq!(vault.forget(&name("a")), None);
    check(&vault.find(&name("a")), KeyPlace::Missing, None);
    assert_eq!(vault.forget(&name("a")), None, "forgetting twice is no failure");
}

#[test]
fn a_new_name_takes_the_key_along() {
    let mock = Mock::new().unwrap();
    let vault = over(&mock, PATIENT);
    vault.save(&name("old"), Secret::new(KEY));
    assert_eq!(vault.rename(&name("old"), &name("new")), None);
    assert_eq!((held(&mock, "old"), held(&mock, "new").as_deref()), (None, Some(KEY)));
    assert_eq!(vault.rename(&name("none"), &name("other")), None, "nothing to move");

    fail_next(&mock, "newer", broken());
    vault.rename(&name("new"), &name("newer"));
    assert_eq!(held(&mock, "newer").as_deref(), Some(KEY), "the second try did it");

    fail_next(&mock, "locked", Error::NoStorageAccess("no".into()));
    assert!(vault.rename(&name("newer"), &name("locked")).is_some());
    assert_eq!(held(&mock, "newer").as_deref(), Some(KEY), "the old one stays when the new one is not kept");
}

#[test]
fn without_a_keyring_the_key_lives_for_the_session() {
    let vault = vault(|| Err(broken()), PATIENT);
    let found = vault.find(&name("a"));
    check(&found, KeyPlace::Missing, None);
    assert!(found.problem.unwrap().sentence.contains("No keyring"));
    let saved = vault.save(&name("a"), Secret::new(KEY));
    check(&saved, KeyPlace::Session, Some(KEY));
    assert!(saved.problem.unwrap().sentence.contains("gone when the program ends"));
    check(&vault.find(&name("a")), KeyPlace::Session, Some(KEY));
    assert_eq!(vault.rename(&name("a"), &name("b")).map(|failure| failure.kind), Some(FailureKind::Keyring));
    check(&vault.find(&name("b")), KeyPlace::Session, Some(KEY));
    check(&vault.find(&name("a")), KeyPlace::Missing, None);
    assert_eq!(vault.forget(&name("b")), None, "it was in memory only");
    check(&vault.find(&name("b")), KeyPlace::Missing, None);
    assert!(vault.forget(&name("never saved")).is_some(), "it may be in the keyring that is away");
}

#[test]
fn a_keyring_that_starts_late_works_without_a_restart() {
    let mock = Mock::new().unwrap();
    let tries = Arc::new(AtomicUsize::new(0));
    let (late, counted) = (Arc::clone(&mock), Arc::clone(&tries));
    let vault = vault(
        move || {
            if counted.fetch_add(1, Ordering::SeqCst) < 2 { Err(broken()) } else { Ok(store(Arc::clone(&late) as _)) }
        },
        PATIENT,
    );
    check(&vault.find(&name("a")), KeyPlace::Missing, None);
    check(&vault.save(&name("a"), Secret::new(KEY)), KeyPlace::Session, Some(KEY));
    check(&vault.find(&name("a")), KeyPlace::Keyring, Some(KEY));
    assert_eq!(held(&mock, "a").as_deref(), Some(KEY), "the key went in as soon as the keyring was there");
    assert_eq!(tries.load(Ordering::SeqCst), 3, "an open keyring is not opened again");
}

#[test]
fn a_broken_connection_is_made_once_more() {
    let mock = Mock::new().unwrap();
    let vault = over(&mock, PATIENT);
    vault.save(&name("a"), Secret::new(KEY));
    fail_next(&mock, "a", broken());
    check(&vault.find(&name("a")), KeyPlace::Keyring, Some(KEY));
}

#[test]
fn every_error_has_its_words_and_none_has_the_secret() {
    let mock = Mock::new().unwrap();
    for (error, words) in [
        (Error::NoStorageAccess("no".into()), "locked"),
        (Error::BadEncoding(b"sk-secret-\xff".to_vec()), "not a key"),
        (Error::BadDataFormat(b"sk-secret".to_vec(), "x".into()), "not a key"),
        (Error::TooLong("secret".to_owned(), 9), "so long"),
        (Error::Invalid("secret".to_owned(), "secret".to_owned()), "failed"),
    ] {
        let vault = over(&mock, PATIENT);
        fail_next(&mock, "a", error);
        let found = vault.find(&name("a"));
        check(&found, KeyPlace::Unknown, None);
        let sentence = found.problem.unwrap().sentence;
        assert!(sentence.contains(words), "{sentence}");
    }
    // Saving over what cannot be read mends it.
    check(&over(&mock, PATIENT).save(&name("a"), Secret::new(KEY)), KeyPlace::Keyring, Some(KEY));
}

#[test]
fn several_entries_become_one() {
    let mock = Mock::new().unwrap();
    let vault = over(&mock, PATIENT);
    let entries = |keys: [&str; 2]| {
        keys.map(|key| {
            let entry = mock.build("Elsewhere", key, None).unwrap();
            entry.set_password(key).unwrap();
            entry
        })
    };
    fail_next(&mock, "a", Error::Ambiguous(entries(["one", "two"]).into()));
    let found = vault.find(&name("a"));
    check(&found, KeyPlace::Unknown, None);
    assert!(found.problem.unwrap().sentence.contains("different keys"));

    fail_next(&mock, "a", Error::Ambiguous(entries(["same", "same"]).into()));
    check(&vault.find(&name("a")), KeyPlace::Keyring, Some("same"));

    let both = entries(["one", "two"]);
    fail_next(&mock, "a", Error::Ambiguous(both.into()));
    check(&vault.save(&name("a"), Secret::new(KEY)), KeyPlace::Keyring, Some(KEY));
    assert!(mock.build("Elsewhere", "one", None).unwrap().get_password().is_err(), "the others are gone");
}

/// A keyring whose writes can be made to wait, or to lose what they are given.
struct Odd {
    mock: Arc<Mock>,
    gate: Arc<Gate>,
    forgetful: bool,
}

/// Writes wait until it is open, and are counted when they are through.
#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
    written: AtomicUsize,
}

impl Gate {
    fn unlock(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

struct OddEntry {
    entry: Entry,
    gate: Arc<Gate>,
    forgetful: bool,
}

impl CredentialStoreApi for Odd {
    fn vendor(&self) -> String {
        "odd".to_owned()
    }
    fn id(&self) -> String {
        "odd".to_owned()
    }
    fn build(&self, service: &str, user: &str, mods: Option<&HashMap<&str, &str>>) -> keyring::Result<Entry> {
        let entry = self.mock.build(service, user, mods)?;
        Ok(Entry::new_with_credential(Arc::new(OddEntry {
            entry,
            gate: Arc::clone(&self.gate),
            forgetful: self.forgetful,
        })))
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("odd")
    }
}

impl CredentialApi for OddEntry {
    fn set_secret(&self, secret: &[u8]) -> keyring::Result<()> {
        let mut open = self.gate.open.lock().unwrap();
        while !*open {
            open = self.gate.opened.wait(open).unwrap();
        }
        let written = if self.forgetful { Ok(()) } else { self.entry.set_secret(secret) };
        self.gate.written.fetch_add(1, Ordering::SeqCst);
        written
    }
    fn get_secret(&self) -> keyring::Result<Vec<u8>> {
        self.entry.get_secret()
    }
    fn delete_credential(&self) -> keyring::Result<()> {
        self.entry.delete_credential()
    }
    fn get_credential(&self) -> keyring::Result<Option<Arc<Credential>>> {
        Ok(None)
    }
    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn odd(mock: &Arc<Mock>, forgetful: bool, limit: Duration) -> (Vault, Arc<Gate>) {
    let gate = Arc::new(Gate::default());
    let (mock, kept) = (Arc::clone(mock), Arc::clone(&gate));
    let open = move || Ok(store(Arc::new(Odd { mock: Arc::clone(&mock), gate: Arc::clone(&kept), forgetful })));
    (vault(open, limit), gate)
}

/// Waits for what another thread does in its own time.
#[track_caller]
fn eventually(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENT;
    while !condition() {
        assert!(Instant::now() < deadline, "it never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_key_that_is_not_given_back_stays_in_memory() {
    let mock = Mock::new().unwrap();
    let (vault, gate) = odd(&mock, true, PATIENT);
    gate.unlock();
    let saved = vault.save(&name("a"), Secret::new(KEY));
    check(&saved, KeyPlace::Session, Some(KEY));
    assert!(saved.problem.unwrap().sentence.contains("does not give it back"));
}

#[test]
fn a_keyring_that_never_answers_costs_the_time_limit_and_no_more() {
    let mock = Mock::new().unwrap();
    let (vault, gate) = odd(&mock, false, SHORT);
    let begun = Instant::now();
    let saved = vault.save(&name("a"), Secret::new("first"));
    check(&saved, KeyPlace::Session, Some("first"));
    assert!(saved.problem.unwrap().sentence.contains("Unlock it"));
    // Another endpoint's key is still found: a fresh thread asks, and reading does not wait here.
    mock.build("Test", "b", None).unwrap().set_password("other").unwrap();
    check(&vault.find(&name("b")), KeyPlace::Keyring, Some("other"));
    check(&vault.save(&name("a"), Secret::new("second")), KeyPlace::Session, Some("second"));
    check(&vault.save(&name("a"), Secret::new("third")), KeyPlace::Session, Some("third"));
    let waited = begun.elapsed();
    assert!(waited >= SHORT * 3, "{waited:?}");

    // All threads that may be stuck are: the answer comes at once, and the key is not lost.
    let begun = Instant::now();
    let saved = vault.save(&name("a"), Secret::new("fourth"));
    check(&saved, KeyPlace::Session, Some("fourth"));
    assert!(saved.problem.unwrap().sentence.contains("still owes"));
    assert!(begun.elapsed() < SHORT, "{:?}", begun.elapsed());

    // Unlocked, the late writes end with the newest key, whichever comes last.
    gate.unlock();
    // Of three threads each one writes and reads back until it wrote the newest.
    eventually(|| gate.written.load(Ordering::SeqCst) >= 3 && held(&mock, "a").as_deref() == Some("fourth"));
    eventually(|| vault.find(&name("a")).place == KeyPlace::Keyring);
    assert_eq!(held(&mock, "a").as_deref(), Some("fourth"));
}

#[test]
fn a_key_forgotten_while_the_keyring_waits_does_not_come_back() {
    let mock = Mock::new().unwrap();
    let (vault, gate) = odd(&mock, false, SHORT);
    check(&vault.save(&name("a"), Secret::new(KEY)), KeyPlace::Session, Some(KEY));
    assert_eq!(vault.forget(&name("a")), None);
    gate.unlock();
    eventually(|| gate.written.load(Ordering::SeqCst) == 1 && held(&mock, "a").is_none());
    check(&vault.find(&name("a")), KeyPlace::Missing, None);
}

#[test]
fn a_panic_in_the_keyring_is_a_failure_and_the_next_call_works() {
    let mock = Mock::new().unwrap();
    let first = AtomicUsize::new(0);
    let held = Arc::clone(&mock);
    let vault = vault(
        move || {
            assert!(first.fetch_add(1, Ordering::SeqCst) > 0, "a made-up bug");
            Ok(store(Arc::clone(&held) as _))
        },
        PATIENT,
    );
    check(&vault.find(&name("a")), KeyPlace::Unknown, None);
    check(&vault.save(&name("a"), Secret::new(KEY)), KeyPlace::Keyring, Some(KEY));
}
