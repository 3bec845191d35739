"""A server of its own, and Debian's Chromium, in which somebody is signed in.

`SHOTS=FOLDER make e2e` also leaves a picture of every screen.
"""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    WebError,
    expect,
    sync_playwright,
)

from benchmarks.chromium import find_chromium
from tests.cli.served import Served, conduet, served
from tests.web.bicycles import Bicycles, bicycles
from tests.web.outside import Outside, outside

WAIT_MS = 30_000
# What a browser tells of an answer that is an error by intention, and of a connection that was taken away.
EXPECTED = re.compile(
    r"Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_(INTERNET_DISCONNECTED|"
    r"INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|CONNECTION_\w+))"
)
# No other address is reached, whatever a page asks for.
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"

# The pages of somebody share a process, which compiles the dashboard's scripts once.
ONE_PROCESS = "--renderer-process-limit=1"

expect.set_options(timeout=WAIT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever is in this folder is a journey in a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def vendor() -> Iterator[Outside]:
    """What the site may call, and nothing else on this machine."""
    with outside() as found:
        yield found


@pytest.fixture(scope="session")
def bikes() -> Iterator[Bicycles]:
    """An MCP server that the site may call."""
    with bicycles() as found:
        yield found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, vendor: Outside, bikes: Bicycles) -> Iterator[Served]:
    """A server that was just started for the first time, with its demo."""
    places = f"{vendor.place},{bikes.place}"
    with served(tmp_path_factory.mktemp("site") / "data", CONDUET_ALLOW_PRIVATE_URLS=places) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of the system: none is downloaded."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, which reaches nothing but this machine; without its windows, where that is installed."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("needs chromium: apt-get install chromium-headless-shell")
    return playwright.chromium.launch(
        executable_path=chromium,
        args=["--no-sandbox", "--disable-background-networking", "--disable-component-update", ONE_PROCESS, ONLY_HERE],
    )


@pytest.fixture(scope="session")
def cookies(site: Served, browser: Browser) -> str:
    """Who was signed in by the page, as a browser keeps it."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(link(site))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="New project").wait_for()
    kept = Path(site.data.parent / "cookies.json")
    context.storage_state(path=kept)
    context.close()
    return str(kept)


NewPage = Callable[..., Page]


@pytest.fixture
def stranger(site: Served, browser: Browser) -> Iterator[NewPage]:
    """Makes a page for somebody who is not signed in; the options are those of Playwright's `new_context`."""
    yield from _pages(site, browser, None)


@pytest.fixture
def somebody(site: Served, browser: Browser, cookies: str) -> Iterator[NewPage]:
    """Makes a page for somebody who is signed in; the options are those of Playwright's `new_context`."""
    yield from _pages(site, browser, cookies)


@pytest.fixture(scope="session")
def at_home(site: Served, browser: Browser, cookies: str) -> Iterator[BrowserContext]:
    """The browser of somebody who is signed in and has been here before: what it has loaded, it does not load again."""
    context = browser.new_context(base_url=site.url, storage_state=cookies)
    yield context
    context.close()


@pytest.fixture
def page(at_home: BrowserContext, cookies: str) -> Iterator[Page]:
    """A page of somebody who is signed in; nothing that it leaves behind is there for the next one.

    Only a clock stays: who sets one takes `somebody()`.
    """
    at_home.set_storage_state(cookies)
    with _watched(at_home):
        yield at_home.new_page()
        for page in at_home.pages:
            page.close()
        at_home.set_offline(False)
        at_home.clear_permissions()


def link(site: Served) -> str:
    """A new one-time link."""
    made = conduet("link", "--data", str(site.data))
    found = re.search(r"http\S+token=\S+", made.stdout)
    assert found, made.stdout + made.stderr
    return found[0]


def _pages(site: Served, browser: Browser, cookies: str | None) -> Iterator[NewPage]:
    with ExitStack() as contexts:

        def new(**options: object) -> Page:
            context = browser.new_context(base_url=site.url, storage_state=cookies, **options)  # pyright: ignore[reportArgumentType]  # its options are many
            contexts.enter_context(_watched(context))
            contexts.callback(context.close)
            return context.new_page()

        yield new


@contextmanager
def _watched(context: BrowserContext) -> Generator[None]:
    """Fails for what a page says in its console, raises, or asks for elsewhere."""
    wrong: list[str] = []

    def look(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.match(message.text):
            wrong.append(message.text)

    def fail(error: WebError) -> None:
        wrong.append(str(error.error))

    def note(request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in ("data", "blob") and asked.hostname not in ("127.0.0.1", "localhost"):
            wrong.append(f"asked for {request.url}")

    context.set_default_timeout(WAIT_MS)
    context.on("console", look)
    context.on("weberror", fail)
    # Listened to and not routed: whoever routes does without the browser's cache.
    context.on("request", note)
    yield
    context.remove_listener("console", look)
    context.remove_listener("weberror", fail)
    context.remove_listener("request", note)
    assert wrong == []
