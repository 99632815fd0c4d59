//! New images above what is in view: how many, and the way there.

use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2};

use super::pill_room;
use crate::ui::icons::Icon;
use crate::ui::theme::Metric;
use crate::ui::widgets::Button;

/// The pill; `true` when it was pressed. Without an arrival it stands for a run that was just sent.
pub(super) fn pill_ui(ui: &mut Ui, area: Rect, arrived: usize) -> bool {
    let size = pill_room();
    let rect = Rect::from_min_size(pos2(area.center().x - size.x / 2.0, area.top() + Metric::PAD), size);
    let layout = Layout::top_down(Align::Center);
    let row = ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        let label = if arrived > 0 { format!("{arrived} new") } else { "New run".to_owned() };
        Button::plain(&label).icon(Icon::ARROW_UP).tooltip("New images are above: go there").show(ui).clicked()
    });
    row.inner
}
