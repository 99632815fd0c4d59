//! Controls of the window, painted from the theme and named for the accessibility tree.

mod button;
mod combo;
mod dialog;
mod dropdown;
mod field;
mod key_field;
mod label;
mod menu;
mod popup;
mod ring;
mod segmented;
mod slider;
mod tick;

pub(super) use button::Button;
pub(super) use combo::Combo;
pub(super) use dialog::Dialog;
pub(super) use dropdown::Dropdown;
pub(super) use field::{TextField, under_field};
pub(super) use key_field::{key_field, take_key};
pub(super) use label::{Tone, label, label_at, line, truncated, wrapped};
pub(super) use menu::{MenuRow, menu, menu_row_id};
pub(super) use popup::{Choice, list, words};
pub(super) use ring::{hairline, ring};
pub(super) use segmented::{segmented, segmented_across};
pub(super) use slider::slider;
pub(super) use tick::tick;
