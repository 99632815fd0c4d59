//! `generate`: one run from the command line, through the same check and the same engine as in the window.

use std::collections::BTreeSet;
use std::io::{Stdout, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::arguments::{Everywhere, Wanted};
use super::interrupt::Interrupt;
use super::report::{Report, complain};
use super::setup::{KEY_VARIABLE, OTHER_LIBRARY, Start, UsageError, absolute};
use crate::domain::{
    Catalogue, Draft, Endpoint, Failure, FailureKind, Field, ImageFacts, ImageId, KeyPlace, Learned, Request, Run,
    RunIds, SaveFormat, Slot, Timestamp,
};
use crate::engine::{self, Handle};
use crate::library::{load_settings, models_file};
use crate::message::{Command, Event, SaveTarget, SavedPicks};

/// Events taken at once.
const DRAIN_MAX: usize = 256;
/// Without any Event for this long, look whether the engine is still there.
const LOOK: Duration = Duration::from_secs(1);
/// The run is over when this starts: only settings are left to be written.
const CLOSE: Duration = Duration::from_secs(10);
/// The same after an interrupt: whoever stops the program wants it to stop.
const CLOSE_AT_ONCE: Duration = Duration::from_millis(500);
/// Some images are stored, but not all.
const EXIT_SOME: u8 = 3;

/// An image came in and is lost: no disk took it.
const EXIT_LOST: u8 = 4;

/// Generates, and prints what happens.
pub(super) fn run(wanted: Wanted, everywhere: &Everywhere) -> Result<ExitCode, UsageError> {
    let start = Start::new(everywhere)?;
    let copy_to = wanted.copy_to.as_deref().map(|folder| absolute("--copy-to", folder)).transpose()?;
    let request = check(&wanted, &start)?;
    for warning in &start.warnings {
        complain(warning);
    }

    let (ring, bell) = sync_channel(1);
    let interrupt = Interrupt::listen({
        let ring = ring.clone();
        // A full queue has woken us already.
        move || {
            let _woken_already = ring.try_send(());
        }
    });
    let wake = Box::new(move || {
        let _woken_already = ring.try_send(());
    });
    let options = engine::Options { output: copy_to.clone(), ..start.options(wake, false) };
    let handle = match engine::start(options) {
        Ok(handle) => handle,
        Err(failure) => {
            complain(&failure.sentence);
            return Ok(ExitCode::FAILURE);
        }
    };
    let run = new_run(request, &start);
    let mut watch = Watch::new(&run, wanted.json, copy_to);
    if let Some(failure) = missing_key(&handle, &bell, &interrupt, &start) {
        watch.report.refused(&failure);
        watch.report.done(watch.asked, 0);
        handle.shut_down(CLOSE);
        return Ok(ExitCode::FAILURE);
    }
    let begin = [
        Command::OpenLibrary(Some(start.library().to_owned())),
        Command::Generate { slots: run.request.all_slots(), run: Box::new(run), endpoint: start.endpoint.clone() },
    ];
    for command in begin {
        give(&handle, command);
    }
    let code = watch.follow(&handle, &bell, &interrupt, &start);
    handle.shut_down(if interrupt.is_pressed() { CLOSE_AT_ONCE } else { CLOSE });
    Ok(code)
}

/// Why nothing can be sent for want of a key, or of somebody who still wants it. Asked before anything is written down: a
/// run that was never sent is no use to anybody.
fn missing_key(handle: &Handle, bell: &Receiver<()>, interrupt: &Interrupt, start: &Start) -> Option<Failure> {
    let Endpoint { name, .. } = &start.endpoint;
    // An address that is none is told as such; this computer is asked without a key.
    let needs_key = start.endpoint.base().is_ok_and(|base| !base.is_loopback());
    if start.env_key.is_some() || name.is_demo() || !needs_key {
        return None;
    }
    give(handle, Command::FindKey(name.clone()));
    // The keyring may wait for a person, who may think better of it.
    while !interrupt.is_pressed() && (bell.recv_timeout(LOOK) != Err(RecvTimeoutError::Timeout) || handle.is_running())
    {
        for event in handle.drain(DRAIN_MAX) {
            let Event::KeyFound { endpoint, place, problem } = event else { continue };
            if endpoint != *name {
                continue;
            }
            let sentence = format!(
                "There is no key for {name}, so nothing was sent. Give it in the variable {KEY_VARIABLE}, or start \
                 proofsheet and keep it in the keyring: Preferences, Endpoints."
            );
            let failure = Failure::free(FailureKind::KeyMissing, sentence);
            let failure = match problem {
                Some(problem) => failure.with_detail(problem.sentence),
                None => failure,
            };
            return (place == KeyPlace::Missing).then_some(failure);
        }
    }
    let sentence = "Cancelled before it was sent: nothing was charged";
    interrupt.is_pressed().then(|| Failure::free(FailureKind::Cancelled, sentence))
}

/// The queue has room for a thousand Commands, and the command line gives five.
fn give(handle: &Handle, command: Command) {
    if handle.send(command).is_err() {
        complain("The engine does not listen any more");
    }
}

fn check(wanted: &Wanted, start: &Start) -> Result<Request, UsageError> {
    let Ok(images) = wanted.images.trim().parse::<u32>() else {
        return Err(UsageError::new("-n", format!("{:?} is no number of images; ask for 1 to 10", wanted.images)));
    };
    let draft = Draft {
        prompt: wanted.prompt.clone(),
        model: wanted.model.clone().unwrap_or_else(|| start.endpoint.default_model.clone()),
        size: wanted.size.clone(),
        quality: wanted.quality.clone(),
        style: wanted.style.clone(),
        images,
        response_format: wanted.response_format.clone(),
    };
    let catalogue = catalogue(start)?;
    let learned: Vec<&str> = start
        .settings
        .learned
        .iter()
        .filter(|learned| learned.endpoint == start.endpoint.name && learned.model == draft.model.trim())
        .map(|learned| learned.parameter.as_str())
        .collect();
    draft.check(catalogue.find(&draft.model), &learned).map_err(|errors| {
        // One error a call is enough to be put right; the first is the first in the order of the form.
        let first = errors.into_iter().next();
        first.map_or_else(
            || UsageError::new("PROMPT", "This cannot be sent"),
            |error| UsageError::new(option(error.field), error.sentence),
        )
    })
}

fn catalogue(start: &Start) -> Result<Catalogue, UsageError> {
    let own = models_file(&start.places);
    match Catalogue::load(own.as_deref()) {
        Ok(catalogue) => Ok(catalogue),
        Err(error) => {
            complain(&format!("Your models file is not used. {error}"));
            Catalogue::load(None).map_err(|error| UsageError::new("--model", error.to_string()))
        }
    }
}

const fn option(field: Field) -> &'static str {
    match field {
        Field::Prompt => "PROMPT",
        Field::Model => "--model",
        Field::Size => "--size",
        Field::Quality => "--quality",
        Field::Style => "--style",
        Field::Images => "-n",
        Field::ResponseFormat => "--response-format",
    }
}

fn new_run(request: Request, start: &Start) -> Run {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(now.as_millis()).unwrap_or_default();
    Run {
        id: RunIds::new(std::process::id()).next(millis),
        slots: vec![Slot::Waiting; usize::from(request.images.get())],
        binned: BTreeSet::new(),
        notes: left_out_note(&request.left_out).into_iter().collect(),
        endpoint: start.endpoint.name.clone(),
        demo: start.endpoint.name.is_demo(),
        made_at: Timestamp(millis),
        model_answered: None,
        request: request.into(),
    }
}

/// The same words as in the window.
fn left_out_note(left_out: &[String]) -> Option<String> {
    (!left_out.is_empty()).then(|| format!("Sent without {}", left_out.join(" and ")))
}

/// One run as the command line sees it.
struct Watch {
    run: crate::domain::RunId,
    model: String,
    asked: usize,
    report: Report<Stdout>,
    copy_to: Option<PathBuf>,
    stored: BTreeSet<ImageId>,
    learned: Vec<Learned>,
    /// Images that came in and are nowhere but in memory.
    lost: BTreeSet<ImageId>,
    /// Images that are in the library, but could not be copied where they were asked for.
    uncopied: usize,
    is_cancelled: bool,
    is_finished: bool,
    is_copied: bool,
}

impl Watch {
    fn new(run: &Run, json: bool, copy_to: Option<PathBuf>) -> Self {
        let mut report = Report::new(stdout(), json);
        for note in &run.notes {
            report.note(note);
        }
        Self {
            run: run.id,
            model: run.request.model.as_str().to_owned(),
            asked: run.slots.len(),
            report,
            is_copied: copy_to.is_none(),
            uncopied: 0,
            copy_to,
            stored: BTreeSet::new(),
            learned: Vec::new(),
            lost: BTreeSet::new(),
            is_cancelled: false,
            is_finished: false,
        }
    }

    /// Prints Events until the run is over and its files are copied.
    fn follow(&mut self, handle: &Handle, bell: &Receiver<()>, interrupt: &Interrupt, start: &Start) -> ExitCode {
        while !(self.is_finished && self.is_copied) {
            if bell.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) && !handle.is_running() {
                complain("The engine stopped. What was stored is in the library");
                return self.code();
            }
            if interrupt.is_pressed() && !self.is_cancelled {
                self.is_cancelled = true;
                complain("Cancelling. What was already sent may still be charged");
                give(handle, Command::CancelRun(self.run));
            }
            for event in handle.drain(DRAIN_MAX) {
                self.take(event, handle, start);
            }
        }
        self.report.done(self.asked, self.stored.len());
        self.keep_lessons(handle, start);
        self.code()
    }

    fn take(&mut self, event: Event, handle: &Handle, start: &Start) {
        match event {
            // What an earlier program left behind is finished too; it is not what was asked for now.
            Event::Stored { image, .. } if image.run != self.run => {
                let file = handle.image_path(image).unwrap_or_else(|| start.library().to_owned());
                self.report.note(&format!("An image of an earlier run is stored now: {}", file.display()));
            }
            Event::Failed { image, .. } if image.run != self.run => {}
            Event::Noted { run, .. } | Event::ModelAnswered { run, .. } if run != self.run => {}
            Event::Sent { slots, .. } => self.report.sent(&slots),
            Event::Stored { image, facts } => self.stored(image, &facts, handle, start),
            Event::Failed { image, failure } => self.report.failed(u32::from(image.slot) + 1, &failure),
            // Of an earlier run: its row is still in the library.
            Event::OnlyInMemory { image, .. } if image.run != self.run => {}
            Event::OnlyInMemory { image, tried } => self.lost(image, &tried, start),
            Event::Noted { text, .. } => self.report.note(&text),
            Event::Waiting { millis, .. } => {
                self.report.note(&format!("The server asks to wait {} s", millis.div_ceil(1_000)));
            }
            Event::ModelAnswered { model, .. } if model != self.model => {
                self.report.note(&format!("The server says it used {model}"));
            }
            Event::Learned(learned) => self.learned.push(learned),
            Event::Finished { run } if run == self.run => self.finished(handle, start),
            Event::Saved(saved) => self.copied(&saved),
            // The images fail with the reason.
            Event::LibraryFailed { .. } => complain(OTHER_LIBRARY),
            Event::DemoStarted { base_url } => tracing::info!(base_url, "the demo endpoint is up"),
            Event::Trouble { doing, failure } => complain(&format!("{doing} failed. {}", failure.sentence)),
            _ => {}
        }
    }

    fn stored(&mut self, image: ImageId, facts: &ImageFacts, handle: &Handle, start: &Start) {
        // An image is told again when its rewritten prompt comes late.
        if self.stored.insert(image) {
            let file = handle.image_path(image).unwrap_or_else(|| start.library().to_owned());
            self.report.stored(&file, facts);
        }
    }

    /// Nobody can press Retry here: what no disk takes is gone with this program.
    fn lost(&mut self, image: ImageId, tried: &[PathBuf], start: &Start) {
        self.lost.insert(image);
        let number = u32::from(image.slot) + 1;
        let mut places = vec![start.library().display().to_string()];
        places.extend(tried.iter().map(|place| place.display().to_string()));
        complain(&format!(
            "Image {number} came in, but could be kept nowhere, and is lost. It may have been charged. Tried: {}",
            places.join(", ")
        ));
    }

    fn finished(&mut self, handle: &Handle, start: &Start) {
        self.is_finished = true;
        match self.copy_to.take() {
            Some(folder) if !self.stored.is_empty() => give(
                handle,
                Command::Save {
                    images: self.stored.iter().copied().collect(),
                    target: SaveTarget::Folder(folder),
                    pattern: start.settings.name_pattern.clone(),
                    // Whatever the window saves: scripts are promised the bytes that came.
                    format: SaveFormat::AsReceived,
                },
            ),
            _ => self.is_copied = true,
        }
    }

    fn copied(&mut self, saved: &SavedPicks) {
        for file in &saved.files {
            self.report.note(&format!("Copied to {}", file.display()));
        }
        for failure in &saved.failures {
            self.report.uncopied(failure);
            self.uncopied += 1;
        }
        if self.uncopied > 0 {
            complain("Another folder for copies can be named with --copy-to");
        }
        self.is_copied = true;
    }

    /// Adds what the endpoint taught us to the settings as they are on disk now: a window may have changed them.
    fn keep_lessons(&mut self, handle: &Handle, start: &Start) {
        let (mut settings, _) = load_settings(&start.places);
        let known = settings.learned.len();
        for learned in self.learned.drain(..) {
            if !settings.learned.contains(&learned) {
                settings.learned.push(learned);
            }
        }
        if settings.learned.len() > known {
            give(handle, Command::SaveSettings(Box::new(settings)));
        }
    }

    fn code(&self) -> ExitCode {
        let asked_for = self.stored.iter().filter(|image| usize::from(image.slot) < self.asked).count();
        match asked_for {
            count if count == self.asked && self.uncopied == 0 => ExitCode::SUCCESS,
            _ if !self.lost.is_empty() => ExitCode::from(EXIT_LOST),
            0 => ExitCode::FAILURE,
            _ => ExitCode::from(EXIT_SOME),
        }
    }
}
