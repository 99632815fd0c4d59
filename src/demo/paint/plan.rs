//! What one picture of a prompt will be: the wish, with everything it leaves open decided.

use super::chance::Chance;
use super::palette::Palette;
use super::wish::{Hour, Scene, Wish};

/// One picture, decided.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) wish: Wish,
    /// Which picture of the prompt; layouts take turns with it.
    pub(super) turn: usize,
    pub(super) hour: Hour,
    pub(super) palette: Palette,
    pub(super) chance: Chance,
}

impl Plan {
    /// The plan of picture `index` of a prompt; the same every time.
    pub(super) fn new(prompt: &str, index: u32) -> Self {
        let wish = Wish::read(prompt);
        let turn = (wish.seed >> 7) as usize % 97 + index as usize;
        let hour = wish.hour.unwrap_or_else(|| {
            let hours: &[Hour] = match wish.scene {
                Scene::Lighthouse | Scene::Sea => &[Hour::Dusk, Hour::Golden, Hour::Dawn, Hour::Mist],
                Scene::City => &[Hour::Night, Hour::Dusk, Hour::Golden],
                Scene::Forest => &[Hour::Mist, Hour::Golden, Hour::Dawn],
                Scene::Desert | Scene::Meadow => &[Hour::Golden, Hour::Dusk, Hour::Dawn, Hour::Day],
                Scene::Snow => &[Hour::Dusk, Hour::Night, Hour::Dawn],
                _ => &[Hour::Dawn, Hour::Dusk, Hour::Day, Hour::Golden],
            };
            hours.get(turn % hours.len()).copied().unwrap_or(Hour::Day)
        });
        let palette = Palette::mixed(&wish, hour, turn);
        let chance = Chance::new(wish.seed ^ (u64::from(index) + 1).wrapping_mul(0xd6e8_feb8_6659_fd93));
        Self { wish, turn, hour, palette, chance }
    }

    /// Which of `count` layouts this picture takes: neighbours never take the same.
    pub(super) const fn layout(&self, count: usize) -> usize {
        self.turn % count
    }
}
