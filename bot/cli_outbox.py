"""The `motcua outbox` commands: what waits to go out, what could not be delivered, one more try."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import clock
from bot.cli_base import fail, open_database, out

app = typer.Typer(help="Tin gửi đi: đang chờ, không gửi được.", no_args_is_help=True)
_STATES = {
    "pending": "chờ gửi",
    "sending": "đang gửi",
    "held": "chờ người dân nhắn lại",
    "expired": "quá 4 giờ chưa gửi được",
    "unreachable": "không liên lạc được",
    "refused": "nền tảng từ chối",
}


@app.command(epilog="Ví dụ: motcua outbox status")
def status() -> None:
    """Cho biết mỗi kênh còn bao nhiêu tin, tin lâu nhất từ lúc nào."""
    from rich.table import Table

    from bot.conversation.outbox import letters

    table = Table("Kênh", "Tình trạng", "Số tin", "Lâu nhất từ")
    with open_database().reading() as session:
        for queue in letters.queues(session):
            state = _STATES[queue.state]
            table.add_row(queue.channel, state, f"{queue.number:,}", clock.say_time(queue.oldest))
    out.print(table if table.row_count else "Không có tin nào đang chờ.")


@app.command("list", epilog="Ví dụ: motcua outbox list --limit 20")
def list_dead(limit: Annotated[int, typer.Option(min=1, max=1000, help="bao nhiêu tin, mới nhất trước")] = 50) -> None:
    """Liệt kê tin không gửi được: số tin, kênh, loại, lý do; không hiện nội dung."""
    from rich.table import Table

    from bot.conversation.outbox import letters

    table = Table("Tin", "Kênh", "Loại", "Tình trạng", "Lý do", "Đã thử", "Lúc")
    with open_database().reading() as session:
        for letter in letters.dead(session, limit):
            table.add_row(
                str(letter.id),
                letter.channel,
                letter.kind,
                _STATES[letter.state],
                letter.reason or "",
                str(letter.attempts),
                clock.say_time(letter.created_at),
            )
    out.print(table if table.row_count else "Không có tin nào không gửi được.")


@app.command(epilog="Ví dụ: motcua outbox retry 1207")
def retry(
    letter: Annotated[int, typer.Argument(metavar="TIN", help="số của tin, xem bằng: motcua outbox list")],
) -> None:
    """Gửi lại một tin không gửi được."""
    from bot.conversation.outbox import letters

    with open_database().unit_of_work() as session:
        revived = letters.retry(session, letter)
    if not revived:
        fail(f"tin số {letter} không nằm trong danh sách không gửi được; xem: motcua outbox list")
    out.print(f"Tin số {letter} sẽ được gửi lại ngay.")
