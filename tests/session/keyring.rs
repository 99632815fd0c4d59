//! The vault against a real keyring: gnome-keyring, asked again by `secret-tool`.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use proofsheet::domain::{EndpointName, FailureKind, KeyPlace, Secret};
use proofsheet::secrets::{SERVICE, Vault};

use super::alone::{Around, Ended, alone, eventually};

const KEY: &str = "sk-real-keyring-1";

/// Starts the real keyring, its login keyring open.
pub(crate) fn start_keyring() -> Ended {
    let mut child = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"password\n").unwrap();
    Ended(child)
}

/// Runs a program and gives its output, both streams.
pub(crate) fn output(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

pub(crate) fn name(text: &str) -> EndpointName {
    EndpointName::new(text).unwrap()
}

/// Locks the login keyring, as a screen saver does.
pub(crate) fn lock() {
    let locked = output(
        "dbus-send",
        &[
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/aliases/default",
        ],
    );
    assert!(locked.contains("/org/freedesktop/secrets/aliases/default"), "{locked}");
}

#[test]
fn without_a_bus_the_key_lives_for_the_session() {
    alone(module_path!(), "without_a_bus_the_key_lives_for_the_session", Around::NoBus, || {
        let vault = Vault::new(SERVICE);
        let found = vault.find(&name("a"));
        assert!(found.place == KeyPlace::Missing && found.key.is_none());
        assert_eq!(found.problem.map(|problem| problem.kind), Some(FailureKind::Keyring));
        let saved = vault.save(&name("a"), Secret::new(KEY));
        assert_eq!(saved.place, KeyPlace::Session);
        assert!(saved.problem.is_some());
        let found = vault.find(&name("a"));
        assert_eq!(found.key.as_ref().map(Secret::expose), Some(KEY));
    });
}

#[test]
fn a_keyring_that_starts_late_takes_the_key_without_a_restart() {
    alone(module_path!(), "a_keyring_that_starts_late_takes_the_key_without_a_restart", Around::Bus, || {
        let vault = Vault::new(SERVICE);
        assert_eq!(vault.find(&name("late")).place, KeyPlace::Missing);
        let saved = vault.save(&name("late"), Secret::new(KEY));
        assert_eq!(saved.place, KeyPlace::Session);

        let keyring = start_keyring();
        eventually(|| vault.find(&name("late")).place == KeyPlace::Keyring);
        let found = Vault::new(SERVICE).find(&name("late"));
        assert!(found.place == KeyPlace::Keyring && found.problem.is_none());
        assert_eq!(found.key.as_ref().map(Secret::expose), Some(KEY));

        let listed = output("secret-tool", &["search", "--all", "service", SERVICE]);
        assert!(listed.contains("attribute.username = late") && listed.contains(KEY), "{listed}");
        assert!(listed.contains("label = Proofsheet key for late"), "{listed}");

        // The keyring's program ends and starts again while the vault is in use.
        drop(keyring);
        let _keyring = start_keyring();
        eventually(|| vault.find(&name("late")).place == KeyPlace::Keyring);
    });
}

#[test]
fn keys_are_replaced_renamed_and_forgotten() {
    alone(module_path!(), "keys_are_replaced_renamed_and_forgotten", Around::Bus, || {
        let _keyring = start_keyring();
        let vault = Vault::new(SERVICE);
        eventually(|| vault.find(&name("one")).problem.is_none());
        assert_eq!(vault.save(&name("one"), Secret::new("sk-old")).place, KeyPlace::Keyring);
        assert_eq!(vault.save(&name("one"), Secret::new(KEY)).place, KeyPlace::Keyring);
        assert_eq!(output("secret-tool", &["lookup", "service", SERVICE, "username", "one"]), KEY);

        assert_eq!(vault.rename(&name("one"), &name("zwei ü")), None);
        assert_eq!(output("secret-tool", &["lookup", "service", SERVICE, "username", "one"]), "");
        assert_eq!(output("secret-tool", &["lookup", "service", SERVICE, "username", "zwei ü"]), KEY);

        assert_eq!(vault.forget(&name("zwei ü")), None);
        assert_eq!(output("secret-tool", &["search", "--all", "service", SERVICE]), "");
        assert_eq!(vault.find(&name("zwei ü")).place, KeyPlace::Missing);
    });
}

#[test]
fn a_locked_keyring_is_told_and_costs_no_key() {
    alone(module_path!(), "a_locked_keyring_is_told_and_costs_no_key", Around::Bus, || {
        let _keyring = start_keyring();
        let vault = Vault::with_time_limit(SERVICE, Duration::from_secs(5));
        eventually(|| vault.find(&name("a")).problem.is_none());
        assert_eq!(vault.save(&name("a"), Secret::new(KEY)).place, KeyPlace::Keyring);
        lock();

        let found = vault.find(&name("a"));
        assert!(found.key.is_none());
        let problem = found.problem.unwrap();
        assert!(problem.sentence.contains("Unlock it"), "{}", problem.sentence);
        let saved = vault.save(&name("a"), Secret::new("sk-newer"));
        assert_eq!(saved.place, KeyPlace::Session);
        assert_eq!(saved.key.as_ref().map(Secret::expose), Some("sk-newer"));
    });
}
