//! Every colour of the window, once for dark and once for light.

use egui::Color32;

use crate::domain::Surround;

/// A colour of an image, as it is.
pub(in crate::ui) const fn image_colour([red, green, blue]: [u8; 3]) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// The colours of one theme. Greys are neutral so that images can be judged; yellow is for picks and the one
/// primary action.
#[derive(Debug)]
pub(in crate::ui) struct Palette {
    /// The dark theme.
    pub dark: bool,
    /// Behind everything: the sheet.
    pub bg: Color32,
    /// Panels, bars and dialogs.
    pub panel: Color32,
    /// Buttons, dropdowns, the tray.
    pub raised: Color32,
    /// The same, under the pointer.
    pub raised_hover: Color32,
    /// The same, pressed.
    pub raised_press: Color32,
    /// Ghost buttons and list rows under the pointer.
    pub wash: Color32,
    /// Text fields.
    pub field: Color32,
    /// Hairlines and borders.
    pub line: Color32,
    /// Borders under the pointer.
    pub line_strong: Color32,
    /// Words.
    pub text: Color32,
    /// Second words.
    pub dim: Color32,
    /// Hints in empty fields.
    pub faint: Color32,
    /// The grease pencil: picks, the primary action.
    pub pencil: Color32,
    /// The primary action under the pointer.
    pub pencil_hover: Color32,
    /// Words on the pencil's yellow.
    pub on_pencil: Color32,
    /// Words about picks on a panel.
    pub pencil_text: Color32,
    /// What went wrong.
    pub danger: Color32,
    /// What works.
    pub ok: Color32,
    /// The ring around the control that has the keyboard.
    pub focus: Color32,
    /// Behind selected text.
    pub selection: Color32,
    /// The ring around a selected image.
    pub selected_image: Color32,
    /// An image that is awaited or failed.
    pub blank: Color32,
    /// The dashed border of an awaited image, and a progress bar's track.
    pub blank_line: Color32,
    /// A slider's handle.
    pub knob: Color32,
    /// A slider handle's border.
    pub knob_line: Color32,
    /// Words painted on an image.
    pub on_image: Color32,
    /// The plate under words painted on an image: white can be read on it whatever the image is.
    pub on_image_plate: Color32,
    /// The shadow under what floats.
    pub shadow: Color32,
    /// Over the window, under a dialog.
    pub backdrop: Color32,
}

/// Colours after the design's dark pictures.
pub(super) const DARK: Palette = Palette {
    dark: true,
    bg: Color32::from_rgb(0x19, 0x19, 0x19),
    panel: Color32::from_rgb(0x21, 0x21, 0x21),
    raised: Color32::from_rgb(0x2b, 0x2b, 0x2b),
    raised_hover: Color32::from_rgb(0x34, 0x34, 0x34),
    raised_press: Color32::from_rgb(0x27, 0x27, 0x27),
    wash: Color32::from_rgb(0x2b, 0x2b, 0x2b),
    field: Color32::from_rgb(0x16, 0x16, 0x16),
    line: Color32::from_rgb(0x34, 0x34, 0x34),
    line_strong: Color32::from_rgb(0x48, 0x48, 0x48),
    text: Color32::from_rgb(0xec, 0xec, 0xec),
    dim: Color32::from_rgb(0x9b, 0x9b, 0x9b),
    faint: Color32::from_rgb(0x6a, 0x6a, 0x6a),
    pencil: Color32::from_rgb(0xff, 0xc5, 0x3d),
    pencil_hover: Color32::from_rgb(0xff, 0xd0, 0x62),
    on_pencil: Color32::from_rgb(0x23, 0x1a, 0x00),
    pencil_text: Color32::from_rgb(0xff, 0xc5, 0x3d),
    danger: Color32::from_rgb(0xff, 0x6b, 0x5e),
    ok: Color32::from_rgb(0x6f, 0xcf, 0x97),
    focus: Color32::from_rgb(0xb4, 0xb4, 0xb4),
    selection: Color32::from_rgb(0x4a, 0x4a, 0x4a),
    selected_image: Color32::from_rgb(0xff, 0xff, 0xff),
    blank: Color32::from_rgb(0x20, 0x20, 0x20),
    blank_line: Color32::from_rgb(0x3a, 0x3a, 0x3a),
    knob: Color32::from_rgb(0xec, 0xec, 0xec),
    knob_line: Color32::from_rgb(0xec, 0xec, 0xec),
    on_image: Color32::from_rgb(0xff, 0xff, 0xff),
    on_image_plate: Color32::from_black_alpha(0x99),
    shadow: Color32::from_black_alpha(0x88),
    backdrop: Color32::from_black_alpha(0x99),
};

/// Colours after the design's light picture.
pub(super) const LIGHT: Palette = Palette {
    dark: false,
    bg: Color32::from_rgb(0xd9, 0xd9, 0xd9),
    panel: Color32::from_rgb(0xf2, 0xf2, 0xf2),
    raised: Color32::from_rgb(0xff, 0xff, 0xff),
    raised_hover: Color32::from_rgb(0xf8, 0xf8, 0xf8),
    raised_press: Color32::from_rgb(0xea, 0xea, 0xea),
    wash: Color32::from_rgb(0xe4, 0xe4, 0xe4),
    field: Color32::from_rgb(0xff, 0xff, 0xff),
    line: Color32::from_rgb(0xd0, 0xd0, 0xd0),
    line_strong: Color32::from_rgb(0xb0, 0xb0, 0xb0),
    text: Color32::from_rgb(0x1c, 0x1c, 0x1c),
    dim: Color32::from_rgb(0x62, 0x62, 0x62),
    faint: Color32::from_rgb(0x9a, 0x9a, 0x9a),
    pencil: Color32::from_rgb(0xff, 0xc5, 0x3d),
    pencil_hover: Color32::from_rgb(0xff, 0xd0, 0x62),
    on_pencil: Color32::from_rgb(0x23, 0x1a, 0x00),
    pencil_text: Color32::from_rgb(0x7a, 0x56, 0x00),
    danger: Color32::from_rgb(0xb8, 0x2c, 0x20),
    ok: Color32::from_rgb(0x1c, 0x74, 0x44),
    focus: Color32::from_rgb(0x5a, 0x5a, 0x5a),
    selection: Color32::from_rgb(0xcf, 0xcf, 0xcf),
    selected_image: Color32::from_rgb(0x1c, 0x1c, 0x1c),
    blank: Color32::from_rgb(0xcf, 0xcf, 0xcf),
    blank_line: Color32::from_rgb(0xb5, 0xb5, 0xb5),
    knob: Color32::from_rgb(0xff, 0xff, 0xff),
    knob_line: Color32::from_rgb(0xb0, 0xb0, 0xb0),
    on_image: Color32::from_rgb(0xff, 0xff, 0xff),
    on_image_plate: Color32::from_black_alpha(0x99),
    shadow: Color32::from_black_alpha(0x33),
    backdrop: Color32::from_black_alpha(0x55),
};

/// The grey around images.
pub(in crate::ui) const fn surround(choice: Surround, palette: &Palette) -> Color32 {
    match choice {
        Surround::Theme => palette.bg,
        Surround::Black => Color32::from_gray(0x00),
        Surround::Dark => Color32::from_gray(0x2b),
        Surround::Mid => Color32::from_gray(0x77),
        Surround::Light => Color32::from_gray(0xd9),
        Surround::White => Color32::from_gray(0xff),
    }
}

/// Colours that can be read on that grey: the palette of the theme that is as dark.
pub(in crate::ui) const fn surround_text(choice: Surround, palette: &'static Palette) -> &'static Palette {
    match choice {
        Surround::Theme => palette,
        Surround::Black | Surround::Dark | Surround::Mid => &DARK,
        Surround::Light | Surround::White => &LIGHT,
    }
}
