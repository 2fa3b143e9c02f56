"""The `motcua` command: serve, migrate, import, train, tokens, tickets. Every command has --help with an example."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import (
    cli_content,
    cli_dossiers,
    cli_guides,
    cli_keys,
    cli_learning,
    cli_outbox,
    cli_pickups,
    cli_reports,
    cli_staff,
    cli_switches,
    cli_tokens,
    cli_upkeep,
    cli_zalo,
)
from bot.cli_base import err, fail, open_database, out, read_settings
from bot.db.engine import Database

# Rasa brings TensorFlow along, which greets every start with a page of notes that help nobody here.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

app = typer.Typer(
    help="Một Cửa: trợ lý một cửa của tỉnh.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
db_app = typer.Typer(help="Cơ sở dữ liệu.", no_args_is_help=True)
import_app = typer.Typer(help="Nhập dữ liệu từ tệp .jsonl, .csv, .xlsx.", no_args_is_help=True)
app.add_typer(db_app, name="db")
app.add_typer(import_app, name="import")
app.add_typer(cli_tokens.app, name="token")
app.add_typer(cli_dossiers.app, name="dossiers")
app.add_typer(cli_pickups.app, name="pickups")
app.add_typer(cli_content.app, name="content")
app.add_typer(cli_guides.app, name="guides")
app.add_typer(cli_outbox.app, name="outbox")
app.add_typer(cli_zalo.zalo_app, name="zalo")
app.add_typer(cli_staff.app, name="staff")
app.add_typer(cli_reports.app, name="report")
app.add_typer(cli_upkeep.app, name="privacy")
app.add_typer(cli_keys.app, name="key")
app.add_typer(cli_switches.channel_app, name="channel")
app.add_typer(cli_switches.topic_app, name="topic")
app.command(epilog="Ví dụ: motcua backup --to /var/backups/motcua-2026-11-28.dump")(cli_upkeep.backup)
app.command(epilog="Ví dụ: motcua restore --from /var/backups/motcua-2026-11-28.dump")(cli_upkeep.restore)


@app.command(epilog="Ví dụ: MOTCUA_PORT=9000 motcua serve --roles web")
def serve(
    roles: Annotated[
        str, typer.Option(help="việc của tiến trình này: web, turns, senders, notices, cách nhau dấu phẩy")
    ] = "",
) -> None:
    """Chạy trợ lý: trang cho người dân, bàn trực, cổng REST, API (cài đặt lấy từ biến môi trường MOTCUA_…)."""
    from bot.serving import serve as run

    if roles:
        os.environ["MOTCUA_ROLES"] = roles
    run(read_settings(), open_database(), out, fail)


@db_app.command("upgrade", epilog="Ví dụ: motcua db upgrade")
def db_upgrade() -> None:
    """Đưa cơ sở dữ liệu lên đúng bản mà chương trình cần."""
    from alembic.util.exc import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    from bot.db import migrate

    try:
        database = Database(read_settings().database_url)
        migrate.upgrade(database)
    except CommandError:
        fail("cơ sở dữ liệu thuộc bản mới hơn chương trình này; hãy cập nhật chương trình")
    except (SQLAlchemyError, ValueError, ImportError, OSError) as error:
        fail(f"không nâng được cơ sở dữ liệu ({type(error).__name__}); kiểm tra MOTCUA_DATABASE_URL và ổ đĩa")
    out.print(f"Cơ sở dữ liệu ở bản {migrate.head()}.")


@app.command(epilog="Ví dụ: motcua load --demo")
def load(demo: Annotated[bool, typer.Option(help="nạp cả hồ sơ, bưu cục và lịch mẫu")] = False) -> None:
    """Nạp nội dung đi kèm: thủ tục, xã phường, nơi tiếp nhận."""
    from bot.loading import load_content, load_demo

    database = open_database()
    load_content(database, out)
    if demo:
        load_demo(database, out)


@app.command(epilog="Ví dụ: motcua train    hoặc, sau khi duyệt câu ở bàn trực: motcua train --review")
def train(
    force: Annotated[bool, typer.Option(help="huấn luyện lại dù dữ liệu không đổi")] = False,
    review: Annotated[
        bool, typer.Option("--review", help="học những câu đã duyệt ở bàn trực: so với tháng qua, hỏi rồi mới dùng")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="cùng với --review: đồng ý sẵn, cho kịch bản tự chạy")] = False,
) -> None:
    """Huấn luyện mô hình Rasa khi dữ liệu hay cấu hình đã đổi."""
    if review:
        cli_learning.review(yes)
        return
    from bot.training import train as run

    run(read_settings().model, force, out)


def _import(what: str, file: Path, strict: bool) -> None:
    from bot.importing_files import import_file

    import_file(open_database(), what, file, strict, out, fail)


FileArgument = Annotated[Path, typer.Argument(help="tệp .jsonl, .csv hoặc .xlsx (UTF-8)")]
StrictOption = Annotated[bool, typer.Option("--strict", help="có một dòng sai thì không nhập gì cả")]


@import_app.command("procedures", epilog="Ví dụ: motcua import procedures procedures.jsonl")
def import_procedures(file: FileArgument, strict: StrictOption = False) -> None:
    """Nhập danh mục thủ tục hành chính."""
    _import("procedures", file, strict)


@import_app.command("dossiers", epilog="Ví dụ: motcua import dossiers dossiers.jsonl --strict")
def import_dossiers(file: FileArgument, strict: StrictOption = False) -> None:
    """Nhập hồ sơ và các bước xử lý của hồ sơ."""
    _import("dossiers", file, strict)


@import_app.command("offices", epilog="Ví dụ: motcua import offices offices.csv")
def import_offices(file: FileArgument, strict: StrictOption = False) -> None:
    """Nhập nơi tiếp nhận và bưu cục."""
    _import("offices", file, strict)


@import_app.command("slots", epilog="Ví dụ: motcua import slots slots.csv")
def import_slots(file: FileArgument, strict: StrictOption = False) -> None:
    """Nhập số lượt bưu tá đến nhà theo bưu cục, ngày và buổi."""
    _import("slots", file, strict)


@import_app.command("tariff", epilog="Ví dụ: motcua import tariff tariff.xlsx")
def import_tariff(file: FileArgument, strict: StrictOption = False) -> None:
    """Nhập bảng cước bưu chính công ích."""
    _import("tariff", file, strict)


@app.command(epilog="Ví dụ: motcua tickets")
def tickets() -> None:
    """Liệt kê các phiếu đang chờ nhân viên."""
    from rich.table import Table

    from bot import clock
    from bot.tickets.tickets import listed

    with open_database().reading() as session:
        table = Table("Số phiếu", "Lúc", "Việc", "Cuộc trò chuyện")
        for ticket in listed(session):
            table.add_row(
                ticket.number,
                clock.say_time(ticket.created_at),
                ticket.topic,
                str(ticket.conversation_id or ""),
            )
        out.print(table)


def main() -> None:
    """Run the command line; whatever goes wrong outside of us ends in one sentence and exit code 1."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.content_files import ContentError

    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except ContentError as error:
        err.print(f"Lỗi: nội dung đi kèm không đúng: {error}", style="red", markup=False)
        sys.exit(1)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        err.print(
            f"Lỗi: cơ sở dữ liệu không ghi được ({cause}); kiểm tra chỗ trống của ổ đĩa.", style="red", markup=False
        )
        sys.exit(1)
    except OSError as error:
        where = error.filename or "ổ đĩa"
        err.print(f"Lỗi: {where}: {error.strerror}; kiểm tra quyền ghi và chỗ trống.", style="red", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
