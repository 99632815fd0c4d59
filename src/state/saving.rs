//! Which images a save means, and the name a single one gets.

use jiff::tz::TimeZone;

use super::sheet::Sheet;
use crate::domain::{ImageId, LocalTime, NameFacts, Settings};

/// The images Ctrl+S means: the picks shown, else the selection, else the image under the cursor; stored ones only.
pub(super) fn meant(sheet: &Sheet) -> Vec<ImageId> {
    let picks = sheet.visible_picks();
    if !picks.is_empty() {
        return picks;
    }
    let stored = |image: &ImageId| sheet.facts(*image).is_some();
    let selected: Vec<ImageId> = sheet.selection().into_iter().filter(stored).collect();
    if selected.is_empty() { sheet.cursor().filter(stored).into_iter().collect() } else { selected }
}

/// A good name for one image, with the suffix of the file it will be.
pub(super) fn name(sheet: &Sheet, image: ImageId, settings: &Settings, zone: &TimeZone) -> Option<String> {
    let run = sheet.run(image.run)?;
    let facts = run.facts(image.slot)?;
    let made = LocalTime::new(run.made_at, zone);
    let stem = settings.name_pattern.stem(&NameFacts {
        date: made.day(),
        time: made.clock().replace(':', ""),
        prompt: run.request.prompt.as_str().to_owned(),
        model: run.request.model.as_str().to_owned(),
        size: format!("{}x{}", facts.width, facts.height),
        n: u32::from(image.slot) + 1,
    });
    let format = settings.save_format.wanted().unwrap_or(facts.format);
    Some(format!("{stem}.{}", format.suffix()))
}

/// `1 image`, `3 images`.
pub(super) fn images(count: usize) -> String {
    if count == 1 { "1 image".to_owned() } else { format!("{count} images") }
}
