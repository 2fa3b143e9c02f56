"""How fast webhooks are accepted while their messages are answered: `python -m bench.webhooks`.

A real server with Rasa takes events of a fake Telegram at a steady pace, whether or not it keeps up with answering:
what is measured is how long the platform waits for its 200.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from bench.databases import KINDS, VAR
from bench.processes import Process, free_port
from bench.servers import MOTCUA, ROOT, environment
from bot.db.engine import Database

TOKEN, SECRET = "123456:AAbenchbenchbenchbenchbenchbenchbench", "benchbenchbenchbench"
SAID = ("xin chào", "lệ phí đăng ký khai sinh", "hồ sơ của tôi tới đâu rồi", "cảm ơn em", "giờ làm việc trung tâm")
START_S = 120.0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0],
        epilog="Example: python -m bench.webhooks --per-second 200 --seconds 30 --database postgresql",
    )
    parser.add_argument("--per-second", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--roles", action="store_true", help="one process takes in, another answers and delivers")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    asked = parser.parse_args()
    console = Console()
    table = Table("database", "events", "p50 ms", "p95 ms", "p99 ms", "longest ms", "refused", "answered by then")
    VAR.mkdir(parents=True, exist_ok=True)
    for name, opened in KINDS.items():
        if asked.database not in (name, "both"):
            continue
        with opened() as url, tempfile.TemporaryDirectory(dir=VAR) as folder:
            console.print(f"{name}: {asked.per_second} events/s for {asked.seconds} s …")
            took, refused, answered = asyncio.run(_measure(url, Path(folder), asked))
            cuts = statistics.quantiles(took, n=100)
            row = (statistics.median(took), cuts[94], cuts[98], max(took))
            table.add_row(
                name, f"{len(took):,}", *(f"{value * 1e3:.1f}" for value in row), str(refused), f"{answered:,}"
            )
    console.print(table)
    return 0


async def _measure(url: str, folder: Path, asked: argparse.Namespace) -> tuple[list[float], int, int]:
    port, telegram = free_port(), await _platform()
    own = environment(
        MOTCUA_DATABASE_URL=url,
        MOTCUA_PORT=str(port),
        MOTCUA_DEMO="1",
        MOTCUA_PUBLIC_URL=f"http://127.0.0.1:{port}",
        MOTCUA_TELEGRAM_TOKEN=TOKEN,
        MOTCUA_TELEGRAM_WEBHOOK_SECRET=SECRET,
        MOTCUA_TELEGRAM_API_URL=f"http://127.0.0.1:{telegram.sockets[0].getsockname()[1]}",
    )
    log = folder / "server.log"
    done = await asyncio.create_subprocess_exec(*MOTCUA, "db", "upgrade", cwd=ROOT, env=own)
    await done.wait()
    roles = {"MOTCUA_ROLES": "web"} if asked.roles else {}
    servers = [Process((*MOTCUA, "serve"), ROOT, {**own, **roles}, log)]
    try:
        async with aiohttp.ClientSession() as session:
            await until_ready(session, port)
            if asked.roles:
                other = free_port()
                rest = {"MOTCUA_PORT": str(other), "MOTCUA_ROLES": "turns,senders,notices"}
                servers.append(Process((*MOTCUA, "serve"), ROOT, {**own, **rest}, folder / "answers.log"))
                await until_ready(session, other)
            await _load(session, port, asked.per_second, 3, asked.people)  # what the first turns have to load
            took, refused = await _load(session, port, asked.per_second, asked.seconds, asked.people)
    finally:
        for server in servers:
            server.stop()
        telegram.close()
    database = Database(url)
    with database.reading() as reader:
        answered = int(reader.execute(text("SELECT count(*) FROM inbox WHERE state = 'done'")).scalar_one())
    database.dispose()
    return took, refused, answered


async def until_ready(session: aiohttp.ClientSession, port: int) -> None:
    """Wait until a server answers messages; raises RuntimeError when it does not start."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.3)
    raise RuntimeError("the server did not start")


async def _load(
    session: aiohttp.ClientSession, port: int, per_second: int, seconds: int, people: int
) -> tuple[list[float], int]:
    """Send events at a steady pace, never waiting for the one before; returns the times (s) and what was refused."""
    took: list[float] = []
    refused = 0
    url = f"http://127.0.0.1:{port}/webhooks/telegram"
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    begun, now = int(time.time()), time.perf_counter()

    async def send(number: int) -> None:
        nonlocal refused
        body = json.dumps(_update(begun, number, people))
        sent = time.perf_counter()
        async with session.post(url, data=body, headers=headers) as answer:
            await answer.read()
        took.append(time.perf_counter() - sent)
        refused += answer.status != 200

    sending = []
    for number in range(per_second * seconds):
        wait = now + number / per_second - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        sending.append(asyncio.create_task(send(number)))
    await asyncio.gather(*sending)
    return took, refused


def _update(begun: int, number: int, people: int) -> dict[str, object]:
    who = {"id": 1_000 + number % people, "is_bot": False, "first_name": "An"}
    message = {
        "message_id": number + 1,
        "date": begun + number // 200,
        "chat": {"id": who["id"], "type": "private", "first_name": "An"},
        "from": who,
        "text": SAID[number % len(SAID)],
    }
    return {"update_id": begun * 100_000 + number, "message": message}


async def _platform() -> asyncio.Server:
    """Return the smallest Telegram: it takes everything."""
    us = {"id": 1, "is_bot": True, "first_name": "b", "username": "b_bot"}
    sent = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}
    answer = json.dumps({"ok": True, "result": {**us, **sent}}).encode()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length")
                    ),
                    0,
                )
                await reader.readexactly(length)
                body = (
                    answer
                    if b"/setWebhook" not in head and b"/setMyCommands" not in head
                    else b'{"ok":true,"result":true}'
                )
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
                )
                writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    return await asyncio.start_server(talk, "127.0.0.1", 0)


if __name__ == "__main__":
    sys.exit(main())
