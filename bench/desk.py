"""How quick the desk is with fifty people at it: `python -m bench.desk`.

Fifty calls go on at a real server, each desk with its live stream open (one of them a real browser), and five hundred
conversations wait or are taken. What is measured: how long a suggestion takes while somebody types, and how long until
every desk hears that one more citizen waits.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table

from bench.databases import KINDS, VAR
from bench.desk_browser import Shown, type_calls
from bench.processes import CouldNotMeasure, Process, free_port
from bench.servers import MOTCUA, ROOT, environment
from bench.webhooks import until_ready
from bot import clock
from bot.conversation.models import Address, Conversation, InboxMessage
from bot.db import migrate
from bot.db.engine import Database
from bot.staff import accounts, sessions
from bot.tickets import tickets
from tests import find_browser

BROWSER_EVERY = 4.0  # seconds between two sentences in the browser: it is one desk, and many figures are wanted
LETTERS_S = 0.15  # between two looks while a sentence is typed
SAID = (
    "đăng ký khai sinh cho cháu cần giấy tờ gì", "le phi dang ky ket hon bao nhieu", "lam cccd o dau",
    "hồ sơ H36.12-261118-0033 tới đâu rồi", "muon buu dien den nha lay ho so khai sinh", "mat khau vneid quen roi",
    "sang tên sổ đỏ mất bao lâu", "dk ho kd can j",
)  # fmt: skip


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0], epilog="Example: python -m bench.desk --desks 50 --seconds 30"
    )
    parser.add_argument("--desks", type=int, default=50)
    parser.add_argument("--chats", type=int, default=500, help="conversations that wait or are taken (default 500)")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two sentences of a caller, about")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--processes", type=int, default=1, help="servers, desks shared among them (PostgreSQL only)")
    parser.add_argument("--no-browser", action="store_true", help="all desks by HTTP; else one of them is a Chromium")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    asked = parser.parse_args()
    VAR.mkdir(parents=True, exist_ok=True)
    browser = None if asked.no_browser else find_browser.find()
    if browser is None and not asked.no_browser:
        raise CouldNotMeasure("no Chromium here: install the package chromium, or measure with --no-browser")
    table = Table(
        "database", "desk", "suggestions", "p50 ms", "p95 ms", "p99 ms", "overtaken", "heard by all, longest s"
    )
    for name, opened in KINDS.items():
        if asked.database not in (name, "both"):
            continue
        with opened() as url, tempfile.TemporaryDirectory(dir=VAR) as folder:
            took, overtaken, heard, shown = asyncio.run(_measure(url, Path(folder), asked, browser))
        table.add_row(name, "by HTTP", *_figures(took), str(overtaken), f"{max(heard):.2f}")
        if shown:
            table.add_row(name, "Chromium: asked–shown", *_figures(shown.from_asking), "", "")
            table.add_row(name, "Chromium: last key–shown", *_figures(shown.from_key), "", "")
    Console().print(table)


def _figures(seconds: list[float]) -> tuple[str, ...]:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    milliseconds = (f"{figure * 1e3:.1f}" for figure in (statistics.median(seconds), cuts[94], cuts[98]))
    return f"{len(seconds):,}", *milliseconds


def _furnish(url: str, desks: int, chats: int) -> list[str]:
    """Make the staff and the conversations; returns a token for each desk."""
    database = Database(url)
    migrate.upgrade(database)
    with database.unit_of_work() as session:
        for number in range(desks):
            accounts.add(session, f"desk{number}", f"Bench {number}", "agent")
        tokens = [sessions.begin(session, row, proved=True) for row in accounts.listed(session)]
        for number in range(chats):
            conversation = Conversation(
                channel="rest", sender=f"b{number}", mode="bot", last_seq=1, created_at=clock.now()
            )
            session.add(conversation)
            session.flush()
            home = Address(channel="rest", sender=f"b{number}", conversation_id=conversation.id, created_at=clock.now())
            session.add(home)
            session.flush()
            session.add(
                InboxMessage(
                    conversation_id=conversation.id, address_id=home.id, message_id="1", kind="text", seq=1,
                    text="cho tôi gặp nhân viên", received_at=clock.now(), sent_at=clock.now(), ready_at=clock.now(),
                    state="done",
                )
            )  # fmt: skip
            tickets.open_ticket(session, conversation.id, "talk_to_human")
    database.dispose()
    return tokens


async def _measure(
    url: str, folder: Path, asked: argparse.Namespace, browser: str | None
) -> tuple[list[float], int, list[float], Shown | None]:
    tokens = _furnish(url, asked.desks, asked.chats)
    processes = asked.processes if url.startswith("postgresql") else 1
    ports = [free_port() for _ in range(processes)]
    servers: list[Process] = []
    bases = [f"http://127.0.0.1:{port}" for port in ports]
    base = bases[0]
    took: list[float] = []
    heard: list[float] = []
    overtaken = [0]
    waiting: asyncio.Queue[float] = asyncio.Queue()
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as plain:
            for port in ports:  # one after the other: the first loads the demo data
                own = environment(MOTCUA_DATABASE_URL=url, MOTCUA_PORT=str(port), MOTCUA_DEMO="1")
                servers.append(Process((*MOTCUA, "serve"), ROOT, own, folder / f"server{port}.log"))
                await until_ready(plain, port)
            until = time.monotonic() + asked.seconds
            seen = None
            if browser:
                seen = asyncio.create_task(
                    asyncio.to_thread(type_calls, base, tokens.pop(), SAID, BROWSER_EVERY, until, browser)
                )
            desks = [
                _desk(bases[number % processes], token, asked.every, until, took, overtaken, waiting)
                for number, token in enumerate(tokens)
            ]
            await asyncio.gather(*desks, _citizens(plain, base, until, len(tokens), waiting, heard))
            shown = await seen if seen else None
    finally:
        for server in servers:
            server.stop()
    return took, overtaken[0], heard, shown


async def _desk(
    base: str,
    token: str,
    every: float,
    until: float,
    took: list[float],
    overtaken: list[int],
    waiting: asyncio.Queue[float],
) -> None:
    headers = {"X-CSRF": sessions.csrf_of(token), "X-Requested-With": "desk", "Cookie": f"mc_desk={token}"}
    chance = random.Random(token)
    async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=0)) as http:
        async with http.post(f"{base}/desk/phone/begin", allow_redirects=False) as answer:
            call = answer.headers["location"]
        listening = asyncio.create_task(_listen(http, base, waiting))
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * every)
            words = chance.choice(SAID).split()
            for typed in range(len(words) // 2, len(words) + 1, 2):
                begun = time.perf_counter()
                async with http.post(f"{base}{call}/suggest", data={"text": " ".join(words[:typed])}) as answer:
                    await answer.read()
                    if answer.status == 200:
                        took.append(time.perf_counter() - begun)
                    elif answer.status == 204:
                        overtaken[0] += 1
                    else:
                        raise CouldNotMeasure(f"a suggestion ended with {answer.status}: {await answer.text()}")
                await asyncio.sleep(LETTERS_S)
        listening.cancel()


async def _listen(http: aiohttp.ClientSession, base: str, waiting: asyncio.Queue[float]) -> None:
    async with http.get(f"{base}/desk/live", timeout=aiohttp.ClientTimeout(None)) as stream:
        async for line in stream.content:
            if line.startswith(b"data:") and re.search(rb'"changed":\[\d', line):
                waiting.put_nowait(time.monotonic())


async def _citizens(
    http: aiohttp.ClientSession, base: str, until: float, desks: int, waiting: asyncio.Queue[float], heard: list[float]
) -> None:
    """Now and then one more citizen asks for a person; every desk is to hear of it."""
    number = 0
    while time.monotonic() < until - 4:
        await asyncio.sleep(3)
        while not waiting.empty():
            waiting.get_nowait()
        number += 1
        body = {"sender": f"new{number}", "message": "gặp nhân viên"}
        async with http.post(f"{base}/webhooks/rest/webhook", json=body) as answer:
            await answer.read()
        begun = time.monotonic()
        times = [await asyncio.wait_for(waiting.get(), 20) for _ in range(desks)]
        heard.append(max(times) - begun)


if __name__ == "__main__":
    main()
