//! The program's window without a screen: its frames are built and cut into triangles, its wishes come true at once.

use std::sync::Arc;
use std::time::Instant;

use egui::epaint::{ClippedPrimitive, Primitive};
use egui::{Context, Event as Input, Modifiers, MouseWheelUnit, Pos2, RawInput, Rect, TextureId, pos2, vec2};
use jiff::tz::TimeZone;
use proofsheet::domain::{
    Catalogue, Draft, EndpointName, Format, Found, Glimpse, ImageFacts, ImageId, Mark, Pixels, Run, RunId, Settings,
    Slot, Tallies, Timestamp,
};
use proofsheet::message::{Action, Command, Event, IndexState, Wishes};
use proofsheet::state::{Session, SessionOptions};
use proofsheet::ui::{Memory, Textures, prepare, shell_ui};

const SIZE: egui::Vec2 = vec2(1360.0, 860.0);
const POINTER: Pos2 = pos2(700.0, 400.0);
const IMAGES_A_RUN: usize = 4;
const NOW: Timestamp = Timestamp(1_795_349_107_000);
/// The oldest run's number: older ones come later.
const LATER: u64 = 10_000_000;

/// What came of a frame.
pub(crate) struct Frame {
    /// Building it and cutting it into triangles.
    pub(crate) millis: f64,
    /// The texture of each draw call.
    pub(crate) textures: Vec<TextureId>,
    /// Images in view, or near it, without their thumbnail.
    pub(crate) wished: Vec<ImageId>,
}

pub(crate) struct Window {
    ctx: Context,
    session: Session,
    textures: Textures,
    memory: Memory,
    wishes: Wishes,
    input: Vec<Input>,
    /// The number of the last question to the index.
    question: u64,
    time: f64,
    newest: u64,
    oldest: u64,
}

fn facts(number: usize) -> ImageFacts {
    ImageFacts {
        size_bytes: 1_900_000,
        // Every fifth run is a wide one.
        width: if (number / IMAGES_A_RUN).is_multiple_of(5) { 1792 } else { 1024 },
        height: 1024,
        format: Format::Png,
        revised_prompt: Some(
            format!("picture number {number} of a lighthouse at dusk, in the way the model says it").into(),
        ),
        mark: if number.is_multiple_of(13) { Mark::Reject } else { Mark::None },
        made_at: NOW,
        took_millis: 11_400,
    }
}

/// A run of so many images; higher numbers are newer.
fn run(number: u64, images: usize) -> Run {
    let prompt = format!("a lighthouse at dusk on a basalt shore, number {number}");
    let draft = Draft { prompt, model: "dall-e-3".to_owned(), images: images as u32, ..Draft::default() };
    Run {
        id: RunId::from_number(number),
        request: draft.check(Catalogue::load(None).unwrap().find("any"), &[]).unwrap().into(),
        endpoint: EndpointName::new("here").unwrap(),
        demo: false,
        made_at: Timestamp(NOW.0 - 1_000_000_000 + number),
        model_answered: None,
        notes: Vec::new(),
        slots: (0..images).map(|slot| Slot::Stored(facts(number as usize * IMAGES_A_RUN + slot))).collect(),
        binned: std::collections::BTreeSet::new(),
    }
}

impl Window {
    /// With so many images, all read, and the thumbnails of the first screen there.
    pub(crate) fn new(images: usize) -> Self {
        let mut session = Session::new(SessionOptions {
            settings: Settings { welcomed: true, ..Settings::default() },
            catalogue: Arc::new(Catalogue::load(None).unwrap()),
            demo: false,
            env_key: false,
            library: None,
            salt: 1,
            zone: TimeZone::UTC,
            problems: Vec::new(),
        });
        drop(session.begin());
        let count = images.div_ceil(IMAGES_A_RUN) as u64;
        let runs: Vec<Run> = (0..count)
            .rev()
            .map(|number| run(LATER + number, IMAGES_A_RUN.min(images - number as usize * IMAGES_A_RUN)))
            .collect();
        drop(session.apply(Event::LibraryOpened { root: "/pictures".into(), runs, problems: Vec::new() }, NOW));
        let ctx = Context::default();
        prepare(&ctx);
        let mut window = Self {
            ctx,
            session,
            textures: Textures::new(),
            memory: Memory::default(),
            wishes: Wishes::default(),
            input: vec![Input::PointerMoved(POINTER)],
            time: 0.0,
            question: 0,
            newest: LATER + count,
            oldest: LATER,
        };
        window.settle();
        window
    }

    /// Builds frames until nothing is wished for and nothing moves.
    pub(crate) fn settle(&mut self) {
        for _ in 0..12 {
            self.frame();
            self.paint();
        }
    }

    /// One frame.
    pub(crate) fn frame(&mut self) -> Frame {
        self.time += 1.0 / 60.0;
        let raw = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.time),
            events: std::mem::take(&mut self.input),
            max_texture_side: Some(8192),
            focused: true,
            ..RawInput::default()
        };
        let begun = Instant::now();
        let mut actions = Vec::new();
        let (session, textures, memory) = (&self.session, &mut self.textures, &mut self.memory);
        let output = self.ctx.run_ui(raw, |ui| actions.extend(shell_ui(ui, session, textures, memory, NOW)));
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let millis = begun.elapsed().as_secs_f64() * 1e3;
        for action in actions {
            self.act(action);
        }
        let wished = self.wishes.thumbnails.iter().map(|(image, _)| *image).collect();
        Frame { millis, textures: primitives.iter().filter_map(texture).collect(), wished }
    }

    /// A frame in which the wheel was turned.
    pub(crate) fn scroll(&mut self, points: f32) -> Frame {
        self.input.push(Input::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, points),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
        self.frame()
    }

    /// All that is wished for comes in.
    pub(crate) fn paint(&mut self) {
        let wishes = std::mem::take(&mut self.wishes);
        for (image, asked) in wishes.thumbnails {
            let shade = 0xff00_0000 | (u32::from(image.slot) * 0x20_4010);
            let pixels = Pixels::new(asked, asked, vec![shade; (asked * asked) as usize]).unwrap();
            self.textures.insert_thumbnail(&self.ctx, image, asked, pixels);
        }
    }

    pub(crate) fn act(&mut self, action: Action) {
        let commands = self.session.act(action, NOW);
        self.obey(commands);
    }

    fn obey(&mut self, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::Want(wishes) => self.wishes = wishes,
                Command::Ask(ask) => self.memory.heed(&ask),
                Command::Find { number, .. } => self.question = number,
                _ => {}
            }
        }
    }

    /// The image at a place of the sheet, from 0.
    pub(crate) fn image(&self, place: usize) -> ImageId {
        self.session.sheet().visible_images().nth(place).unwrap()
    }

    /// All of them.
    pub(crate) fn images(&self) -> Vec<ImageId> {
        self.session.sheet().visible_images().collect()
    }

    /// The cursor goes there, and the view with it.
    pub(crate) fn jump(&mut self, image: ImageId) {
        self.act(Action::Click { image, extend: false, toggle: false });
        self.memory.heed(&proofsheet::message::Ask::ScrollTo(image));
    }

    /// A run of one image, newer than all.
    pub(crate) fn newer(&mut self) -> Vec<Run> {
        self.newest += 1;
        vec![run(self.newest, 1)]
    }

    /// The index answers the last question with these images, or with the first of them.
    pub(crate) fn answer(&mut self, images: Vec<ImageId>, is_whole: bool) {
        let found = Found { images, tallies: is_whole.then(Tallies::default) };
        let commands = self.session.apply(Event::Found { number: self.question, found }, NOW);
        self.obey(commands);
    }

    /// The index can be asked.
    pub(crate) fn index_ready(&mut self) {
        let commands = self.session.apply(Event::Index(IndexState::Ready), NOW);
        self.obey(commands);
    }

    /// The library's next runs.
    pub(crate) fn older(&mut self, runs: u64) -> Vec<Run> {
        let oldest = self.oldest;
        self.oldest -= runs;
        (1..=runs).map(|back| run(oldest - back, IMAGES_A_RUN)).collect()
    }

    /// These runs come in.
    pub(crate) fn tell(&mut self, runs: Vec<Run>) {
        let event = Event::RunsRead { root: "/pictures".into(), runs, whole: false, problems: Vec::new() };
        let commands = self.session.apply(event, NOW);
        self.obey(commands);
    }

    /// Glimpses of all images come in.
    pub(crate) fn show_glimpses(&mut self) {
        for image in self.images() {
            self.textures.add_glimpse(image, Glimpse::from_bytes([image.slot as u8; Glimpse::BYTES]));
        }
    }

    /// There is something to show of an image.
    pub(crate) fn has_colours(&self, image: ImageId) -> bool {
        self.textures.glimpse(image).is_some()
    }
}

fn texture(primitive: &ClippedPrimitive) -> Option<TextureId> {
    match &primitive.primitive {
        Primitive::Mesh(mesh) => Some(mesh.texture_id),
        Primitive::Callback(_) => None,
    }
}
