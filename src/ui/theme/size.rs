//! Every measure of the window, in points.

/// Measures of the design, in points.
pub(in crate::ui) struct Metric;

impl Metric {
    /// Height of the top bar.
    pub(in crate::ui) const TOP_BAR: f32 = 44.0;
    /// Height of the row of filters.
    pub(in crate::ui) const FILTERS: f32 = 42.0;
    /// Width of the composer.
    pub(in crate::ui) const COMPOSER: f32 = 312.0;
    /// Width of the inspector.
    pub(in crate::ui) const INSPECTOR: f32 = 288.0;
    /// Height of the status bar.
    pub(in crate::ui) const STATUS: f32 = 26.0;
    /// From a panel's edge to what is in it, and between its blocks.
    pub(in crate::ui) const PAD: f32 = 12.0;
    /// From the sheet's edge to its rows.
    pub(in crate::ui) const SHEET_PAD: f32 = 16.0;
    /// Between things side by side.
    pub(in crate::ui) const GAP: f32 = 8.0;
    /// Between a label and its field.
    pub(in crate::ui) const LABEL_GAP: f32 = 4.0;
    /// Height of buttons and dropdowns.
    pub(in crate::ui) const CONTROL: f32 = 30.0;
    /// Height of one-line text fields in dialogs, and of the primary button.
    pub(in crate::ui) const FIELD: f32 = 36.0;
    /// Height of a button inside a tile.
    pub(in crate::ui) const SMALL_CONTROL: f32 = 26.0;
    /// From a control's edge to its words.
    pub(in crate::ui) const CONTROL_PAD: f32 = 10.0;
    /// Height of a row in a list.
    pub(in crate::ui) const ROW: f32 = 32.0;
    /// Corner radius of controls.
    pub(in crate::ui) const RADIUS: u8 = 6;
    /// Corner radius inside a control.
    pub(in crate::ui) const RADIUS_SMALL: u8 = 4;
    /// Corner radius of images.
    pub(in crate::ui) const RADIUS_IMAGE: u8 = 3;
    /// Corner radius of dialogs.
    pub(in crate::ui) const RADIUS_DIALOG: u8 = 12;
    /// Corner radius of the tray and of notices.
    pub(in crate::ui) const RADIUS_TRAY: u8 = 10;
    /// Size of icons in buttons.
    pub(in crate::ui) const ICON: f32 = 15.0;
    /// Height of a line of words.
    pub(in crate::ui) const LINE: f32 = 18.0;
    /// Width of hairlines.
    pub(in crate::ui) const HAIR: f32 = 1.0;
    /// Width of the focus ring.
    pub(in crate::ui) const RING: f32 = 1.5;
    /// Between a control and its focus ring.
    pub(in crate::ui) const RING_GAP: f32 = 1.5;
    /// Height of the tray.
    pub(in crate::ui) const TRAY: f32 = 46.0;
}
