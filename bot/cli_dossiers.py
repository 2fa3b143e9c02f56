"""The `motcua dossiers` commands: what came in and could not be taken as it was, for the people who look at it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot import clock
from bot.cli_base import actor, fail, open_database, out

app = typer.Typer(help="Hồ sơ: xem những gì chưa nhận được như đã gửi.", no_args_is_help=True)


@app.command("reviews", epilog="Ví dụ: motcua dossiers reviews --limit 20")
def list_reviews(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="nhiều nhất bao nhiêu mục")] = 50,
    payload: Annotated[
        bool, typer.Option("--payload", help="kèm nội dung như đã gửi (có dữ liệu cá nhân; ai xem được ghi lại)")
    ] = False,
) -> None:
    """Liệt kê các dòng và sự kiện hồ sơ cần người xem, cũ nhất trước."""
    from rich.markup import escape
    from rich.table import Column, Table

    from bot.dossiers.intake import reviews
    from bot.privacy import audit

    code, reason = Column("Hồ sơ", no_wrap=True), Column("Lý do", no_wrap=True)  # to be copied, and searched for
    table = Table("Số", Column("Lúc", min_width=10), "Nguồn", "Dòng", code, reason, "Chi tiết")
    sent: list[str] = []
    database = open_database()
    with database.unit_of_work() if payload else database.reading() as session:
        found = reviews.listed(session, limit)
        for review in found:
            cells = (review.source, review.line, review.code, review.reason, review.detail)
            told = [escape(str(cell or "")) for cell in cells]
            table.add_row(str(review.id), clock.say_time(review.created_at), *told)
            if payload:
                sent.append(f"{review.id}: {json.dumps(review.payload, ensure_ascii=False)}")
                subject = review.code or f"review:{review.id}"
                why = f"review {review.id}"
                audit.record(session, actor=actor(), action="reviews.read", subject=subject, reason=why)
        more = reviews.waiting(session) - len(found)
    out.print(table)
    for line in sent:  # below the table, where nothing is cut off
        out.print(line, markup=False)
    if more > 0:
        out.print(f"… và {more} mục nữa (xem: motcua dossiers reviews --limit {min(len(found) + more, 1000)})")


@app.command(epilog="Ví dụ: motcua dossiers settle 12")
def settle(number: Annotated[int, typer.Argument(metavar="ID", help="số của mục, như trong danh sách")]) -> None:
    """Đánh dấu một mục là đã xem xong."""
    from bot.dossiers.intake import reviews
    from bot.privacy import audit

    with open_database().unit_of_work() as session:
        if not reviews.settle(session, number):
            fail("không có mục nào mang số này đang chờ; xem: motcua dossiers reviews")
        audit.record(session, actor=actor(), action="reviews.settle", subject=f"review:{number}")
    out.print(f"Mục {number} đã xem xong.")
