"""The `motcua report` commands: the report of a month and its settlement as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli_base import actor, fail, open_database, out

app = typer.Typer(help="Báo cáo tháng và quyết toán.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `month` a command of its own: a group of one would swallow its name."""


@app.command("month", epilog="Ví dụ: motcua report month 2026-11 --out bao-cao-2026-11.pdf")
def of_month(
    month: Annotated[str, typer.Argument(help="tháng, dạng 2026-11")],
    file: Annotated[Path, typer.Option("--out", help="tệp .pdf, .xlsx hoặc .csv để ghi (ghi đè tệp cũ)")],
    centre: Annotated[str | None, typer.Option(help="chỉ một nơi, viết đúng tên; bỏ trống là toàn tỉnh")] = None,
    settlement: Annotated[bool, typer.Option("--settlement", help="chỉ bảng quyết toán bưu tá và lệ phí")] = False,
) -> None:
    """Ghi số liệu một tháng ra tệp; không có dữ liệu cá nhân."""
    from bot.privacy import audit
    from bot.reports import centres, monthly, period, printed, spreadsheets

    makers = {"pdf": printed.as_pdf, "xlsx": spreadsheets.as_workbook, "csv": spreadsheets.as_csv}
    ending = file.suffix.lower().lstrip(".")
    if ending not in makers:
        fail("--out phải là tệp .pdf, .xlsx hoặc .csv")
    try:
        wanted = period.month(month)
    except ValueError as error:
        fail(f"{error}, ví dụ: motcua report month 2026-11 --out bao-cao.pdf")
    with open_database().unit_of_work() as session:
        if centre is not None and centre not in centres.centres(session):
            fail(f"không có nơi nào tên “{centre}”")
        if settlement:
            figures = monthly.Figures(wanted, centre, monthly.settlement(session, wanted, centre))
        else:
            figures = monthly.collect(session, wanted, centre)
        subject = f"{'quyet-toan' if settlement else 'so-lieu'} {wanted} {ending}"
        audit.record(session, actor=actor(), action="figures.export", subject=subject, reason=centre)
    try:
        file.write_bytes(makers[ending](figures))
    except OSError as error:
        fail(f"không ghi được {file}: {error.strerror}")
    out.print(f"{file}: {figures.title}, {len(figures.tables)} bảng.", markup=False)
