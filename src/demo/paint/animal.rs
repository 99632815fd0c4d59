//! Animals as one cut outline each.

use super::shape::{Shape, curve};
use super::wish::Wish;

/// The animal a prompt names, facing right, its feet at the origin, one unit tall.
pub(super) fn named(wish: &Wish) -> Shape {
    if wish.says(&["bird", "owl", "crow", "raven", "swan", "heron", "crane"]) {
        bird()
    } else if wish.says(&["deer", "stag", "moose", "elk", "horse"]) {
        deer()
    } else {
        fox()
    }
}

fn bird() -> Shape {
    let mut bird = Shape::polygon(curve(
        &[
            (-0.62, -0.5),
            (-0.2, -0.62),
            (0.12, -0.78),
            (0.34, -0.92),
            (0.6, -0.8),
            (0.42, -0.72),
            (0.34, -0.48),
            (0.06, -0.28),
            (-0.2, -0.32),
            (-0.62, -0.5),
        ],
        8,
    ));
    for leg in [0.0, 0.1] {
        bird.add(vec![(leg, -0.34), (leg + 0.025, -0.34), (leg + 0.02, 0.0), (leg, 0.0)]);
    }
    bird
}

/// A stag with its antlers.
fn deer() -> Shape {
    let mut deer = Shape::polygon(curve(
        &[
            (-0.42, -0.62),
            (-0.1, -0.66),
            (0.18, -0.68),
            (0.34, -0.92),
            (0.36, -1.06),
            (0.44, -1.08),
            (0.62, -0.96),
            (0.6, -0.91),
            (0.46, -0.9),
            (0.34, -0.6),
            (0.26, -0.42),
            (-0.1, -0.4),
            (-0.36, -0.42),
            (-0.42, -0.62),
        ],
        8,
    ));
    for leg in [-0.38, -0.26, 0.14, 0.25] {
        deer.add(vec![
            (leg - 0.03, -0.5),
            (leg + 0.06, -0.5),
            (leg + 0.025, -0.2),
            (leg + 0.02, 0.0),
            (leg - 0.015, 0.0),
            (leg - 0.01, -0.2),
        ]);
    }
    for (side, lean) in [(0.0, -0.1), (0.04, 0.1)] {
        let root = (0.39 + side, -1.06);
        deer.join(Shape::stroke(&[
            (root, 0.018),
            ((root.0 + lean, root.1 - 0.18), 0.015),
            ((root.0 + lean * 0.6, root.1 - 0.4), 0.006),
        ]));
        deer.join(Shape::stroke(&[
            ((root.0 + lean, root.1 - 0.16), 0.013),
            ((root.0 + lean * 2.2, root.1 - 0.27), 0.005),
        ]));
        deer.join(Shape::stroke(&[
            ((root.0 + lean * 0.9, root.1 - 0.24), 0.012),
            ((root.0 + lean * 1.9, root.1 - 0.38), 0.005),
        ]));
    }
    deer
}

/// A fox, sitting, its tail around it.
fn fox() -> Shape {
    let mut fox = Shape::polygon(curve(
        &[
            (0.3, 0.0),
            (0.33, -0.3),
            (0.36, -0.52),
            (0.62, -0.58),
            (0.66, -0.63),
            (0.46, -0.78),
            (0.42, -0.98),
            (0.32, -0.84),
            (0.2, -0.84),
            (0.1, -0.98),
            (0.08, -0.74),
            (0.02, -0.54),
            (-0.2, -0.32),
            (-0.26, 0.0),
            (0.3, 0.0),
        ],
        8,
    ));
    fox.add(curve(
        &[
            (-0.1, -0.02),
            (-0.36, -0.06),
            (-0.6, -0.26),
            (-0.66, -0.52),
            (-0.56, -0.62),
            (-0.44, -0.4),
            (-0.26, -0.24),
            (-0.1, -0.18),
            (-0.1, -0.02),
        ],
        8,
    ));
    fox
}
