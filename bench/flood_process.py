"""One process of the flood: takes the messages of its people, answers whatever waits, delivers whatever is due.

Started again after a kill it sends everything anew, as a platform does that got no answer: what is there already has
no second effect.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import bot.tables  # noqa: F401
from bot import clock
from bot.conversation import inbox
from bot.conversation.exchange import EngineReply, Said
from bot.conversation.incoming import Incoming
from bot.conversation.outbox import queue, sender
from bot.conversation.outbox.delivery import ChannelPaused, Limits, TryLater
from bot.conversation.transcript import Line
from bot.conversation.turn import Turns
from bot.conversation.ways import Ways
from bot.db.engine import Database

SETTLE_S = 0.3
TWICE, OVERTAKEN, REFUSED = 0.10, 0.05, 0.03
TOGETHER = 20  # arrivals stored in one transaction, as the webhooks do under load
SENTENCES = ("xin chào", "đăng ký kết hôn cần giấy tờ gì", "lệ phí khai sinh", "cảm ơn", "trung tâm ở đâu")


class Platform:
    """Notes what arrives in a file that survives every kill, and says no now and then."""

    name = speaks_to = "flood"
    limits = Limits(chat_seconds=0.0, per_second=1e9)

    def __init__(self, log: Path) -> None:
        """Open the file."""
        self._file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._chance = random.Random(os.getpid())

    def render(self, line: Line) -> list[Any]:
        """Return the number of the question, which every answer carries."""
        return [line.custom["number"]]

    async def send(self, to: str, part: Any, key: str) -> str | None:
        """Take a part, or refuse it for now."""
        trouble = self._chance.random()
        if trouble < REFUSED:
            raise TryLater("busy") if trouble < REFUSED * 0.99 else ChannelPaused("flood", 0.2)
        os.write(self._file, f"{key}\t{to}\t{part}\n".encode())
        return key

    def price(self, silent_seconds: float | None, kind: str) -> int | None:
        """Return that nothing is told unasked."""
        return None


class Numbered:
    """An engine around another (or none): each answer carries the number of its question."""

    def __init__(self, real: Any = None) -> None:
        """Keep the real engine, if any."""
        self._real = real

    def answer(self, asker: str, said: Said, events: str | None, metadata: dict[str, Any]) -> EngineReply:
        """Answer with one message."""
        number, _, text = said.text.partition(" ")
        if self._real is None:
            reply = EngineReply([], json.dumps([]), {"intent": {"name": "inform"}}, None)
        else:
            reply = self._real.answer(asker, Said(text), events, metadata)
        return EngineReply(
            [{"text": said.text, "custom": {"kind": "info", "number": _number(number)}, "buttons": []}],
            reply.events,
            reply.understood,
            reply.active_loop,
        )

    def understand(self, text: str) -> dict[str, Any]:
        """Understand nothing."""
        return {"intent": {"name": None}}


def arrivals(first: int, last: int, each: int) -> Iterator[Incoming]:
    """Yield what the people send, as it arrives, always in the same way: a tenth twice, some overtaking others."""
    chance = random.Random(first)
    begun = clock.now() - timedelta(hours=1)
    for number in range(each):
        held: Incoming | None = None
        for person in range(first, last):
            sent = _message(person, number, begun)
            if chance.random() < OVERTAKEN and number + 1 < each:
                yield _message(person, number + 1, begun)
            yield sent
            if held is not None:
                yield held
            held = sent if chance.random() < TWICE else None


def _letters(number: int) -> str:
    """Return the number without a digit: those are looked at more closely, as digits of a phone may be."""
    return str(number).translate(str.maketrans("0123456789", "qwrtypsdfg"))


def _number(letters: str) -> int:
    return int(letters.translate(str.maketrans("qwrtypsdfg", "0123456789")))


def _message(person: int, number: int, begun: datetime) -> Incoming:
    text = f"{_letters(number)} {SENTENCES[number % len(SENTENCES)]}"
    return Incoming("flood", f"p{person}", f"m{number}", text, sent_at=begun + timedelta(seconds=number), order=number)


async def run(database: Database, engine: Any, log: Path, each: int, first: int, last: int) -> None:
    """Take, answer and deliver until killed."""
    platform = Platform(log)
    turns = Turns(database, engine, 30, frozenset(), Ways())
    delivery = sender.Sender(database, platform, Ways())
    pool = ThreadPoolExecutor(3)
    loop = asyncio.get_running_loop()

    def take() -> None:
        # What was confirmed before the kill is not sent again; the last hundred are.
        confirmed = Path(f"{log}.{first}.confirmed")
        begin = int(confirmed.read_text() or 0) if confirmed.exists() else 0
        arriving = itertools.islice(arrivals(first, last, each), begin, None)
        for count in itertools.count(begin, TOGETHER):
            together = list(itertools.islice(arriving, TOGETHER))
            if not together:
                return
            inbox.accept_many(database, together, settle_seconds=SETTLE_S)
            confirmed.write_text(str(max(0, count - 100)))

    def answer() -> None:
        while True:
            waiting = turns.waiting(1_000)
            random.shuffle(waiting)  # else every process would reach for the same conversation
            for conversation in waiting:
                turns.run_next(conversation)
            if not waiting:
                time.sleep(0.05)

    await asyncio.gather(loop.run_in_executor(pool, take), loop.run_in_executor(pool, answer), delivery.run())


def main() -> None:
    """Run from the command line: URL LOG EACH ENGINE FIRST LAST."""
    url, log, each, kind, first, last = sys.argv[1:]
    engine = Numbered(_real() if kind == "real" else None)
    # Ten seconds and a minute, a hundred thousand times, would be days.
    queue.FIRST_PAUSE, queue.STUCK_AFTER = timedelta(seconds=0.2), timedelta(seconds=5)
    sender.STUCK_SECONDS = 1.0
    Path(f"{log}.{os.getpid()}").touch()  # from here on a kill hurts
    asyncio.run(run(Database(url), engine, Path(log), int(each), int(first), int(last)))


def _real() -> Any:
    from bot.conversation.engine import Engine
    from bot.settings import settings

    return Engine(settings().model)


if __name__ == "__main__":
    main()
