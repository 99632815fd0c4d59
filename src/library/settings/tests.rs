//! Settings files, good, broken, old and new.

use std::fs;
use std::path::PathBuf;

use super::super::faulty::FaultyDisk;
use super::super::sample::files;
use super::*;
use crate::domain::{Endpoint, EndpointName, Learned, NamePattern, SaveFormat, Surround, ThemeChoice};

struct Home {
    folder: tempfile::TempDir,
    places: Places,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::find(Some(folder.path())).unwrap();
        Self { folder, places }
    }

    /// A settings file with this text.
    fn with(text: &str) -> Self {
        let home = Self::new();
        fs::create_dir_all(&home.places.config).unwrap();
        fs::write(home.file(), text).unwrap();
        home
    }

    fn file(&self) -> PathBuf {
        self.places.config.join(SETTINGS_FILE)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }
}

fn rich() -> Settings {
    let name = |name: &str| EndpointName::new(name).unwrap();
    let studio = Endpoint {
        name: name("Studio 狐"),
        base_url: "http://127.0.0.1:8080/v1".to_owned(),
        default_model: "gpt-image-1".to_owned(),
        requests_at_once: 2,
        time_limit_secs: 90,
        plain_http_agreed: true,
    };
    Settings {
        endpoints: vec![Endpoint::default(), studio],
        current: name("Studio 狐"),
        library: Some(PathBuf::from("/data/my pictures")),
        name_pattern: NamePattern::parse("{prompt}-{n}").unwrap(),
        save_format: SaveFormat::Jpeg,
        theme: ThemeChoice::Dark,
        surround: Surround::Mid,
        tile_points: 240,
        proxy: Some("http://proxy.example:3128".to_owned()),
        welcomed: true,
        learned: vec![Learned { endpoint: name("Studio 狐"), model: "m".to_owned(), parameter: "style".to_owned() }],
        last_save_folder: Some(PathBuf::from("/tmp/out")),
    }
}

#[test]
fn no_file_means_standard_settings() {
    let home = Home::new();
    assert_eq!(load_settings(&home.places), (Settings::default(), Vec::new()));
    assert_eq!(files(home.folder.path()), [""; 0]);
}

#[test]
fn settings_survive_their_file() {
    for settings in [Settings::default(), rich()] {
        let home = Home::new();
        save_settings(&home.places, &settings).unwrap();
        assert_eq!(load_settings(&home.places), (settings, Vec::new()));
    }
}

#[test]
fn the_demo_endpoint_may_be_current_and_is_never_written() {
    let home = Home::new();
    let demo = Endpoint { name: EndpointName::demo(), ..Endpoint::default() };
    let settings = Settings { current: EndpointName::demo(), ..Settings::default() };
    let with_demo = Settings { endpoints: vec![Endpoint::default(), demo], ..settings.clone() };
    save_settings(&home.places, &with_demo).unwrap();
    assert_eq!(load_settings(&home.places).0, settings);
}

#[test]
fn unknown_fields_are_kept() {
    let home = Home::with(
        "format = 1\nshiny = true\n[window]\nwidth = 900\n[[endpoint]]\nname = \"A\"\nbase_url = \"https://a.example\"\ncolour = \"red\"\n",
    );
    let (mut settings, problems) = load_settings(&home.places);
    assert_eq!(problems, [""; 0]);
    settings.theme = ThemeChoice::Light;
    save_settings(&home.places, &settings).unwrap();
    for kept in ["shiny = true", "[window]", "width = 900", "colour = \"red\"", "theme = \"light\""] {
        assert!(home.text().contains(kept), "{kept} in {}", home.text());
    }
    assert_eq!(load_settings(&home.places), (settings, Vec::new()));
}

#[test]
fn a_broken_file_is_put_aside_and_the_good_one_before_is_used() {
    let home = Home::new();
    save_settings(&home.places, &rich()).unwrap();
    save_settings(&home.places, &Settings { welcomed: false, ..rich() }).unwrap();
    for (round, broken) in ["not toml", "", "format = \"one\"", "format = 1\nwelcomed = 7"].into_iter().enumerate() {
        fs::write(home.file(), broken).unwrap();
        let (settings, problems) = load_settings(&home.places);
        assert_eq!(settings, rich(), "{broken:?}");
        assert!(problems[0].contains("settings.broken"), "{problems:?}");
        let aside = if round == 0 { String::new() } else { format!(" ({})", round + 1) };
        let aside = home.places.config.join(format!("settings.broken{aside}.toml"));
        assert_eq!(fs::read_to_string(aside).unwrap(), broken);
        assert!(!home.file().exists());
        // The next start finds the backup, and the next change writes a file again.
        assert_eq!(load_settings(&home.places).0, rich());
    }
    save_settings(&home.places, &rich()).unwrap();
    assert_eq!(load_settings(&home.places), (rich(), Vec::new()));
}

#[test]
fn a_broken_file_without_a_backup_gives_standard_settings() {
    let home = Home::with("\u{0}\u{1}");
    let (settings, problems) = load_settings(&home.places);
    assert_eq!((settings, problems.len()), (Settings::default(), 1));
}

#[test]
fn a_file_broken_while_running_is_not_lost_on_saving() {
    let home = Home::with("half = ");
    save_settings(&home.places, &rich()).unwrap();
    assert_eq!(load_settings(&home.places).0, rich());
    assert_eq!(fs::read_to_string(home.places.config.join("settings.broken.toml")).unwrap(), "half = ");
}

#[test]
fn one_bad_field_costs_that_field_alone() {
    let home = Home::with(
        "format = 1\ntheme = \"plaid\"\nsurround = \"MID\"\nname_pattern = \"{seed}\"\ntile_points = 9999\nwelcomed = true\n\
         current_endpoint = \"gone\"\n[[endpoint]]\nname = \"A\"\nbase_url = \"\"\nrequests_at_once = 200\n\
         [[endpoint]]\nname = \" \"\nbase_url = \"x\"\n[[endpoint]]\nname = \"A\"\nbase_url = \"twice\"\n",
    );
    let (settings, problems) = load_settings(&home.places);
    assert_eq!((settings.theme, settings.surround), (ThemeChoice::System, Surround::Mid));
    assert_eq!(settings.name_pattern, NamePattern::default());
    assert_eq!((settings.tile_points, settings.welcomed), (Settings::TILE_MAX, true));
    assert_eq!(settings.endpoints.len(), 1);
    assert_eq!(settings.endpoints[0].requests_at_once, Endpoint::REQUESTS_MAX);
    assert_eq!(settings.current.as_str(), "A");
    assert_eq!(problems.len(), 4, "{problems:?}");
}

#[test]
fn a_newer_file_is_read_and_never_written() {
    for text in ["format = 2\nwelcomed = true\nnew = 1\n", "format = 7\nwelcomed = \"in verse\"\n"] {
        let home = Home::with(text);
        let (settings, problems) = load_settings(&home.places);
        assert_eq!(settings.welcomed, text.contains("true"));
        assert!(problems[0].contains("newer version"), "{problems:?}");
        assert_eq!(save_settings(&home.places, &rich()).unwrap_err().kind, FailureKind::Unsupported);
        assert_eq!(home.text(), text);
    }
}

#[test]
fn keys_in_addresses_are_not_written() {
    let home = Home::new();
    let mut settings = Settings::default();
    for address in [
        "https://me:sk-canary@host.example/v1",
        "https://host.example/v1?key=sk-canary",
        "host.example/v1#sk-canary",
        "me:sk-canary@host.example",
    ] {
        settings.endpoints[0].base_url = address.to_owned();
        save_settings(&home.places, &settings).unwrap();
        assert!(!home.text().contains("canary") && home.text().contains("host.example"), "{}", home.text());
    }
}

#[test]
fn the_last_good_file_is_kept_as_a_backup() {
    let home = Home::new();
    save_settings(&home.places, &Settings::default()).unwrap();
    let first = home.text();
    save_settings(&home.places, &rich()).unwrap();
    // Saving the same once more writes nothing, so the backup stays the one before.
    save_settings(&home.places, &rich()).unwrap();
    assert_eq!(fs::read_to_string(home.places.config.join(SETTINGS_BACKUP)).unwrap(), first);
    assert_eq!(files(&home.places.config), [SETTINGS_FILE, SETTINGS_BACKUP]);
}

#[test]
fn whatever_step_fails_old_or_new_settings_are_there() {
    for step in 1..100 {
        let home = Home::new();
        save_settings(&home.places, &Settings::default()).unwrap();
        let disk = FaultyDisk::sound();
        disk.fail_at(step);
        let saved = save_on(&disk, &home.places, &rich());
        let (settings, problems) = load_settings(&home.places);
        assert!(settings == rich() || (saved.is_err() && settings == Settings::default()), "step {step}");
        assert_eq!(problems, [""; 0], "step {step}");
        assert!(files(&home.places.config).len() <= 2, "step {step}: leftovers");
        if !disk.has_failed() {
            assert!(step > 8, "only {step} steps were tried");
            return;
        }
    }
    panic!("saving never got through");
}

#[test]
fn the_persons_model_rows_are_found() {
    let home = Home::with("format = 1");
    assert_eq!(models_file(&home.places), None);
    fs::write(home.places.config.join("models.toml"), "[[model]]").unwrap();
    assert_eq!(models_file(&home.places).as_deref(), Some("[[model]]"));
}

#[cfg(unix)]
#[test]
fn settings_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    save_settings(&home.places, &rich()).unwrap();
    assert_eq!(fs::metadata(home.file()).unwrap().permissions().mode() & 0o077, 0);
}

#[test]
fn a_save_format_nobody_knows_means_as_received_and_stays_in_the_file() {
    for (line, kept) in [("", "save_format = \"as received\""), ("save_format = \"jxl\"\n", "save_format = \"jxl\"")] {
        let home = Home::with(&format!("format = 1\n{line}"));
        let (settings, problems) = load_settings(&home.places);
        assert_eq!((settings.save_format, problems), (SaveFormat::AsReceived, Vec::new()));
        save_settings(&home.places, &Settings { tile_points: 111, ..settings.clone() }).unwrap();
        assert!(home.text().contains(kept), "{}", home.text());
        save_settings(&home.places, &Settings { save_format: SaveFormat::Png, ..settings }).unwrap();
        assert_eq!(load_settings(&home.places).0.save_format, SaveFormat::Png);
    }
}
