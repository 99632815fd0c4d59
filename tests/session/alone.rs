//! Runs a test in a process of its own, on a session bus, home and runtime folder of its own.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Set in the process that runs a case: the file it makes when it is through.
const INSIDE: &str = "PROOFSHEET_TEST_DONE_FILE";
/// Longer than any case takes on a busy machine.
const CASE_LIMIT: Duration = Duration::from_mins(2);
/// Longer than a service takes to start on a busy machine.
const EVENT_LIMIT: Duration = Duration::from_secs(30);

/// What a case finds around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    /// No session bus.
    NoBus,
    /// A session bus that starts nothing by itself.
    Bus,
    /// The same, and no program to be found by its name.
    BusOnly,
    /// A screen, without a session bus.
    Screen,
}

/// The programs needed, and the Debian packages that have them.
const NEEDED: [(&str, &str); 6] = [
    ("dbus-run-session", "dbus"),
    ("dbus-send", "dbus"),
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("secret-tool", "libsecret-tools"),
    ("xvfb-run", "xvfb"),
    ("xauth", "xauth"),
];

/// Runs the calling test again in a process whose home and session are its own, and `case` in there. `test` is the
/// test's full name, as `module_path!` and its own name give it.
#[track_caller]
pub(crate) fn alone(module: &str, test: &str, around: Around, case: impl FnOnce()) {
    if let Some(done) = std::env::var_os(INSIDE) {
        case();
        return std::fs::write(done, "").unwrap();
    }
    for (program, package) in NEEDED {
        assert!(in_path(program), "{program} is missing: apt-get install {package}");
    }
    let home = tempfile::tempdir().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let done = home.path().join("done");
    let (_, module) = module.split_once("::").unwrap_or_default();
    let said = home.path().join("said");
    let out = std::fs::File::create(&said).unwrap();
    let mut child = Ended(
        command(around, home.path())
            .args(["--exact", &format!("{module}::{test}"), "--nocapture", "--test-threads=1"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env("LANG", "C.UTF-8")
            .env(INSIDE, &done)
            .stdin(Stdio::null())
            .stderr(out.try_clone().unwrap())
            .stdout(out)
            .spawn()
            .unwrap(),
    );
    let deadline = Instant::now() + CASE_LIMIT;
    let status = loop {
        if let Some(status) = child.0.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < deadline, "{test} did not end");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{test}: {status}\n{}", std::fs::read_to_string(said).unwrap());
    assert!(done.exists(), "{test} was not run");
}

fn command(around: Around, home: &Path) -> Command {
    let this = std::env::current_exe().unwrap();
    match around {
        Around::NoBus => return Command::new(this),
        Around::Screen => {
            let mut command = Command::new("xvfb-run");
            command.arg("--auto-servernum").arg(this);
            return command;
        }
        Around::Bus | Around::BusOnly => {}
    }
    let config = home.join("bus.conf");
    std::fs::write(&config, bus_config(home)).unwrap();
    let mut command = Command::new("dbus-run-session");
    command.arg("--config-file").arg(config).arg("--");
    if around == Around::BusOnly {
        command.args(["env", "PATH=/nowhere"]);
    }
    command.arg(this);
    command
}

/// A session bus without any service that it could start.
fn bus_config(home: &Path) -> String {
    format!(
        "<busconfig><type>session</type><listen>unix:dir={}</listen><auth>EXTERNAL</auth><policy context='default'>\
         <allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>",
        home.display()
    )
}

fn in_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// A process that ends with this value.
pub(crate) struct Ended(pub(crate) Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Waits for what another process does in its own time.
#[track_caller]
pub(crate) fn eventually(mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + EVENT_LIMIT;
    while !condition() {
        assert!(Instant::now() < deadline, "it never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}
