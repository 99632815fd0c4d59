//! The native file dialogs: opened on the window's thread, awaited on another, answered as Actions.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};

use rfd::AsyncFileDialog;

use crate::domain::ImageId;
use crate::message::{Action, SaveTarget};

/// What a dialog is for.
#[derive(Clone)]
pub(super) enum Purpose {
    /// Save one image under a name.
    SaveAs {
        /// The image.
        image: ImageId,
        /// The proposed name.
        name: String,
    },
    /// Save several images into a folder.
    SaveFolder(Vec<ImageId>),
    /// Choose the library's folder.
    Library,
}

enum Step {
    /// The desktop has dialogs: open one.
    Show(Purpose, Option<PathBuf>),
    /// The desktop has none.
    None(Purpose),
    /// The person answered; `None` is closed without an answer.
    Answer(Purpose, Option<PathBuf>),
}

/// At most one native dialog at a time: a second request while one is open is dropped, as a modal dialog would.
pub(super) struct Dialogs {
    open: Option<Receiver<Step>>,
    wake: Arc<dyn Fn() + Send + Sync>,
    /// Whether the desktop has dialogs; may take a while to answer.
    available: fn() -> bool,
}

impl Dialogs {
    pub(super) fn new(wake: Arc<dyn Fn() + Send + Sync>, available: fn() -> bool) -> Self {
        Self { open: None, wake, available }
    }

    /// Asks for a dialog. Whether the desktop has any is found out on another thread first: that can take a while.
    pub(super) fn ask(&mut self, purpose: Purpose, folder: Option<PathBuf>) {
        if self.open.is_some() {
            return;
        }
        let available = self.available;
        self.elsewhere(move || if available() { Step::Show(purpose, folder) } else { Step::None(purpose) });
    }

    /// Runs `work` on a thread of its own; its step is taken up by [`Dialogs::poll`].
    fn elsewhere(&mut self, work: impl FnOnce() -> Step + Send + 'static) {
        let (sender, receiver): (SyncSender<Step>, _) = sync_channel(1);
        let wake = Arc::clone(&self.wake);
        let spawned = std::thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            // The receiver is gone only when the window is: nobody is left to tell.
            if sender.send(work()).is_ok() {
                wake();
            }
        });
        self.open = spawned.is_ok().then_some(receiver);
    }

    /// Takes a step when one is due; the answer comes back as an Action.
    pub(super) fn poll(&mut self, frame: &eframe::Frame) -> Option<Action> {
        let step = match self.open.as_ref()?.try_recv() {
            Ok(step) => step,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => {
                self.open = None;
                return Some(Action::DialogCancelled);
            }
        };
        self.open = None;
        match step {
            Step::Show(purpose, folder) => {
                self.show(purpose, folder, frame);
                None
            }
            Step::None(purpose) => Some(typed_path(purpose)),
            Step::Answer(_, None) => Some(Action::DialogCancelled),
            Step::Answer(purpose, Some(path)) => Some(answer(purpose, path)),
        }
    }

    fn show(&mut self, purpose: Purpose, folder: Option<PathBuf>, frame: &eframe::Frame) {
        let mut dialog = AsyncFileDialog::new().set_parent(frame);
        if let Some(folder) = folder {
            dialog = dialog.set_directory(folder);
        }
        // The dialog is made here, on the window's thread, as macOS demands; only the waiting is elsewhere.
        let answer: Box<dyn Future<Output = Option<rfd::FileHandle>> + Send + Unpin> = match &purpose {
            Purpose::SaveAs { name, .. } => {
                let suffix = name.rsplit_once('.').map_or("png", |(_, suffix)| suffix);
                let dialog = dialog.set_title("Save image").set_file_name(name);
                Box::new(Box::pin(dialog.add_filter(suffix.to_uppercase(), &[suffix]).save_file()))
            }
            Purpose::SaveFolder(images) => {
                let title = format!("Save {} images to a folder", images.len());
                Box::new(Box::pin(dialog.set_title(title).pick_folder()))
            }
            Purpose::Library => Box::new(Box::pin(dialog.set_title("Where images are kept").pick_folder())),
        };
        self.elsewhere(move || {
            let chosen = pollster::block_on(answer);
            Step::Answer(purpose, chosen.map(|file| file.path().to_path_buf()))
        });
    }
}

fn answer(purpose: Purpose, path: PathBuf) -> Action {
    match purpose {
        Purpose::SaveAs { image, .. } => Action::SaveTo { images: vec![image], target: SaveTarget::File(path) },
        Purpose::SaveFolder(images) => Action::SaveTo { images, target: SaveTarget::Folder(path) },
        Purpose::Library => Action::LibraryFolder(path),
    }
}

fn typed_path(purpose: Purpose) -> Action {
    match purpose {
        Purpose::SaveAs { image, .. } => Action::NoNativeDialog { images: vec![image], one_file: true },
        Purpose::SaveFolder(images) => Action::NoNativeDialog { images, one_file: false },
        Purpose::Library => Action::NoNativeDialog { images: Vec::new(), one_file: false },
    }
}
