//! The look in one place: colours, sizes, fonts and shadows; no other file of the window names a literal one.

mod fonts;
mod palette;
mod size;
mod style;

pub(super) use fonts::Type;
pub(super) use palette::{Palette, image_colour, surround, surround_text};
pub(super) use size::Metric;

use egui::{Context, Theme, Ui};

/// Installs fonts and both styles. Once, before the first frame.
pub(super) fn install(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
    ctx.set_style_of(Theme::Dark, style::style(&palette::DARK));
    ctx.set_style_of(Theme::Light, style::style(&palette::LIGHT));
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
}

/// Shows the dark or the light style from this frame on.
pub(super) fn choose(ctx: &Context, dark: bool) {
    let wanted = if dark { Theme::Dark } else { Theme::Light };
    if ctx.theme() != wanted {
        ctx.set_theme(wanted);
    }
}

/// The colours in force.
pub(super) fn palette(ui: &Ui) -> &'static Palette {
    if ui.visuals().dark_mode { &palette::DARK } else { &palette::LIGHT }
}
