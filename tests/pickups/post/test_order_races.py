"""Many hands and one order: first the race is shown with the claim off, then that it is gone with it on.

The system of these tests forgets keys, so that it is our claim alone which keeps the orders apart.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fakes.post import FakePost
from live_server import ROOT, environment

from bot.db.engine import Database
from bot.pickups.post import orders
from bot.pickups.post.http_system import HttpSystem
from bot.pickups.post.system import Order, Placed

from .conftest import SUNDAY, row

THREADS, PROCESSES = 6, 3
BOOKINGS = 5
_WORKER = """
import sys
from bot.db.engine import Database
from bot.pickups.post import orders
from bot.pickups.post.http_system import HttpSystem

database, system = Database(sys.argv[1]), HttpSystem(sys.argv[2], "post-token")
print("ready", flush=True)
sys.stdin.readline()
print(orders.hand_over(database, system), flush=True)
"""


@pytest.fixture
def forgetful() -> Iterator[FakePost]:
    with FakePost(remembers_keys=False) as post:
        yield post


class Meeting:
    """Lets nobody place an order before everybody who will has come this far."""

    def __init__(self, system: HttpSystem, parties: int) -> None:
        self._system, self._barrier = system, Barrier(parties)

    def place(self, order: Order) -> Placed:
        self._barrier.wait(20)
        return self._system.place(order)


def test_without_the_claim_everybody_places_the_order(
    town: Database, book: Callable[..., str], forgetful: FakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    book()
    monkeypatch.setattr(orders, "_swap", lambda *_arguments, **_values: True)
    system = Meeting(HttpSystem(forgetful.url, forgetful.token), THREADS)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: orders.hand_over(town, system), range(THREADS)))  # type: ignore[arg-type]
    assert len(forgetful.orders) == THREADS


def test_with_the_claim_one_thread_does(town: Database, book: Callable[..., str], forgetful: FakePost) -> None:
    numbers = [book() for _ in range(BOOKINGS)]
    system, barrier = HttpSystem(forgetful.url, forgetful.token), Barrier(THREADS)

    def run(_: int) -> int:
        barrier.wait(20)
        return orders.hand_over(town, system)

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(run, range(THREADS))) == BOOKINGS
    assert sorted(order.body["booking"] for order in forgetful.orders) == sorted(numbers)
    assert {row(town, number).post_order for number in numbers} == {order.number for order in forgetful.orders}


def test_with_the_claim_one_process_does(town: Database, book: Callable[..., str], forgetful: FakePost) -> None:
    numbers = [book() for _ in range(BOOKINGS)]
    url = town.url.render_as_string(hide_password=False)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, url, forgetful.url],
            cwd=ROOT,
            env=environment(now=SUNDAY),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    try:
        for worker in workers:
            assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        done = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert sum(done) == BOOKINGS
    assert sorted(order.body["booking"] for order in forgetful.orders) == sorted(numbers)
