//! The keyring of the system the program runs on.

use super::ring::Store;

/// Connects to the keyring of this session: the Secret Service of the desktop.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn open() -> keyring::Result<Store> {
    Ok(Store { credentials: zbus_secret_service_keyring_store::Store::new()?, takes_label: true })
}

/// Opens the login keychain.
#[cfg(target_os = "macos")]
pub(super) fn open() -> keyring::Result<Store> {
    Ok(Store { credentials: apple_native_keyring_store::keychain::Store::new()?, takes_label: false })
}

/// Opens the Credential Manager.
#[cfg(windows)]
pub(super) fn open() -> keyring::Result<Store> {
    Ok(Store { credentials: windows_native_keyring_store::Store::new()?, takes_label: false })
}
