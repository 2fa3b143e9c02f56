"""The `motcua zalo` commands: the grant of the Official Account, how it stands, a test message."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot import clock
from bot.cli_base import err, fail, open_database, out, read_settings

if TYPE_CHECKING:
    from bot.channels.zalo.wiring import Account

zalo_app = typer.Typer(help="Kênh Zalo OA: cấp quyền, tình trạng, gửi thử.", no_args_is_help=True)
R = TypeVar("R")


@zalo_app.command(epilog="Ví dụ: motcua zalo login")
def login() -> None:
    """Hiện địa chỉ để quản trị viên OA mở và đồng ý; máy chủ đang chạy nhận quyền trong 15 phút."""
    account = _account()
    out.print("Quản trị viên của Official Account mở địa chỉ này rồi bấm đồng ý (trong 15 phút):")
    typer.echo(account.login.begin())
    out.print(f"Zalo sẽ gọi lại {account.config.redirect_uri}; máy chủ (motcua serve) phải đang chạy ở địa chỉ ấy.")


@zalo_app.command("import-token", epilog="Ví dụ: motcua zalo import-token < cap-ma.txt")
def import_token() -> None:
    """Nhập cặp mã của API Explorer: hai dòng access token, refresh token; hỏi ở màn hình hoặc đọc từ stdin."""
    from bot.channels.zalo.limits import IMPORTED_TOKEN_LIFE
    from bot.channels.zalo.login import LoginError
    from bot.channels.zalo.oauth import BadToken, Pair, check_token

    account = _account()
    try:
        access, refresh = (check_token(_secret(name)) for name in ("access token", "refresh token"))
        # Its age is not known: short enough to be renewed soon, whatever it is.
        name = _run(account, account.login.store(Pair(access, refresh, IMPORTED_TOKEN_LIFE)))
    except (BadToken, LoginError) as error:
        fail(str(error))
    out.print(f"Đã lưu quyền của {name}. Từ giờ chỉ máy chủ này được dùng cặp mã ấy.", markup=False)


@zalo_app.command(epilog="Ví dụ: motcua zalo status")
def status(
    reset_endpoint: Annotated[
        bool, typer.Option("--reset-endpoint", help="dò lại API gửi tin, ví dụ sau khi Zalo mở quyền")
    ] = False,
) -> None:
    """Cho biết quyền còn đến bao giờ, loại OA, API nào gửi được tin; hỏi Zalo một lần."""
    from rich.table import Table

    from bot.channels.zalo.accounts import KINDS

    account = _account()
    if reset_endpoint:
        account.accounts.pin(None)
    answer = _run(account, _look(account))
    known, standing = account.accounts.get(), account.grants.standing()
    table = Table("Mục", "Giá trị")
    table.add_row("Official Account", f"{account.config.oa_id} {known.name or ''}".strip())
    table.add_row("Loại OA", f"{known.oa_type} ({KINDS.get(known.oa_type, '?')})" if known.oa_type else "chưa biết")
    table.add_row("API gửi tin", f"{known.endpoint or 'chưa biết'} (cài đặt: {account.config.endpoint})")
    table.add_row("Người trả lời thay máy từ", _moment(known.human_reply_at))
    table.add_row("Access token đến", _moment(standing and standing.expires_at))
    table.add_row("Refresh token đến", _moment(standing and standing.refresh_expires_at))
    table.add_row("Quyền đã mất lúc", _moment(standing and standing.dead_at))
    table.add_row("Chữ ký webhook", "observe" if account.config.observe else "enforce")
    table.add_row("Zalo trả lời", answer)
    out.print(table)
    if answer != "ok":
        fail(f"Zalo chưa dùng được ({answer}); xem docs/channels.md")


@zalo_app.command("send-test", epilog="Ví dụ: motcua zalo send-test 7000000000000000001")
def send_test(
    user: Annotated[str, typer.Argument(metavar="USER_ID", help="mã Zalo của một người đã nhắn cho OA")],
) -> None:
    """Gửi một tin thử cho một người đã nhắn cho OA trong 48 giờ qua."""
    from bot.channels.zalo import parts
    from bot.channels.zalo.channel import USER_ID
    from bot.channels.zalo.endpoint import Endpoint
    from bot.channels.zalo.errors import ApiError
    from bot.conversation.outbox.delivery import DeliveryError

    if not USER_ID.fullmatch(user):
        fail("USER_ID là dãy số, như trong sự kiện mà Zalo gửi về")
    account = _account()
    endpoint = Endpoint(account.api, account.accounts, account.config.endpoint)
    text = f"Tin thử của Một Cửa lúc {clock.say_time(clock.now())}."
    try:
        _run(account, endpoint.send(parts.text_body(user, parts.TextPart(text))))
    except ApiError as error:
        fail(f"Zalo không gửi: {error.code} {error.message}")
    except DeliveryError as error:
        fail(f"không gửi được: {error.reason}")
    used = account.accounts.get().endpoint if account.config.endpoint == "auto" else account.config.endpoint
    out.print(f"Đã gửi (API {used}).")


def _account() -> Account:
    """Return the account of the settings; ends the command with a sentence when they do not make one."""
    from bot.channels.zalo import wiring
    from bot.channels.zalo.config import ConfigError, from_settings
    from bot.privacy.sealing import Sealer, SealingError

    settings = read_settings()
    try:
        config = from_settings(settings)
        if config is None:
            fail("chưa đặt MOTCUA_ZALO_APP_ID; xem docs/channels.md")
        sealer = Sealer(settings.secret_key)
    except (ConfigError, SealingError) as error:
        fail(str(error))
    return wiring.account(config, open_database(), sealer)


def _run(account: Account, work: Coroutine[Any, Any, R]) -> R:
    async def whole() -> R:
        try:
            return await work
        finally:
            await account.close()

    return asyncio.run(whole())


async def _look(account: Account) -> str:
    """Ask Zalo about the account; returns "ok" or why not."""
    from bot.channels.zalo.errors import ApiError
    from bot.conversation.outbox.delivery import DeliveryError

    try:
        account.accounts.learn(await account.api.account())
    except ApiError as error:
        return f"{error.code} {error.message}".strip()
    except DeliveryError as error:
        return error.reason
    return "ok"


def _secret(name: str) -> str:
    """Read a secret without showing it: never from the arguments, which other users of the machine can see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    err.print(f"{name}:", end=" ")
    return str(typer.prompt("", hide_input=True, prompt_suffix="", err=True)).strip()


def _moment(moment: Any) -> str:
    if moment is None:
        return "-"
    left = moment - clock.now()
    days = f" (còn {left.days} ngày)" if left > timedelta(days=2) else ""
    return clock.say_time(moment) + days
