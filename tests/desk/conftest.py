"""A desk to sit at: staff of every role, signed in with both factors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from starlette.testclient import TestClient

from bot import clock
from bot.app import build
from bot.conversation.engine import Engine
from bot.db.engine import Database
from bot.settings import Settings
from bot.staff import accounts, sessions
from bot.staff.models import ROLES, Staff

Sit = Callable[..., TestClient]


@pytest.fixture
def staff(furnished: Database) -> dict[str, str]:
    """The passwords of one member of each role; the username is the role."""
    with furnished.unit_of_work() as session:
        return {role: accounts.add(session, role, f"Người {role}", role, "Di Linh") for role in ROLES}


@pytest.fixture
def app(furnished: Database, engine: Engine, staff: dict[str, str]) -> object:
    return build(Settings(), furnished, engine)


@pytest.fixture
def sit(app: object, furnished: Database) -> Iterator[Sit]:
    """Sit down as a role (or as a further account of it): a client with a session that both factors opened."""
    clients: list[TestClient] = []

    def sit_down(role: str, username: str | None = None) -> TestClient:
        with furnished.unit_of_work() as session:
            if username:
                accounts.add(session, username, f"Người {username}", role, "Đức Trọng")
            row = session.query(Staff).filter_by(username=username or role).one()
            token = sessions.begin(session, row, proved=True)
        client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)  # type: ignore[arg-type]
        client.cookies.set("mc_desk", token, path="/desk")
        client.headers["x-csrf"] = sessions.csrf_of(token)
        if not clients:
            client.__enter__()  # starts the application's own tasks once
        clients.append(client)
        return client

    yield sit_down
    if clients:
        clients[0].__exit__(None, None, None)


def secret_in(page: str) -> str:
    """Return the key of the second factor that a page shows."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found, page
    return found[1].replace(" ", "")


def csrf_in(page: str) -> str:
    """Return what the forms of a page carry."""
    found = re.search(r'name="csrf" (?:content|value)="(\w+)"', page)
    assert found, page
    return found[1]


def code_of(secret: str) -> str:
    """Return the code of this moment."""
    return pyotp.TOTP(secret).at(clock.now())
