//! Where notices lie: nothing that can be pressed is under them, whatever the window shows.

use egui::Rect;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::message::{Action, Page, Verb};
use crate::ui::stage::{Stage, look_at, run, stored};

/// The usual window, a narrow one, and the smallest.
const SIZES: [[f32; 2]; 3] = [[1360.0, 860.0], [900.0, 600.0], [720.0, 480.0]];
/// What is pressed, dragged or typed into.
const CONTROLS: [Role; 6] =
    [Role::Button, Role::RadioButton, Role::Slider, Role::TextInput, Role::MultilineTextInput, Role::ComboBox];

/// Twelve images with picks and rejects, and two notices.
fn told() -> Stage {
    let runs = (1..=3).map(|n| stored(run(n, &format!("prompt {n}"), "1024x1024", 4), "p.xp")).collect();
    let mut stage = Stage::with(runs);
    stage.paints = false;
    let image = stage.image(1);
    stage.act(Action::Click { image, extend: false, toggle: false });
    stage.act(Action::LeaveAsked);
    stage
}

fn on(page: Page) -> Stage {
    let mut stage = told();
    match page {
        Page::Viewer => stage.act(Action::Do(Verb::View)),
        Page::Survey => {
            let images = (0..4).map(|place| stage.image(place)).collect();
            stage.act(Action::Select { images, add: false });
            stage.act(Action::Do(Verb::Survey));
        }
        Page::Sheet | Page::FirstStart => {}
    }
    assert_eq!(stage.session.desk().page(), page);
    // One with a button of its own.
    stage.act(Action::Do(Verb::Delete));
    stage
}

/// Each control with its name, those of the notices not among them.
fn controls(harness: &Harness<'_, Stage>) -> Vec<(String, Rect)> {
    let all = harness.query_all_by(|node| CONTROLS.contains(&node.role()));
    let named = all.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()));
    named.filter(|(name, _)| !["Dismiss", "Undo"].contains(&name.as_str())).collect()
}

#[test]
fn a_notice_lies_on_nothing_that_can_be_pressed() {
    for size in SIZES {
        for page in [Page::Sheet, Page::Viewer, Page::Survey] {
            let mut harness = on(page).whole_window(size, 1.0);
            harness.run();
            look_at(&mut harness, &format!("notices-{page:?}-{}", size[0]));
            let window = Rect::from_min_size(egui::Pos2::ZERO, size.into());
            assert_eq!(harness.query_all_by_label("Dismiss").count(), 2);
            let id = egui::Id::unique("notices");
            let notices = harness.ctx.memory(|memory| memory.area_rect(id)).expect("notices");
            assert!(window.contains_rect(notices), "{page:?} {size:?}: {notices:?}");
            let under: Vec<_> =
                controls(&harness).into_iter().filter(|(_, rect)| rect.shrink(1.0).intersects(notices)).collect();
            assert!(under.is_empty(), "{page:?} {size:?} {notices:?} lies on {under:?}");
        }
    }
}
