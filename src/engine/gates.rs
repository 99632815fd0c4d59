//! How many requests go to one endpoint at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use crate::domain::{Endpoint, EndpointName};

/// One gate for each endpoint, made when it is first used.
#[derive(Default)]
pub(super) struct Gates(Mutex<HashMap<EndpointName, Gate>>);

struct Gate {
    width: u8,
    places: Arc<Semaphore>,
}

impl Gates {
    /// The gate of an endpoint, as wide as its profile says now.
    pub(super) fn of(&self, endpoint: &Endpoint) -> Arc<Semaphore> {
        let width = endpoint.requests_at_once.clamp(1, Endpoint::REQUESTS_MAX);
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = gates
            .entry(endpoint.name.clone())
            .or_insert_with(|| Gate { width, places: Arc::new(Semaphore::new(usize::from(width))) });
        if width > gate.width {
            gate.places.add_permits(usize::from(width - gate.width));
        } else if width < gate.width {
            narrow(&gate.places, u32::from(gate.width - width));
        }
        gate.width = width;
        Arc::clone(&gate.places)
    }
}

/// Takes places away: the free ones now, the others as the requests that hold them end.
fn narrow(places: &Arc<Semaphore>, by: u32) {
    let places = Arc::clone(places);
    tokio::spawn(async move {
        if let Ok(taken) = places.acquire_many_owned(by).await {
            taken.forget();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(requests_at_once: u8) -> Endpoint {
        Endpoint { requests_at_once, ..Endpoint::default() }
    }

    #[tokio::test]
    async fn a_gate_follows_its_endpoint() {
        let gates = Gates::default();
        let gate = gates.of(&endpoint(2));
        assert_eq!(gate.available_permits(), 2);
        assert_eq!(gates.of(&endpoint(5)).available_permits(), 5);
        let held = Arc::clone(&gate).acquire_many_owned(5).await.unwrap();
        gates.of(&endpoint(1));
        tokio::task::yield_now().await;
        assert_eq!(gate.available_permits(), 0);
        drop(held);
        tokio::task::yield_now().await;
        assert_eq!(gate.available_permits(), 1);
    }

    #[tokio::test]
    async fn endpoints_do_not_share_a_gate() {
        let gates = Gates::default();
        let held = gates.of(&endpoint(1)).acquire_owned().await.unwrap();
        let other = Endpoint { name: EndpointName::new("other").unwrap(), ..endpoint(1) };
        assert_eq!(gates.of(&other).available_permits(), 1);
        drop(held);
    }
}
