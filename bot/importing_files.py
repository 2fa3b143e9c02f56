"""`motcua import …`: which importer reads which file, a progress bar, and a report that a person can act on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.models import Conversation  # noqa: F401  (other tables refer to it)
from bot.db.engine import Database
from bot.dossiers.intake.importer import DossierImporter
from bot.importing import BulkImporter, FileError, Importer, run_import
from bot.pickups.importer import SlotImporter, TariffImporter
from bot.places.offices import OfficeImporter, codes
from bot.procedures.importer import ProcedureImporter

IMPORTERS: dict[str, Callable[[Database], Importer[Any] | BulkImporter]] = {
    "procedures": lambda _database: ProcedureImporter(),
    "dossiers": lambda _database: DossierImporter(),
    "offices": lambda _database: OfficeImporter(),
    "slots": lambda database: SlotImporter(_office_codes(database)),
    "tariff": lambda _database: TariffImporter(),
}
BAD_ROWS_SHOWN = 50


def import_file(
    database: Database, what: str, file: Path, strict: bool, out: Console, fail: Callable[[str], NoReturn]
) -> None:
    """Import one file and print what happened; ends through `fail` when it cannot."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=out) as bar:
            task = bar.add_task(f"Nhập {file.name}", total=None)
            report = run_import(
                database,
                IMPORTERS[what](database),
                file,
                strict=strict,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except FileError as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(f"không ghi được vào cơ sở dữ liệu ({type(error).__name__}); chưa nhập gì, thử lại sau")
    for row in report.bad[:BAD_ROWS_SHOWN]:
        out.print(f"Dòng {row.line}: {row.reason}", markup=False)
    if report.refused > BAD_ROWS_SHOWN:
        out.print(f"… và {report.refused - BAD_ROWS_SHOWN} dòng sai nữa")
    out.print(
        f"Đã đọc {report.read} dòng: {report.new} mới, {report.changed} đổi, {report.same} giữ nguyên, "
        f"{report.refused} dòng sai bị bỏ."
    )


def _office_codes(database: Database) -> list[str]:
    with database.reading() as session:
        return codes(session)
