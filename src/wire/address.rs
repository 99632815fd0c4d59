//! Which network addresses belong to this computer or its own network, and a resolver that keeps images off them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::domain::BaseUrl;

/// Not on the open internet. Image links must not reach such places: they are a server's words, not the person's.
///
/// 198.18.0.0/15 counts as open: local proxies in tunnel mode answer every name with an address from there.
pub(super) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => embedded_v4(v6).map_or_else(|| is_private_v6(v6), is_private_v4),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_carrier = a == 100 && (64..128).contains(&b);
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || is_carrier
        || a == 0
        || a >= 224
        || (a, b, c) == (192, 0, 0)
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast()
}

/// IPv4 written as IPv6: mapped, NAT64 and 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        // The last one is long out of use, but some systems still read it.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..]
        | [0, 0, 0, 0, 0, 0, high @ 1..=u16::MAX, low] => Some(from(high, low)),
        _ => None,
    }
}

/// A link whose host is private as written; names that need asking are not.
pub(super) fn names_private_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_private(address.into()),
        Some(Host::Ipv6(address)) => is_private(address.into()),
        Some(Host::Domain(name)) => is_local_name(name),
        None => true,
    }
}

/// The link is to this computer.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => is_local_name(name),
        None => false,
    }
}

fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Asking for an endpoint's own address: it was connected to a moment ago.
const LOOKUP_LIMIT: Duration = Duration::from_secs(5);

/// The endpoint itself is on this computer or its network: then its images may be too.
pub(super) async fn is_private_endpoint(base: &BaseUrl) -> bool {
    if names_private_host(base.url()) {
        return true;
    }
    let Some(Host::Domain(name)) = base.url().host() else { return false };
    match tokio::time::timeout(LOOKUP_LIMIT, tokio::net::lookup_host((name, 0))).await {
        Ok(Ok(addresses)) => {
            let addresses: Vec<SocketAddr> = addresses.collect();
            !addresses.is_empty() && addresses.iter().all(|address| is_private(address.ip()))
        }
        Ok(Err(_)) | Err(_) => false,
    }
}

/// A resolver that finds no private address for the names under guard. Other names, such as a proxy's, are free.
#[derive(Clone, Default)]
pub(super) struct Guard {
    names: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// A name is under guard while this lives.
pub(super) struct Guarded {
    guard: Guard,
    name: String,
}

/// A name leads only to private addresses.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to a private address")]
pub(super) struct PrivateAddress;

impl Guard {
    /// Puts a link's host under guard.
    pub(super) fn watch(&self, url: &Url) -> Guarded {
        let name = url.host_str().unwrap_or_default().to_owned();
        *self.names.lock().unwrap_or_else(PoisonError::into_inner).entry(name.clone()).or_insert(0) += 1;
        Guarded { guard: self.clone(), name }
    }

    fn watches(&self, name: &str) -> bool {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).contains_key(name)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let mut names = self.guard.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = names.get_mut(&self.name) {
            *count -= 1;
            if *count == 0 {
                names.remove(&self.name);
            }
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let is_watched = self.watches(name.as_str());
        Box::pin(async move {
            let mut addresses: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if is_watched {
                addresses.retain(|address| !is_private(address.ip()));
                if addresses.is_empty() {
                    return Err(PrivateAddress.into());
                }
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_disguise() {
        for text in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "::1",
            "::",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::1",
            "::127.0.0.1",
        ] {
            assert!(is_private(text.parse().unwrap()), "{text}");
        }
        for text in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "198.18.0.7", "2606:4700::1", "::ffff:1.1.1.1"] {
            assert!(!is_private(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn links_to_private_hosts_are_known_as_written() {
        for text in
            ["http://127.1/x", "http://0x7f000001/", "http://[::1]/", "http://localhost/", "http://a.LOCALHOST./"]
        {
            assert!(names_private_host(&Url::parse(text).unwrap()), "{text}");
        }
        assert!(!names_private_host(&Url::parse("https://localhost.example/").unwrap()));
    }

    #[tokio::test]
    async fn a_watched_name_never_resolves_to_this_computer() {
        let guard = Guard::default();
        let resolve = async || guard.resolve("localhost".parse().unwrap()).await.map(Iterator::count);
        assert!(resolve().await.unwrap() > 0);
        {
            let _watched = guard.watch(&Url::parse("http://localhost/").unwrap());
            assert!(resolve().await.unwrap_err().is::<PrivateAddress>());
        }
        assert!(resolve().await.is_ok());
    }
}
