"""Which API takes our messages: v3.0, or v2.0 for state agencies that v3.0 refuses, or neither (facts §1.3).

Only -235 leads from v3.0 to v2.0, once, and what worked is pinned. No other error does: some came for messages that
had gone out, and a second try would say everything twice. Where both refuse, people answer in OA Manager.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.zalo.accounts import Account, Accounts
from bot.channels.zalo.alarms import clear, raise_alarm
from bot.channels.zalo.api import Api
from bot.channels.zalo.errors import ApiError
from bot.conversation.outbox.delivery import NeedsStaff, TryLater

log = logging.getLogger(__name__)

NOT_THIS_KIND = -235
V2_SHUT = -240
REMEMBERED_SECONDS = 30.0  # then another process, or an operator, may have pinned something else


class Endpoint:
    """Sends consultation messages by the right API."""

    def __init__(
        self, api: Api, accounts: Accounts, rule: str = "auto", monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`rule`: "auto", or "v3" or "v2" for that one only."""
        self._api, self._accounts, self._rule, self._monotonic = api, accounts, rule, monotonic
        self._account: Account | None = None
        self._looked = 0.0

    @property
    def is_human_reply(self) -> bool:
        """Return whether neither API took our messages, as far as this process has seen."""
        return self._account is not None and self._account.endpoint == "none" and self._rule == "auto"

    async def look(self) -> Account:
        """Return the account as it stands, and put the alarm up or down."""
        if self._account is None or self._monotonic() - self._looked > REMEMBERED_SECONDS:
            self._account, self._looked = await asyncio.to_thread(self._accounts.get), self._monotonic()
            raise_alarm("human_reply") if self.is_human_reply else clear("human_reply")
        return self._account

    async def send(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send a message; raises ApiError, or DeliveryError."""
        if self._rule != "auto":
            return await self._forced(body)
        pinned = (await self.look()).endpoint
        if pinned == "none":
            raise NeedsStaff("human_reply")
        if pinned == "v2":
            return await self._v2(body)
        try:
            data = await self._api.message("v3", body)
        except ApiError as error:
            if error.code != NOT_THIS_KIND:
                raise
            return await self._v2_instead(body)
        if pinned is None:
            await self._worked("v3")
        return data

    async def _forced(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return await self._api.message(self._rule, body)
        except ApiError as error:
            if error.code in (NOT_THIS_KIND, V2_SHUT):
                raise NeedsStaff(str(error.code)) from None  # the setting does not fit this account
            raise

    async def _v2(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return await self._api.message("v2", body)
        except ApiError as error:
            if error.code == V2_SHUT:
                await self._pin(None)  # it worked once: Zalo has moved this account, and v3.0 is tried next
                raise TryLater(str(error.code)) from None
            raise

    async def _v2_instead(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            data = await self._api.message("v2", body)
        except ApiError as error:
            if error.code in (NOT_THIS_KIND, V2_SHUT):
                await self._pin("none")
                raise_alarm("human_reply")
                raise NeedsStaff("human_reply") from None
            raise
        await self._worked("v2")
        return data

    async def _worked(self, endpoint: str) -> None:
        """Pin what worked. The message is out: a database that cannot note it now must not have it sent again."""
        try:
            await self._pin(endpoint)
        except SQLAlchemyError as error:
            log.warning("Zalo: %s worked and could not be noted: %s", endpoint, type(error).__name__)

    async def _pin(self, endpoint: str | None) -> None:
        await asyncio.to_thread(self._accounts.pin, endpoint)
        self._account = None  # read again
