//! The desktop's dark setting and its dialogs, over a portal made here that says what the case needs.

use std::sync::mpsc::sync_channel;
use std::time::Duration;

use proofsheet::desktop::{native_dialog_available, watch_system_dark};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{OwnedValue, Value};

use super::alone::{Around, alone};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";
const LIMIT: Duration = Duration::from_secs(30);
/// Long enough for a wrong call to show itself.
const PAUSE: Duration = Duration::from_millis(300);

struct Settings(u32);

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Settings {
    fn read_one(&self, namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        answer(namespace, key, Value::U32(self.0))
    }
}

/// A portal from before 2023, with another name for the call and one wrapping more.
struct OldSettings(u32);

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl OldSettings {
    fn read(&self, namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        answer(namespace, key, Value::Value(Box::new(Value::U32(self.0))))
    }
}

fn answer(namespace: &str, key: &str, value: Value<'static>) -> zbus::fdo::Result<OwnedValue> {
    if (namespace, key) != ("org.freedesktop.appearance", "color-scheme") {
        return Err(zbus::fdo::Error::UnknownProperty(key.to_owned()));
    }
    OwnedValue::try_from(value).map_err(|error| zbus::fdo::Error::Failed(error.to_string()))
}

struct FileChooser(u32);

#[zbus::interface(name = "org.freedesktop.portal.FileChooser")]
impl FileChooser {
    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        self.0
    }
}

fn portal(service: impl zbus::object_server::Interface) -> Connection {
    Builder::session().unwrap().serve_at(PATH, service).unwrap().name(PORTAL).unwrap().build().unwrap()
}

fn change(portal: &Connection, namespace: &str, value: Value<'_>) {
    portal.emit_signal(None::<&str>, PATH, SETTINGS, "SettingChanged", &(namespace, "color-scheme", value)).unwrap();
}

#[test]
fn the_theme_is_told_at_the_start_and_at_each_change() {
    alone(module_path!(), "the_theme_is_told_at_the_start_and_at_each_change", Around::Bus, || {
        let portal = portal(Settings(0));
        let (tell, told) = sync_channel(9);
        watch_system_dark(move |dark| tell.send(dark).unwrap());
        assert_eq!(told.recv_timeout(LIMIT), Ok(false));
        change(&portal, "org.freedesktop.appearance", Value::U32(1));
        assert_eq!(told.recv_timeout(LIMIT), Ok(true));
        // Neither another setting of the same name nor the same value again is a change.
        change(&portal, "org.example", Value::U32(0));
        change(&portal, "org.freedesktop.appearance", Value::from("dark"));
        change(&portal, "org.freedesktop.appearance", Value::U32(1));
        change(&portal, "org.freedesktop.appearance", Value::U32(2));
        assert_eq!(told.recv_timeout(LIMIT), Ok(false));
        assert!(told.recv_timeout(PAUSE).is_err());
    });
}

#[test]
fn an_old_portal_tells_the_theme_too() {
    alone(module_path!(), "an_old_portal_tells_the_theme_too", Around::Bus, || {
        let _portal = portal(OldSettings(1));
        let (tell, told) = sync_channel(9);
        watch_system_dark(move |dark| tell.send(dark).unwrap());
        assert_eq!(told.recv_timeout(LIMIT), Ok(true));
    });
}

#[test]
fn without_a_bus_no_theme_is_told_and_nothing_breaks() {
    alone(module_path!(), "without_a_bus_no_theme_is_told_and_nothing_breaks", Around::NoBus, || {
        let (tell, told) = sync_channel(9);
        watch_system_dark(move |dark| tell.send(dark).unwrap());
        // The watching ends, and with it the sender.
        assert_eq!(told.recv_timeout(LIMIT), Err(std::sync::mpsc::RecvTimeoutError::Disconnected));
    });
}

#[test]
fn a_dialog_is_there_when_the_portal_chooses_files() {
    alone(module_path!(), "a_dialog_is_there_when_the_portal_chooses_files", Around::BusOnly, || {
        assert!(!native_dialog_available(), "no portal at all");
        let other = portal(Settings(0));
        assert!(!native_dialog_available(), "a portal that has no dialogs");
        other.release_name(PORTAL).unwrap();
        let _portal = portal(FileChooser(3));
        assert!(native_dialog_available());
    });
}
