//! Where pictures lie, through any lens and after any script of zooming and panning.

use egui::pos2;
use proptest::prelude::*;

use super::*;

fn pane(width: f32, height: f32, image: [f32; 2], pixels_per_point: f32) -> Pane {
    Pane::new(Rect::from_min_size(pos2(20.0, 44.0), vec2(width, height)), image.into(), pixels_per_point)
}

#[test]
fn fit_shows_the_whole_image_in_the_middle() {
    let pane = pane(800.0, 600.0, [1792.0, 1024.0], 1.0);
    let placed = pane.placed(&Lens::default());
    assert!((placed.width() - 800.0).abs() < 0.01 && placed.height() < 600.0);
    assert!((placed.center() - pane.rect.center()).length() < 0.01);
}

#[test]
fn a_hundred_percent_is_one_screen_pixel_for_one_image_pixel() {
    let pane = pane(400.0, 300.0, [1024.0, 1024.0], 2.0);
    let lens = Lens { zoom: Zoom::Factor(1.0), centre: [0.5, 0.5] };
    assert!((pane.placed(&lens).width() * 2.0 - 1024.0).abs() < 0.01);
}

#[test]
fn z_goes_to_a_hundred_percent_and_back() {
    let pane = pane(400.0, 300.0, [1024.0, 1024.0], 1.0);
    let panes = Panes::one(&pane);
    let at = (&pane, pane.rect.center());
    let close = panes.toggled(&Lens::default(), at);
    assert_eq!(close.zoom, Zoom::Factor(1.0));
    assert_eq!(panes.toggled(&close, at), Lens::default());
}

#[test]
fn a_small_image_cannot_be_pushed_out_of_the_middle() {
    let pane = pane(800.0, 600.0, [256.0, 256.0], 1.0);
    let lens = Lens { zoom: Zoom::Factor(1.0), centre: [0.5, 0.5] };
    assert_eq!(Panes::one(&pane).panned(&lens, &pane, vec2(50.0, -20.0)), lens);
}

#[test]
fn dragging_moves_the_image_with_the_hand() {
    let pane = pane(400.0, 300.0, [2000.0, 2000.0], 1.0);
    let lens = Lens { zoom: Zoom::Factor(1.0), centre: [0.5, 0.5] };
    let dragged = Panes::one(&pane).panned(&lens, &pane, vec2(30.0, -12.0));
    let moved = pane.placed(&dragged).min - pane.placed(&lens).min;
    assert!((moved - vec2(30.0, -12.0)).length() < 0.01);
}

#[test]
fn images_of_different_sizes_grow_alike_from_fit_and_show_their_own_pixels_at_a_hundred_percent() {
    let small = pane(500.0, 500.0, [1024.0, 1024.0], 1.0);
    let panes = [small, Pane::new(small.rect.translate(vec2(520.0, 0.0)), vec2(2048.0, 2048.0), 1.0)];
    let both = Panes::side_by_side(&panes);
    let at = (&panes[0], panes[0].rect.center());
    let lens = both.zoomed(&Lens::default(), at, panes[0].fit() * 1.1);
    let [a, b] = panes.map(|pane| pane.placed(&lens).width());
    assert!((a - 550.0).abs() < 0.01 && (a - b).abs() < 0.01, "{a} {b}");
    let lens = both.toggled(&lens, at);
    let widths = panes.map(|pane| pane.placed(&lens).width());
    assert!((widths[0] - 1024.0).abs() < 0.01 && (widths[1] - 2048.0).abs() < 0.01, "{widths:?}");
}

#[test]
fn a_pane_that_shows_all_of_its_image_does_not_hold_the_others_back() {
    let wide = pane(500.0, 200.0, [1000.0, 400.0], 1.0);
    let panes = [wide, Pane::new(wide.rect.translate(vec2(520.0, 0.0)), vec2(3000.0, 3000.0), 1.0)];
    let lens = Lens { zoom: Zoom::Factor(0.5), centre: [0.2, 0.3] };
    assert_eq!(Panes::side_by_side(&panes).settled(&lens), lens);
    let alone = Lens { centre: [0.5, 0.5], ..lens };
    assert_eq!(Panes::one(&wide).settled(&lens), alone);
}

/// What a hand or a key does to the panes.
#[derive(Clone, Debug)]
enum Move {
    Zoom(f32),
    Pan(f32, f32),
    Toggle,
    Fit,
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        4 => (-3.0_f32..3.0).prop_map(|steps| Move::Zoom(steps.exp2())),
        4 => (-400.0_f32..400.0, -400.0_f32..400.0).prop_map(|(x, y)| Move::Pan(x, y)),
        1 => Just(Move::Toggle),
        1 => Just(Move::Fit),
    ]
}

fn images() -> impl Strategy<Value = Vec<(f32, f32)>> {
    let side = prop::sample::select(vec![64.0_f32, 512.0, 1000.0, 1024.0, 1536.0, 1792.0, 2048.0, 4096.0, 8192.0]);
    prop::collection::vec((side.clone(), side), 2..11)
}

proptest! {
    #[test]
    fn zooming_keeps_the_point_under_the_pointer(
        at in (0.0_f32..1.0, 0.0_f32..1.0), factor in 1.5_f32..8.0, next in 1.5_f32..8.0,
        centre in (0.4_f32..0.6, 0.4_f32..0.6), ppp in prop::sample::select(vec![1.0_f32, 1.25, 2.0]),
    ) {
        let pane = pane(500.0, 400.0, [4000.0, 3000.0], ppp);
        let at = pane.rect.min + vec2(at.0, at.1) * pane.rect.size();
        let lens = Lens { zoom: Zoom::Factor(factor), centre: [centre.0, centre.1] };
        let before = pane.image_point(&lens, at);
        let after = pane.image_point(&Panes::one(&pane).zoomed(&lens, (&pane, at), next), at);
        // In image pixels: less than one.
        prop_assert!(((after - before) * pane.image).length() < 1.0);
    }

    #[test]
    fn panes_of_a_survey_show_the_same_point_in_their_middle(
        images in images(),
        script in prop::collection::vec((any::<prop::sample::Index>(), 0.0_f32..1.0, 0.0_f32..1.0, moves()), 1..24),
        room in (300.0_f32..2600.0, 300.0_f32..1500.0),
        ppp in prop::sample::select(vec![1.0_f32, 1.25, 1.5, 2.0]),
    ) {
        let ratios: Vec<f32> = images.iter().map(|(width, height)| width / height).collect();
        let room = Rect::from_min_size(pos2(12.0, 56.0), room.into());
        let rects = crate::ui::survey::best_fit(&ratios, room, 12.0);
        let panes: Vec<Pane> = rects.iter().zip(&images).map(|(rect, &image)| Pane::new(*rect, image.into(), ppp)).collect();
        let all = Panes::side_by_side(&panes);
        let mut lens = Lens::default();
        for (which, x, y, step) in script {
            let pane = which.get(&panes);
            let at = (pane, pane.rect.min + vec2(x, y) * pane.rect.size());
            lens = match step {
                Move::Zoom(by) => all.zoomed(&lens, at, pane.factor(lens.zoom) * by),
                Move::Pan(x, y) => all.panned(&lens, pane, vec2(x, y)),
                Move::Toggle => all.toggled(&lens, at),
                Move::Fit => Lens::default(),
            };
            for pane in &panes {
                let drawn = pane.drawn(&lens);
                let shown = (pane.rect.center() - drawn.min) / drawn.size();
                let off = (shown - Vec2::from(lens.centre)) * drawn.size() * ppp;
                prop_assert!(off.abs().max_elem() < 1.0, "{off:?} in {pane:?} through {lens:?}");
            }
        }
    }
}
