//! One prompt and one number in, one picture out.

use super::canvas::Canvas;
use super::finish::develop;
use super::plan::Plan;
use super::wish::{Hour, Medium, Scene};
use super::{
    botanical, city, forest, land, lighthouse, paper_cut, poster, robot, scenery, snow, space, still_life, underwater,
};

/// A painted picture: red, green and blue bytes, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::demo) struct Picture {
    pub(in crate::demo) width: u32,
    pub(in crate::demo) height: u32,
    pub(in crate::demo) rgb: Vec<u8>,
}

/// How loud the colours are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Manner {
    Plain,
    Vivid,
    Natural,
}

impl Manner {
    const fn saturation(self) -> f32 {
        match self {
            Self::Plain => 1.0,
            Self::Vivid => 1.18,
            Self::Natural => 0.8,
        }
    }
}

/// Paints picture `index` of a prompt. The same words, index, size and manner give the same bytes.
pub(in crate::demo) fn paint(prompt: &str, index: u32, width: u32, height: u32, manner: Manner) -> Picture {
    let plan = Plan::new(prompt, index);
    let mut canvas = Canvas::new(width, height);
    let finish = match plan.wish.scene {
        Scene::Lighthouse => lighthouse::paint(&mut canvas, &plan),
        Scene::Sea => scenery::sea(&mut canvas, &plan),
        Scene::Snow => snow::paint(&mut canvas, &plan),
        Scene::Underwater => underwater::paint(&mut canvas, &plan),
        Scene::PaperCut => paper_cut::paint(&mut canvas, &plan),
        Scene::Robot => robot::paint(&mut canvas, &plan),
        Scene::Mountain => scenery::mountains(&mut canvas, &plan),
        Scene::StillLife => still_life::paint(&mut canvas, &plan),
        Scene::Botanical => botanical::paint(&mut canvas, &plan),
        Scene::Poster => poster::paint(&mut canvas, &plan),
        Scene::Space => space::paint(&mut canvas, &plan),
        Scene::City => city::paint(&mut canvas, &plan),
        Scene::Forest => forest::paint(&mut canvas, &plan),
        Scene::Desert => land::desert(&mut canvas, &plan),
        Scene::Meadow => land::meadow(&mut canvas, &plan),
    };
    let rgb = develop(&mut canvas, &plan, finish, manner.saturation());
    Picture { width: canvas.columns as u32, height: canvas.rows as u32, rgb }
}

/// What picture `index` of a prompt shows, in a plain sentence.
pub(in crate::demo) fn describe(prompt: &str, index: u32) -> String {
    let plan = Plan::new(prompt, index);
    let subject = match plan.wish.scene {
        Scene::Lighthouse => lighthouse::SUBJECT,
        Scene::Sea => scenery::SEA,
        Scene::Snow => snow::SUBJECT,
        Scene::Underwater => underwater::SUBJECT,
        Scene::PaperCut => paper_cut::SUBJECT,
        Scene::Robot => robot::SUBJECT,
        Scene::Mountain => scenery::MOUNTAINS,
        Scene::StillLife => still_life::SUBJECT,
        Scene::Botanical => botanical::SUBJECT,
        Scene::Poster => poster::SUBJECT,
        Scene::Space => space::SUBJECT,
        Scene::City => city::SUBJECT,
        Scene::Forest => forest::SUBJECT,
        Scene::Desert => land::DESERT,
        Scene::Meadow => land::MEADOW,
    };
    let hour = match plan.hour {
        Hour::Dawn => "in the first light of the morning",
        Hour::Day => "in clear daylight",
        Hour::Golden => "in low golden light",
        Hour::Dusk => "at dusk",
        Hour::Night => "at night",
        Hour::Mist => "in soft misty light",
    };
    let medium = match plan.wish.medium {
        Medium::Photograph => "photographed with a natural lens",
        Medium::Film => "on grainy film",
        Medium::Gouache => "in gouache on textured paper",
        Medium::Print => "as a screen print with a fine grain",
    };
    format!("{subject}, {hour}, {medium}.")
}
