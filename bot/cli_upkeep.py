"""The `motcua backup`, `restore` and `privacy` commands: copies of the database, and what is kept about people."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot import clock, private_files
from bot.cli_base import actor, fail, open_database, out, read_settings

app = typer.Typer(help="Dữ liệu cá nhân: xóa khi hết hạn, xuất hay xóa theo yêu cầu.", no_args_is_help=True)
Conversation = Annotated[int, typer.Option(help="số của cuộc trò chuyện (trên địa chỉ trang /desk/chats/…)")]


def backup(to: Annotated[Path, typer.Option(help="tệp sao lưu sẽ được tạo")]) -> None:
    """Sao lưu cả cơ sở dữ liệu vào một tệp, khi máy chủ vẫn chạy."""
    from bot.db.engine import Database
    from bot.upkeep.backup import BackupError
    from bot.upkeep.backup import backup as copy

    database = Database(read_settings().database_url)  # of whatever schema: before a new version is the time for a copy
    try:
        with out.status("Đang sao lưu…"):
            size = copy(database, to)
    except BackupError as error:
        fail(str(error))
    except (OSError, sqlite3.Error) as error:
        fail(f"không sao lưu được vào {to.name} ({type(error).__name__}); kiểm tra MOTCUA_DATABASE_URL, quyền và ổ đĩa")
    out.print(f"Đã sao lưu vào {to} ({size / 1e6:,.1f} MB). Tệp có dữ liệu cá nhân: mã hóa khi mang đi.", markup=False)
    out.print("Khóa niêm phong không nằm trong đó: giữ bản sao của MOTCUA_SECRET_KEY (hoặc tệp secret.key) ở nơi khác.")


def restore(source: Annotated[Path, typer.Option("--from", help="tệp sao lưu")]) -> None:
    """Khôi phục cơ sở dữ liệu từ một tệp; dừng máy chủ trước. PostgreSQL: vào một cơ sở dữ liệu trống."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.db.engine import Database
    from bot.upkeep.backup import BackupError
    from bot.upkeep.backup import restore as bring_back

    try:
        with out.status("Đang khôi phục…"):
            bring_back(Database(read_settings().database_url), source)
    except BackupError as error:
        fail(str(error))
    except (OSError, SQLAlchemyError) as error:
        fail(f"không khôi phục được ({type(error).__name__}); kiểm tra MOTCUA_DATABASE_URL, quyền và ổ đĩa")
    out.print("Đã khôi phục. Tiếp theo: motcua db upgrade, rồi chạy lại máy chủ.")


@app.command(epilog="Ví dụ: motcua privacy clean --dry-run")
def clean(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ đếm, chưa xóa gì")] = False,
) -> None:
    """Xóa những gì đã hết hạn lưu; máy chủ tự làm việc này mỗi đêm."""
    from bot.upkeep import retention

    for rule, count in retention.clean(open_database(), read_settings(), actor=actor(), dry=dry_run):
        if count:
            out.print(f"{'Sẽ xóa' if dry_run else 'Đã xóa'} {count:,} {rule.what}")
    out.print("Chưa xóa gì, mới đếm thử." if dry_run else "Xong.")


@app.command(epilog="Ví dụ: motcua privacy find --code H36.12-261118-0042")
def find(code: Annotated[str, typer.Option(help="mã hồ sơ")]) -> None:
    """Cho biết những cuộc trò chuyện nào đã xác minh hoặc theo dõi một hồ sơ."""
    from bot.privacy import audit
    from bot.upkeep import personal

    with open_database().unit_of_work() as session:
        found = personal.of_dossier(session, code.strip().upper())
        audit.record(session, actor=actor(), action="privacy.find", subject=code.strip().upper())
    out.print(", ".join(map(str, found)) if found else "Không có cuộc trò chuyện nào.")


@app.command(epilog="Ví dụ: motcua privacy export --conversation 17 --to du-lieu-17.json")
def export(
    conversation: Conversation,
    to: Annotated[Path, typer.Option(help="tệp JSON sẽ được tạo")],
) -> None:
    """Xuất mọi thứ đang lưu về một người, theo yêu cầu của chính họ (10 ngày)."""
    import bot.tables  # noqa: F401  # all of them are looked through
    from bot.privacy import audit
    from bot.upkeep import personal

    try:
        with open_database().unit_of_work() as session:
            found = personal.export(session, conversation)
            audit.record(session, actor=actor(), action="privacy.export", subject=f"conversation {conversation}")
            with private_files.create(to) as file:
                file.write(json.dumps(found, ensure_ascii=False, indent=2, default=str).encode())
    except (personal.NobodyThere, FileExistsError) as error:
        fail(str(error) if isinstance(error, personal.NobodyThere) else f"{to.name} đã có; chọn tên khác")
    out.print(f"Đã xuất vào {to}.", markup=False)


@app.command(epilog="Ví dụ: motcua privacy delete --conversation 17 --reason 'yêu cầu T-0042'")
def delete(conversation: Conversation, reason: Annotated[str, typer.Option(help="căn cứ, ví dụ số phiếu")]) -> None:
    """Xóa dữ liệu về một người, theo yêu cầu của chính họ (20 ngày)."""
    from bot.privacy import audit
    from bot.upkeep import personal

    try:
        with open_database().unit_of_work() as session:
            done = personal.delete(session, conversation)
            subject = f"conversation {conversation}"
            audit.record(session, actor=actor(), action="privacy.delete", subject=subject, reason=reason)
    except (personal.NobodyThere, personal.NotYet) as error:
        fail(str(error))
    out.print("Đã xóa: " + ", ".join(f"{count} {table}" for table, count in done.items()) + ".")


@app.command(epilog="Ví dụ: motcua privacy breach --since 2026-11-20 --until 2026-11-22 --to luot-xem.csv")
def breach(
    since: Annotated[str, typer.Option(help="từ lúc nào (giờ Việt Nam)")],
    until: Annotated[str, typer.Option(help="tới trước lúc nào")],
    to: Annotated[Path, typer.Option(help="tệp CSV sẽ được tạo")],
    by: Annotated[str, typer.Option(help="chỉ lượt xem của người hay chương trình này")] = "",
) -> None:
    """Xuất nhật ký: ai đã xem dữ liệu của ai, để báo cáo sự cố trong 72 giờ."""
    from bot.privacy import audit
    from bot.upkeep import breach as looking

    try:
        first, last = clock.parse(since), clock.parse(until)
    except ValueError:
        fail("thời điểm chưa đúng; ví dụ: --since 2026-11-20 --until 2026-11-22T12:00")
    if last <= first or last - first > timedelta(days=800):
        fail("--until phải sau --since, cách nhau không quá 800 ngày")
    try:
        with open_database().unit_of_work() as session:
            count = looking.write(session, to, first, last, by or None)
            audit.record(session, actor=actor(), action="privacy.breach", subject=f"{since} – {until}")
    except FileExistsError:
        fail(f"{to.name} đã có; chọn tên khác")
    except OSError as error:
        fail(f"không ghi được {to.name} ({error.strerror})")
    out.print(f"Đã ghi {count:,} lượt xem vào {to}.", markup=False)
