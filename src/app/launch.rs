//! Opens the window: settings, engine, renderer; and winds the engine down however the window ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::tz::TimeZone;

use super::cli::{Renderer, Start};
use super::crash::Watch;
use super::dialogs::Dialogs;
use super::window::{Window, now};
use crate::domain::{Catalogue, Endpoint, Settings};
use crate::engine::Handle;
use crate::library::{CrashReports, OpenWindow};
use crate::message::Event;
use crate::state::{Session, SessionOptions};
use crate::{desktop, engine, library};

/// Why the window did not open, or how it ended, as a sentence for the terminal.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LaunchError(String);

/// How an opened program ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its window was closed.
    Closed,
    /// The library is open in another window, which has come to the front.
    ShownElsewhere,
}

/// What is said where no window can be.
const NO_DISPLAY: &str =
    "There is no display to open a window on. To make images from a terminal: proofsheet generate \"a prompt\"";

/// What is said when the window is gone through no fault of this program.
const LOST: &str =
    "The display or the graphics driver went away, and the window with it. Nothing that was received is lost";

/// How many changes of the system's theme may wait for the window.
const THEME_CHANGES: usize = 4;

/// How long leaving waits for images that are being written, and for marks and settings.
const LEAVE_LIMIT: Duration = Duration::from_secs(4);

/// How long the engine goes on after a fault of the window: nobody chose to leave, and most answers come within it.
const FAULT_LIMIT: Duration = Duration::from_secs(30);

/// What is tried, in this order, where no renderer was asked for. ARCHITECTURE.md has the reasons.
const ORDER: [Renderer; 2] = if cfg!(any(target_os = "macos", windows)) {
    [Renderer::Wgpu, Renderer::Glow]
} else {
    [Renderer::Glow, Renderer::Wgpu]
};

/// Opens the window and returns when it is closed, or at once when another window has this library open and shows itself.
/// `chosen`: the command line named the endpoint, so nobody needs to be
/// asked for one. `renderer`: the only one to try.
pub fn open(start: Start, chosen: bool, renderer: Option<Renderer>, watch: &Watch) -> Result<Outcome, LaunchError> {
    if !has_display() {
        return Err(LaunchError(NO_DISPLAY.to_owned()));
    }
    if engine::show_window(&library::doorbell(&start.places, start.library())) {
        return Ok(Outcome::ShownElsewhere);
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), system = std::env::consts::OS, "started");
    let mut problems = start.warnings.clone();
    let models = library::models_file(&start.places);
    let catalogue = match Catalogue::load(models.as_deref()) {
        Ok(catalogue) => catalogue,
        Err(error) => {
            problems.push(format!("models.toml in the configuration folder is not used: {error}"));
            Catalogue::load(None).map_err(|error| LaunchError(error.to_string()))?
        }
    };
    let context: Arc<OnceLock<egui::Context>> = Arc::default();
    let wake: Arc<dyn Fn() + Send + Sync> = {
        let context = Arc::clone(&context);
        Arc::new(move || {
            if let Some(context) = context.get() {
                context.request_repaint();
            }
        })
    };
    let engine_wake = Arc::clone(&wake);
    let engine = engine::start(start.options(Box::new(move || engine_wake()), true));
    let engine = Rc::new(engine.map_err(|failure| LaunchError(failure.sentence))?);

    let (dark_sender, system_dark) = sync_channel(THEME_CHANGES);
    let dark_wake = Arc::clone(&wake);
    desktop::watch_system_dark(move |dark| {
        // A full queue holds newer news than this.
        if dark_sender.try_send(dark).is_ok() {
            dark_wake();
        }
    });
    let reports = CrashReports::new(&start.places.state);
    let mut session = Session::new(SessionOptions {
        demo: start.endpoint.name.is_demo(),
        env_key: start.env_key.is_some(),
        settings: with_endpoint(start.settings, start.endpoint, chosen),
        library: start.library_root,
        catalogue: Arc::new(catalogue),
        salt: std::process::id(),
        zone: TimeZone::system(),
        problems,
    });
    // Each is asked, so that neither is told of at a later start.
    let (reported, ended) = (reports.take_untold(), OpenWindow::take_ended(&start.places.state));
    if reported > 0 {
        let _only_a_notice = session.apply(Event::StoppedBefore { reports: reports.folder().to_owned() }, now());
    } else if ended > 0 {
        let _only_a_notice = session.apply(Event::EndedBefore, now());
    }
    let marker = OpenWindow::mark(&start.places.state);
    let dialogs = Dialogs::new(wake, desktop::native_dialog_available);
    let window = Window::new(session, Rc::clone(&engine), system_dark, dialogs);
    let ended = show(window, &context, renderer, watch);
    let limit = if matches!(ended, Ended::Fault | Ended::Lost) { FAULT_LIMIT } else { LEAVE_LIMIT };
    wind_down(engine, limit);
    // Until here, whatever stops the program cuts something short.
    drop(marker);
    match ended {
        Ended::Well => Ok(Outcome::Closed),
        Ended::NotOpened(sentence) => Err(LaunchError(sentence)),
        Ended::Lost => Err(LaunchError(LOST.to_owned())),
        Ended::Fault => Err(LaunchError(fault_words(watch))),
    }
}

/// On Linux a display is named by the environment; elsewhere there is one.
fn has_display() -> bool {
    let named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

/// The settings with the endpoint of the command line in use.
fn with_endpoint(mut settings: Settings, endpoint: Endpoint, chosen: bool) -> Settings {
    if chosen {
        settings.welcomed = true;
        settings.current = endpoint.name.clone();
        if !endpoint.name.is_demo() {
            match settings.endpoints.iter_mut().find(|known| known.name == endpoint.name) {
                Some(known) => *known = endpoint,
                None => settings.endpoints.push(endpoint),
            }
        }
    }
    settings
}

/// How the window ended.
enum Ended {
    /// It was closed.
    Well,
    /// It never opened, with the reason.
    NotOpened(String),
    /// It was open, and the display or the driver ended it.
    Lost,
    /// It was open, and a fault in painting ended it, of this program or of the renderer.
    Fault,
}

/// Shows the window with the first renderer that can.
fn show(window: Window, context: &Arc<OnceLock<egui::Context>>, renderer: Option<Renderer>, watch: &Watch) -> Ended {
    let mut window = Some(window);
    let tried = renderer.map_or_else(|| ORDER.to_vec(), |only| vec![only]);
    for &renderer in &tried {
        watch.trying(true);
        let slot = &mut window;
        let mut opened = false;
        let run = {
            let opened = &mut opened;
            let context = Arc::clone(context);
            let watch = watch.clone();
            move || {
                eframe::run_native(
                    "Proofsheet",
                    native_options(renderer),
                    Box::new(move |creation| {
                        crate::ui::prepare(&creation.egui_ctx);
                        // The first renderer's context stays set when the second one is tried after it failed to
                        // start; a context is only made once a window exists, so there is at most one.
                        let _first_wins = context.set(creation.egui_ctx.clone());
                        *opened = true;
                        watch.trying(false);
                        watch.paints(painter(creation));
                        let window = slot.take().ok_or("the window was opened twice")?;
                        Ok(Box::new(window) as Box<dyn eframe::App>)
                    }),
                )
            }
        };
        // A fault in painting, ours or the renderer's, unwinds to here; what the engine holds is then still whole.
        let outcome = catch_unwind(AssertUnwindSafe(run));
        watch.trying(false);
        match outcome {
            Ok(Ok(())) => return Ended::Well,
            Ok(Err(error)) if opened => {
                tracing::error!(%error, "the window ended");
                watch.lost(&error.to_string());
                return Ended::Lost;
            }
            Ok(Err(error)) => tracing::warn!(%error, renderer = words(renderer), "no window with it"),
            Err(_told_by_the_watch) if opened => return Ended::Fault,
            Err(_told_by_the_watch) => tracing::warn!(renderer = words(renderer), "it broke while it was tried"),
        }
    }
    let names: Vec<&str> = tried.iter().map(|&renderer| words(renderer)).collect();
    Ended::NotOpened(format!(
        "The window could not be opened: {} {} not work on this computer. Its graphics driver may be missing. To make \
         images from a terminal, run: proofsheet generate \"a prompt\"",
        names.join(" and "),
        if names.len() == 1 { "does" } else { "do" }
    ))
}

/// What paints the window, for the log and for a report.
fn painter(creation: &eframe::CreationContext<'_>) -> String {
    if let Some(gl) = &creation.gl {
        use eframe::glow::HasContext as _;
        let version = gl.version();
        return format!("OpenGL {}.{} {}", version.major, version.minor, version.vendor_info);
    }
    match &creation.wgpu_render_state {
        Some(state) => {
            let adapter = state.adapter.get_info();
            format!("{:?}, {}, {} {}", adapter.backend, adapter.name, adapter.driver, adapter.driver_info)
        }
        None => "an unknown renderer".to_owned(),
    }
}

const fn words(renderer: Renderer) -> &'static str {
    match renderer {
        Renderer::Glow => "OpenGL",
        Renderer::Wgpu if cfg!(target_os = "macos") => "Metal",
        Renderer::Wgpu if cfg!(windows) => "Direct3D",
        Renderer::Wgpu => "Vulkan",
    }
}

/// Waits for what is being received and written, however the window ended.
fn wind_down(engine: Rc<Handle>, limit: Duration) {
    if let Some(engine) = Rc::into_inner(engine) {
        engine.shut_down(limit);
    } else {
        // A window that was not given up in a fault still holds it: it goes with the program.
        tracing::error!("the engine could not be wound down");
    }
}

fn fault_words(watch: &Watch) -> String {
    let report = watch.report().map(|file| format!(" The report: {}", file.display())).unwrap_or_default();
    format!("The window stopped by a fault of this program. Nothing that was received is lost.{report}")
}

fn native_options(renderer: Renderer) -> eframe::NativeOptions {
    let icon = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png"));
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("Proofsheet")
        .with_app_id("proofsheet")
        .with_inner_size([1360.0, 860.0])
        .with_min_inner_size([720.0, 480.0]);
    if let Ok(icon) = icon {
        viewport = viewport.with_icon(icon);
    }
    let renderer = match renderer {
        Renderer::Glow => eframe::Renderer::Glow,
        Renderer::Wgpu => eframe::Renderer::Wgpu,
    };
    eframe::NativeOptions { viewport, renderer, run_and_return: true, ..eframe::NativeOptions::default() }
}
