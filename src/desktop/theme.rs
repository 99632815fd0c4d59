//! Whether the desktop is set to dark, where the window toolkit does not know: on Linux, through the portal.

/// Calls `on_change` with the desktop's setting soon after the start and at each change: `true` is dark. A desktop
/// without a preference counts as light.
///
/// Runs on a thread of its own for the life of the program. Without a session bus or portal nothing is ever called;
/// nor is it on Windows and macOS, where the window itself knows.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn watch_system_dark(on_change: impl Fn(bool) + Send + 'static) {
    let watch = move || {
        if let Err(error) = portal::watch(&on_change) {
            tracing::debug!(%error, "the desktop does not tell whether it is dark");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("system-theme".to_owned()).spawn(watch) {
        tracing::warn!(%error, "no thread to watch the desktop's theme");
    }
}

/// Nothing: the window itself knows on this system.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn watch_system_dark(_: impl Fn(bool) + Send + 'static) {}

#[cfg(all(unix, not(target_os = "macos")))]
mod portal {
    use zbus::blocking::Proxy;
    use zbus::zvariant::{OwnedValue, Value};

    use super::super::bus;

    const NAMESPACE: &str = "org.freedesktop.appearance";
    const SETTING: &str = "color-scheme";
    /// The setting's value for a preference for dark; 2 is light and 0 none.
    const PREFER_DARK: u32 = 1;

    /// Tells the setting now and at each change, until the bus goes away.
    pub(super) fn watch(on_change: &impl Fn(bool)) -> zbus::Result<()> {
        let connection = bus::session()?;
        let settings = bus::portal(&connection, "org.freedesktop.portal.Settings")?;
        // Listening begins before the first look, so that no change falls between.
        let changes = settings.receive_signal("SettingChanged")?;
        let mut told = read(&settings);
        if let Some(dark) = told {
            on_change(dark);
        }
        for change in changes {
            let body = change.body();
            let Ok((namespace, setting, value)) = body.deserialize::<(&str, &str, Value<'_>)>() else { continue };
            if (namespace, setting) != (NAMESPACE, SETTING) {
                continue;
            }
            let dark = is_dark(&value);
            if dark.is_some() && dark != told {
                told = dark;
                on_change(dark == Some(true));
            }
        }
        Ok(())
    }

    fn read(settings: &Proxy<'_>) -> Option<bool> {
        let which = (NAMESPACE, SETTING);
        // `Read` is the call of portals before 2023.
        let answer = match settings.call::<_, _, OwnedValue>("ReadOne", &which) {
            Err(zbus::Error::MethodError(..)) => settings.call::<_, _, OwnedValue>("Read", &which),
            answer => answer,
        };
        match answer {
            Ok(value) => is_dark(&value),
            Err(error) => {
                tracing::debug!(%error, "the desktop's theme was not told; waiting for a change");
                None
            }
        }
    }

    /// The value may be wrapped once or twice.
    fn is_dark(value: &Value<'_>) -> Option<bool> {
        match value {
            Value::U32(preference) => Some(*preference == PREFER_DARK),
            Value::Value(inner) => is_dark(inner),
            _ => None,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn only_a_preference_for_dark_is_dark() {
            for (value, dark) in [
                (Value::U32(0), Some(false)),
                (Value::U32(1), Some(true)),
                (Value::U32(2), Some(false)),
                (Value::Value(Box::new(Value::U32(1))), Some(true)),
                (Value::Value(Box::new(Value::Value(Box::new(Value::U32(1))))), Some(true)),
                (Value::from("dark"), None),
            ] {
                assert_eq!(is_dark(&value), dark, "{value:?}");
            }
        }
    }
}
