//! A stage for tests: a session with runs like those of a working day, pictures painted on the spot, and a window
//! that does what its actions say.

use std::sync::Arc;

use egui::{Ui, vec2};
use egui_kittest::Harness;
use jiff::tz::TimeZone;

use super::{Memory, Textures, cx::Cx};
use crate::domain::{
    Catalogue, Draft, EndpointName, Format, ImageFacts, ImageId, KeyPlace, Mark, Pixels, Query, Run, RunIds, Settings,
    Slot, ThemeChoice, Timestamp,
};
use crate::message::{Action, Ask, Command, Event, Wishes};
use crate::state::{Session, SessionOptions};

/// 22 Nov 2026, 13:05 at the stage.
pub(super) const NOW: Timestamp = Timestamp(1_795_349_107_000);

/// Everything one window needs.
pub(super) struct Stage {
    pub session: Session,
    pub textures: Textures,
    pub memory: Memory,
    pub now: Timestamp,
    pub zone: TimeZone,
    /// Every action the window asked for, as text.
    pub log: Vec<String>,
    /// What is wished for and not painted yet.
    pub wishes: Wishes,
    /// The images of each dialog that asked where to save.
    pub saving: Vec<Vec<ImageId>>,
    /// What the index was asked last.
    pub asked: Option<(u64, Option<Query>)>,
    /// Wishes come true at the next frame.
    pub paints: bool,
    /// What pictures look like.
    pub painter: fn(ImageId, u32, u32) -> Pixels,
    prepared: bool,
}

/// The facts of an image of this size.
pub(super) fn facts(width: u32, height: u32) -> ImageFacts {
    ImageFacts {
        size_bytes: 1_900_000,
        width,
        height,
        format: Format::Png,
        revised_prompt: None,
        mark: Mark::None,
        made_at: NOW,
        took_millis: 11_400,
    }
}

/// A run with nothing back yet; `number` tells runs apart, higher ones are newer.
pub(super) fn run(number: u64, prompt: &str, size: &str, images: u32) -> Run {
    let draft = Draft { prompt: prompt.to_owned(), size: size.to_owned(), images, ..Draft::default() };
    let catalogue = Catalogue::load(None).expect("the built-in list");
    let request = draft.check(catalogue.find("dall-e-3"), &[]).expect("a good draft");
    let made_at = Timestamp(NOW.0 - 100 * 60_000 + number * 60_000);
    Run {
        id: RunIds::new(0).next(made_at.0),
        slots: vec![Slot::Waiting; images as usize],
        binned: std::collections::BTreeSet::new(),
        request: request.into(),
        endpoint: EndpointName::new("ramclouds.me").expect("a name"),
        demo: false,
        made_at,
        model_answered: None,
        notes: Vec::new(),
    }
}

/// The same run with every image stored, marked by `marks`: `p`, `x` or anything else.
pub(super) fn stored(mut run: Run, marks: &str) -> Run {
    let (width, height) = run.request.size.and_then(crate::domain::Size::exact).unwrap_or((1024, 1024));
    let marks = marks.chars().map(|mark| match mark {
        'p' => Mark::Pick,
        'x' => Mark::Reject,
        _ => Mark::None,
    });
    run.slots = marks.map(|mark| Slot::Stored(ImageFacts { mark, ..facts(width, height) })).collect();
    run
}

impl Stage {
    /// An empty library with a key in the keyring.
    pub(super) fn empty() -> Self {
        Self::with(Vec::new())
    }

    /// These runs.
    pub(super) fn with(runs: Vec<Run>) -> Self {
        let settings = Settings { welcomed: true, theme: ThemeChoice::Dark, ..Settings::default() };
        let mut session = Session::new(SessionOptions {
            settings,
            catalogue: Arc::new(Catalogue::load(None).expect("the built-in list")),
            demo: false,
            env_key: false,
            library: None,
            salt: 1,
            zone: TimeZone::fixed(jiff::tz::offset(1)),
            problems: Vec::new(),
        });
        session.begin();
        let endpoint = session.settings().current.clone();
        session.apply(Event::KeyFound { endpoint, place: KeyPlace::Keyring, problem: None }, NOW);
        session.apply(Event::LibraryOpened { root: "/pictures".into(), runs, problems: Vec::new() }, NOW);
        Self {
            session,
            textures: Textures::new(),
            memory: Memory::default(),
            now: NOW,
            zone: TimeZone::fixed(jiff::tz::offset(1)),
            log: Vec::new(),
            wishes: Wishes::default(),
            saving: Vec::new(),
            asked: None,
            paints: true,
            painter: paint,
            prepared: false,
        }
    }

    /// The day of the design's picture: a run under way above two that are done.
    pub(super) fn day() -> Self {
        let mut poster =
            stored(run(33, "Poster for a jazz night, red and black, bold shapes", "1024x1792", 6), ".p.x..");
        let request = Arc::make_mut(&mut poster.request);
        request.model = crate::domain::ModelId::new("stable-diffusion-xl").expect("an id");
        (request.quality, request.style) = (None, None);
        let fern = "Botanical plate of an imagined fern, gouache on cream paper";
        let mut plate = stored(run(76, fern, "1024x1024", 4), "p.xp");
        let request = Arc::make_mut(&mut plate.request);
        (request.quality, request.style) = (Some("standard".to_owned()), Some("natural".to_owned()));
        let mut stage = Self::with(vec![plate, poster]);
        let prompt =
            "A lighthouse at dusk on a basalt shore, long exposure sea, warm window light, editorial photograph";
        let draft =
            Draft { prompt: prompt.to_owned(), quality: "hd".to_owned(), ..stage.session.composer().draft().clone() };
        stage.act(Action::Edit(draft));
        stage.now = Timestamp(NOW.0 - 14_000);
        stage.act(Action::Do(crate::message::Verb::Generate));
        stage.now = NOW;
        let run = stage.newest();
        stage.apply(Event::Sent { run, slots: vec![0, 1, 2, 3] });
        let revised = "A tall white lighthouse stands on dark basalt columns at dusk, the sea smoothed by a long \
                       exposure, its lamp room glowing amber against a violet sky.";
        for slot in 0..2 {
            let facts = ImageFacts { revised_prompt: Some(revised.into()), ..facts(1024, 1024) };
            stage.apply(Event::Stored { image: ImageId { run, slot }, facts });
        }
        stage.act(Action::Click { image: ImageId { run, slot: 1 }, extend: false, toggle: false });
        stage
    }

    /// The newest run on the sheet.
    pub(super) fn newest(&self) -> crate::domain::RunId {
        self.session.sheet().visible().first().expect("a run").run
    }

    /// The image at a place of the sheet, from 0.
    pub(super) fn image(&self, place: usize) -> ImageId {
        self.session.sheet().visible_images().nth(place).expect("an image there")
    }

    /// The person did this.
    pub(super) fn act(&mut self, action: Action) {
        for command in self.session.act(action, self.now) {
            self.obey(command);
        }
    }

    /// This happened.
    pub(super) fn apply(&mut self, event: Event) {
        for command in self.session.apply(event, self.now) {
            self.obey(command);
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Want(wishes) => self.wishes = wishes,
            Command::Ask(Ask::SaveAs { image, .. }) => self.saving.push(vec![image]),
            Command::Ask(Ask::SaveFolder { images, .. }) => self.saving.push(images),
            Command::Ask(ask) => self.memory.heed(&ask),
            Command::Find { number, query } => self.asked = Some((number, query.map(|query| *query))),
            _ => {}
        }
    }

    /// Paints what was wished for.
    fn paint(&mut self, ctx: &egui::Context) {
        let wishes = std::mem::take(&mut self.wishes);
        for (image, asked) in wishes.thumbnails {
            let (width, height) = self.shape(image);
            let scale = f64::from(asked) / f64::from(width.max(height));
            let side = |side: u32| ((f64::from(side) * scale.min(1.0)).round() as u32).max(1);
            self.textures.insert_thumbnail(ctx, image, asked, (self.painter)(image, side(width), side(height)));
        }
        for image in wishes.pictures {
            let (width, height) = self.shape(image);
            let pixels = crate::media::with_levels((self.painter)(image, width, height));
            self.textures.insert_picture(image, pixels);
        }
    }

    fn shape(&self, image: ImageId) -> (u32, u32) {
        self.session.sheet().facts(image).map_or((1024, 1024), |facts| (facts.width, facts.height))
    }

    /// Gets the window ready for a frame; `false` in the very first one, before there are fonts.
    fn begins(&mut self, ui: &Ui) -> bool {
        if !self.prepared {
            super::prepare(ui.ctx());
            self.prepared = true;
            ui.ctx().request_repaint();
            return false;
        }
        if self.paints {
            self.paint(ui.ctx());
        }
        true
    }

    /// Does what the window asked for.
    fn take(&mut self, ui: &Ui, actions: Vec<Action>) {
        for action in actions {
            self.log.push(name(&action));
            self.act(action);
            ui.ctx().request_repaint();
        }
    }

    /// One frame that shows a part of the window alone.
    pub(super) fn frame(&mut self, ui: &mut Ui, show: impl FnOnce(&mut Ui, &mut Cx<'_>)) {
        if !self.begins(ui) {
            return;
        }
        super::theme::choose(ui, self.session.is_dark());
        let mut actions = Vec::new();
        self.textures.begin_frame(ui.input(|input| input.max_texture_side));
        let mut cx = Cx {
            session: &self.session,
            textures: &mut self.textures,
            memory: &mut self.memory,
            actions: &mut actions,
            now: self.now,
            zone: &self.zone,
        };
        super::shortcuts::route(ui, &mut cx);
        let frame = egui::Frame::NONE;
        egui::CentralPanel::default().frame(frame).show(ui, |ui| show(ui, &mut cx));
        actions.extend(self.textures.end_frame().map(Action::Want));
        self.take(ui, actions);
    }

    /// The whole window of the program.
    pub(super) fn whole_window(self, size: [f32; 2], pixels_per_point: f32) -> Harness<'static, Self> {
        let builder = Harness::builder().with_size(vec2(size[0], size[1])).with_pixels_per_point(pixels_per_point);
        builder.with_max_steps(60).with_step_dt(1.0 / 60.0).build_ui_state(
            |ui, stage: &mut Self| {
                if stage.begins(ui) {
                    let actions =
                        super::shell_ui(ui, &stage.session, &mut stage.textures, &mut stage.memory, stage.now);
                    stage.take(ui, actions);
                }
            },
            self,
        )
    }

    /// A window of so many points that shows one part of the program.
    pub(super) fn window(
        self,
        size: [f32; 2],
        pixels_per_point: f32,
        mut show: impl FnMut(&mut Ui, &mut Cx<'_>) + 'static,
    ) -> Harness<'static, Self> {
        Harness::builder()
            .with_size(vec2(size[0], size[1]))
            .with_pixels_per_point(pixels_per_point)
            .with_max_steps(60)
            .with_step_dt(1.0 / 60.0)
            .build_ui_state(move |ui, stage: &mut Self| stage.frame(ui, &mut show), self)
    }
}

/// An action in a few words, for comparing.
fn name(action: &Action) -> String {
    match action {
        Action::Do(verb) => format!("{verb:?}"),
        Action::Click { image, extend, toggle } => format!("Click {} {extend} {toggle}", image.slot),
        Action::Open(image) => format!("Open {}", image.slot),
        Action::Select { images, add } => format!("Select {} {add}", images.len()),
        Action::SelectNone => "SelectNone".to_owned(),
        Action::Lines { width, tile } => format!("Lines {width} {tile}"),
        Action::SeenNew => "SeenNew".to_owned(),
        Action::Want(wishes) => format!("Want {} {}", wishes.thumbnails.len(), wishes.pictures.len()),
        Action::Look(lens) => format!("Look {:?}", lens.zoom),
        Action::Retry(image) => format!("Retry {}", image.slot),
        Action::EditAndRetry(image) => format!("EditAndRetry {}", image.slot),
        Action::CancelImage(image) => format!("CancelImage {}", image.slot),
        Action::DropFromSurvey(image) => format!("DropFromSurvey {}", image.slot),
        Action::MarkImage(image, mark) => format!("MarkImage {} {}", image.slot, mark.word()),
        Action::SaveImages(images) => {
            let slots: Vec<String> = images.iter().map(|image| image.slot.to_string()).collect();
            format!("SaveImages {}", slots.join(" "))
        }
        Action::CopyImages(images) => format!("CopyImages {}", images.len()),
        Action::OpenMenu(image) => format!("OpenMenu {}", image.slot),
        Action::CopyText(text) => format!("CopyText {text}"),
        Action::OpenDialog(dialog) => format!("OpenDialog {dialog:?}"),
        Action::CopySnippet(_, snippet) => format!("CopySnippet {snippet:?}"),
        Action::TryDemo => "TryDemo".to_owned(),
        Action::ChooseLibrary => "ChooseLibrary".to_owned(),
        Action::SearchFor(words) => format!("SearchFor {words}"),
        Action::SaveKey(name, _) => format!("SaveKey {name}"),
        Action::Test(endpoint, key) => format!("Test {} {}", endpoint.base_url, key.is_some()),
        Action::ChangeEndpoint(old, new) => format!("ChangeEndpoint {old} {} {}", new.name, new.base_url),
        Action::FinishFirstStart { endpoint, key, .. } => {
            format!("FinishFirstStart {} {} {}", endpoint.name, endpoint.base_url, key.is_some())
        }
        Action::CancelRun(_) => "CancelRun".to_owned(),
        Action::UseEndpoint(name) => format!("UseEndpoint {name}"),
        Action::RefreshModels => "RefreshModels".to_owned(),
        Action::SaveTo { images, target } => format!("SaveTo {} {target:?}", images.len()),
        Action::Narrow(by) => format!("Narrow {by:?}"),
        Action::ClearFilters => "ClearFilters".to_owned(),
        Action::Show(filter) => format!("Show {filter:?}"),
        _ => "other".to_owned(),
    }
}

/// A picture after the design's: a disc over a hill in front of a sky, each image its own.
pub(super) fn paint(image: ImageId, width: u32, height: u32) -> Pixels {
    const SETS: [[[f32; 3]; 4]; 4] = [
        [[47.0, 102.0, 144.0], [209.0, 73.0, 91.0], [242.0, 197.0, 124.0], [11.0, 29.0, 51.0]],
        [[88.0, 129.0, 87.0], [13.0, 40.0, 24.0], [233.0, 196.0, 106.0], [218.0, 215.0, 205.0]],
        [[34.0, 9.0, 44.0], [135.0, 35.0, 65.0], [240.0, 89.0, 65.0], [190.0, 49.0, 68.0]],
        [[38.0, 70.0, 83.0], [42.0, 157.0, 143.0], [244.0, 162.0, 97.0], [231.0, 111.0, 81.0]],
    ];
    let seed = image.run.number().wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(u32::from(image.slot) * 7 + 5);
    let part = |shift: u32| ((seed >> shift) & 0xff) as f32 / 255.0;
    let set = SETS[(image.run.number() >> 26) as usize % SETS.len()];
    let turn = image.slot as usize % 4;
    let colour = |place: usize| set[(place + turn) % 4];
    let disc = [0.25 + 0.5 * part(8), 0.18 + 0.35 * part(16), 0.1 + 0.08 * part(24)];
    let hill = [0.3 + 0.4 * part(32), 1.0 + 0.1 * part(40), 0.3 + 0.2 * part(48)];
    let mix = |a: [f32; 3], b: [f32; 3], t: f32| {
        let t = t.clamp(0.0, 1.0);
        std::array::from_fn::<f32, 3, _>(|i| a[i] + (b[i] - a[i]) * t)
    };
    let mut words = Vec::with_capacity((width * height) as usize);
    for y in 0..height {
        for x in 0..width {
            let at = [(x as f32 + 0.5) / width as f32, (y as f32 + 0.5) / height as f32];
            let mut rgb = mix(colour(0), colour(1), 0.7 * at[1] + 0.3 * at[0]);
            let aspect = height as f32 / width as f32;
            let from = |c: [f32; 3]| ((at[0] - c[0]).powi(2) + ((at[1] - c[1]) * aspect).powi(2)).sqrt() / c[2];
            rgb = mix(colour(2), rgb, (from(disc) - 1.0) / 0.06);
            rgb = mix(colour(3), rgb, (from(hill) - 1.0) / 0.25);
            words.push(u32::from_ne_bytes([rgb[0] as u8, rgb[1] as u8, rgb[2] as u8, 255]));
        }
    }
    Pixels::new(width, height, words).expect("as many words as pixels")
}

/// Writes the window to a file for people to look at, when `PROOFSHEET_LOOK_AT` names a folder.
pub(super) fn look_at(harness: &mut Harness<'_, Stage>, name: &str) {
    if let Some(folder) = std::env::var_os("PROOFSHEET_LOOK_AT") {
        let picture = harness.render().expect("a picture");
        picture.save(std::path::Path::new(&folder).join(format!("{name}.png"))).expect("written");
    }
}
