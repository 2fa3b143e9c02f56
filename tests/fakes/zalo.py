"""Zalo as a real HTTP server on this machine: OAuth, the Official Account's API, ZBS, the CDN and the webhook sender.

Written from the facts on channels (§1, §2, checklist §6): it proves conformance to these notes, and no more. Each of
Zalo's hosts is a path prefix here, so that a call to the wrong host is a 404.
By hand: `PYTHONPATH=tests python -m fakes.zalo PORT [KIND]`, then POST /__ctl/advance {"seconds": 60}, /__ctl/inject
{"path": "/message/cs", "trouble": "-32", "times": 2}, /__ctl/webhook {"url": …}, /__ctl/say {"user": …, "text": …};
GET /__ctl/calls.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import ThreadingHTTPServer
from typing import Any

from fakes.zalo_http import Handler
from fakes.zalo_oa import OfficialAccount
from fakes.zalo_oauth import OAuth
from fakes.zalo_webhooks import Webhooks
from fakes.zalo_zbs import Zbs

APP_ID, APP_SECRET = "1234567890123456789", "TESTAPPSECRET0000000"
OA_ID, OA_SECRET_KEY = "3000000000000000001", "TESTOASECRETKEY000000"


@dataclass
class Call:
    """A call as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    answer: Any = None


@dataclass
class Trouble:
    """How the next calls to paths that hold `path` go wrong: "-32", "502", "html", "hang:0.5", "close", "drop:-201"."""

    path: str
    what: str
    times: int


@dataclass
class World:
    """What all parts of the fake share: who we are, and what time it is."""

    app_id: str = APP_ID
    app_secret: str = APP_SECRET
    oa_id: str = OA_ID
    oa_secret_key: str = OA_SECRET_KEY
    fixed: datetime | None = None  # None: the real time, shifted
    shift: timedelta = timedelta()
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def now(self) -> datetime:
        return self.fixed or datetime.now(timezone.utc) + self.shift

    @property
    def now_ms(self) -> str:
        return str(int(self.now.timestamp() * 1000))

    def advance(self, seconds: float) -> None:
        if self.fixed is None:
            self.shift += timedelta(seconds=seconds)
        else:
            self.fixed += timedelta(seconds=seconds)


class FakeZalo(ThreadingHTTPServer):
    """All of it; `with FakeZalo() as zalo` serves until the block ends.

    `kind`: "enterprise" (v3.0 only), "state" (v2.0 only), "closed" (neither).
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0, *, kind: str = "enterprise", now: datetime | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.world = World(fixed=now)
        self.webhooks = Webhooks(self.world)
        self.oauth = OAuth(self.world)
        self.oa = OfficialAccount(self.world, self.oauth, self.webhooks, kind)
        self.zbs = Zbs(self.world, self.webhooks)
        self.calls: list[Call] = []
        self.troubles: list[Trouble] = []
        self.cdn: dict[str, tuple[bytes, str]] = {}  # name → content, or ("redirect:URL" as type)

    def __enter__(self) -> FakeZalo:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def settings(self) -> dict[str, Any]:
        """Return the settings that make the product use this server."""
        return {
            "zalo_app_id": self.world.app_id,
            "zalo_app_secret": self.world.app_secret,
            "zalo_oa_id": self.world.oa_id,
            "zalo_oa_secret_key": self.world.oa_secret_key,
            "zalo_oauth_url": f"{self.url}/oauth",
            "zalo_api_url": f"{self.url}/openapi",
            "zalo_business_url": f"{self.url}/business",
            "zalo_media_hosts": f"{self.url},zdn.vn",
        }

    def inject(self, path: str, what: str, times: int = 1) -> None:
        """Have the next calls to a path go wrong."""
        self.troubles.append(Trouble(path, what, times))

    def trouble_for(self, path: str) -> str | None:
        with self.world.lock:
            for trouble in self.troubles:
                if trouble.times > 0 and trouble.path in path:
                    trouble.times -= 1
                    return trouble.what
        return None

    def sent(self, part: str) -> list[Any]:
        """Return the bodies of the calls to paths that hold `part`, those that went wrong too."""
        return [call.body for call in self.calls if part in call.path]

    def put_on_cdn(self, name: str, content: bytes, media_type: str = "image/jpeg") -> str:
        """Keep a file of a citizen; returns its address."""
        self.cdn[name] = (content, media_type)
        return f"{self.url}/cdn/{name}"


if __name__ == "__main__":
    FakeZalo(int(sys.argv[1]), kind=(sys.argv[2:] or ["enterprise"])[0]).serve_forever()
