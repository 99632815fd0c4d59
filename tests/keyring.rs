//! The vault against a real keyring: each case runs in a process of its own, on a session bus, home and keyring of its
//! own, so that nobody's keys are touched.

#[cfg(test)]
#[cfg(all(unix, not(target_os = "macos")))]
mod real {

    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use proofsheet::domain::{EndpointName, FailureKind, KeyPlace, Secret};
    use proofsheet::secrets::{SERVICE, Vault};

    /// Set in the process that runs a case: the file it makes when it is through.
    const INSIDE: &str = "PROOFSHEET_TEST_KEYRING_CASE";
    /// Longer than any case takes on a busy machine.
    const CASE_LIMIT: Duration = Duration::from_mins(2);
    /// Longer than the keyring's program takes to start on a busy machine.
    const START_LIMIT: Duration = Duration::from_secs(30);
    const KEY: &str = "sk-real-keyring-1";

    /// What a case finds around it.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Around {
        /// No session bus.
        NoBus,
        /// A session bus that starts nothing by itself.
        Bus,
    }

    /// Runs this very test again in a process whose home and session are its own, and `case` in there.
    #[track_caller]
    fn alone(test: &str, around: Around, case: impl FnOnce()) {
        if let Some(done) = std::env::var_os(INSIDE) {
            case();
            return std::fs::write(done, "").unwrap();
        }
        for (program, package) in [
            ("dbus-run-session", "dbus"),
            ("gnome-keyring-daemon", "gnome-keyring"),
            ("secret-tool", "libsecret-tools"),
        ] {
            assert!(in_path(program), "{program} is missing: apt-get install {package}");
        }
        let home = tempfile::tempdir().unwrap();
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        let done = home.path().join("done");
        let module = module_path!().split_once("::").map_or("", |(_, module)| module);
        let this = std::env::current_exe().unwrap();
        let mut command = match around {
            Around::NoBus => Command::new(&this),
            Around::Bus => {
                let config = home.path().join("bus.conf");
                std::fs::write(&config, bus_config(home.path())).unwrap();
                let mut command = Command::new("dbus-run-session");
                command.arg("--config-file").arg(config).arg("--").arg(&this);
                command
            }
        };
        command
            .args(["--exact", &format!("{module}::{test}"), "--nocapture", "--test-threads=1"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env("LANG", "C.UTF-8")
            .env(INSIDE, &done)
            .stdin(Stdio::null());
        let mut child = Ended(command.spawn().unwrap());
        let deadline = Instant::now() + CASE_LIMIT;
        let status = loop {
            if let Some(status) = child.0.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "{test} did not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "{test}: {status}");
        assert!(done.exists(), "{test} was not run");
    }

    fn in_path(program: &str) -> bool {
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
    }

    /// A session bus without any service that it could start.
    fn bus_config(home: &Path) -> String {
        format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen><auth>EXTERNAL</auth><policy context='default'>\
         <allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>",
            home.display()
        )
    }

    /// A process that ends with this value.
    struct Ended(Child);

    impl Drop for Ended {
        fn drop(&mut self) {
            // It may have ended by itself.
            drop(self.0.kill());
            drop(self.0.wait());
        }
    }

    /// Starts the real keyring, its login keyring open.
    fn start_keyring() -> Ended {
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
    fn output(program: &str, args: &[&str]) -> String {
        let output = Command::new(program).args(args).output().unwrap();
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    }

    fn name(text: &str) -> EndpointName {
        EndpointName::new(text).unwrap()
    }

    #[track_caller]
    fn eventually(mut condition: impl FnMut() -> bool) {
        let deadline = Instant::now() + START_LIMIT;
        while !condition() {
            assert!(Instant::now() < deadline, "it never came");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[test]
    fn without_a_bus_the_key_lives_for_the_session() {
        alone("without_a_bus_the_key_lives_for_the_session", Around::NoBus, || {
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
        alone("a_keyring_that_starts_late_takes_the_key_without_a_restart", Around::Bus, || {
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
        alone("keys_are_replaced_renamed_and_forgotten", Around::Bus, || {
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
        alone("a_locked_keyring_is_told_and_costs_no_key", Around::Bus, || {
            let _keyring = start_keyring();
            let vault = Vault::with_time_limit(SERVICE, Duration::from_secs(5));
            eventually(|| vault.find(&name("a")).problem.is_none());
            assert_eq!(vault.save(&name("a"), Secret::new(KEY)).place, KeyPlace::Keyring);
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

            let found = vault.find(&name("a"));
            assert!(found.key.is_none());
            let problem = found.problem.unwrap();
            assert!(problem.sentence.contains("Unlock it"), "{}", problem.sentence);
            let saved = vault.save(&name("a"), Secret::new("sk-newer"));
            assert_eq!(saved.place, KeyPlace::Session);
            assert_eq!(saved.key.as_ref().map(Secret::expose), Some("sk-newer"));
        });
    }
}
