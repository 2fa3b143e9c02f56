"""How fast a full export of dossiers goes in, and how much memory it takes: `python -m bench.dossier_import`."""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from rich.console import Console
from rich.table import Table

from bench.databases import KINDS, VAR
from bench.processes import CouldNotMeasure, Process, run, tail
from bench.servers import MOTCUA, ROOT, environment

LOOK_EVERY_SECONDS = 0.25
NAMES = (
    ("Nguyễn", "Trần", "Lê", "Phạm", "K'"),
    ("Văn", "Thị", "Ngọc", "Minh"),
    ("An", "Bình", "Hà", "Hạnh", "Sương", "Yến"),
)
PROCEDURES = (
    ("1.001193", "Đăng ký khai sinh"),
    ("1.000894", "Đăng ký kết hôn"),
    ("1.012796", "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất"),
)
AGENCIES = (
    "Trung tâm Phục vụ hành chính công phường Xuân Hương - Đà Lạt",
    "Chi nhánh Văn phòng đăng ký đất đai khu vực Di Linh",
    "Ủy ban nhân dân xã Đức Trọng",
)


@dataclass(frozen=True)
class Figures:
    """One import: how long the whole command took, and the most memory that all its processes had together."""

    seconds: float
    peak_mb: float


class Command(Process):
    """A program that ends by itself."""

    def code(self) -> int | None:
        """Return its exit code, None while it runs."""
        return self._popen.poll()


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.dossier_import",
        description="Import a file of invented dossiers into an empty database, and the same file once more.",
        epilog="Example: python -m bench.dossier_import --rows 1000000 --kind jsonl --database postgresql",
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many dossiers (default 1,000,000)")
    parser.add_argument("--events", type=int, default=3, help="states in the history of each (default 3)")
    parser.add_argument("--kind", choices=("jsonl", "csv", "xlsx"), default="jsonl")
    parser.add_argument("--database", choices=("postgresql", "sqlite", "both"), default="both")
    parser.add_argument(
        "--changed", type=float, default=0.0, metavar="SHARE", help="also a third file, this share of it new"
    )
    return parser.parse_args()


def dossiers(rows: int, events: int, changed: float = 0.0) -> Iterator[dict[str, Any]]:
    """Yield invented dossiers, always the same ones; of the share `changed`, one field is another."""
    chance, other = random.Random(1), random.Random(2)
    begun = date(2018, 1, 1)
    for number in range(rows):
        received = datetime.combine(begun + timedelta(days=number // 1000), datetime.min.time()) + timedelta(
            hours=7, minutes=chance.randrange(600)
        )
        code, name = chance.choice(PROCEDURES)
        status = chance.randint(1, 10)
        row = {
            "code": f"H36.{chance.randint(10, 40)}-{received:%y%m%d}-{number % 1000:04}",
            "procedure_code": code,
            "procedure_name": name,
            "owner_name": " ".join(map(chance.choice, NAMES)),
            "owner_phone": f"0900{chance.randrange(10**6):06}",
            "owner_id_number": f"068{chance.randrange(10**9):09}",
            "slip_secret": "".join(chance.choices("ACDEFGHJKLMNPQRTUVWXY346789", k=4)),
            "status": status,
            "received_at": _iso(received),
            "due_at": _iso(received + timedelta(days=chance.randint(3, 30))),
            "finished_at": _iso(received + timedelta(days=3)) if status >= 9 else None,
            "agency": chance.choice(AGENCIES),
            "channel": chance.choice(("in_person", "online", "post")),
            "return_method": chance.choice(("counter", "post", "electronic")),
            "amount_due": chance.randrange(1, 50) * 10_000 if number % 5 == 0 else None,
            "events": [
                {
                    "status": min(step, status),
                    "at": _iso(received + timedelta(hours=9 * step)),
                    "note": "Chuyển phòng chuyên môn",
                }
                for step in range(1, events + 1)
            ],
        }
        if other.random() < changed:
            row["agency"] = "Sở Tư pháp"
        yield {name: value for name, value in row.items() if value is not None}


def write(file: Path, rows: Iterator[dict[str, Any]]) -> None:
    """Write dossiers to a file of the kind that its name says."""
    if file.suffix == ".jsonl":
        with file.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return
    columns = [*next(dossiers(1, 0)), "finished_at"]
    cells = ([_cell(row.get(name)) for name in columns] for row in rows)
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerow(columns)
            csv.writer(out).writerows(cells)
        return
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(columns)
    for row in cells:
        sheet.append(row)
    book.save(file)


def measure(url: str, file: Path) -> Figures:
    """Import `file` by the command that people use; raises CouldNotMeasure when it fails."""
    own = environment(MOTCUA_DATABASE_URL=url)
    log = VAR / "dossier-import.log"
    run((*MOTCUA, "db", "upgrade"), ROOT, own, log)
    started = time.perf_counter()
    process = Command((*MOTCUA, "import", "dossiers", str(file)), ROOT, own, log)
    peak = 0.0
    try:
        while (code := process.code()) is None:
            peak = max(peak, process.memory_mb())
            time.sleep(LOOK_EVERY_SECONDS)
    except BaseException:
        process.stop()
        raise
    seconds = time.perf_counter() - started
    if code:
        raise CouldNotMeasure(f"the import failed:\n{tail(log)}")
    return Figures(seconds, peak)


def main() -> int:
    """Measure and print a table; 0 when everything could be measured."""
    options = arguments()
    screen = Console(stderr=True)
    VAR.mkdir(parents=True, exist_ok=True)
    table = Table("database", "import", "rows/s", "seconds", "peak memory of all our processes")
    with tempfile.TemporaryDirectory(dir=VAR) as folder:
        files = {"new": Path(folder) / f"dossiers.{options.kind}"}
        screen.print(f"Writing {options.rows:,} rows …")
        write(files["new"], dossiers(options.rows, options.events))
        files["the same again"] = files["new"]
        if options.changed:
            files[f"{options.changed:.0%} changed"] = Path(folder) / f"changed.{options.kind}"
            write(Path(folder) / f"changed.{options.kind}", dossiers(options.rows, options.events, options.changed))
        for name, opened in KINDS.items():
            if options.database not in (name, "both"):
                continue
            with opened() as url:
                for what, file in files.items():
                    screen.print(f"{name}: {what} …")
                    try:
                        figures = measure(url, file)
                    except CouldNotMeasure as error:
                        screen.print(f"Could not measure: {error}", style="red", markup=False)
                        return 1
                    speed = f"{options.rows / figures.seconds:,.0f}"
                    table.add_row(name, what, speed, f"{figures.seconds:.1f}", f"{figures.peak_mb:.0f} MB")
    Console().print(table)
    return 0


def _iso(moment: datetime) -> str:
    return moment.isoformat() + "+07:00"


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main())
