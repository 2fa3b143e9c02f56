"""The reverse proxy closes what is not for the outside, hands streams on at once, and lets through what we take."""

from __future__ import annotations

import re

import pytest

from bot.channels.web import routes as web
from bot.channels.web.live import HEARTBEAT_SECONDS
from bot.desk import access
from bot.desk import live as desk
from bot.dossiers.slip_photo import LARGEST_BYTES
from bot.settings import Settings

from .files import read

TEXT = re.sub(r"#.*", "", read("nginx/motcua.conf"))
UNITS = {"k": 1024, "m": 1024 * 1024}


def block(path: str) -> str:
    """Return the directives of the location that answers a path, as nginx chooses it."""
    found = re.findall(r"location (=|~|\^~)? ?(\S+)\s+\{([^}]*)\}", TEXT)
    for kind, pattern, inside in found:
        if kind == "=" and pattern == path:
            return inside
    prefixes = [(p, k, inside) for k, p, inside in found if k in ("", "^~") and path.startswith(p)]
    best = max(prefixes, key=lambda one: len(one[0]))
    if best[1] != "^~":
        for kind, pattern, inside in found:
            if kind == "~" and re.search(pattern, path):
                return inside
    return best[2]


def size(inside: str) -> int:
    number, unit = re.findall(r"client_max_body_size\s+(\d+)([km]);", inside + TEXT)[0]
    return int(number) * UNITS[unit]


@pytest.mark.parametrize("path", ["/metrics", "/readyz", "/healthz", "/webhooks/rest/webhook"])
def test_closed(path: str) -> None:
    assert "return 404" in block(path) and "proxy_pass" not in block(path)


def _streams() -> list[str]:
    paths = [getattr(route, "path", "") for route in [*web.routes, *desk.routes]]
    return [path for path in paths if path.endswith(("/events", "/live"))]


def test_streams_are_handed_on_at_once() -> None:
    assert sorted(_streams()) == ["/desk/live", "/web/events", "/widget/events"]
    for path in _streams():
        inside = block(path)
        assert re.search(r"proxy_buffering\s+off;", inside), path
        [seconds] = re.findall(r"proxy_read_timeout\s+(\d+)s;", inside)
        assert int(seconds) > 2 * max(HEARTBEAT_SECONDS, desk.HEARTBEAT_SECONDS), path


@pytest.mark.parametrize("path", ["/web/slip", "/widget/slip"])
def test_a_photo_gets_through(path: str) -> None:
    assert size(block(path)) >= LARGEST_BYTES


def test_other_bodies_get_through() -> None:
    from bot.api.dossiers import LARGEST_RECORD
    from bot.channels.telegram import limits as telegram
    from bot.channels.zalo import limits as zalo

    assert size(block("/desk/chats/1/do")) >= access.LARGEST_FORM
    assert size(block("/api/v1/dossiers/H1")) >= LARGEST_RECORD
    assert size(block("/webhooks/telegram")) >= telegram.LARGEST_BODY
    assert size(block("/webhooks/zalo/secret")) >= zalo.LARGEST_EVENT


def test_an_answer_has_its_time() -> None:
    assert "timeout" not in block("/web/messages")
    [seconds] = re.findall(r"proxy_read_timeout\s+(\d+)s;", re.sub(r"location[^}]*}", "", TEXT))
    assert int(seconds) > Settings().reply_timeout_seconds


@pytest.mark.parametrize("path", ["/", "/web/messages", "/web/slip", "/desk/sign-in", "/api/v1/understand"])
def test_limited_by_address(path: str) -> None:
    [zone] = re.findall(r"limit_req zone=(\w+) ", block(path))
    assert re.search(rf"limit_req_zone\s+\$binary_remote_addr zone={zone}:", TEXT)


def test_platforms_are_not_limited_by_address() -> None:
    for path in ("/webhooks/telegram", "/webhooks/zalo", "/webhooks/zalo/secret"):
        assert "limit_req" not in block(path) and "proxy_pass" in block(path)


def test_a_caller_cannot_claim_an_address() -> None:
    assert re.search(r"X-Forwarded-For\s+\$remote_addr;", TEXT)
    assert re.search(r"X-Forwarded-Proto\s+\$scheme;", TEXT)
    # A location that sets a header of its own would lose all of these.
    assert "proxy_set_header" not in "".join(re.findall(r"location [^{]*\{([^}]*)\}", TEXT))


def test_the_log_holds_no_address_and_no_query() -> None:
    [line] = re.findall(r"log_format motcua '([^']*)'", TEXT)
    assert not re.search(r"\$(remote_addr|request\b|request_uri|args|http_)", line)
