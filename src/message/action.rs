//! Actions: what the person at the window asked for.

use std::path::PathBuf;

use super::verb::Verb;
use crate::domain::{Draft, Endpoint, EndpointName, Filter, ImageId, Mark, RunId, Secret, Settings, When};

/// What fills the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Three steps before the first sheet.
    FirstStart,
    /// All runs.
    #[default]
    Sheet,
    /// One image, large.
    Viewer,
    /// 2 to 10 images side by side.
    Survey,
}

/// What lies over the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Preferences, at one of its pages.
    Preferences(PreferencesPage),
    /// Every key at a glance.
    KeySheet,
    /// A failure with the server's own words.
    Details(ImageId),
    /// The question before the bin is emptied: that cannot be taken back here.
    EmptyBin,
    /// Where no native dialog can be had: a field for the path.
    TypePath {
        /// The images to save; empty: the path is for the library folder.
        images: Vec<ImageId>,
        /// A single file (not a folder) is wanted.
        one_file: bool,
    },
}

/// A page of Preferences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PreferencesPage {
    /// Server profiles and keys.
    #[default]
    Endpoints,
    /// Save format and name pattern.
    Saving,
    /// Library folder.
    Library,
    /// Theme, surround.
    Look,
    /// The key sheet.
    Keys,
    /// Proxy.
    Advanced,
}

impl PreferencesPage {
    /// Every page in the order of the list.
    pub const ALL: [Self; 6] = [Self::Endpoints, Self::Saving, Self::Library, Self::Look, Self::Keys, Self::Advanced];

    /// Its name in the list.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Endpoints => "Endpoints",
            Self::Saving => "Saving",
            Self::Library => "Library",
            Self::Look => "Look",
            Self::Keys => "Keys",
            Self::Advanced => "Advanced",
        }
    }
}

/// How large an image is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Zoom {
    /// As large as fits.
    #[default]
    Fit,
    /// Screen pixels for one image pixel; 1.0 is 100 %.
    Factor(f32),
    /// So many times as large as fits: images of different sizes side by side grow alike.
    Times(f32),
}

/// How an image, or every image of a survey, is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lens {
    /// How large.
    pub zoom: Zoom,
    /// The point of the image at the middle of its pane; 0.0 to 1.0 of its width and height.
    pub centre: [f32; 2],
}

impl Default for Lens {
    fn default() -> Self {
        Self { zoom: Zoom::Fit, centre: [0.5, 0.5] }
    }
}

/// Where picks are saved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveTarget {
    /// One image under exactly this name. The dialog has already asked about an existing file.
    File(PathBuf),
    /// Each image under a name from the pattern, in this folder, never overwriting.
    Folder(PathBuf),
}

/// One filter beside words and marks, set or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NarrowBy {
    /// The model asked for.
    Model(Option<String>),
    /// The endpoint.
    Endpoint(Option<String>),
    /// Pixels across and down.
    Size(Option<(u32, u32)>),
    /// When it was made.
    Made(Option<When>),
}

/// What the person asked for. Not printable: it may carry a key.
pub enum Action {
    /// A verb, by key or button.
    Do(Verb),
    /// The draft was edited in place.
    Edit(Draft),
    /// New runs go to this endpoint.
    UseEndpoint(EndpointName),
    /// Ask the endpoint for its models again.
    RefreshModels,
    /// Stop everything that still waits in a run.
    CancelRun(RunId),
    /// Stop the request that makes this image.
    CancelImage(ImageId),
    /// Ask for this failed image again.
    Retry(ImageId),
    /// Put this failed image's settings back into the composer, to change them.
    EditAndRetry(ImageId),
    /// An image was clicked.
    Click {
        /// Which.
        image: ImageId,
        /// Shift: select everything from the cursor to it.
        extend: bool,
        /// Ctrl: put it into the selection or take it out.
        toggle: bool,
    },
    /// The menu of an image was asked for: the cursor goes to it, and the selection too unless it holds it.
    OpenMenu(ImageId),
    /// An image was double-clicked, or opened through the accessibility tree.
    Open(ImageId),
    /// A rubber band covers these images.
    Select {
        /// The images covered.
        images: Vec<ImageId>,
        /// Ctrl or Shift: keep what was selected.
        add: bool,
    },
    /// Click into the empty sheet.
    SelectNone,
    /// Give one image a mark.
    MarkImage(ImageId, Mark),
    /// Give these marks once more: they could not be written down.
    MarkAgain(Vec<(ImageId, Mark)>),
    /// The question before the bin is emptied was answered with yes.
    EmptyBin,
    /// Show only some images.
    Show(Filter),
    /// The search box was edited.
    SearchFor(String),
    /// A filter was set or taken away.
    Narrow(NarrowBy),
    /// Take all filters of the row away, not the words.
    ClearFilters,
    /// The tile slider was moved, in points.
    TileHeight(u16),
    /// How the sheet lays its tiles into lines now, in points: what a step up or down means.
    Lines {
        /// Room across.
        width: u32,
        /// Height of a tile.
        tile: u16,
    },
    /// The newest images are in view: none is "new" any more.
    SeenNew,
    /// Look at the image or the survey through this lens.
    Look(Lens),
    /// Drop this image from the survey.
    DropFromSurvey(ImageId),
    /// Save these images, whatever is picked.
    SaveImages(Vec<ImageId>),
    /// Copy these images, whatever is selected.
    CopyImages(Vec<ImageId>),
    /// A dialog or the path field answered.
    SaveTo {
        /// The images.
        images: Vec<ImageId>,
        /// Where.
        target: SaveTarget,
    },
    /// A dialog or the path field answered.
    LibraryFolder(PathBuf),
    /// Open the library once more: another window had it, or its disk could not be written.
    OpenLibraryAgain,
    /// A native dialog was closed without an answer.
    DialogCancelled,
    /// No native dialog can be had on this computer.
    NoNativeDialog {
        /// As in [`Dialog::TypePath`].
        images: Vec<ImageId>,
        /// As in [`Dialog::TypePath`].
        one_file: bool,
    },
    /// Open a dialog.
    OpenDialog(Dialog),
    /// Close the open dialog.
    CloseDialog,
    /// Choose the library folder through the native dialog.
    ChooseLibrary,
    /// Preferences were changed; endpoints are changed by the actions below.
    Change(Box<Settings>),
    /// A new endpoint with this profile.
    AddEndpoint(Endpoint),
    /// The profile of an endpoint was edited; the first name is the one it had.
    ChangeEndpoint(EndpointName, Endpoint),
    /// Remove an endpoint and its key.
    RemoveEndpoint(EndpointName),
    /// Keep this key for the endpoint.
    SaveKey(EndpointName, Secret),
    /// Forget the key of the endpoint.
    ForgetKey(EndpointName),
    /// Ask the endpoint for its models, with this key or the kept one: costs nothing.
    Test(Endpoint, Option<Secret>),
    /// Forget what an endpoint taught us; the number is the place in the settings' list.
    ForgetLearned(usize),
    /// First start is done: keep this endpoint, key and folder.
    FinishFirstStart {
        /// The endpoint as typed.
        endpoint: Endpoint,
        /// The key as typed.
        key: Option<Secret>,
        /// `None` keeps the default.
        library: Option<PathBuf>,
    },
    /// Use the demo endpoint.
    TryDemo,
    /// Copy the request of this image's run, written for a terminal or a program.
    CopySnippet(ImageId, super::command::Snippet),
    /// Copy this text.
    CopyText(String),
    /// Open the folder in the file manager.
    OpenFolder(PathBuf),
    /// A notice's button or its cross.
    Dismiss(u64),
    /// The person came back to the window from another one.
    CameBack,
    /// The pictures the window needs now.
    Want(super::command::Wishes),
    /// The system is dark (or light).
    SystemDark(bool),
    /// The window was asked to close while images are awaited; it stays open this once.
    LeaveAsked,
}
