"""The `motcua key` commands: the key that seals personal numbers and secrets in the database, and its change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import typer

from bot import clock
from bot.cli_base import actor, fail, open_database, out, read_settings

if TYPE_CHECKING:
    from bot.db.engine import Database
    from bot.privacy.models import SealingKey

app = typer.Typer(
    help="Khóa niêm phong số điện thoại, số định danh và bí mật trong cơ sở dữ liệu.", no_args_is_help=True
)


@app.command(epilog="Ví dụ: motcua key new")
def new() -> None:
    """Tạo một khóa cho MOTCUA_SECRET_KEY; khóa chỉ hiện ra một lần này, không lưu ở đâu."""
    from bot.privacy import sealing

    typer.echo(sealing.new_key())


@app.command(epilog="Ví dụ: motcua key status")
def status() -> None:
    """Cho biết khóa nào đang niêm phong (tên khóa, không phải khóa), và đã bỏ khóa cũ được chưa."""
    from bot.privacy import sealing_keys

    database = open_database()
    with database.reading() as session:
        for key in sealing_keys.known(session):
            out.print(f"{key.id}  từ {clock.to_vietnam(key.since):%d/%m/%Y}  {_use(key, database)}", markup=False)
    out.print("Chạy motcua key rotate trước khi bỏ khóa cũ khỏi MOTCUA_SECRET_KEY.")


@app.command(epilog="Ví dụ: motcua key rotate")
def rotate() -> None:
    """Niêm phong lại mọi thứ bằng khóa đứng đầu, khi máy chủ vẫn chạy; xong thì bỏ được khóa cũ."""
    from rich.progress import Progress, SpinnerColumn, TextColumn
    from sqlalchemy.exc import SQLAlchemyError

    from bot.db.sealed import ColumnKeyError
    from bot.privacy import audit
    from bot.privacy.sealing import SealingError
    from bot.upkeep import resealing

    database = open_database()
    try:
        with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=out, transient=True) as bar:
            task = bar.add_task("Đang xem từng bảng…", total=None)
            changed = resealing.reseal(
                database,
                read_settings().secret_key,
                lambda table, rows: bar.update(task, description=f"{table}: đã xem {rows:,} dòng"),
            )
        with database.unit_of_work() as session:
            audit.record(session, actor=actor(), action="key.rotate", subject=database.sealer.ids[0])
    except (ColumnKeyError, SealingError) as error:
        _stop(str(error))
    except SQLAlchemyError as error:
        _stop(f"cơ sở dữ liệu không trả lời ({type(error).__name__})")
    out.print(f"Đã niêm phong lại {changed:,} giá trị bằng khóa {database.sealer.ids[0]}. Giờ có thể bỏ các khóa cũ.")


def _use(key: SealingKey, database: Database) -> str:
    if key.id != database.sealer.ids[0]:
        return "chỉ để mở dữ liệu cũ"
    if key.whole_at is None:
        return "đang dùng; đang chuyển dữ liệu cũ sang khóa này"
    return f"đang dùng; mọi dữ liệu đã chuyển sang khóa này lúc {clock.to_vietnam(key.whole_at):%H:%M %d/%m/%Y}"


def _stop(why: str) -> NoReturn:
    fail(f"{why}. Chưa mất gì: chạy lại motcua key rotate để làm tiếp")
