//! The toolkit's own style, set from the palette so that no default look shows through anywhere.

use std::collections::BTreeMap;

use egui::epaint::FontColorTransferFunction;
use egui::epaint::text::TextOptions;
use egui::style::{HandleShape, ScrollStyle, Selection, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, Visuals, vec2};

use super::fonts::Type;
use super::palette::Palette;
use super::size::Metric;

pub(super) fn style(palette: &Palette) -> Style {
    let base = if palette.dark { Visuals::dark() } else { Visuals::light() };
    let mut style = Style { visuals: visuals(base, palette), ..Style::default() };
    style.text_styles = BTreeMap::from([
        (TextStyle::Heading, Type::Heading.font()),
        (TextStyle::Body, Type::Body.font()),
        (TextStyle::Button, Type::Body.font()),
        (TextStyle::Small, Type::Tiny.font()),
        (TextStyle::Monospace, Type::Mono.font()),
    ]);
    style.animation_time = 0.12;
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(Metric::GAP, 0.0);
    spacing.button_padding = vec2(Metric::CONTROL_PAD, 5.0);
    spacing.interact_size = vec2(Metric::CONTROL, Metric::LINE);
    spacing.slider_rail_height = 4.0;
    spacing.extra_text_line_spacing = 2.0;
    spacing.menu_margin = Margin::symmetric(8, 6);
    spacing.window_margin = Margin::same(0);
    spacing.tooltip_width = 320.0;
    spacing.combo_height = 320.0;
    spacing.scroll = scroll();
    style.interaction.tooltip_delay = 0.6;
    style.interaction.selectable_labels = false;
    style.interaction.resize_grab_radius_side = 0.0;
    style
}

fn scroll() -> ScrollStyle {
    ScrollStyle {
        floating: true,
        bar_width: 8.0,
        floating_width: 4.0,
        bar_inner_margin: 2.0,
        bar_outer_margin: 2.0,
        foreground_color: true,
        dormant_background_opacity: 0.0,
        active_background_opacity: 0.0,
        interact_background_opacity: 0.15,
        dormant_handle_opacity: 0.25,
        active_handle_opacity: 0.35,
        interact_handle_opacity: 0.6,
        // A shadow over the edge would change the colours of the images under it.
        fade: egui::style::ScrollFadeStyle { strength: 0.0, ..egui::style::ScrollFadeStyle::default() },
        ..ScrollStyle::floating()
    }
}

fn visuals(base: Visuals, palette: &Palette) -> Visuals {
    let widget = |fill: Color32, line: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(Metric::HAIR, line),
        corner_radius: CornerRadius::same(Metric::RADIUS),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let shadow = Shadow { offset: [0, 8], blur: 24, spread: 0, color: palette.shadow };
    // White on black looks bolder than black on white: between none of the toolkit's correction and all of it.
    let gamma = if palette.dark { 0.75 } else { 1.0 };
    Visuals {
        dark_mode: palette.dark,
        text_options: TextOptions {
            color_transfer_function: FontColorTransferFunction::Gamma(gamma),
            ..base.text_options
        },
        weak_text_color: Some(palette.faint),
        widgets: Widgets {
            noninteractive: widget(palette.panel, palette.line, palette.text),
            inactive: widget(palette.raised, palette.line, palette.text),
            hovered: widget(palette.raised_hover, palette.line_strong, palette.text),
            active: widget(palette.raised_press, palette.focus, palette.text),
            open: widget(palette.raised, palette.line_strong, palette.text),
        },
        selection: Selection { bg_fill: palette.selection, stroke: Stroke::new(1.0, palette.text) },
        hyperlink_color: palette.text,
        faint_bg_color: palette.bg,
        extreme_bg_color: palette.field,
        text_edit_bg_color: Some(palette.field),
        code_bg_color: palette.field,
        warn_fg_color: palette.danger,
        error_fg_color: palette.danger,
        window_corner_radius: CornerRadius::same(Metric::RADIUS_DIALOG),
        window_shadow: shadow,
        window_fill: palette.panel,
        window_stroke: Stroke::new(Metric::HAIR, palette.line),
        menu_corner_radius: CornerRadius::same(Metric::RADIUS + 2),
        panel_fill: palette.panel,
        popup_shadow: shadow,
        text_cursor: TextCursorStyle { stroke: Stroke::new(1.0, palette.text), ..TextCursorStyle::default() },
        handle_shape: HandleShape::Circle,
        slider_trailing_fill: true,
        ..base
    }
}
