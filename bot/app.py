"""The ASGI application: wires database, engine, workers and channels together, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.api import understand
from bot.channels import rest
from bot.channels.headers import SecurityHeaders
from bot.channels.web import routes as web
from bot.conversation.assistant import Assistant
from bot.conversation.engine import Engine
from bot.conversation.turn import Turns
from bot.db import migrate
from bot.db.engine import Database
from bot.http_json import HttpError, json_response, on_http_error
from bot.pages import procedures as procedure_pages
from bot.settings import Settings

PULL_CHANNELS = frozenset({rest.CHANNEL, web.CHANNEL})


def build(settings: Settings, database: Database, engine: Engine) -> Starlette:
    """Return the application on an opened database and a loaded engine."""
    workers = ThreadPoolExecutor(1 if database.is_sqlite else settings.turn_workers, thread_name_prefix="turn")
    turns = Turns(database, engine, settings.session_minutes, PULL_CHANNELS)
    assistant = Assistant(database, turns, workers, settings.reply_timeout_seconds)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        assistant.start()
        yield
        await assistant.stop()
        workers.shutdown()

    app = Starlette(
        routes=[
            *rest.routes,
            *web.routes,
            *understand.routes,
            *procedure_pages.routes,
            Route("/healthz", healthy),
            Route("/readyz", ready),
            Route("/metrics", metrics),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={
            HttpError: on_http_error,
            SQLAlchemyError: not_stored,
            404: not_found,
            405: not_allowed,
            500: failed,
        },
        lifespan=lifespan,
    )
    app.state.database, app.state.engine, app.state.assistant = database, engine, assistant
    return app


async def healthy(_request: Request) -> Response:
    """Say that the process lives."""
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    """Say whether messages can be answered: the database is there and has this version's schema."""
    database: Database = request.app.state.database
    try:
        at_head = migrate.current(database) == migrate.head()
    except SQLAlchemyError:
        return PlainTextResponse("database away\n", 503)
    return PlainTextResponse("ok\n") if at_head else PlainTextResponse("schema differs: motcua db upgrade\n", 503)


async def metrics(_request: Request) -> Response:
    """Return the figures for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def not_found(_request: Request, _error: Exception) -> Response:
    """Answer for an address that does not exist."""
    return json_response({"error": {"code": "not_found", "message": "Không có trang này."}}, 404)


async def not_allowed(_request: Request, _error: Exception) -> Response:
    """Answer for a method that the address does not take."""
    return json_response({"error": {"code": "not_allowed", "message": "Cách gọi này không dùng được ở đây."}}, 405)


async def not_stored(_request: Request, _error: Exception) -> Response:
    """Answer while the database is away or its disk is full: nothing was taken, so it may be sent again."""
    message = "Máy bên em chưa nhận được tin này, anh/chị chờ chút rồi gửi lại giúp em."
    return json_response({"error": {"code": "not_stored", "message": message}}, 503)


async def failed(_request: Request, _error: Exception) -> Response:
    """Answer for a fault of ours; the message itself, if it was stored, will still be answered."""
    return json_response({"error": {"code": "fault", "message": "Máy bên em trục trặc, anh/chị thử lại giúp em."}}, 500)
