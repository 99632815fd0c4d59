//! The session bus and the desktop portal on it.

use std::time::Duration;

use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, Proxy};

/// The portal's name on the bus.
pub(super) const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PORTAL_PATH: &str = "/org/freedesktop/portal/desktop";

/// How long one call waits: the bus may have to start the portal first, which takes seconds on a busy computer.
pub(super) const CALL_LIMIT: Duration = Duration::from_secs(10);

/// Connects to the session bus. Calls on the connection end after [`CALL_LIMIT`]; connecting itself has no limit, so do
/// it on a thread that nobody waits for.
pub(super) fn session() -> zbus::Result<Connection> {
    Builder::session()?.method_timeout(CALL_LIMIT).build()
}

/// One of the portal's interfaces.
pub(super) fn portal<'a>(connection: &Connection, interface: &'a str) -> zbus::Result<Proxy<'a>> {
    Proxy::new(connection, PORTAL, PORTAL_PATH, interface)
}
