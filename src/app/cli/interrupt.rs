//! Ctrl+C as a value that can be asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Whether Ctrl+C was pressed.
#[derive(Clone, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on; `wake` is called when Ctrl+C is pressed.
    ///
    /// Where signals cannot be listened to, Ctrl+C ends the program as it always does.
    pub(super) fn listen(wake: impl Fn() + Send + 'static) -> Self {
        let interrupt = Self::default();
        let flag = Arc::clone(&interrupt.0);
        let listening = thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
                flag.store(true, Ordering::SeqCst);
                wake();
            }
        });
        if listening.is_err() {
            tracing::warn!("Ctrl+C cannot be listened to");
        }
        interrupt
    }

    /// Ctrl+C was pressed.
    pub(super) fn is_pressed(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
