"""Every route of the desk: who may use it is said, and held; nobody posts without the form's own mark."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Mount
from starlette.testclient import TestClient

from bot.desk.access import ANYBODY, EVERYONE, DeskRoute
from bot.desk.routes import routes
from bot.staff.models import ROLES

from .conftest import Sit

on_sqlite = pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)
GUARDED = [route for route in routes if isinstance(route, DeskRoute)]
OPEN = {"/desk/sign-in"}


def address(route: DeskRoute) -> str:
    return re.sub(r"{\w+(:\w+)?}", "1", route.path)


def test_no_route_is_without_roles() -> None:
    for route in routes:
        assert isinstance(route, (DeskRoute, Mount)), route
    assert {route.path for route in GUARDED if route.roles == ANYBODY} == OPEN
    assert all(route.roles <= EVERYONE for route in GUARDED)
    assert len(GUARDED) >= 15
    # Only the steps of signing in are open to who has given the password alone.
    assert {route.path for route in GUARDED if not route.proved} == {"/desk/second-factor", "/desk/sign-out"}


@on_sqlite
def test_nobody_gets_in_without_signing_in(app: object) -> None:
    client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)  # type: ignore[arg-type]
    for route in GUARDED:
        if route.roles == ANYBODY:
            continue
        for method in route.methods - {"HEAD"}:
            answer = client.request(method, address(route))
            assert answer.status_code in (303, 401), (method, route.path, answer.status_code)
            assert answer.status_code == 401 or answer.headers["location"].startswith("/desk/sign-in")


@on_sqlite
def test_every_role_opens_what_it_may_and_nothing_else(sit: Sit) -> None:
    for role in ROLES:
        client = sit(role)
        for route in GUARDED:
            if route.roles == ANYBODY or route.path in ("/desk/sign-out", "/desk/second-factor", "/desk/live"):
                continue
            for method in route.methods - {"HEAD"}:
                # Not a real deed: without the mark of the form a post of a permitted role is refused for that.
                answer = client.request(method, address(route), headers={"x-csrf": "no"})
                said = (
                    answer.json().get("error", {}).get("code", "")
                    if "json" in answer.headers.get("content-type", "")
                    else ""
                )
                if role not in route.roles:
                    assert (answer.status_code, said) == (403, "no_role"), (role, method, route.path)
                elif method == "POST":
                    assert (answer.status_code, said) == (403, "csrf"), (role, method, route.path)
                else:
                    assert answer.status_code in (200, 303, 404), (role, method, route.path, answer.text[:300])
