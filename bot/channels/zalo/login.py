"""How a grant gets here: an administrator consents and Zalo calls us back, or a pair of tokens is imported."""

from __future__ import annotations

import asyncio
import html
import logging
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.zalo import answers
from bot.channels.zalo.accounts import Accounts
from bot.channels.zalo.api import Api
from bot.channels.zalo.config import CALLBACK_PATH, Config
from bot.channels.zalo.errors import OA, ApiError, Fault
from bot.channels.zalo.grants import Grants
from bot.channels.zalo.oauth import OAuth, Pair, permission_url
from bot.conversation.outbox.delivery import DeliveryError

log = logging.getLogger(__name__)


class LoginError(Exception):
    """Why no grant came of it; the text is one sentence for the administrator."""


class Login:
    """The two ways to a grant."""

    def __init__(self, config: Config, oauth: OAuth, grants: Grants, accounts: Accounts, api: Api) -> None:
        """Keep the parts."""
        self._config, self._oauth, self._grants, self._accounts, self._api = config, oauth, grants, accounts, api

    def begin(self) -> str:
        """Return the address to open in a browser; one consent is taken within the next minutes."""
        state = secrets.token_urlsafe(24)
        self._accounts.expect_login(state)
        return permission_url(self._config, state)

    async def finish(self, code: str, oa_id: str | None, state: str | None) -> str:
        """Turn a consent into a stored grant and return the account's name; raises LoginError."""
        if oa_id is not None and oa_id != self._config.oa_id:
            raise LoginError("Quyền này của một Official Account khác, không phải MOTCUA_ZALO_OA_ID.")
        if not await asyncio.to_thread(self._accounts.take_login, state):
            raise LoginError("Không có lần đăng nhập nào đang chờ. Chạy lại: motcua zalo login")
        try:
            pair = await asyncio.to_thread(self._oauth.exchange, code)
        except (ApiError, DeliveryError) as error:
            raise LoginError(f"Zalo không đổi mã lấy quyền ({_reason(error)}). Chạy lại: motcua zalo login") from None
        return await self.store(pair)

    async def store(self, pair: Pair) -> str:
        """Store a pair unless Zalo says that it is another account's; returns the account's name. Raises LoginError."""
        data = await self._look(pair)
        found = answers.text_of(data, "oa_id") or answers.text_of(data, "oaid") or self._config.oa_id
        if found != self._config.oa_id:
            raise LoginError("Mã này của một Official Account khác, không phải MOTCUA_ZALO_OA_ID; chưa lưu gì.")
        await asyncio.to_thread(self._grants.save, pair)
        if data:
            await asyncio.to_thread(self._accounts.learn, data)
        return str(data.get("name") or found)

    async def _look(self, pair: Pair) -> dict[str, Any]:
        try:
            return await self._api.account(pair.access)
        except DeliveryError as error:
            raise LoginError(f"chưa hỏi được Zalo về mã truy cập này ({error.reason}); chưa lưu gì.") from None
        except ApiError as error:
            if error.fault(OA) is Fault.TOKEN:
                raise LoginError(f"Zalo không nhận mã truy cập này ({error.code}); chưa lưu gì.") from None
            log.warning("Zalo: getoa answered %s; the grant is stored all the same", error.code)
            return {}  # the token is good, only this one right is missing


class LoginPages:
    """The addresses that Zalo and an administrator's browser visit: the callback, and the proof of the domain."""

    def __init__(self, config: Config, login: Login) -> None:
        """Keep the parts."""
        self._config, self._login = config, login

    @property
    def routes(self) -> list[Route]:
        """Return the addresses."""
        found = [Route(CALLBACK_PATH, self.callback, methods=["GET"])]
        if self._config.verifier_code:
            found.append(Route(f"/zalo_verifier{self._config.verifier_code}.html", self.verifier, methods=["GET"]))
        return found

    async def callback(self, request: Request) -> Response:
        """Take a consent that Zalo sends the administrator's browser with."""
        asked = request.query_params
        code, oa_id, state = (asked.get(name) or None for name in ("code", "oa_id", "state"))
        if code is None:
            log.warning("Zalo: the callback was called without a code")
            return PlainTextResponse("Zalo không gửi mã. Chạy lại: motcua zalo login", 400)
        try:
            await self._login.finish(code, oa_id, state)
        except LoginError as error:
            log.warning("Zalo: consent not taken")
            return PlainTextResponse(str(error), 400)
        return PlainTextResponse("Đã nhận quyền và lưu lại. Có thể đóng trang này; xem: motcua zalo status")

    async def verifier(self, _request: Request) -> Response:
        """Prove to Zalo that the domain is ours, by a meta tag or by the text that it asks for (facts §2.1)."""
        if self._config.verifier_text:
            return PlainTextResponse(self._config.verifier_text)
        code = html.escape(str(self._config.verifier_code), quote=True)
        meta = f'<meta name="zalo-platform-site-verification" content="{code}" />'
        return HTMLResponse(f"<!doctype html><html><head>{meta}</head><body></body></html>")


def _reason(error: ApiError | DeliveryError) -> str:
    return str(error.code) if isinstance(error, ApiError) else error.reason
