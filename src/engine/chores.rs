//! The small jobs: saving picks, clipboard, file manager, model lists, requests written down.

use std::path::PathBuf;
use std::sync::Arc;

use super::blocking::{blocking, broken};
use super::rooms::Rooms;
use crate::desktop;
use crate::domain::{
    BaseUrlError, Endpoint, Failure, FailureKind, ImageId, NamePattern, Request, RunId, SaveFormat, Secret,
};
use crate::library::{Emptied, Library, Recoding};
use crate::media;
use crate::message::{Event, ModelEntry, SaveTarget, SavedPicks, Snippet};
use crate::wire::{self, Model, SnippetKind};

pub(super) async fn save(
    rooms: Arc<Rooms>,
    images: Vec<ImageId>,
    target: SaveTarget,
    (pattern, format): (NamePattern, SaveFormat),
) {
    let meant = images.clone();
    let saved = match rooms.shelf.library().await {
        Ok(library) => blocking(move || save_as(&library, &images, &target, (&pattern, format))).await,
        Err(failure) => Err(failure),
    };
    let saved = saved.unwrap_or_else(|failure| SavedPicks { files: Vec::new(), failures: vec![failure], flattened: 0 });
    if !saved.failures.is_empty() {
        rooms.missing.look(meant).await;
    }
    rooms.outbox.send(Event::Saved(saved)).await;
}

fn save_as(
    library: &Library,
    images: &[ImageId],
    target: &SaveTarget,
    (pattern, format): (&NamePattern, SaveFormat),
) -> SavedPicks {
    let Some(to) = format.wanted() else { return library.save(images, target, pattern, None) };
    let encode = move |bytes: &[u8]| media::encode(bytes, to).map(|made| (made.bytes, made.flattened));
    library.save(images, target, pattern, Some(Recoding { to, encode: &encode }))
}

/// Moves what is in the bin on into the system's trash.
pub(super) async fn empty_bin(rooms: Arc<Rooms>, images: Vec<ImageId>) {
    // What was deleted or restored a moment ago is moved first.
    rooms.writer.flush().await;
    let runs: Vec<RunId> = images.iter().map(|image| image.run).collect();
    let emptied = match rooms.shelf.library().await {
        Ok(library) => blocking(move || library.empty_bin(&images)).await,
        Err(failure) => Err(failure),
    };
    let Emptied { gone, failure } =
        emptied.unwrap_or_else(|failure| Emptied { gone: Vec::new(), failure: Some(failure) });
    rooms.indexer.touch(runs);
    rooms.outbox.send(Event::BinEmptied { gone, failure }).await;
}

pub(super) async fn copy_image(rooms: Arc<Rooms>, image: ImageId) {
    let board = Arc::clone(&rooms.clipboard);
    let copied = match rooms.shelf.library().await {
        Ok(library) => blocking(move || {
            let (width, height, rgba) = media::straight_rgba(&library.read_image(image)?)?;
            board.put_image(width, height, rgba)
        })
        .await
        .and_then(|copied| copied),
        Err(failure) => Err(failure),
    };
    match copied {
        Ok(()) => rooms.outbox.send(Event::Copied(vec![image])).await,
        Err(failure) => {
            rooms.missing.look(vec![image]).await;
            rooms.trouble("Copying the image", failure).await;
        }
    }
}

/// Puts the files of several images on the clipboard: those that are there.
pub(super) async fn copy_files(rooms: Arc<Rooms>, images: Vec<ImageId>) {
    let board = Arc::clone(&rooms.clipboard);
    let meant = images.clone();
    let copied = match rooms.shelf.library().await {
        Ok(library) => blocking(move || {
            let file = |image| Some((image, library.image_path(image).filter(|path| path.is_file())?));
            let (there, files): (Vec<ImageId>, Vec<PathBuf>) = images.into_iter().filter_map(file).unzip();
            if !files.is_empty() {
                board.put_files(files)?;
            }
            Ok(there)
        })
        .await
        .and_then(|copied| copied),
        Err(failure) => Err(failure),
    };
    match copied {
        Ok(there) => {
            let gone = meant.len() - there.len();
            if !there.is_empty() {
                rooms.outbox.send(Event::Copied(there)).await;
            }
            if gone > 0 {
                rooms.missing.look(meant).await;
                let failure = Failure::free(FailureKind::Disk, files_gone(gone));
                rooms.trouble("Copying the images", failure).await;
            }
        }
        Err(failure) => rooms.trouble("Copying the images", failure).await,
    }
}

fn files_gone(count: usize) -> String {
    match count {
        1 => "1 file is not in the library any more and was not copied".to_owned(),
        count => format!("{count} files are not in the library any more and were not copied"),
    }
}

pub(super) async fn reveal(rooms: Arc<Rooms>, image: ImageId) {
    let shown = match rooms.shelf.library().await {
        Ok(library) => blocking(move || {
            let gone = || Failure::free(FailureKind::Disk, "The file is not in the library any more");
            let path = library.image_path(image).filter(|path| path.exists()).ok_or_else(gone)?;
            desktop::reveal(&path)
        })
        .await
        .and_then(|shown| shown),
        Err(failure) => Err(failure),
    };
    if let Err(failure) = shown {
        rooms.missing.look(vec![image]).await;
        rooms.trouble("Showing the file", failure).await;
    }
}

pub(super) async fn open_folder(rooms: Arc<Rooms>, folder: PathBuf) {
    let opened = blocking(move || desktop::open_folder(&folder)).await.and_then(|opened| opened);
    if let Err(failure) = opened {
        rooms.trouble("Opening the folder", failure).await;
    }
}

pub(super) async fn write_snippet(rooms: Arc<Rooms>, request: Request, endpoint: Endpoint, snippet: Snippet) {
    match rooms.base(&endpoint).await {
        Ok(base) => rooms.outbox.send(Event::Snippet(wire::snippet(&request, &base, kind(snippet)))).await,
        Err(failure) => rooms.trouble("Writing the request down", failure).await,
    }
}

const fn kind(snippet: Snippet) -> SnippetKind {
    match snippet {
        Snippet::Curl => SnippetKind::Curl,
        Snippet::Python => SnippetKind::Python,
        Snippet::JavaScript => SnippetKind::JavaScript,
    }
}

pub(super) async fn list_models(rooms: Arc<Rooms>, endpoint: Endpoint, key: Option<Secret>) {
    // Nobody reads the list of a program that closes.
    let name = endpoint.name.clone();
    let (closing, outbox) = (rooms.closing.clone(), rooms.outbox.clone());
    let listing = tokio::spawn(async move { models(&rooms, &endpoint, key).await });
    let Some(listed) = closing.run_until_cancelled(listing).await else { return };
    // The window waits for an answer: also when listing panics it gets one.
    let result = listed.unwrap_or_else(|error| Err(broken(&error)));
    outbox.send(Event::Models { endpoint: name, result }).await;
}

async fn models(rooms: &Rooms, endpoint: &Endpoint, key: Option<Secret>) -> Result<Vec<ModelEntry>, Failure> {
    let base = rooms.base(endpoint).await?;
    let key = match key {
        Some(key) if !endpoint.name.is_demo() => Some(key),
        _ => rooms.keys.key(&endpoint.name, &base).await?,
    };
    let models = rooms.client()?.models(&Rooms::target(endpoint, base, key)).await?;
    let entry = |Model { id, makes_images, shutdown_date }| ModelEntry { id, makes_images, shutdown_date };
    Ok(models.into_iter().map(entry).collect())
}

/// The failure for an address that is none.
pub(super) fn no_address(error: BaseUrlError) -> Failure {
    Failure::free(FailureKind::WrongAddress, format!("{error}. Nothing was sent"))
}
