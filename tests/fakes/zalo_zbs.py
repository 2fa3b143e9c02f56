"""The fake's ZBS: approved templates, notices by phone, quota and money, receipts (facts §1.10)."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fakes import zalo_checks

if TYPE_CHECKING:
    from fakes.zalo import World
    from fakes.zalo_webhooks import Webhooks

Answer = dict[str, Any]
VIETNAM = timedelta(hours=7)
# The last three digits of a phone decide what becomes of a notice to it.
MAGIC = {"108": -108, "110": -110, "114": -114, "118": -118, "119": -119, "139": -139, "141": -141, "144": -144}


class Templates:
    """The registry, and what a filled template must be like."""

    def __init__(self) -> None:
        self.known: dict[str, Answer] = {}
        self.by_uid: list[tuple[str, dict[str, str]]] = []

    def add(self, template_id: str, status: str = "ENABLE", **params: int) -> None:
        """Register a template: name of a parameter → its greatest length."""
        listed = [
            {"name": name, "require": True, "type": "STRING", "maxLength": longest, "minLength": 1}
            for name, longest in params.items()
        ]
        self.known[template_id] = {
            "templateId": template_id,
            "status": status,
            "listParams": listed,
            "price_uid": "560",
        }

    def check(self, body: Any) -> zalo_checks.Checked:
        template = self.known.get(str(body.get("template_id")))
        if template is None:
            return -109, "Template ID is invalid"
        if template["status"] != "ENABLE":
            return -131, "Template is not approved"
        data = body.get("template_data")
        if not isinstance(data, dict) or not data:
            return -111, "Template data is empty"
        for param in template["listParams"]:
            value = data.get(param["name"])
            if not isinstance(value, str) or not value:
                return -1122, f"Parameter {param['name']} is missing"
            if len(value) > param["maxLength"]:
                return -1121, f"Parameter {param['name']} is too long"
        unknown = set(data) - {param["name"] for param in template["listParams"]}
        return (-1124, "Parameter is not defined") if unknown else None


class Zbs:
    """Notices by phone."""

    def __init__(self, world: World, webhooks: Webhooks) -> None:
        self.world, self.webhooks, self.templates = world, webhooks, webhooks.templates
        self.night_block = True
        self.daily_left = 500
        self.money = 1_000_000
        self.price = 800
        self.receipts = True  # False: they never come
        self.sent: list[Answer] = []
        self.tracking: Counter[str] = Counter()
        self._serial = itertools.count(1)

    @property
    def duplicates(self) -> int:
        """Return how many notices carried a tracking id that was there before."""
        return sum(count - 1 for count in self.tracking.values())

    def work(self, method: str, path: str, body: Any) -> Callable[[], Answer] | None:
        """Return what a call does; None where there is nothing."""
        return {
            ("POST", "/message/template"): lambda: self._notice(body),
            ("GET", "/template/info/v2"): lambda: self._info(body),
            ("GET", "/template/all"): lambda: _success(list(self.templates.known.values())),
            ("GET", "/message/status"): lambda: self._status(body),
            ("GET", "/message/quota"): lambda: _success({"dailyQuota": "500", "remainingQuota": str(self.daily_left)}),
        }.get((method, path))

    def _notice(self, body: Any) -> Answer:
        wrong = self._wrong(body)
        if wrong:
            return {"error": wrong[0], "message": wrong[1]}
        self.daily_left -= 1
        self.money -= self.price
        message_id = f"zz{next(self._serial):08d}"
        notice = {**body, "msg_id": message_id}
        self.sent.append(notice)
        self.tracking[body["tracking_id"]] += 1
        quota = {"dailyQuota": "500", "remainingQuota": str(self.daily_left)}
        return _success({"msg_id": message_id, "sent_time": self.world.now_ms, "sending_mode": "1", "quota": quota})

    def deliver_receipts(self) -> list[int]:
        """Send the receipts of all notices that had none; returns our answers."""
        if not self.receipts:
            return []
        waiting = [notice for notice in self.sent if not notice.get("received")]
        for notice in waiting:
            notice["received"] = True
        return [self.webhooks.deliver(self.webhooks.receipt(notice), {"X-ZEvent-Server": "ZNS"}) for notice in waiting]

    def _wrong(self, body: Any) -> zalo_checks.Checked:
        if not isinstance(body, dict):
            return -111, "Template data is empty"
        phone = str(body.get("phone", "")).removeprefix("+")
        if not (phone.startswith("84") and phone.isdecimal() and 11 <= len(phone) <= 12):
            return -108, "Phone number is invalid"
        if not isinstance(body.get("tracking_id"), str) or not 0 < len(body["tracking_id"]) <= 48:
            return -1122, "tracking_id is missing"
        if body.get("sending_mode", "1") not in ("1", "3"):
            return -161, "sending_mode is not allowed"
        hour = (self.world.now + VIETNAM).hour
        if self.night_block and (hour >= 22 or hour < 6):
            return -133, "Not allowed at night"
        if phone[-3:] in MAGIC:
            return MAGIC[phone[-3:]], "refused"
        if self.daily_left <= 0:
            return -144, "Daily quota reached"
        if self.money < self.price:
            return -115, "Out of money"
        return self.templates.check(body)

    def _info(self, query: Any) -> Answer:
        template = self.templates.known.get(str(query.get("template_id")))
        return _success(template) if template else {"error": -109, "message": "Template ID is invalid"}

    def _status(self, query: Any) -> Answer:
        found = next((notice for notice in self.sent if notice["msg_id"] == query.get("message_id")), None)
        return _success({"status": -1 if found is None else int(bool(found.get("received")))})


def _success(data: Any) -> Answer:
    return {"error": 0, "message": "Success", "data": data}
