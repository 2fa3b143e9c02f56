"""The `motcua guides` commands: how people get through the guides to their accounts."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import clock
from bot.cli_base import fail, open_database, out

if TYPE_CHECKING:
    from bot.accounts.figures import GuideFigures

app = typer.Typer(help="Hướng dẫn tài khoản: bao nhiêu người làm xong, dừng ở bước nào.", no_args_is_help=True)
COLUMNS = (
    "goal", "channel", "started", "done", "left", "under_way", "step", "step_id", "shown", "step_done", "stuck", "back",
    "stopped_here", "median_seconds",
)  # fmt: skip


@app.callback()
def _group() -> None:
    """Keep `figures` a command of its own: a group of one would swallow its name."""


@app.command(epilog="Ví dụ: motcua guides figures --since 2026-11-01 --csv so-lieu.csv")
def figures(
    since: Annotated[str | None, typer.Option(help="chỉ tính các lượt bắt đầu từ ngày này, dạng 2026-11-01")] = None,
    file: Annotated[Path | None, typer.Option("--csv", help="tệp .csv để ghi từng bước (ghi đè tệp cũ)")] = None,
) -> None:
    """Số liệu từng hướng dẫn theo kênh; không có dữ liệu cá nhân."""
    from bot.accounts.figures import figures as count

    with open_database().reading() as session:
        found = count(session, _moment(since))
    if not found:
        out.print("Chưa có lượt nào.")
    if file is not None:
        _save(file, found)
        out.print(f"{file}: {sum(len(guide.steps) for guide in found)} dòng.", markup=False)
    elif found:
        _show(found)


def _show(found: list[GuideFigures]) -> None:
    from rich.table import Column, Table

    for guide in found:
        through = "chưa rõ" if guide.through is None else f"{guide.through:.0%}"
        out.print(
            f"{guide.goal}, kênh {guide.channel}: bắt đầu {guide.started}, xong {guide.done}, bỏ {guide.left}, "
            f"đang làm {guide.under_way}; trong số đã ngưng, xong {through}.",
            markup=False,
        )
        table = Table("Bước", Column("Xem", justify="right"), "Xong", "Vướng", "Lùi", "Dừng ở đây", "Thời gian giữa")
        for step in guide.steps:
            name = f"{step.number}. {step.step_id}" if step.number else f"(cũ) {step.step_id}"
            counts = (step.shown, step.done, step.stuck, step.back, step.stopped)
            table.add_row(name, *(str(count) for count in counts), _duration(step.median_s))
        out.print(table)


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    for name, length in (("ngày", 86_400), ("giờ", 3_600), ("phút", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {name}"
    return f"{seconds:.0f} giây"


def _moment(since: str | None) -> datetime | None:
    if since is None:
        return None
    try:
        return clock.parse(since)
    except ValueError:
        fail("--since phải là ngày có thật, dạng 2026-11-01")


def _save(file: Path, found: list[GuideFigures]) -> None:
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as opened:  # Excel needs the mark
            writer = csv.writer(opened)
            writer.writerow(COLUMNS)
            for guide in found:
                whole = (guide.goal, guide.channel, guide.started, guide.done, guide.left, guide.under_way)
                for step in guide.steps:
                    median = "" if step.median_s is None else round(step.median_s, 1)
                    counts = (step.shown, step.done, step.stuck, step.back, step.stopped, median)
                    writer.writerow((*whole, step.number or "", step.step_id, *counts))
    except OSError as error:
        fail(f"không ghi được {file}: {error.strerror}")
