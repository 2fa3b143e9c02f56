"""The `motcua channel` and `topic` commands: the assistant switched off where it does harm, at once, for everybody."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import clock
from bot.cli_base import actor, fail, open_database, out

channel_app = typer.Typer(help="Tắt, mở phần trả lời tự động trên một kênh.", no_args_is_help=True)
topic_app = typer.Typer(help="Cho nhân viên duyệt câu trả lời về một mảng trước khi gửi.", no_args_is_help=True)
CHANNELS = ("web", "telegram", "zalo")
Channel = Annotated[str, typer.Argument(help="web, telegram hoặc zalo")]
Topic = Annotated[str, typer.Argument(help="procedures, dossiers, pickups, accounts hoặc places")]


@channel_app.command(epilog='Ví dụ: motcua channel off zalo --reason "trả lời sai lệ phí khai sinh"')
def off(channel: Channel, reason: Annotated[str, typer.Option(help="vì sao, ghi vào nhật ký")]) -> None:
    """Tắt: ai nhắn tới cũng được mời gặp nhân viên; tin vẫn được giữ đủ."""
    _switch(channel, off=True, reason=reason)


@channel_app.command(epilog="Ví dụ: motcua channel on zalo")
def on(channel: Channel) -> None:
    """Mở lại."""
    _switch(channel, off=False, reason="")


@channel_app.command("list", epilog="Ví dụ: motcua channel list")
def list_paused() -> None:
    """Liệt kê kênh đang tắt, từ lúc nào, ai tắt, vì sao."""
    from rich.table import Table

    from bot.conversation import brakes

    table = Table("Kênh", "Tắt từ", "Ai tắt", "Vì sao")
    with open_database().reading() as session:
        for row in brakes.paused(session):
            table.add_row(row.channel, clock.say_time(row.since), row.set_by, row.reason)
    out.print(table if table.row_count else "Mọi kênh đang trả lời.")


def _switch(channel: str, *, off: bool, reason: str) -> None:
    import bot.tables  # noqa: F401  # rows refer to others
    from bot.conversation import brakes

    if channel not in CHANNELS:
        fail(f"không có kênh {channel}; chọn một trong: {', '.join(CHANNELS)}")
    with open_database().unit_of_work() as session:
        changed = brakes.switch(session, channel, off=off, actor=actor(), reason=reason)
    state = "tắt" if off else "mở"
    out.print(f"Đã {state} trả lời tự động trên {channel}." if changed else f"Kênh {channel} vốn đang {state}.")


@topic_app.command(epilog="Ví dụ: motcua topic hold procedures")
def hold(topic: Topic) -> None:
    """Câu trả lời về mảng này chờ nhân viên duyệt ở bàn trực rồi mới gửi."""
    _hold(topic, on=True)


@topic_app.command(epilog="Ví dụ: motcua topic release procedures")
def release(topic: Topic) -> None:
    """Trả lời tự động lại."""
    _hold(topic, on=False)


def _hold(topic: str, *, on: bool) -> None:
    import bot.tables  # noqa: F401  # rows refer to others
    from bot.conversation import drafts
    from bot.conversation.understanding import TOPICS
    from bot.privacy import audit

    if topic not in TOPICS:
        fail(f"không có mảng {topic}; chọn một trong: {', '.join(TOPICS)}")
    with open_database().unit_of_work() as session:
        drafts.switch(session, topic, on=on, staff_id=None)
        audit.record(session, actor=actor(), action="approve.on" if on else "approve.off", subject=topic)
    out.print(f"Câu trả lời về {topic} {'chờ duyệt rồi mới gửi' if on else 'lại được gửi ngay'}.")
