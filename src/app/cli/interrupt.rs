//! The request to stop as a value that can be asked for: Ctrl+C, or the system that ends the session.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Whether somebody asked the program to stop.
#[derive(Clone, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on; `wake` is called when the program is asked to stop.
    ///
    /// Where signals cannot be listened to, they end the program as they always do.
    pub(super) fn listen(wake: impl Fn() + Send + 'static) -> Self {
        let interrupt = Self::default();
        let flag = Arc::clone(&interrupt.0);
        let listening = thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            if runtime.block_on(asked_to_stop()) {
                flag.store(true, Ordering::SeqCst);
                wake();
            }
        });
        if listening.is_err() {
            tracing::warn!("signals cannot be listened to");
        }
        interrupt
    }

    /// The program was asked to stop.
    pub(super) fn is_pressed(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Returns when the program is asked to stop; `false` when that cannot be known.
#[cfg(unix)]
async fn asked_to_stop() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut end), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) else {
        return tokio::signal::ctrl_c().await.is_ok();
    };
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.is_ok(),
        asked = end.recv() => asked.is_some(),
        asked = hang_up.recv() => asked.is_some(),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}
