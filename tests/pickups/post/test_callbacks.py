"""The outside system and our API, both real HTTP servers: calls that come twice, late and out of order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from fakes.post import FakePost
from starlette.applications import Starlette

from bot import clock
from bot.api import pickups, tokens
from bot.api.auth import NoToken, on_no_token
from bot.db.engine import Database
from bot.http_json import HttpError, on_http_error
from bot.pickups.post import orders
from bot.pickups.post.http_system import HttpSystem
from bot.pickups.post.pulling import Puller

from .conftest import history, row, told

HOURS = {"confirmed": 8, "assigned": 9, "out_for_delivery": 10, "failed_1": 11, "delivered": 15}


@pytest.fixture
def api(town: Database) -> Iterator[str]:
    """The address of our API, served on this machine."""
    app = Starlette(routes=pickups.routes, exception_handlers={HttpError: on_http_error, NoToken: on_no_token})
    app.state.database = town
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def connected(town: Database, api: str, post: FakePost) -> FakePost:
    """The postal system, which knows where to call."""
    with town.unit_of_work() as session:
        post.callback = (api, tokens.create(session, "bưu điện", ["pickups"]))
    return post


@pytest.fixture
def number(town: Database, book: Callable[..., str], system: HttpSystem) -> str:
    """A booking that was handed over."""
    number = book(talking=True)
    assert orders.hand_over(town, system) == 1
    return number


def test_calls_in_order_move_the_booking(town: Database, connected: FakePost, number: str) -> None:
    with clock.frozen("2026-11-23T20:00:00+07:00"):
        for state, hour in HOURS.items():
            connected.report(number, state, f"2026-11-23T{hour:02d}:00:00+07:00", note="bưu tá báo")
    assert row(town, number).state == "delivered" and told(town, number) == list(HOURS)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("times", [1, 3])
def test_calls_that_come_late_twice_and_out_of_order(
    town: Database, connected: FakePost, number: str, backwards: bool, times: int
) -> None:
    connected.hold()
    for state, hour in HOURS.items():
        connected.report(number, state, f"2026-11-23T{hour:02d}:00:00+07:00")
    with clock.frozen("2026-11-23T20:00:00+07:00"):
        answers = connected.release(backwards=backwards, times=times)
    assert set(answers) <= {200, 201} and answers.count(201) == len(HOURS), "each is taken once, in the end"
    assert row(town, number).state == "delivered"
    assert sorted(history(town, number)) == sorted(["requested", *HOURS]), "nothing is lost"
    # A postman may find nobody in without having said that he set out: then that he did is history, and no news.
    skipped = "out_for_delivery" if backwards else None
    assert told(town, number) == [state for state in HOURS if state != skipped]


def test_called_and_asked_at_once_it_is_told_once(
    town: Database, connected: FakePost, number: str, system: HttpSystem
) -> None:
    connected.hold()
    for state in ("confirmed", "assigned"):
        connected.report(number, state, f"2026-11-23T{HOURS[state]:02d}:00:00+07:00")
    with clock.frozen("2026-11-23T20:00:00+07:00"):
        pulling = threading.Thread(target=Puller(town, system).pull)
        pulling.start()
        answers = connected.release(times=4)
        pulling.join(20)
    assert set(answers) <= {200, 201}
    assert history(town, number) == ["requested", "confirmed", "assigned"]
    assert told(town, number) == ["confirmed", "assigned"]
