//! Brings the window to the front when a second start asks for it.

use std::time::Duration;

use egui::{Context, UserAttentionType, ViewportCommand};

/// A window that was minimised can be focused only once the system has put it back, some frames later.
const TRIES: u32 = 20;
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(50);

/// How far the window is on its way to the front.
#[derive(Debug, Default)]
pub(super) struct Raise {
    tries_left: u32,
}

impl Raise {
    /// Somebody wants to see the window.
    pub(super) fn begin(&mut self, ctx: &Context) {
        self.tries_left = TRIES;
        ctx.request_repaint();
    }

    /// The next step, once a frame.
    pub(super) fn step(&mut self, ctx: &Context) {
        if self.tries_left == 0 {
            return;
        }
        let (focused, minimized) = ctx.input(|input| (input.viewport().focused, input.viewport().minimized));
        if focused == Some(true) && minimized != Some(true) {
            self.tries_left = 0;
            return;
        }
        self.tries_left -= 1;
        ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
        ctx.send_viewport_cmd(ViewportCommand::Focus);
        if self.tries_left == 0 {
            // Where no program may come to the front by itself, the system shows that this one asks for it.
            ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(UserAttentionType::Informational));
        } else {
            ctx.request_repaint_after(PAUSE);
        }
    }
}
