//! Commands: what the engine, or the desktop, must do.

use std::path::PathBuf;

use super::action::SaveTarget;
use crate::domain::{
    Endpoint, EndpointName, ImageId, Mark, NamePattern, Query, Run, RunId, SaveFormat, Secret, Settings,
};

/// The pictures the window needs now; replaces the wishes before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Thumbnails, most wanted first, each with its longest side in pixels.
    pub thumbnails: Vec<(ImageId, u32)>,
    /// Full pictures, most wanted first.
    pub pictures: Vec<ImageId>,
    /// Images that are not there yet, each with the longest side its thumbnail will have: made while they arrive.
    pub awaited: Vec<(ImageId, u32)>,
}

/// A way to write a request down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snippet {
    /// For a terminal.
    Curl,
    /// For the official Python client.
    Python,
    /// For the official JavaScript client.
    JavaScript,
}

impl Snippet {
    /// Every way, with its name.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Curl, "cURL"), (Self::Python, "Python"), (Self::JavaScript, "JavaScript")];
}

/// Something only the window's own thread may ask of the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The native Save as dialog for one image.
    SaveAs {
        /// The image.
        image: ImageId,
        /// A good name with its suffix.
        name: String,
        /// The folder to start in.
        folder: Option<PathBuf>,
    },
    /// The native folder dialog for several images.
    SaveFolder {
        /// The images.
        images: Vec<ImageId>,
        /// The folder to start in.
        folder: Option<PathBuf>,
    },
    /// The native folder dialog for the library.
    LibraryFolder,
    /// Bring the window to the front.
    Show,
    /// Full screen on or off.
    FullScreen(bool),
    /// Put text on the clipboard.
    CopyText(String),
    /// Put the keyboard into the search box.
    FocusSearch,
    /// Put the keyboard into the prompt box.
    FocusPrompt,
    /// Bring this image into view on the sheet.
    ScrollTo(ImageId),
    /// The person's own run began: show it, unless they are at work further down the sheet.
    ShowRun(RunId),
    /// Open the menu of this image.
    Menu(ImageId),
}

/// What must be done off the window's thread, or by the desktop. Not printable: it may carry a key.
pub enum Command {
    /// The window has heard that it should show itself.
    Shown,
    /// Look what other programs did to the library, and tell of it. What was asked before is done first.
    LookAround,
    /// Make these images of the run. The run is new, or known when images are asked for again.
    Generate {
        /// The run with its request.
        run: Box<Run>,
        /// Where to send it.
        endpoint: Endpoint,
        /// The places to fill, from 0.
        slots: Vec<u16>,
    },
    /// Stop everything that still waits in a run.
    CancelRun(RunId),
    /// Stop the request that makes this image; its other images stop too.
    CancelImage(ImageId),
    /// Write these marks down.
    SetMarks(Vec<(ImageId, Mark)>),
    /// Move images and failures into the library's bin (`true`) or out of it.
    SetBinned(Vec<(ImageId, bool)>),
    /// Move these on from the bin into the system's trash.
    EmptyBin(Vec<ImageId>),
    /// Answer this question from the index, and again whenever the index changes, until another one comes.
    Find {
        /// Tells the answers to this question from those to earlier ones.
        number: u64,
        /// `None`: nothing is looked for any more.
        query: Option<Box<Query>>,
    },
    /// The pictures the window needs now.
    Want(Wishes),
    /// Copy files to a place, or make them there in another format.
    Save {
        /// The images.
        images: Vec<ImageId>,
        /// Where.
        target: SaveTarget,
        /// How files in a folder are named.
        pattern: NamePattern,
        /// What they are to be.
        format: SaveFormat,
    },
    /// Put an image on the clipboard at full quality.
    CopyImage(ImageId),
    /// Put the files of several images on the clipboard.
    CopyFiles(Vec<ImageId>),
    /// Write the request down and hand it back as text.
    WriteSnippet {
        /// The run.
        run: Box<Run>,
        /// Where it would go.
        endpoint: Endpoint,
        /// For what.
        snippet: Snippet,
    },
    /// Show an image's file in the file manager.
    Reveal(ImageId),
    /// Open a folder in the file manager.
    OpenFolder(PathBuf),
    /// Ask for the models, with this key or the kept one.
    ListModels {
        /// Whom.
        endpoint: Endpoint,
        /// The key as typed, not kept yet.
        key: Option<Secret>,
    },
    /// Keep a key.
    SaveKey(EndpointName, Secret),
    /// Forget a key.
    ForgetKey(EndpointName),
    /// Move a key to the endpoint's new name.
    RenameKey(EndpointName, EndpointName),
    /// Look where this endpoint's key is.
    FindKey(EndpointName),
    /// Write the settings down.
    SaveSettings(Box<Settings>),
    /// Open the library in this folder, `None` the default one, and list its runs.
    OpenLibrary(Option<PathBuf>),
    /// Ask the desktop.
    Ask(Ask),
}
