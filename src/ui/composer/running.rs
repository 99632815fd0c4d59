//! What is running and waiting, each with its cancel.

use egui::{Align, Layout, Ui, vec2};

use crate::message::Action;
use crate::state::RunProgress;
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::theme::{Metric, Type};
use crate::ui::widgets::{Button, Tone, label, truncated};

pub(super) fn running_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let running = cx.session.running();
    if running.is_empty() {
        return;
    }
    super::rule(ui);
    label(ui, "Running", Type::Small, Tone::Dim);
    ui.add_space(4.0);
    for progress in &running {
        row_ui(ui, cx, progress);
    }
}

fn row_ui(ui: &mut Ui, cx: &mut Cx<'_>, progress: &RunProgress) {
    let prompt = cx.session.sheet().run(progress.run).map(|run| run.request.prompt.as_str().to_owned());
    let seconds = cx.now.0.saturating_sub(progress.since.0) / 1000;
    let state = if progress.queued {
        "waiting".to_owned()
    } else {
        format!("{} of {} · {seconds} s", progress.done, progress.asked)
    };
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), Metric::SMALL_CONTROL),
        Layout::right_to_left(Align::Center),
        |ui| {
            let cancel = Button::icon_only(Icon::CROSS, "Cancel").height(22.0).width(22.0).flush();
            if cancel.tooltip("Stop what still waits in this run").show(ui).clicked() {
                cx.act(Action::CancelRun(progress.run));
            }
            label(ui, state, Type::Small, Tone::Dim);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                truncated(ui, prompt.unwrap_or_default(), Type::Small, Tone::Dim);
            });
        },
    );
}
