"""The `motcua content` commands: for those who write what the assistant says."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from bot import clock

app = typer.Typer(help="Nội dung: kiểm tra lỗi, xem gì sắp cũ.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)


@app.command(epilog="Ví dụ: motcua content lint --advice")
def lint(advice: Annotated[bool, typer.Option(help="kể cả câu dài, danh sách dài (nên sửa)")] = False) -> None:
    """Kiểm tra mọi tệp nội dung; nói rõ tệp, dòng và cách sửa. Có lỗi thì mã thoát là 1."""
    from bot.editing.lint import lint as run

    with out.status("Đang đọc nội dung…"):
        found = run()
    errors = [problem for problem in found if problem.is_error]
    for problem in errors:
        out.print(f"Lỗi: {problem}", style="red", markup=False)
    hints = [problem for problem in found if not problem.is_error]
    for problem in hints if advice else ():
        out.print(f"Nên sửa: {problem}", markup=False)
    more = "" if advice or not hints else " (xem: motcua content lint --advice)"
    out.print(f"{len(errors)} lỗi, {len(hints)} chỗ nên sửa{more}.")
    if errors:
        raise typer.Exit(1)


@app.command(epilog="Ví dụ: motcua content check --on 2027-02-01")
def check(
    on: Annotated[str, typer.Option(help="xem như hôm nay là ngày này (2027-02-01)")] = "",
    every: Annotated[bool, typer.Option("--all", help="liệt kê hết, không gộp")] = False,
) -> None:
    """Liệt kê dữ kiện quá ngày xem lại, câu sắp hết hiệu lực, luật đổi trong 60 ngày tới."""
    from datetime import date

    from bot.editing.review import SOON, review

    try:
        today = date.fromisoformat(on) if on else clock.today()
    except ValueError:
        out.print("Lỗi: --on phải là ngày dạng 2027-02-01.", style="red")
        raise typer.Exit(1) from None
    with out.status("Đang đọc nội dung…"):
        found = review(today)
    out.print(f"Nội dung ngày {today:%d/%m/%Y}:")
    for title, rows in (
        ("quá ngày xem lại", found.overdue),
        (f"hết hiệu lực trong {SOON.days} ngày tới", found.ending),
        ("không có câu nào còn hiệu lực", found.uncovered),
    ):
        out.print(f"- {len(rows)} câu {title}")
        for row in rows if every else rows[:10]:
            out.print(f"    {row.day:%d/%m/%Y}  {row.where} ({row.why})", markup=False)
        if len(rows) > 10 and not every:
            out.print(f"    … và {len(rows) - 10} câu nữa (xem: motcua content check --all)")
    out.print(f"- {len(found.events)} thay đổi của luật trong {SOON.days} ngày tới")
    for event in found.events:
        out.print(f"    {event.day:%d/%m/%Y}  {event.law}: {event.changes}. Sửa: {event.touches}", markup=False)
    for year in found.estimated_years:
        out.print(f"- Lịch nghỉ năm {year} mới là ước tính; xem: motcua content holidays {year}")


@app.command(epilog="Ví dụ: motcua content holidays 2027")
def holidays(year: Annotated[int, typer.Argument(min=2020, max=2100, help="năm")]) -> None:
    """Gợi ý ngày nghỉ mà lịch của mình chưa có; người phụ trách xem rồi tự thêm vào holidays.yml."""
    from bot.editing.holiday_proposals import proposals

    found = proposals(year)
    for proposal in found:
        out.print(f"{proposal.day:%d/%m/%Y} ({clock.WEEKDAYS[proposal.day.weekday()]}): {proposal.name}", markup=False)
    out.print(f"{len(found)} ngày thư viện cho là nghỉ mà holidays.yml chưa có; chỉ là gợi ý, chờ kế hoạch chính thức.")
