"""The `motcua token` commands: who may call the API, and with which rights."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import clock
from bot.cli_base import fail, open_database, out

app = typer.Typer(help="Mã truy cập cho chương trình khác.", no_args_is_help=True)


@app.command(epilog="Ví dụ: motcua token create tong-dai --scope understand,dossiers:read")
def create(
    name: Annotated[str, typer.Argument(help="chương trình nào dùng mã này")],
    scope: Annotated[
        str,
        typer.Option(help="quyền, cách nhau dấu phẩy: understand, dossiers:read, dossiers:write, pickups"),
    ],
) -> None:
    """Tạo mã truy cập; mã chỉ hiện ra một lần này."""
    from bot.api import tokens

    try:
        with open_database().unit_of_work() as session:
            token = tokens.create(session, name, [part.strip() for part in scope.split(",") if part.strip()])
    except (tokens.UnknownScope, tokens.BadName) as error:
        fail(str(error))
    typer.echo(token)


@app.command("list", epilog="Ví dụ: motcua token list")
def list_tokens() -> None:
    """Liệt kê các mã: số, tên, quyền, lúc tạo, lúc thu hồi; không bao giờ hiện chính mã."""
    from rich.markup import escape
    from rich.table import Table

    from bot.api import tokens

    table = Table("Số", "Tên", "Quyền", "Tạo lúc", "Thu hồi lúc")
    with open_database().reading() as session:
        for token in tokens.listed(session):
            revoked = clock.say_time(token.revoked_at) if token.revoked_at else ""
            scopes = ", ".join(token.scopes)
            table.add_row(str(token.id), escape(token.name), scopes, clock.say_time(token.created_at), revoked)
    out.print(table)


@app.command(epilog="Ví dụ: motcua token revoke 3")
def revoke(which: Annotated[str, typer.Argument(metavar="ID", help="số của mã, hoặc tên nếu chỉ một mã mang")]) -> None:
    """Thu hồi một mã; từ lúc ấy mã không mở được gì nữa."""
    from bot.api import tokens

    try:
        with open_database().unit_of_work() as session:
            token = tokens.revoke(session, which)
            told = f"Mã số {token.id} ({token.name}) đã thu hồi lúc {clock.say_time(token.revoked_at)}."
    except tokens.NoSuchToken as error:
        fail(str(error))
    out.print(told, markup=False)
