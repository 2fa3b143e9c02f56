"""ZBS template messages: paid notices to people whose chat is closed, by their Zalo id or by phone (facts §1.10)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.zalo import answers
from bot.channels.zalo.api import Api
from bot.channels.zalo.channel import USER_ID
from bot.channels.zalo.config import Config
from bot.channels.zalo.errors import OA, ZBS, ApiError, as_delivery_error
from bot.channels.zalo.limits import CHAT_SECONDS, LONGEST_TRACKING_ID, PER_SECOND, WINDOW_MARGIN, ZBS_UID_WINDOW
from bot.channels.zalo.templates import MissingFact, Template, fitted, templates
from bot.conversation.outbox.delivery import Limits, NeedsStaff, Refused, TryLater
from bot.conversation.transcript import Line

CHANNEL = "zbs"
SPEAKS_TO = "zalo"
# "84" and nine digits, ten for a landline; Zalo's ids have sixteen digits and more.
PHONE = re.compile(r"84[0-9]{9,10}")
ENABLED = "ENABLE"
INFO_GOOD_FOR = 3_600.0  # seconds; a template changes only when somebody edits it


@dataclass(frozen=True)
class NoticePart:
    """A filled template."""

    template_id: str
    data: Mapping[str, str]


class ZbsChannel:
    """Notices by template."""

    name = CHANNEL
    speaks_to = SPEAKS_TO
    limits = Limits(chat_seconds=CHAT_SECONDS, per_second=PER_SECOND)

    def __init__(
        self,
        config: Config,
        api: Api,
        known: Callable[[], Mapping[str, Template]] = templates,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`known` returns the templates by kind of message."""
        self._config, self._api, self._known, self._monotonic = config, api, known, monotonic
        self._params: dict[str, tuple[float, Any]] = {}

    def render(self, line: Line) -> list[Any]:
        """Return the one template that a message fills; raises Refused where none fits."""
        template = self._known().get(str(line.custom.get("kind")))
        if template is None:
            raise Refused("no_template")
        try:
            return [NoticePart(template.template_id, template.data(line.custom))]
        except MissingFact as missing:
            raise Refused(f"no_{missing}"[:40]) from None
        except ValueError:  # a date that is none
            raise Refused("bad_fact") from None

    def price(self, silent_seconds: float | None, kind: str) -> int | None:
        """Return what a notice costs; None without a template of its kind, or after more than a year of silence.

        Somebody who never wrote has a phone number only.
        """
        if kind not in self._known():
            return None
        if silent_seconds is None:
            return self._config.zbs_phone_price
        within = silent_seconds <= (ZBS_UID_WINDOW - WINDOW_MARGIN).total_seconds()
        return self._config.zbs_uid_price if within else None

    async def send(self, to: str, part: NoticePart, key: str) -> str | None:
        """Send a notice to a Zalo id, or to a phone ("84…"); returns Zalo's id of it. Raises DeliveryError."""
        by_phone = bool(PHONE.fullmatch(to))
        if not by_phone and not USER_ID.fullmatch(to):
            raise Refused("address")
        try:
            body = {"template_id": part.template_id, "template_data": await self._fitted(part)}
            if by_phone:
                return answers.id_of(await self._api.notice_to_phone({**body, **_by_phone(to, key)}), "msg_id")
            return answers.id_of(await self._api.notice_to_user({**body, "user_id": to}), "message_id")
        except ApiError as error:
            raise as_delivery_error(error, ZBS if by_phone else OA) from None
        except SQLAlchemyError:  # the token could not be read
            raise TryLater("database") from None

    async def _fitted(self, part: NoticePart) -> dict[str, str]:
        """Check a filled template against what Zalo says it needs."""
        try:
            return fitted(part.data, await self._params_of(part.template_id))
        except MissingFact as missing:
            raise Refused(f"no_{missing}"[:40]) from None
        except ApiError as error:
            raise as_delivery_error(error, ZBS) from None

    async def _params_of(self, template_id: str) -> Any:
        found = self._params.get(template_id)
        if found is None or self._monotonic() - found[0] > INFO_GOOD_FOR:
            info = await self._api.template(template_id)
            if info.get("status", ENABLED) != ENABLED:
                raise NeedsStaff("template_not_enabled")
            found = self._params[template_id] = (self._monotonic(), info.get("listParams"))
        return found[1]


def _by_phone(phone: str, key: str) -> dict[str, str]:
    """Return what a notice by phone needs besides; `tracking_id` comes back with the receipt."""
    if len(key) > LONGEST_TRACKING_ID:
        raise Refused("key_too_long")
    return {"phone": phone, "tracking_id": key, "sending_mode": "1"}
