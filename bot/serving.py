"""What `motcua serve` does: checks what can be checked at once, loads the engine, opens the port."""

from __future__ import annotations

import gc
import socket
import sys
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

from bot import logs
from bot.db.engine import Database
from bot.privacy.sealing import SealingError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.channels.web.server import Server
    from bot.conversation.engine import Engine


# How long a thread may keep the interpreter while others wait. Python's 5 ms, several times for each request, let the
# platforms wait for seconds while turns ran.
SWITCH_SECONDS = 0.0005


def serve(settings: Settings, database: Database, out: Console, fail: Callable[[str], NoReturn]) -> None:
    """Serve until stopped; every reason not to start is one sentence through `fail`."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        server, listener = _ready(settings, database, out, fail)
    except SQLAlchemyError as error:  # it was there when the command began
        fail(f"cơ sở dữ liệu không trả lời lúc khởi động ({type(error).__name__}); máy chủ chưa chạy, hãy thử lại")
    server.run(sockets=[listener])


def _ready(
    settings: Settings, database: Database, out: Console, fail: Callable[[str], NoReturn]
) -> tuple[Server, socket.socket]:
    """Load everything and open the port; return the server and its socket."""
    listener = _listen(settings, fail)
    gc.disable()  # until all is loaded: nothing of it is garbage, and looking for some is a second of the start
    if not settings.model.is_file():
        fail(f"chưa có mô hình {settings.model.name}; chạy: make train")
    from bot.loading import load_content, load_demo

    load_content(database, out)
    if settings.demo:
        load_demo(database, out)
    logs.set_up(settings.log_level, settings.log_format)
    # Recorded and dropped: Rasa's libraries complain about each other, page after page.
    with out.status("Đang khởi động Rasa (khoảng 10 giây)…"), warnings.catch_warnings(record=True):
        import uvicorn

        from bot.app import build
        from bot.channels.web.server import Server
        from bot.conversation.engine import Engine, ModelError

        try:
            engine = Engine(settings.model)
        except ModelError as error:
            fail(str(error))
        warm(engine, database)
        try:
            app = build(settings, database, engine)
        except (ValueError, SealingError) as error:  # a platform's settings do not fit; the text says which
            fail(str(error))
    address = f"http://{settings.host}:{settings.port}"
    out.print(
        f"Một Cửa đang chạy:\n  Trang cho người dân   {address}/\n"
        f"  REST (như Rasa)       {address}/webhooks/rest/webhook"
    )
    out.print(f"  Bàn trực              {address}/desk")
    out.print(f"  Tình trạng            {address}/healthz  {address}/readyz  {address}/metrics\nDừng: Ctrl-C")
    sys.setswitchinterval(SWITCH_SECONDS)
    # What was loaded stays: a full collection that walks through all of Rasa would stop everything for half a second.
    gc.collect()
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=10
    )
    return Server(config, app.state.web.close, app.state.desk.live.close), listener


def warm(engine: Engine, database: Database) -> None:
    """Build what the first message would otherwise wait for: models, word index, gazetteer."""
    from bot.procedures import search

    engine.understand("gửi kết quả về xã Di Linh ngày mai")
    with database.reading() as session:
        search.rank(session, "khai sinh")


def _listen(settings: Settings, fail: Callable[[str], NoReturn]) -> socket.socket:
    """Open the port first: finding it taken after ten seconds of loading helps nobody."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        fail(
            f"không mở được cổng {settings.host}:{settings.port} ({getattr(error, 'strerror', error)}); "
            "chương trình khác đang dùng? Chọn cổng khác: MOTCUA_PORT=8081 make run"
        )
    return listener
