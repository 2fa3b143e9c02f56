"""The calls to Zalo: the account's token in a header; refreshed, and the call repeated once, where Zalo asks for it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from ssl import SSLContext
from typing import Any

import httpx

from bot.channels.zalo import answers
from bot.channels.zalo.alarms import SENDS
from bot.channels.zalo.config import Config
from bot.channels.zalo.errors import OA, ZBS, ApiError, Fault
from bot.channels.zalo.grants import Grants
from bot.conversation.outbox.delivery import DeliveryError, PlatformDown

log = logging.getLogger(__name__)

WAIT_SECONDS = 10.0  # for each wait on the network
WHOLE_SECONDS = 30.0  # for one call altogether, an upload included
MESSAGE_PATHS = {"v3": "/v3.0/oa/message/cs", "v2": "/v2.0/oa/message"}


class Api:
    """The client of one account. Every call raises ApiError, or DeliveryError where nothing was answered."""

    def __init__(self, config: Config, grants: Grants, tls: SSLContext | bool = True) -> None:
        """Open the client; connections are made when they are needed."""
        self._config, self._grants = config, grants
        self._client = httpx.AsyncClient(timeout=WAIT_SECONDS, headers={"Accept-Encoding": "identity"}, verify=tls)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def message(self, endpoint: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a consultation message by "v3" or "v2"; returns what Zalo says of it."""
        return await self._post(self._config.api_url + MESSAGE_PATHS[endpoint], body)

    async def upload_picture(self, content: bytes, media_type: str) -> str:
        """Upload a picture; returns the id that messages name it by."""
        kind = "png" if media_type == "image/png" else "jpg"
        return await self._upload("image", (f"picture.{kind}", content, media_type), "attachment_id")

    async def upload_file(self, content: bytes, name: str, media_type: str) -> str:
        """Upload a file; returns the token that messages name it by."""
        return await self._upload("file", (name, content, media_type), "token")

    async def account(self, token: str | None = None) -> dict[str, Any]:
        """Return what Zalo knows of our account (name, oa_type, …); `token`: as this one, not yet stored, sees it."""
        url = f"{self._config.api_url}/v2.0/oa/getoa"
        return await self._once("GET", url, token, params={}, headers={}) if token else await self._get(url)

    async def notice_to_phone(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send a ZBS template message to a phone number."""
        return await self._post(f"{self._config.business_url}/message/template", body, ZBS)

    async def notice_to_user(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send a ZBS template message to somebody who once wrote to us."""
        return await self._post(f"{self._config.api_url}/v3.0/oa/message/template", body)

    async def template(self, template_id: str) -> dict[str, Any]:
        """Return what a ZBS template needs (`listParams`, `status`)."""
        url = f"{self._config.business_url}/template/info/v2"
        return await self._get(url, {"template_id": template_id}, ZBS)

    async def _post(self, url: str, body: dict[str, Any], table: Any = OA) -> dict[str, Any]:
        content = json.dumps(body, ensure_ascii=False).encode()
        return await self._call("POST", url, table, content=content, headers={"Content-Type": "application/json"})

    async def _get(self, url: str, params: dict[str, str] | None = None, table: Any = OA) -> dict[str, Any]:
        return await self._call("GET", url, table, params=params or {}, headers={})

    async def _upload(self, kind: str, file: tuple[str, bytes, str], key: str) -> str:
        url = f"{self._config.api_url}/v2.0/oa/upload/{kind}"
        token = answers.text_of(await self._call("POST", url, OA, files={"file": file}, headers={}), key)
        if token is None:
            raise PlatformDown("no_upload_id")
        return token

    async def _call(self, method: str, url: str, table: Any, **request: Any) -> dict[str, Any]:
        token = await asyncio.to_thread(self._grants.access_token)
        try:
            return await self._once(method, url, token, **request)
        except ApiError as error:
            if error.fault(table) is not Fault.TOKEN:
                raise
            log.info("Zalo: token rejected (%s), refreshing", error.code)
        token = await asyncio.to_thread(self._grants.renewed, token)
        return await self._once(method, url, token, **request)

    async def _once(self, method: str, url: str, token: str, **request: Any) -> dict[str, Any]:
        path = httpx.URL(url).path
        headers = {**request.pop("headers"), **self._headers(token)}
        try:
            status, body = await asyncio.wait_for(self._read(method, url, headers, **request), WHOLE_SECONDS)
            data = answers.data_of(answers.read(status, body))
        except ApiError as error:
            SENDS.labels(path, str(error.code)).inc()
            log.info("Zalo: %s answered %s %s", path, error.code, error.message)
            raise
        except (httpx.HTTPError, asyncio.TimeoutError) as error:
            SENDS.labels(path, "down").inc()
            raise PlatformDown(type(error).__name__) from None  # the cause may quote what was sent
        except DeliveryError as error:
            SENDS.labels(path, error.reason).inc()
            raise
        SENDS.labels(path, "0").inc()
        return data

    async def _read(self, method: str, url: str, headers: dict[str, str], **request: Any) -> tuple[int, bytes]:
        body = b""
        async with self._client.stream(method, url, headers=headers, **request) as response:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > answers.LARGEST_ANSWER:
                    raise PlatformDown("too_long")
            return response.status_code, body

    def _headers(self, token: str) -> dict[str, str]:
        """Return the token as Zalo wants it: a header of its own, never `Authorization: Bearer` (facts §1.1)."""
        if not self._config.appsecret_proof:
            return {"access_token": token}
        proof = hmac.new(self._config.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        return {"access_token": token, "appsecret_proof": proof}
