//! What every job of the engine works with: the rooms below it, and the way to the window above.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::chores::no_address;
use super::doorbell::Doorbell;
use super::gates::Gates;
use super::held::Held;
use super::indexer::{Indexer, Searcher};
use super::jobs::Jobs;
use super::keeper::Keeper;
use super::keys::Keys;
use super::outbox::Outbox;
use super::pictures::{Missing, Pictures};
use super::shelf::Shelf;
use super::worker::Setup;
use super::writer::Writer;
use crate::demo::{self, Demo, Pace};
use crate::desktop::Clipboard;
use crate::domain::{BaseUrl, Endpoint, Failure, FailureKind, Secret, Settings};
use crate::library::Rescue;
use crate::message::Event;
use crate::secrets::{SERVICE, Vault};
use crate::wire::{Client, ClientOptions, Target};

/// The rooms.
pub(super) struct Rooms {
    pub(super) outbox: Outbox,
    pub(super) shelf: Shelf,
    pub(super) keys: Keys,
    pub(super) writer: Writer,
    pub(super) indexer: Indexer,
    pub(super) searcher: Searcher,
    pub(super) missing: Missing,
    pub(super) pictures: Pictures,
    /// On X11 its content lives only as long as this does.
    pub(super) clipboard: Arc<Clipboard>,
    pub(super) gates: Gates,
    pub(super) jobs: Jobs,
    /// Images that came in but could not be stored.
    pub(super) held: Arc<Held>,
    /// Where a second start asks for the window.
    pub(super) doorbell: Arc<Doorbell>,
    /// A window stands on this engine: it alone changes the library's older runs.
    pub(super) has_window: bool,
    /// Every task that must end before the program does.
    pub(super) tasks: TaskTracker,
    /// The program closes: what was not sent yet is not sent any more.
    pub(super) closing: CancellationToken,
    line: Mutex<Line>,
    demo: OnceCell<Demo>,
}

/// The HTTP client and the proxy it was made for.
struct Line {
    proxy: Option<String>,
    client: Result<Arc<Client>, Failure>,
}

impl Line {
    fn new(proxy: Option<String>) -> Self {
        let client = Client::new(&ClientOptions { proxy: proxy.clone(), ..ClientOptions::default() }).map(Arc::new);
        Self { proxy, client }
    }
}

impl Rooms {
    /// Starts what runs all the time. Call it inside the runtime.
    pub(super) fn open(setup: Setup) -> Self {
        let Setup { places, env_key, proxy, output, has_window, outbox, shelf } = setup;
        let held = Held::new(Rescue::new(places.refuges(output)));
        let indexer = Indexer::start(places.cache.clone(), outbox.clone());
        let keeper = Keeper::new(places.cache.clone());
        let missing = Missing::new(shelf.clone(), indexer.clone(), outbox.clone());
        Self {
            keys: Keys::start(Vault::new(SERVICE), env_key, outbox.clone()),
            writer: Writer::start(places, shelf.clone(), indexer.clone(), outbox.clone()),
            searcher: Searcher::start(indexer.clone(), outbox.clone()),
            indexer,
            pictures: Pictures::start(keeper, &shelf, &outbox, &missing),
            missing,
            clipboard: Arc::new(Clipboard::new()),
            gates: Gates::default(),
            jobs: Jobs::default(),
            held: Arc::new(held),
            doorbell: Arc::default(),
            has_window,
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            line: Mutex::new(Line::new(proxy)),
            demo: OnceCell::new(),
            outbox,
            shelf,
        }
    }

    /// The settings changed: requests from now on go through their proxy.
    pub(super) fn settings_changed(&self, settings: &Settings) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if line.proxy != settings.proxy {
            *line = Line::new(settings.proxy.clone());
        }
    }

    /// The HTTP client, or why there is none: a proxy address that is none.
    pub(super) fn client(&self) -> Result<Arc<Client>, Failure> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner).client.clone()
    }

    /// The address of an endpoint. The demo endpoint is started when it is first used.
    pub(super) async fn base(&self, endpoint: &Endpoint) -> Result<BaseUrl, Failure> {
        if endpoint.name.is_demo() {
            return self.demo().await;
        }
        endpoint.base().map_err(no_address)
    }

    /// Starts the demo endpoint unless it runs already; where it answers.
    pub(super) async fn demo(&self) -> Result<BaseUrl, Failure> {
        let demo = self
            .demo
            .get_or_try_init(|| async {
                let demo = demo::start(None, Pace::default()).await?;
                self.outbox.send(Event::DemoStarted { base_url: demo.base_url().to_owned() }).await;
                Ok::<Demo, Failure>(demo)
            })
            .await?;
        BaseUrl::parse(demo.base_url()).map(BaseUrl::of_demo).map_err(no_address)
    }

    /// Where and how a request goes.
    pub(super) fn target(endpoint: &Endpoint, base: BaseUrl, key: Option<Secret>) -> Target {
        Target {
            base,
            key,
            time_limit: Duration::from_secs(u64::from(endpoint.time_limit_secs.max(1))),
            plain_http_agreed: endpoint.plain_http_agreed,
        }
    }

    /// Tells of a failure outside any run.
    pub(super) async fn trouble(&self, doing: &str, failure: Failure) {
        self.outbox.send(Event::Trouble { doing: doing.to_owned(), failure }).await;
    }

    /// The failure when too much waits already.
    pub(super) fn too_much() -> Failure {
        Failure::free(
            FailureKind::Unsupported,
            "A thousand requests wait already. Nothing was sent; try again when some are done",
        )
    }
}
