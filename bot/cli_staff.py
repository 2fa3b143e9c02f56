"""The `motcua staff` commands: who may sign in at the desk, and as what."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import clock
from bot.cli_base import actor, fail, open_database, out

app = typer.Typer(help="Tài khoản của nhân viên tổng đài.", no_args_is_help=True)


@app.command(epilog='Ví dụ: motcua staff add hoa.le --name "Lê Thị Hoa" --role agent --team "Bưu điện Di Linh"')
def add(
    username: Annotated[str, typer.Argument(help="tên đăng nhập")],
    name: Annotated[str, typer.Option(help="họ tên hiện cho đồng nghiệp và người dân")],
    role: Annotated[str, typer.Option(help="agent, supervisor, content_editor hoặc admin")] = "agent",
    team: Annotated[str, typer.Option(help="nhóm nhận cuộc trò chuyện được chuyển")] = "",
) -> None:
    """Thêm một tài khoản; mật khẩu đầu tiên chỉ hiện ra một lần này."""
    from bot.privacy import audit
    from bot.staff import accounts

    try:
        with open_database().unit_of_work() as session:
            password = accounts.add(session, username, name, role, team)
            audit.record(session, actor=actor(), action="staff.add", subject=username.lower())
    except accounts.StaffError as error:
        fail(str(error))
    typer.echo(password)


@app.command(epilog="Ví dụ: motcua staff disable hoa.le")
def disable(
    username: Annotated[str, typer.Argument(help="tên đăng nhập")],
    enable: Annotated[bool, typer.Option("--enable", help="mở lại tài khoản đã khóa")] = False,
) -> None:
    """Khóa một tài khoản; đang mở trang nào thì bị đẩy ra ngay."""
    from bot.privacy import audit
    from bot.staff import accounts

    try:
        with open_database().unit_of_work() as session:
            accounts.set_active(session, username, active=enable)
            audit.record(session, actor=actor(), action="staff.enable" if enable else "staff.disable", subject=username)
    except accounts.StaffError as error:
        fail(str(error))
    out.print(f"Tài khoản {username} đã {'mở lại' if enable else 'khóa'}.", markup=False)


@app.command(epilog="Ví dụ: motcua staff reset hoa.le")
def reset(username: Annotated[str, typer.Argument(help="tên đăng nhập")]) -> None:
    """Đặt mật khẩu mới (hiện một lần) và bỏ mã xác thực cũ, khi quên hoặc mất điện thoại."""
    from bot.privacy import audit
    from bot.staff import accounts

    try:
        with open_database().unit_of_work() as session:
            password = accounts.reset(session, username)
            audit.record(session, actor=actor(), action="staff.reset", subject=username)
    except accounts.StaffError as error:
        fail(str(error))
    typer.echo(password)


@app.command("list", epilog="Ví dụ: motcua staff list")
def list_staff() -> None:
    """Liệt kê các tài khoản."""
    from rich.markup import escape
    from rich.table import Table

    from bot.staff import accounts

    table = Table("Đăng nhập", "Họ tên", "Vai trò", "Nhóm", "Mã xác thực", "Tình trạng", "Tạo lúc")
    with open_database().reading() as session:
        for row in accounts.listed(session):
            table.add_row(
                row.username,
                escape(row.display_name),
                accounts.ROLE_NAMES[row.role],
                escape(row.team or ""),
                "đã đặt" if row.totp_step is not None else "chưa",
                "dùng được" if row.active else "đã khóa",
                clock.say_time(row.created_at),
            )
    out.print(table)
