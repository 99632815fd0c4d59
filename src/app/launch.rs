//! Opens the window: settings, engine, renderer.

use std::sync::mpsc::sync_channel;
use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;

use super::cli::Start;
use super::dialogs::Dialogs;
use super::window::Window;
use crate::domain::{Catalogue, Endpoint, Settings};
use crate::library;
use crate::state::{Session, SessionOptions};
use crate::{desktop, engine};

/// Why the window did not open, as a sentence for the terminal.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LaunchError(String);

/// What is said where no window can be.
const NO_DISPLAY: &str =
    "There is no display to open a window on. To make images from a terminal: proofsheet generate \"a prompt\"";

/// How many changes of the system's theme may wait for the window.
const THEME_CHANGES: usize = 4;

/// Opens the window and returns when it is closed. `chosen`: the command line named the endpoint, so nobody needs to be
/// asked for one.
pub fn open(start: Start, chosen: bool) -> Result<(), LaunchError> {
    if !has_display() {
        return Err(LaunchError(NO_DISPLAY.to_owned()));
    }
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
    let engine = engine.map_err(|failure| LaunchError(failure.sentence))?;

    let (dark_sender, system_dark) = sync_channel(THEME_CHANGES);
    let dark_wake = Arc::clone(&wake);
    desktop::watch_system_dark(move |dark| {
        // A full queue holds newer news than this.
        if dark_sender.try_send(dark).is_ok() {
            dark_wake();
        }
    });
    let session = Session::new(SessionOptions {
        demo: start.endpoint.name.is_demo(),
        env_key: start.env_key.is_some(),
        settings: with_endpoint(start.settings, start.endpoint, chosen),
        library: start.library_root,
        catalogue: Arc::new(catalogue),
        salt: std::process::id(),
        zone: TimeZone::system(),
        problems,
    });
    let dialogs = Dialogs::new(wake, desktop::native_dialog_available);
    show(Window::new(session, engine, system_dark, dialogs), &context)
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

/// Opens the window with OpenGL, which is lighter everywhere it was measured, and with wgpu where that fails.
fn show(window: Window, context: &Arc<OnceLock<egui::Context>>) -> Result<(), LaunchError> {
    let mut window = Some(window);
    let mut errors = Vec::new();
    for renderer in [eframe::Renderer::Glow, eframe::Renderer::Wgpu] {
        let slot = &mut window;
        let mut opened = false;
        let result = {
            let opened = &mut opened;
            let context = Arc::clone(context);
            eframe::run_native(
                "Proofsheet",
                native_options(renderer),
                Box::new(move |creation| {
                    crate::ui::prepare(&creation.egui_ctx);
                    // The first renderer's context stays set when the second one is tried after it failed to start;
                    // a context is only made once a window exists, so there is at most one.
                    let _first_wins = context.set(creation.egui_ctx.clone());
                    *opened = true;
                    let window = slot.take().ok_or("the window was opened twice")?;
                    Ok(Box::new(window) as Box<dyn eframe::App>)
                }),
            )
        };
        match result {
            Ok(()) => return Ok(()),
            Err(error) if opened => return Err(LaunchError(format!("The window closed with an error: {error}"))),
            Err(error) => errors.push(format!("{renderer}: {error}")),
        }
    }
    Err(LaunchError(format!(
        "The window could not be opened ({}). To make images from a terminal, run: proofsheet generate \"a prompt\"",
        errors.join("; ")
    )))
}

fn native_options(renderer: eframe::Renderer) -> eframe::NativeOptions {
    let icon = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png"));
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("Proofsheet")
        .with_app_id("proofsheet")
        .with_inner_size([1360.0, 860.0])
        .with_min_inner_size([720.0, 480.0]);
    if let Ok(icon) = icon {
        viewport = viewport.with_icon(icon);
    }
    eframe::NativeOptions { viewport, renderer, run_and_return: true, ..eframe::NativeOptions::default() }
}
