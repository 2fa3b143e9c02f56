"""Fifty people want the postman's last place at the same moment, again and again: `python -m bench.pickup_race`.

They are threads of several processes. A round is right when exactly one of them has a booking and the half-day counts
one place. The control does without the guard: it looks whether a place is left and counts it up itself, as a form
would that trusts what it showed a moment ago; many get the place.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing.connection import Connection
from threading import Barrier
from typing import Any

from rich.console import Console
from rich.progress import track
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

import bot.tables  # noqa: F401  # every table, for what refers to them
from bot import clock
from bot.db import migrate
from bot.db.engine import Database
from bot.pickups import booking, slots
from bot.pickups.booking import Request
from bot.pickups.models import Pickup, PickupSlot
from bot.places.models import Office, Unit
from bot.procedures.models import Procedure

UNIT, OFFICE, PROCEDURE = "25000", "BC-RACE", "1.001193"
PROCESSES = 4
PATIENCE_S = 120


@dataclass
class Tally:
    """What came out of all rounds: rounds with more or fewer bookings than one, and the most bookings in one."""

    rounds: int = 0
    double: int = 0
    none: int = 0
    most: int = 0

    def count(self, booked: int, taken: int) -> None:
        """Add one round."""
        self.rounds += 1
        self.double += booked > 1 or taken > 1
        self.none += booked == 0
        self.most = max(self.most, booked)


def run(url: str, *, rounds: int, takers: int, guard: bool, progress: Callable[[Any], Any] = lambda x: x) -> Tally:
    """Run the rounds on the migrated, empty database at `url`; returns the tally."""
    database = Database(url)
    try:
        day = _furnish(database)
        tally = Tally()
        with ExitStack() as stack:
            crowd = [stack.enter_context(_Crowd(url, day, size, guard)) for size in _shares(takers)]
            for _ in progress(range(rounds)):
                _empty(database)
                for part in crowd:
                    part.start()
                booked = sum(part.booked() for part in crowd)
                with database.reading() as session:
                    written = session.execute(select(func.count()).select_from(Pickup)).scalar_one()
                    taken = session.execute(select(PickupSlot.taken).where(PickupSlot.date == day)).scalar_one()
                if booked != written:
                    raise RuntimeError(f"{booked} were told that they have it, {written} bookings are there")
                tally.count(written, taken)
        return tally
    finally:
        database.dispose()


class _Crowd:
    """The takers of one process, waiting to be let go."""

    def __init__(self, url: str, day: date, size: int, guard: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        now = clock.now().isoformat()
        self._process = context.Process(target=_serve, args=(theirs, url, day, size, guard, now), daemon=True)

    def __enter__(self) -> _Crowd:
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ours.send(None)
        self._process.join(PATIENCE_S)
        if self._process.is_alive():
            self._process.kill()

    def start(self) -> None:
        """Let them all go."""
        self._ours.send("go")

    def booked(self) -> int:
        """Return how many were told that they have the place; raises RuntimeError when their process is stuck."""
        if not self._ours.poll(PATIENCE_S):
            raise RuntimeError(f"no answer within {PATIENCE_S} s")
        answer = self._ours.recv()
        if isinstance(answer, str):
            raise RuntimeError(answer)
        return int(answer)


def _serve(pipe: Connection, url: str, day: date, size: int, guard: bool, now: str) -> None:
    database = Database(url)
    take = _book if guard else _book_unguarded
    with clock.frozen(now), ThreadPoolExecutor(size) as pool:
        while pipe.recv() is not None:
            try:
                pipe.send(sum(pool.map(partial(take, database, day), [Barrier(size)] * size)))
            except Exception as error:  # told to the parent, which ends everything
                pipe.send(f"{type(error).__name__}: {error}")
    database.dispose()


def _book(database: Database, day: date, barrier: Barrier) -> bool:
    barrier.wait(PATIENCE_S)
    with database.unit_of_work() as session:
        return isinstance(booking.book(session, _request(day)), Pickup)


def _book_unguarded(database: Database, day: date, barrier: Barrier) -> bool:
    """Look first, count up later: what everybody writes who has not met the race yet."""
    with database.reading() as session:
        slot_id, left, taken = session.execute(
            select(PickupSlot.id, PickupSlot.capacity - PickupSlot.taken, PickupSlot.taken)
        ).one()
    barrier.wait(PATIENCE_S)
    if not left:
        return False
    with database.unit_of_work() as session:
        session.execute(update(PickupSlot).where(PickupSlot.id == slot_id).values(taken=taken + 1))
        pickup = Pickup(state="requested", slot_id=slot_id, created_at=clock.now(), updated_at=clock.now())
        booking._fill(session, pickup, _request(day))
        session.add(pickup)
    return True


def _request(day: date) -> Request:
    return Request(
        service="collect",
        procedure_code=PROCEDURE,
        recipient_name="Người Thử",
        phone="0900000000",
        unit_code=UNIT,
        address="1 Thử",
        date=day,
        window="morning",
        payment="on_receipt",
    )


def _shares(takers: int) -> list[int]:
    return [takers // PROCESSES + (number < takers % PROCESSES) for number in range(PROCESSES)]


def _furnish(database: Database) -> date:
    """Put one office with one place on one half-day into the database; returns the day."""
    day = slots.first_day()
    with database.unit_of_work() as session:
        if session.get(Unit, UNIT) is None:
            session.add(Unit(code=UNIT, name="Di Linh", kind="xã"))
            session.flush()
            session.add(Office(code=OFFICE, name="Bưu cục thử", unit_code=UNIT))
            session.flush()
        _add_procedure(session)
        session.execute(delete(Pickup))
        session.execute(delete(PickupSlot))
        session.add(PickupSlot(office_code=OFFICE, date=day, window="morning", capacity=1, taken=0))
    return day


def _add_procedure(session: Session) -> None:
    if session.execute(select(Procedure.id).where(Procedure.code == PROCEDURE)).first() is None:
        session.add(
            Procedure(
                code=PROCEDURE,
                name="Đăng ký khai sinh",
                origin="content",
                fingerprint="-",
                bcci_collect="yes",
                bcci_return="yes",
                updated_at=clock.now(),
            )
        )


def _empty(database: Database) -> None:
    with database.unit_of_work() as session:
        session.execute(delete(Pickup))
        session.execute(update(PickupSlot).values(taken=0))


def main() -> int:
    """Run control and guard, and print both; 0 when the control shows the race and the guard allows none."""
    from bench.databases import KINDS, VAR

    parser = argparse.ArgumentParser(
        prog="python -m bench.pickup_race",
        description=str(__doc__).split("\n\n", maxsplit=1)[0],
        epilog="Example: python -m bench.pickup_race --rounds 10000 --database postgresql",
    )
    parser.add_argument("--rounds", type=int, default=10_000, help="rounds with the guard (default 10,000)")
    parser.add_argument("--takers", type=int, default=50, help="people who want the place at once (default 50)")
    parser.add_argument("--database", choices=("postgresql", "sqlite", "both"), default="both")
    options = parser.parse_args()
    screen, fine = Console(), True
    VAR.mkdir(parents=True, exist_ok=True)
    for name, opened in KINDS.items():
        if options.database not in (name, "both"):
            continue
        with opened() as url:
            database = Database(url)
            migrate.upgrade(database)
            database.dispose()
            for guard, rounds in ((False, min(options.rounds, 100)), (True, options.rounds)):
                what = f"{name}, guard {'on' if guard else 'off'}"
                tally = run(
                    url,
                    rounds=rounds,
                    takers=options.takers,
                    guard=guard,
                    progress=lambda steps, what=what: track(steps, what, console=Console(stderr=True)),
                )
                screen.print(
                    f"{what}: {tally.rounds:,} rounds, {tally.double:,} with a place given twice "
                    f"(at most {tally.most} bookings of it), {tally.none:,} without a booking"
                )
                fine = fine and (tally.double == tally.none == 0 if guard else tally.double > 0)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
