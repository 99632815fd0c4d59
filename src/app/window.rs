//! The window's loop: drains Events, paints, collects Actions, and passes Commands on. It decides nothing itself.

mod milestones;

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use egui::{Context, ViewportCommand};

use self::milestones::Milestones;
use super::dialogs::{Dialogs, Purpose};
use super::raise::Raise;
use crate::domain::Timestamp;
use crate::engine::Handle;
use crate::message::{Action, Ask, Command, Event};
use crate::state::Session;
use crate::ui::{Memory, Textures};

/// Events taken up in one frame: enough for a burst of thumbnails, too few to hold a frame up.
const EVENTS_A_FRAME: usize = 128;

/// Bytes of pictures put on the graphics card in one frame: a screen of thumbnails takes two frames. More could be felt.
const UPLOAD_A_FRAME: usize = 4 << 20;

/// Commands that wait for the engine's queue to have room. Beyond it the oldest wishes are stale anyway.
const WAITING_MOST: usize = 4_096;

/// How often a running clock on a tile is painted again.
const CLOCK_STEP: Duration = Duration::from_millis(250);

/// The window.
pub(super) struct Window {
    session: Session,
    engine: Rc<Handle>,
    textures: Textures,
    memory: Memory,
    dialogs: Dialogs,
    system_dark: Receiver<bool>,
    waiting: VecDeque<Command>,
    leaving: bool,
    /// The keyboard is this window's.
    has_focus: bool,
    milestones: Milestones,
    raise: Raise,
}

/// Now, by the computer's clock; the only place the window looks at it.
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

impl Window {
    pub(super) fn new(mut session: Session, engine: Rc<Handle>, system_dark: Receiver<bool>, dialogs: Dialogs) -> Self {
        let mut waiting: VecDeque<Command> = session.begin().into();
        // There is no window yet: the library is opened while the system opens that.
        send_on(&engine, &mut waiting);
        Self {
            session,
            engine,
            textures: Textures::new(),
            memory: Memory::default(),
            dialogs,
            system_dark,
            waiting,
            leaving: false,
            has_focus: true,
            milestones: Milestones::default(),
            raise: Raise::default(),
        }
    }

    fn take_events(&mut self, ctx: &Context) {
        let events = self.engine.drain_within(EVENTS_A_FRAME, UPLOAD_A_FRAME);
        let now = now();
        for event in events {
            match event {
                Event::Thumbnail { image, asked_pixels, pixels } => {
                    self.textures.insert_thumbnail(ctx, image, asked_pixels, pixels);
                }
                Event::Glimpses(glimpses) => {
                    for (image, glimpse) in glimpses {
                        self.textures.add_glimpse(image, glimpse);
                    }
                }
                Event::Picture { image, pixels } => self.textures.insert_picture(image, pixels),
                Event::PictureFailed { image, failure } => self.textures.picture_failed(image, &failure),
                event => {
                    let commands = self.session.apply(event, now);
                    self.execute(commands, ctx);
                }
            }
        }
    }

    fn act(&mut self, action: Action, ctx: &Context) {
        let commands = self.session.act(action, now());
        self.execute(commands, ctx);
    }

    fn execute(&mut self, commands: Vec<Command>, ctx: &Context) {
        for command in commands {
            match command {
                Command::Ask(ask) => self.ask_desktop(ask, ctx),
                command if self.waiting.len() < WAITING_MOST => self.waiting.push_back(command),
                _ => tracing::error!("the engine does not take commands any more; one was dropped"),
            }
        }
    }

    fn ask_desktop(&mut self, ask: Ask, ctx: &Context) {
        match ask {
            Ask::SaveAs { image, name, folder } => self.dialogs.ask(Purpose::SaveAs { image, name }, folder),
            Ask::SaveFolder { images, folder } => self.dialogs.ask(Purpose::SaveFolder(images), folder),
            Ask::LibraryFolder => self.dialogs.ask(Purpose::Library, self.session.library().root.clone()),
            Ask::Show => self.raise.begin(ctx),
            Ask::FullScreen(on) => ctx.send_viewport_cmd(ViewportCommand::Fullscreen(on)),
            Ask::CopyText(text) => ctx.copy_text(text),
            ask => self.memory.heed(&ask),
        }
    }

    /// Passes on what the engine's queue has room for.
    fn send_waiting(&mut self, ctx: &Context) {
        if !send_on(&self.engine, &mut self.waiting) {
            ctx.request_repaint_after(Duration::from_millis(20));
        }
    }

    /// Whoever comes back from another window may have changed the library there.
    fn mind_coming_back(&mut self, ctx: &Context) {
        let has_focus = ctx.input(|input| input.viewport().focused).unwrap_or(true);
        if has_focus && !self.has_focus {
            self.textures.forget_problems();
            self.act(Action::CameBack, ctx);
        }
        self.has_focus = has_focus;
    }

    fn mind_leaving(&mut self, ctx: &Context) {
        let asked = ctx.input(|input| input.viewport().close_requested());
        let awaited = self.session.leaving_loses();
        // A warning is about the images awaited then, not about later ones.
        self.leaving &= awaited;
        if asked && !self.leaving && awaited {
            // The second try leaves: a program that cannot be closed is worse than a lost answer.
            self.leaving = true;
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.act(Action::LeaveAsked, ctx);
        }
    }
}

/// Passes commands on in their order; `false` when the engine's queue has no room for all.
fn send_on(engine: &Handle, waiting: &mut VecDeque<Command>) -> bool {
    while let Some(command) = waiting.pop_front() {
        if let Err(command) = engine.send(command) {
            waiting.push_front(command);
            return false;
        }
    }
    true
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        while let Ok(dark) = self.system_dark.try_recv() {
            self.act(Action::SystemDark(dark), ctx);
        }
        if let Some(action) = self.dialogs.poll(frame) {
            self.act(action, ctx);
        }
        self.take_events(ctx);
        self.mind_leaving(ctx);
        self.mind_coming_back(ctx);
        self.raise.step(ctx);
        if let Some(millis) = self.session.tick(now()) {
            ctx.request_repaint_after(Duration::from_millis(millis));
        }
        if !self.session.jobs().is_idle() {
            ctx.request_repaint_after(CLOCK_STEP);
        }
        self.send_waiting(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        #[cfg(debug_assertions)]
        super::fault::strike(&self.session);
        let begun = Instant::now();
        let actions = crate::ui::shell_ui(ui, &self.session, &mut self.textures, &mut self.memory, now());
        let ctx = ui.ctx().clone();
        let any = !actions.is_empty();
        for action in actions {
            self.act(action, &ctx);
        }
        self.send_waiting(&ctx);
        self.milestones.frame(begun.elapsed(), self.textures.missing());
        if any {
            // What was asked shows in the next frame.
            ctx.request_repaint();
        }
    }
}

#[cfg(test)]
mod tests;
