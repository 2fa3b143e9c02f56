"""Brings shipped content, and on request the demo data, into the database; unchanged rows are left alone."""

from __future__ import annotations

import time

from rich.console import Console

from bot import tables  # noqa: F401  (tables refer to each other)
from bot.db.engine import Database
from bot.dossiers.intake.importer import DossierImporter
from bot.importing import Report, run_import
from bot.importing_rows import BusyError
from bot.learning import learnt
from bot.pickups.slots import make_demo_slots
from bot.places.offices import codes, load_offices
from bot.places.units import load_units
from bot.procedures.content import load_procedures
from bot.settings import CONTENT
from bot.tickets import phrases

DEMO = CONTENT / "demo"
DEMO_PATIENCE_S = 60.0


def load_content(database: Database, out: Console) -> None:
    """Load procedures with the names learnt here, communes and offices; canned phrases where there are none yet.

    Raises bot.content_files.ContentError for content that does not fit.
    """
    with out.status("Đang nạp nội dung…"), database.unit_of_work() as session:
        units = load_units(session)
        session.flush()
        offices = load_offices(session, CONTENT / "offices.jsonl")
        procedures = load_procedures(session)
        learnt.add_names(session)  # after the procedures: one that changed has lost what was learnt of it
        phrases.load(session)
    written = procedures.new + procedures.changed
    out.print(f"Nội dung: {written} thủ tục, {units} xã phường, {offices} nơi tiếp nhận mới hoặc đổi.")


def load_demo(database: Database, out: Console) -> None:
    """Load invented dossiers, sample post offices and their places for the next days.

    Processes that start together take turns. Raises bot.importing_rows.BusyError when another import takes long.
    """
    report = _import_demo(database)
    with database.unit_of_work() as session:
        load_offices(session, DEMO / "offices.jsonl")
        session.flush()
        slots = make_demo_slots(session, codes(session, named="(mẫu)"))
    out.print(f"Dữ liệu mẫu: {report.new} hồ sơ mới, {slots} buổi bưu tá mới.")


def _import_demo(database: Database) -> Report:
    until = time.monotonic() + DEMO_PATIENCE_S
    while True:
        try:
            return run_import(database, DossierImporter(), DEMO / "dossiers.jsonl", strict=True)
        except BusyError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.2)
