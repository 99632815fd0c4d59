//! Whether a native file dialog can be opened at all: a dialog that cannot looks just like one that was cancelled.

/// A native file dialog will come up when asked for. Takes up to a few seconds on Linux, where the portal is asked
/// (and started, if need be) and `zenity` is looked for; always so elsewhere.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn native_dialog_available() -> bool {
    linux::portal_has_dialogs() || std::env::var_os("PATH").is_some_and(|path| linux::program_in(&path, "zenity"))
}

/// A native file dialog will come up when asked for: always, on this system.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn native_dialog_available() -> bool {
    true
}

#[cfg(all(unix, not(target_os = "macos")))]
mod linux {
    use std::ffi::OsStr;

    use super::super::bus;
    use super::super::limited::limited;

    /// The portal can choose files: a portal may run without any program that does this part.
    pub(super) fn portal_has_dialogs() -> bool {
        limited("dialog-check", bus::CALL_LIMIT * 2, || ask().unwrap_or(false)).unwrap_or(false)
    }

    fn ask() -> zbus::Result<bool> {
        let connection = bus::session()?;
        let chooser = bus::portal(&connection, "org.freedesktop.portal.FileChooser")?;
        Ok(chooser.get_property::<u32>("version").is_ok())
    }

    /// A program of this name is in one of the folders of a search path.
    pub(super) fn program_in(path: &OsStr, program: &str) -> bool {
        std::env::split_paths(path).any(|folder| folder.join(program).is_file())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn programs_are_found_in_the_search_path_only() {
            assert!(program_in(OsStr::new("/nowhere:/bin"), "sh"));
            assert!(!program_in(OsStr::new("/nowhere"), "sh"));
            assert!(!program_in(OsStr::new(""), "sh"));
            assert!(!program_in(OsStr::new("/"), "bin"), "a folder is no program");
        }
    }
}
