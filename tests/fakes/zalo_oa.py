"""The fake's Official Account: three kinds of it, people with their windows, uploads that expire (facts §1.3–1.8)."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from fakes import zalo_checks

if TYPE_CHECKING:
    from fakes.zalo import World
    from fakes.zalo_oauth import OAuth
    from fakes.zalo_webhooks import Webhooks

Answer = dict[str, Any]
FREE, PAID, UPLOAD_LIFE, ZBS_UID = timedelta(hours=48), timedelta(days=7), timedelta(days=7), timedelta(days=365)
PRICE = 55
OA_TYPES = {"enterprise": 2, "state": 4, "closed": 4}


@dataclass
class Person:
    """A citizen as Zalo knows them."""

    last_interaction: datetime | None = None
    follower: bool = True
    blocked: bool = False
    restricted: bool = False


class OfficialAccount:
    """The account's API."""

    def __init__(self, world: World, oauth: OAuth, webhooks: Webhooks, kind: str) -> None:
        self.world, self.oauth, self.webhooks, self.kind = world, oauth, webhooks, kind
        self.people: dict[str, Person] = {}
        self.lists_allowed = False
        self.quota_shown = True
        self.proof_wanted = False
        self.echo = False  # send oa_send_*, received and seen after each message
        self.rate_left: int | None = None  # calls that are still allowed
        self.delivered: list[tuple[str, dict[str, Any]]] = []  # to whom, what
        self.charged = 0
        self.v3_uploads = 0
        self.uploads: dict[str, datetime] = {}
        self._serial = itertools.count(1)

    def says(self, user: str, text: str, **more: Any) -> dict[str, Any]:
        """Return the event of a citizen who writes, and open their window."""
        self.touch(user)
        return self.webhooks.message(user, "user_send_text", {"text": text}, **more)

    def touch(self, user: str, ago: timedelta = timedelta()) -> Person:
        """Have somebody act, so long ago."""
        person = self.people.setdefault(user, Person())
        person.last_interaction = self.world.now - ago
        return person

    def texts_to(self, user: str) -> list[str]:
        """Return the texts that arrived."""
        return [message["text"] for to, message in self.delivered if to == user and "text" in message]

    def rate_headers(self) -> dict[str, str]:
        left = self.rate_left
        return {} if left is None else {"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": str(max(left, 0))}

    def refusal(self, headers: dict[str, str], *, zbs: bool = False) -> Answer | None:
        """Return why a call is not even looked at: token, proof, rate. `Authorization` counts for nothing."""
        token = headers.get("access_token")
        error = self.oauth.error_of(token)
        if error:
            return {"error": -124 if zbs else error, "message": "Access token is invalid"}
        if self.proof_wanted:
            proof = hmac.new(self.world.app_secret.encode(), str(token).encode(), hashlib.sha256).hexdigest()
            if headers.get("appsecret_proof") != proof:
                return {"error": -1241 if zbs else -242, "message": "appsecret_proof is wrong"}
        if self.rate_left is not None:
            self.rate_left -= 1
            if self.rate_left < 0:
                return {"error": -32, "message": "Your application reached limit call api"}
        return None

    def work(self, method: str, path: str, headers: dict[str, str], body: Any) -> Callable[[], Answer] | None:
        """Return what a call does; None where there is nothing."""
        calls: dict[tuple[str, str], Callable[[], Answer]] = {
            ("POST", "/v3.0/oa/message/cs"): lambda: self._message(body, "v3"),
            ("POST", "/v2.0/oa/message"): lambda: self._message(body, "v2"),
            ("POST", "/v3.0/oa/message/template"): lambda: self._notice(body),
            ("POST", "/v3.0/oa/message/transaction"): lambda: _error(-240, "MessageV2 API has been shut down"),
            ("POST", "/v3.0/oa/message/promotion"): lambda: _error(-240, "MessageV2 API has been shut down"),
            ("POST", "/v3.0/oa/quota/message"): lambda: self._quota(body),
            ("GET", "/v2.0/oa/getoa"): self._account,
        }
        for version, kind in itertools.product(("v2", "v3"), ("image", "file")):
            calls["POST", f"/{version}.0/oa/upload/{kind}"] = partial(self._upload, version, kind, body)
        found = calls.get((method, path))
        return found and (lambda: self.refusal(headers) or found())

    def _account(self) -> Answer:
        data = {"oa_id": self.world.oa_id, "name": "Một Cửa Thử Nghiệm", "oa_type": OA_TYPES[self.kind]}
        return _success({**data, "is_verified": True, "num_follower": len(self.people)})

    def _message(self, body: Any, version: str) -> Answer:
        if version == "v3" and self.kind != "enterprise":
            return _error(-235, "This API does not support this type of OA")
        if version == "v2" and self.kind != "state":
            return _error(-240, "MessageV2 API has been shut down")
        recipient = body.get("recipient") if isinstance(body, dict) else None
        if not isinstance(recipient, dict) or not isinstance(recipient.get("user_id"), str):
            return _error(-201, "user_id is invalid!")
        user = recipient["user_id"]
        alive = {name for name, until in self.uploads.items() if self.world.now < until}
        wrong = zalo_checks.message(body.get("message"), lists_allowed=self.lists_allowed, known_ids=alive)
        wrong = wrong or self._window(user)
        return _error(*wrong) if wrong else self._deliver(user, body["message"])

    def _window(self, user: str) -> zalo_checks.Checked:
        person = self.people.get(user)
        if person is None or person.last_interaction is None or person.blocked:
            return -213, "User has not followed OA"
        if person.restricted:
            return -244, "User has restricted this type of message"
        silent = self.world.now - person.last_interaction
        if silent > PAID:
            return -230, "User has not interacted with the OA in the past 7 days"
        self.charged += PRICE if silent > FREE else 0
        return None

    def _deliver(self, user: str, message: dict[str, Any]) -> Answer:
        with self.world.lock:
            message_id = f"zm{next(self._serial):08d}"
            self.delivered.append((user, message))
        if self.echo:
            self.webhooks.echo(user, message, message_id)
        data: Answer = {"message_id": message_id, "user_id": user, "sent_time": self.world.now_ms}
        if self.quota_shown:
            data["quota"] = {"quota_type": "reply", "remain": "8", "total": "8"}
        return _success(data)

    def _upload(self, version: str, kind: str, parts: Any) -> Answer:
        self.v3_uploads += version == "v3"
        if not isinstance(parts, list) or len(parts) != 1:
            return _error(-201, "file is invalid!")
        name, media_type, content = parts[0]
        if kind == "image":
            right = media_type in ("image/png", "image/jpeg") and len(content) <= 1024 * 1024
        else:
            right = str(name).lower().rpartition(".")[2] in ("pdf", "doc", "docx", "csv")
            right = right and len(content) <= 5 * 1024 * 1024
        if not right:
            return _error(-201, "file is invalid!")
        token = f"UP-{kind}-{next(self._serial):06d}"
        self.uploads[token] = self.world.now + UPLOAD_LIFE
        return _success({"attachment_id": token} if kind == "image" else {"token": token})

    def _notice(self, body: Any) -> Answer:
        user = body.get("user_id") if isinstance(body, dict) else None
        person = self.people.get(str(user))
        if person is None or person.last_interaction is None or self.world.now - person.last_interaction > ZBS_UID:
            return _error(-230, "User has not interacted with the OA")
        wrong = self.webhooks.templates.check(body)
        if wrong:
            return _error(*wrong)
        self.webhooks.templates.by_uid.append((str(user), body["template_data"]))
        return _success({"message_id": f"zn{next(self._serial):08d}", "sent_time": self.world.now_ms})

    def _quota(self, body: Any) -> Answer:
        person = self.people.get(str(body.get("user_id")))
        last = person and person.last_interaction
        stamp = str(int(last.timestamp() * 1000)) if last else "0"
        return _success({"last_interaction": stamp, "cs_reply": {"remain": 8, "total": 8}})


def _success(data: Answer) -> Answer:
    return {"data": data, "error": 0, "message": "Success"}


def _error(code: int, message: str) -> Answer:
    return {"error": code, "message": message}
