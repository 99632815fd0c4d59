//! What the program does with the desktop, tried on desktops of the tests' own: keyring, portal, clipboard.

#[cfg(test)]
#[cfg(all(unix, not(target_os = "macos")))]
mod alone;
#[cfg(test)]
#[cfg(all(unix, not(target_os = "macos")))]
mod clipboard;
#[cfg(test)]
#[cfg(all(unix, not(target_os = "macos")))]
mod keyring;
#[cfg(test)]
#[cfg(all(unix, not(target_os = "macos")))]
mod keyring_faults;
#[cfg(test)]
#[cfg(all(unix, not(target_os = "macos")))]
mod portal;
