"""How long a turn of a booking takes over HTTP, and what a full table costs: `python -m bench.pickup_turns`.

Two servers, one on an empty table of bookings and one on a full one, are asked in turn by the same invented citizens,
so that both meet the same minutes of the machine.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from statistics import median, quantiles

from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import text, update

import bot.tables  # noqa: F401  # every table, for what refers to them
from bench.databases import KINDS, VAR
from bench.dossier_status import PATH, serving
from bench.processes import CouldNotMeasure
from bot import clock
from bot.db import migrate
from bot.db.engine import Database
from bot.loading import load_content, load_demo
from bot.pickups.models import PickupSlot

WARM_UP = 30
ROWS_AT_ONCE = 100_000
TALK = (  # what is said, and the question or the kind of answer that must follow
    ("đặt bưu điện tới nhà lấy hồ sơ đăng ký khai sinh", "recipient_name"),
    ("Lê Thị Ngọc Bích", "phone"),
    ("0900012345", "commune"),
    ("xã Di Linh", "address"),
    ("12 Hùng Vương", "date"),
    ("cái thứ 2", "window"),
    ("buổi sáng", "proxy"),
    ("không nhờ ai", "payment"),
    ("khi bưu tá đến", "consent"),
    ("đồng ý", "pickup_booked"),
)
# Ended ones have lost their numbers after a year; there are a million numbers only.
_FILL = """
INSERT INTO pickups (booking, service, state, zone, slot_id, procedure_code, recipient_name, phone, unit_code, address,
                     payment, papers, created_at, updated_at)
SELECT CASE WHEN n < 100000 THEN 'XX-' || CAST(n AS VARCHAR(7)) END, 'collect',
       CASE WHEN n % 20 = 0 THEN 'confirmed' ELSE 'delivered' END, 'province', :slot, '1.001193', 'Người Thử',
       '0900000000', :unit, '1 Thử', 'on_receipt', '[]', :at, :at
FROM {numbers}
"""
_NUMBERS = {
    "postgresql": "generate_series(CAST(:first AS INTEGER), CAST(:last AS INTEGER)) AS numbers(n)",
    "sqlite": "(WITH RECURSIVE numbers(n) AS "
    "(SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last) SELECT n FROM numbers)",
}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.pickup_turns",
        description=str(__doc__).split("\n\n", maxsplit=1)[0],
        epilog="Example: python -m bench.pickup_turns --rows 1000000 --database postgresql",
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="bookings in the full table (default 1,000,000)")
    parser.add_argument("--citizens", type=int, default=150, help="how many book at each server (default 150)")
    parser.add_argument("--database", choices=("postgresql", "sqlite", "both"), default="both")
    return parser.parse_args()


def furnish(url: str, rows: int) -> None:
    """Load the content and the demo, make room in every half-day, and write `rows` bookings."""
    database = Database(url)
    quiet = Console(quiet=True)
    migrate.upgrade(database)
    load_content(database, quiet)
    load_demo(database, quiet)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    fill = text(_FILL.format(numbers=_NUMBERS[kind]))
    with database.unit_of_work() as session:
        session.execute(update(PickupSlot).values(capacity=10**6))
        slot, office = session.execute(text("SELECT id, office_code FROM pickup_slots ORDER BY id LIMIT 1")).one()
        unit = session.execute(text("SELECT unit_code FROM offices WHERE code = :code"), {"code": office}).scalar_one()
    at = (clock.now() - timedelta(days=200)).replace(tzinfo=None)
    for first in range(0, rows, ROWS_AT_ONCE):
        last = min(first + ROWS_AT_ONCE, rows) - 1
        with database.unit_of_work() as session:
            session.execute(fill, {"first": first, "last": last, "slot": slot, "unit": unit, "at": at})
    with database.unit_of_work() as session:
        session.execute(text("ANALYZE"))
    database.dispose()


def book(connection: http.client.HTTPConnection, name: str) -> list[float]:
    """Book the postman step by step; returns the milliseconds of each turn."""
    taken = []
    for said, expected in TALK:
        body = json.dumps({"sender": name, "message": said})
        begun = time.perf_counter()
        connection.request("POST", PATH, body, {"Content-Type": "application/json"})
        answers = json.loads(connection.getresponse().read())
        taken.append((time.perf_counter() - begun) * 1000)
        custom = answers[-1]["custom"]
        if custom.get("slot", custom["kind"]) != expected:
            raise CouldNotMeasure(f"{said}: expected {expected}, got {custom}")
    return taken


def main() -> int:
    """Measure and print a table; 0 when everything could be measured."""
    options = arguments()
    screen = Console(stderr=True)
    VAR.mkdir(parents=True, exist_ok=True)
    table = Table("database", "bookings", "turn", "p50 ms", "p95 ms", "p50 ratio")
    for name, opened in KINDS.items():
        if options.database not in (name, "both"):
            continue
        with ExitStack() as stack:
            servers = {}
            for rows in (0, options.rows):
                screen.print(f"{name}: {rows:,} bookings …")
                url = stack.enter_context(opened())
                furnish(url, rows)
                servers[rows] = stack.enter_context(serving(url))
            taken = _alternate(servers, options.citizens, screen)
        for rows, talks in taken.items():
            for what, each in (("all", list(itertools.chain(*talks))), ("booking", [talk[-1] for talk in talks])):
                empty = [talk[-1] for talk in taken[0]] if what == "booking" else list(itertools.chain(*taken[0]))
                cuts = quantiles(each, n=20)
                ratio = median(each) / median(empty)
                table.add_row(name, f"{rows:,}", what, f"{median(each):.1f}", f"{cuts[18]:.1f}", f"{ratio:.2f}")
    Console().print(table)
    return 0


def _alternate(
    servers: dict[int, http.client.HTTPConnection], citizens: int, screen: Console
) -> dict[int, list[list[float]]]:
    taken: dict[int, list[list[float]]] = {rows: [] for rows in servers}
    for connection in servers.values():
        connection.close()  # the first has waited too long while the second server started; it opens again by itself
    for number in track(range(citizens + WARM_UP), "booking", console=screen):
        for rows, connection in servers.items():
            talk = book(connection, f"bench{number}")
            if number >= WARM_UP:
                taken[rows].append(talk)
    return taken


if __name__ == "__main__":
    sys.exit(main())
