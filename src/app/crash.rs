//! When this program itself fails: a report for whoever helps, written while the fault is still at hand.

use std::any::Any;
use std::backtrace::Backtrace;
use std::io::Write as _;
use std::panic::{PanicHookInfo, set_hook};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Zoned;

use crate::library::CrashReports;

/// What is known about the program when it fails. Clones speak of the same.
#[derive(Clone, Default)]
pub struct Watch {
    /// What paints the window, once there is one.
    renderer: Arc<OnceLock<String>>,
    /// The report, once there is one.
    report: Arc<OnceLock<PathBuf>>,
    /// A renderer is being tried: what fails now is no end of the program.
    trying: Arc<AtomicBool>,
    /// Where reports go.
    reports: Option<CrashReports>,
}

/// What a report tells.
struct Told<'a> {
    how: &'a str,
    place: &'a str,
    what: &'a str,
    backtrace: &'a str,
}

/// The program's own fault.
const OWN_FAULT: &str = "stopped by a fault of its own";
/// Nobody's fault in here.
const WINDOW_LOST: &str = "lost its window: the display or the graphics driver went away";

/// Watches for faults of this program from now on. Reports go to the state folder; without one they are only told.
///
/// The usual message is not printed: it may hold words of the prompt.
pub fn watch(state: Option<&Path>) -> Watch {
    let watch = Watch { reports: state.map(CrashReports::new), ..Watch::default() };
    let known = watch.clone();
    set_hook(Box::new(move |fault| known.note(fault)));
    watch
}

impl Watch {
    /// Notes what paints the window.
    pub(super) fn paints(&self, renderer: String) {
        tracing::info!(renderer, "the window is open");
        // The first window is the only one.
        let _first_wins = self.renderer.set(renderer);
    }

    /// A renderer is being tried, or not any more.
    pub(super) fn trying(&self, on: bool) {
        self.trying.store(on, Ordering::Relaxed);
    }

    /// Where the report is, when the program failed and could write one.
    pub(super) fn report(&self) -> Option<&Path> {
        self.report.get().map(PathBuf::as_path)
    }

    /// The window went away through no fault of this program. The next start says so.
    pub(super) fn lost(&self, why: &str) {
        self.keep(&Told { how: WINDOW_LOST, place: "outside this program", what: why, backtrace: "" });
    }

    fn note(&self, fault: &PanicHookInfo<'_>) {
        let place = fault.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("without a name");
        let place = without_home(&place, home().as_deref());
        tracing::error!(thread, place, "a fault of this program");
        // A fault of a worker ends its job only, and the run says so; the main thread's ends the program.
        if thread != "main" || self.trying.load(Ordering::Relaxed) {
            return;
        }
        // A closed standard error is nobody's loss.
        drop(writeln!(std::io::stderr(), "proofsheet: a fault of this program at {place}"));
        let (what, backtrace) = (what(fault.payload()), Backtrace::force_capture().to_string());
        self.keep(&Told { how: OWN_FAULT, place: &place, what: &what, backtrace: &backtrace });
    }

    fn keep(&self, told: &Told<'_>) {
        let renderer = self.renderer.get().map_or("no window was open", String::as_str);
        let now = Zoned::now();
        let text = without_home(&text(&now, renderer, told), home().as_deref());
        let stem = now.strftime("%Y-%m-%d %H%M%S").to_string();
        if let Some(file) = self.reports.as_ref().and_then(|reports| reports.keep(&stem, &text)) {
            let _first_wins = self.report.set(file);
        }
    }
}

fn text(now: &Zoned, renderer: &str, told: &Told<'_>) -> String {
    let Told { how, place, what, backtrace } = told;
    format!(
        "Proofsheet {version} {how}.\n\n\
         When    {now}\n\
         System  {os}, {arch}\n\
         Window  {renderer}\n\
         Place   {place}\n\
         What    {what}\n\n\
         No prompt, no key and no answer of a server is in this report. Whoever helps needs the lines below too.\n\n\
         {backtrace}\n",
        version = env!("CARGO_PKG_VERSION"),
        now = now.strftime("%Y-%m-%d %H:%M:%S %:z"),
        os = std::env::consts::OS,
        arch = std::env::consts::ARCH,
    )
}

/// What the fault said about itself, as far as that can hold nothing of the person's.
fn what(payload: &dyn Any) -> String {
    /// Messages of the language that hold numbers only.
    const OF_NUMBERS: [&str; 4] =
        ["index out of bounds: the len is ", "range start index ", "range end index ", "slice index starts at "];
    if let Some(words) = payload.downcast_ref::<&'static str>() {
        return (*words).to_owned();
    }
    let plain = |letter: char| letter.is_ascii_alphanumeric() || " ,:.".contains(letter);
    match payload.downcast_ref::<String>() {
        Some(words) if OF_NUMBERS.iter().any(|start| words.starts_with(start)) && words.chars().all(plain) => {
            words.clone()
        }
        _ => "left out: it may hold what was typed or received".to_owned(),
    }
}

fn home() -> Option<String> {
    std::env::home_dir().and_then(|home| home.to_str().map(str::to_owned)).filter(|home| home.len() > 1)
}

/// Paths without the name of the person who built or runs the program.
fn without_home(text: &str, home: Option<&str>) -> String {
    home.map_or_else(|| text.to_owned(), |home| text.replace(home, "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_tells_only_what_nobody_typed() {
        let check = |payload: Box<dyn Any>, told: &str| assert!(what(&*payload).contains(told), "{told}");
        check(Box::new("attempt to subtract with overflow"), "subtract");
        check(Box::new("index out of bounds: the len is 3 but the index is 7".to_owned()), "index is 7");
        check(Box::new("a lighthouse at dusk is no number".to_owned()), "left out");
        check(Box::new("range end index 5 of `a lighthouse`".to_owned()), "left out");
        check(Box::new(7), "left out");
    }

    #[test]
    fn a_report_says_what_whoever_helps_asks_first() {
        let told = Told { how: OWN_FAULT, place: "src/ui/shell.rs:7:1", what: "overflow", backtrace: "0: begin" };
        let report = text(&Zoned::now(), "OpenGL 4.5 (Mesa)", &told);
        for part in
            [env!("CARGO_PKG_VERSION"), std::env::consts::OS, "OpenGL 4.5", "shell.rs:7", "overflow", "0: begin"]
        {
            assert!(report.contains(part), "{part}: {report}");
        }
    }

    #[test]
    fn a_window_that_was_lost_is_told_at_the_next_start() {
        let state = tempfile::tempdir().unwrap();
        let watch = Watch { reports: Some(CrashReports::new(state.path())), ..Watch::default() };
        watch.paints("OpenGL 4.5 (Mesa)".to_owned());
        watch.lost("the connection to the display broke");
        let report = std::fs::read_to_string(watch.report().unwrap()).unwrap();
        for part in ["lost its window", "the connection to the display broke", "OpenGL 4.5"] {
            assert!(report.contains(part), "{part}: {report}");
        }
        assert_eq!(CrashReports::new(state.path()).take_untold(), 1);
    }

    #[test]
    fn nobodys_name_is_in_a_path() {
        assert_eq!(without_home("/home/ada/x.rs:1", Some("/home/ada")), "~/x.rs:1");
        assert_eq!(without_home("/home/ada/x.rs:1", None), "/home/ada/x.rs:1");
    }
}
