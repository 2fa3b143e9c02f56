"""Telegram's Bot API as a real HTTP server, as the facts of 2026-11 describe it (§4, §6); with a clock of its own.

It refuses what Telegram refuses, and notes in `violations` what Telegram would only frown upon. `next` makes calls go
wrong, `hush` wants silence, `hold` and `release` bring updates late, twice and out of order. `person` is a citizen.
By hand: `PYTHONPATH=tests python -m fakes.telegram PORT`, then the calls under /__ctl (see `telegram_http`).
"""

from __future__ import annotations

import json
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

from fakes.telegram_flood import Flood
from fakes.telegram_http import Handler
from fakes.telegram_people import Person

TOKEN = "123456:TEST-token_of_the_fake"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ROUNDS = 5  # in which an update that was refused is brought again
MESSAGES = "message"  # stands for every method that sends one


@dataclass(frozen=True)
class Shown:
    """A message of the bot as the citizen sees it."""

    id: int
    chat: int
    kind: str  # "text", "photo", "document"
    text: str  # or the caption
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()  # the buttons below: (title, payload)
    keyboard: tuple[tuple[dict[str, Any], ...], ...] | None = None  # the one in place of the letters; (): taken away
    body: bytes = b""
    name: str = ""
    at: float = 0.0

    @property
    def titles(self) -> list[str]:
        return [title for row in self.rows for title, _ in row]


@dataclass(frozen=True)
class Call:
    """A call as it came in."""

    method: str
    params: dict[str, str]
    at: float
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


class FakeTelegram(ThreadingHTTPServer):
    """The server; `with FakeTelegram() as telegram` serves until the block ends.

    `strict`: whoever speaks too fast gets a 429 (else it is only noted). `clock`: seconds since 1970.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        port: int = 0,
        token: str = TOKEN,
        *,
        strict: bool = False,
        local: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.token, self.local = token, local  # local: like a Bot API server of one's own, it calls http as well
        self._clock, self._ahead = clock, 0.0
        self.lock = threading.RLock()
        self.came = threading.Condition(self.lock)
        self.people: dict[int, Person] = {}
        self.calls: list[Call] = []
        self.shown: list[Shown] = []
        self.violations: list[str] = []
        self.trouble: dict[str, deque[str]] = defaultdict(deque)
        self.flood = Flood(strict)
        self.hushed_until = 0.0
        self.webhook: dict[str, Any] = {"url": ""}
        self.pending: list[dict[str, Any]] = []
        self.answers: list[int] = []  # what our webhook answered, call by call
        self.files: dict[str, tuple[str, bytes]] = {}
        self.callbacks: dict[str, float] = {}  # open button presses
        self.polls = 0
        self.message_ids: dict[int, int] = defaultdict(int)
        self._update_id = 1_000
        self._held = False

    def __enter__(self) -> FakeTelegram:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        with self.came:
            self.polls += 1  # no poll is held any longer
            self.came.notify_all()
        self.shutdown()
        self.server_close()

    def handle_error(self, *_args: object) -> None:
        """Say nothing of a caller that has gone."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    # --- control ---

    def now(self) -> float:
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> float:
        """Let time pass at Telegram."""
        self._ahead += seconds
        return self.now()

    def next(self, *trouble: str, method: str = MESSAGES) -> None:
        """Have the next calls of a method go wrong, one after another; by default those that send messages."""
        self.trouble[method].extend(trouble)

    def hush(self, seconds: float) -> None:
        """Want silence: whoever calls before it is over gets a 429, and it is noted."""
        self.hushed_until = self.now() + seconds

    def hold(self) -> None:
        """Keep updates back from now on."""
        self._held = True

    def release(self, *, backwards: bool = False, times: int = 1) -> list[int]:
        """Bring the updates that were kept back, each so many times; returns the webhook's answers."""
        self._held = False
        with self.came:
            waiting = list(self.pending)
            self.came.notify_all()
        if not self.webhook["url"]:
            return []
        return [self.deliver(update) for update in (reversed(waiting) if backwards else waiting) for _ in range(times)]

    def person(self, number: int, first_name: str = "An") -> Person:
        """Return the citizen of this number, a new one the first time."""
        with self.lock:
            return self.people.setdefault(number, Person(self, number, first_name))

    # --- updates ---

    def bring(self, update: dict[str, Any]) -> dict[str, Any]:
        """Have something happen: the webhook is called, or it waits for getUpdates. Returns it with its number."""
        with self.came:
            self._update_id += 1
            update = {"update_id": self._update_id, **update}
            self.pending.append(update)
            if not self._held:
                self.came.notify_all()
        if self.webhook["url"] and not self._held:
            self.deliver(update)
        return update

    def deliver(self, update: dict[str, Any], secret: str | None = None) -> int:
        """Call the webhook with an update until it takes it, in a few rounds; returns the last answer."""
        body = json.dumps(update, ensure_ascii=self._update_id % 2 == 0).encode()  # both ways of writing letters
        status = 0
        for _ in range(ROUNDS):
            status = self._post(body, self.webhook.get("secret_token", "") if secret is None else secret)
            self.answers.append(status)
            if 200 <= status < 300:
                with self.lock:
                    self.pending = [waiting for waiting in self.pending if waiting is not update]
                break
        return status

    def waiting(self, offset: int | None, limit: int) -> list[dict[str, Any]]:
        """Return what getUpdates gives; what lies before `offset` is confirmed and gone."""
        if offset is not None:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        kinds = self.webhook.get("allowed_updates")
        wanted = [update for update in self.pending if not kinds or kinds & update.keys()]
        return [] if self._held else wanted[:limit]

    def _post(self, body: bytes, secret: str) -> int:
        headers = {"Content-Type": "application/json", **({SECRET_HEADER: secret} if secret else {})}
        request = urllib.request.Request(self.webhook["url"], body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def note(self, method: str, params: dict[str, str], files: dict[str, tuple[str, bytes]]) -> None:
        """Keep a call."""
        with self.lock:
            self.calls.append(Call(method, params, self.now(), files))

    def open_file(self, content: bytes, path: str) -> str:
        """Keep a file that a citizen sent; returns its id."""
        file_id = f"AgACAgUAAx{len(self.files):06d}"
        self.files[file_id] = (path.format(len(self.files)), content)
        return file_id

    def count(self, method: str) -> int:
        """Return how often a method was called."""
        return sum(call.method == method for call in self.calls)

    def to(self, chat: int) -> list[Shown]:
        """Return what a citizen was shown, in order."""
        return [shown for shown in self.shown if shown.chat == chat]


if __name__ == "__main__":
    FakeTelegram(int(sys.argv[1])).serve_forever()
