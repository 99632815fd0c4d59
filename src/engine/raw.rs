//! The raw answer on its way into the inbox: written beside the reading of it, in pieces as large as the disk is slow.

use std::mem;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinHandle;

use crate::library::Passage;

/// Bytes that may wait for the disk before the connection has to: far more than one write takes to be done.
const WAITING_MAX_BYTES: usize = 8 << 20;

/// One answer on its way into the inbox.
pub(super) struct Raw {
    passage: Option<Arc<Passage>>,
    waiting: Vec<Bytes>,
    waiting_bytes: usize,
    writing: Option<JoinHandle<()>>,
}

impl Raw {
    pub(super) const fn new(passage: Option<Arc<Passage>>) -> Self {
        Self { passage, waiting: Vec::new(), waiting_bytes: 0, writing: None }
    }

    /// Takes the next bytes, which are shared and not copied.
    pub(super) async fn add(&mut self, chunk: &Bytes) {
        if self.passage.is_none() {
            return;
        }
        self.waiting.push(chunk.clone());
        self.waiting_bytes += chunk.len();
        let is_writing = self.writing.as_ref().is_some_and(|writing| !writing.is_finished());
        if !is_writing || self.waiting_bytes >= WAITING_MAX_BYTES {
            self.write().await;
        }
    }

    /// Returns once everything taken is written, or cannot be.
    pub(super) async fn end(&mut self) {
        self.write().await;
        self.written().await;
    }

    async fn write(&mut self) {
        self.written().await;
        let Some(passage) = self.passage.clone() else { return };
        let chunks = mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        if chunks.is_empty() {
            return;
        }
        self.writing = Some(tokio::task::spawn_blocking(move || {
            for chunk in chunks {
                if let Err(failure) = passage.write(&chunk) {
                    // The images themselves may still find room; what does not is held in memory.
                    tracing::error!(kind = %failure.kind, "the raw answer could not be written into the inbox");
                    return;
                }
            }
        }));
    }

    async fn written(&mut self) {
        if let Some(writing) = self.writing.take()
            && writing.await.is_err()
        {
            tracing::error!("writing into the inbox broke");
        }
    }
}
