"""The ASGI application: wires database, engine, workers and channels together, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import clock, sms
from bot.api import dossier_calls, dossiers, openapi, pickup_calls, pickups, understand
from bot.api.auth import NoToken, on_no_token
from bot.background import Background
from bot.channels import rest
from bot.channels.headers import SecurityHeaders
from bot.channels.web import routes as web
from bot.conversation import notices
from bot.conversation.assistant import Assistant
from bot.conversation.easing import Ease
from bot.conversation.engine import Engine
from bot.conversation.turn import Turns
from bot.conversation.ways import Ways
from bot.db import migrate
from bot.db.engine import Database
from bot.desk import routes as desk
from bot.desk.calls import CHANNEL as PHONE
from bot.dossiers import proof
from bot.dossiers.proof import one_time_codes
from bot.http_json import HttpError, json_response, on_http_error
from bot.learning import items
from bot.pages import finding
from bot.pages import guides as guide_pages
from bot.pages import procedures as procedure_pages
from bot.pages.faults import readable
from bot.pickups import tidying
from bot.pickups.post import orders
from bot.pickups.post.http_system import HttpSystem
from bot.pickups.post.pulling import Puller
from bot.platforms import Platforms
from bot.settings import Settings
from bot.tickets import work
from bot.upkeep import resealing, retention
from bot.upkeep.waiting import Waiting

PULL_CHANNELS = frozenset({rest.CHANNEL, web.CHANNEL, PHONE})
# The page looks for news by itself; a REST caller gets them with the answer to the next message.
POLLING_CHANNELS = frozenset({web.CHANNEL})
SOON, HOURLY, REMINDERS = 1.0, 3600.0, 300.0  # seconds between two looks
# Messages that this process took in are answered at once; those of other processes are found by looking.
LOOK_HERE, LOOK_ELSEWHERE = 1.0, 0.15
POST_ORDERS, POST_CANCELLING, POST_EVENTS = 5.0, 60.0, 300.0


def build(settings: Settings, database: Database, engine: Engine) -> Starlette:
    """Return the application on an opened database and a loaded engine."""
    workers = ThreadPoolExecutor(1 if database.is_sqlite else settings.turn_workers, thread_name_prefix="turn")
    ease = Ease()
    platforms = Platforms(settings, database, lambda incoming: assistant.take(incoming), ease)
    ways = Ways(platforms.channels, looking=POLLING_CHANNELS)
    turns = Turns(database, engine, settings.session_minutes, PULL_CHANNELS, ways, fast=not clock.is_fixed())
    assistant = Assistant(
        database,
        turns,
        workers,
        settings.reply_timeout_seconds,
        platforms.written,
        ease,
        answers=settings.has_role("turns"),
        looks_every=LOOK_HERE if settings.has_role("web") else LOOK_ELSEWHERE,
    )

    background = _background(settings, database, ways)
    platforms.look_after(background)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        assistant.start()
        if settings.has_role("notices"):
            background.start()
        await platforms.start(ways, assistant.ready)
        yield
        await platforms.stop()
        await background.stop()
        await assistant.stop()
        workers.shutdown()

    app = Starlette(
        routes=[
            *platforms.routes,  # first: nobody calls as often
            *rest.routes,
            *web.routes,
            *understand.routes,
            *dossiers.routes,
            *pickups.routes,
            *openapi.routes(
                [openapi.chat(rest.RestMessage), *understand.CALLS, *dossier_calls.CALLS, *pickup_calls.CALLS]
            ),
            *finding.routes,
            *procedure_pages.routes,
            *guide_pages.routes,
            *desk.routes,
            Route("/healthz", healthy),
            Route("/readyz", ready),
            Route("/metrics", metrics),
        ],
        middleware=[Middleware(SecurityHeaders, embed_origins=settings.embed_origins)],
        exception_handlers={
            HttpError: readable(on_http_error),
            NoToken: on_no_token,
            SQLAlchemyError: readable(not_stored),
            404: readable(not_found),
            405: readable(not_allowed),
            500: readable(failed),
        },
        lifespan=lifespan,
    )
    platforms.serve(app)
    app.state.database, app.state.engine, app.state.assistant = database, engine, assistant
    app.state.waiting = CollectorRegistry()
    app.state.waiting.register(Waiting(database))
    app.state.web = web.Web(database, settings.secret_key, settings.embed_origins)
    app.state.desk = desk.desk(database, engine, ways, settings.secret_key)
    return app


def _background(settings: Settings, database: Database, ways: Ways) -> Background:
    """Return what is done beside the turns: notices, reminders, one-time codes, tidying up."""
    background = Background()
    background.every(SOON, "telling of notices", lambda: notices.tell_waiting(database, ways))
    background.every(REMINDERS, "writing of reminders", lambda: notices.write_reminders(database))
    background.every(REMINDERS, "alerts of tickets", lambda: work.warn_all(database))
    background.every(HOURLY, "tidying up", lambda: _sweep(database))
    background.every(HOURLY, "sealing with the first key", lambda: resealing.if_needed(database, settings.secret_key))
    background.every(HOURLY, "deleting of what is over", lambda: retention.clean_at_night(database, settings))
    background.every(HOURLY, "gathering of what was not understood", lambda: items.gather_lately(database))
    if settings.sms_url:
        send = sms.gateway(settings.sms_url, settings.sms_token)
        background.every(SOON, "sending of one-time codes", lambda: one_time_codes.send_waiting(database, send))
    if settings.post_url:
        post = HttpSystem(settings.post_url, settings.post_token)
        background.every(POST_ORDERS, "orders for the post", lambda: orders.hand_over(database, post))
        background.every(POST_CANCELLING, "cancelling of orders", lambda: orders.withdraw(database, post))
        background.every(POST_EVENTS, "news of the post", Puller(database, post).pull)
    return background


def _sweep(database: Database) -> None:
    with database.unit_of_work() as session:
        proof.sweep(session)
        tidying.free_numbers(session)


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


async def metrics(request: Request) -> Response:
    """Return the figures for Prometheus: what was counted here, and what waits in the database."""
    waiting = await asyncio.to_thread(generate_latest, request.app.state.waiting)
    return Response(generate_latest() + waiting, media_type=CONTENT_TYPE_LATEST)


async def not_found(_request: Request, _error: Exception) -> Response:
    """Answer for an address that does not exist."""
    return json_response({"error": {"code": "not_found", "message": "Không có trang này."}}, 404)


async def not_allowed(_request: Request, error: Exception) -> Response:
    """Answer for a method that the address does not take; `Allow` names those that it does (RFC 9110)."""
    body = {"error": {"code": "not_allowed", "message": "Cách gọi này không dùng được ở đây."}}
    return json_response(body, 405, dict(getattr(error, "headers", None) or {}))


async def not_stored(_request: Request, _error: Exception) -> Response:
    """Answer while the database is away or its disk is full: nothing was taken, so it may be sent again."""
    message = "Máy bên em chưa nhận được tin này, anh/chị chờ chút rồi gửi lại giúp em."
    return json_response({"error": {"code": "not_stored", "message": message}}, 503)


async def failed(_request: Request, _error: Exception) -> Response:
    """Answer for a fault of ours; the message itself, if it was stored, will still be answered."""
    return json_response({"error": {"code": "fault", "message": "Máy bên em trục trặc, anh/chị thử lại giúp em."}}, 500)
