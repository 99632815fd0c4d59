//! Opens the window: settings, engine, renderer.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;

use super::window::Window;
use crate::domain::{Catalogue, Endpoint, EndpointName, Secret, Settings};
use crate::library::{self, Places};
use crate::state::{Session, SessionOptions};
use crate::{desktop, engine};

/// What the command line says about the window.
pub struct WindowOptions {
    /// Where settings, state and cache are.
    pub places: Places,
    /// Another library folder than the one in the settings.
    pub library: Option<PathBuf>,
    /// The key from the environment.
    pub env_key: Option<Secret>,
    /// Open on the demo endpoint.
    pub demo: bool,
    /// Open on this endpoint of the settings.
    pub endpoint: Option<EndpointName>,
    /// Open on this address, which is not saved as an endpoint's.
    pub base_url: Option<String>,
}

/// Why the window did not open, as a sentence for the terminal.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LaunchError(String);

/// How many changes of the system's theme may wait for the window.
const THEME_CHANGES: usize = 4;

/// Opens the window and returns when it is closed.
pub fn open(options: WindowOptions) -> Result<(), LaunchError> {
    if !has_display() {
        let sentence = "There is no display to open a window on. To make images from a terminal, run: proofsheet generate \"a prompt\"";
        return Err(LaunchError(sentence.to_owned()));
    }
    let (settings, problems) = library::load_settings(&options.places);
    let settings = chosen_endpoint(settings, &options)?;
    let models = library::models_file(&options.places);
    let catalogue = Catalogue::load(models.as_deref());
    let mut problems: Vec<String> = problems;
    let catalogue = match catalogue {
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
    let engine = engine::start(engine::Options {
        places: options.places,
        env_key: options.env_key.clone(),
        proxy: settings.proxy.clone(),
        wake: Box::new(move || engine_wake()),
    })
    .map_err(|failure| LaunchError(failure.sentence))?;

    let (dark_sender, system_dark) = sync_channel(THEME_CHANGES);
    let dark_wake = Arc::clone(&wake);
    desktop::watch_system_dark(move |dark| {
        // A full queue holds newer news than this.
        if dark_sender.try_send(dark).is_ok() {
            dark_wake();
        }
    });
    let session = Session::new(SessionOptions {
        settings,
        catalogue: Arc::new(catalogue),
        demo: options.demo,
        env_key: options.env_key.is_some(),
        library: options.library,
        salt: std::process::id(),
        zone: TimeZone::system(),
        problems,
    });
    let window = Window::new(session, engine, system_dark, wake);
    show(window, &context)
}

/// On Linux a display is named by the environment; elsewhere there is one.
fn has_display() -> bool {
    let named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

/// The settings with the endpoint that the command line names made current.
fn chosen_endpoint(mut settings: Settings, options: &WindowOptions) -> Result<Settings, LaunchError> {
    if let Some(name) = &options.endpoint {
        if settings.endpoint(name).is_none() && !name.is_demo() {
            return Err(LaunchError(format!("There is no endpoint called {name}. Preferences lists them")));
        }
        settings.current = name.clone();
        settings.welcomed = true;
    }
    if let Some(base_url) = &options.base_url {
        let base = crate::domain::BaseUrl::parse(base_url).map_err(|error| LaunchError(format!("--base-url: {error}")))?;
        let Some(name) = EndpointName::new(&base.host()) else {
            return Err(LaunchError("--base-url: the address has no host".to_owned()));
        };
        settings.endpoints.retain(|endpoint| endpoint.name != name);
        settings.endpoints.push(Endpoint { name: name.clone(), base_url: base_url.clone(), ..Endpoint::default() });
        settings.current = name;
        settings.welcomed = true;
    }
    Ok(settings)
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
