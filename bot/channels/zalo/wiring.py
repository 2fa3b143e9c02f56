"""The Zalo channel put together, for the application and for the command line."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import lru_cache
from ssl import SSLContext

import httpx
from starlette.routing import Route

from bot import clock
from bot.channels.media import Downloader
from bot.channels.zalo.accounts import Accounts
from bot.channels.zalo.alarms import clear, raise_alarm
from bot.channels.zalo.api import Api
from bot.channels.zalo.channel import FetchOwn, Tools, ZaloChannel
from bot.channels.zalo.config import Config
from bot.channels.zalo.endpoint import Endpoint
from bot.channels.zalo.errors import ApiError
from bot.channels.zalo.grants import Grants
from bot.channels.zalo.login import Login, LoginPages
from bot.channels.zalo.oauth import OAuth
from bot.channels.zalo.uploads import Uploads
from bot.channels.zalo.webhook import Hands, Webhook
from bot.channels.zalo.zbs import ZbsChannel
from bot.conversation.outbox.delivery import DeliveryError
from bot.db.engine import Database
from bot.privacy.sealing import Sealer

log = logging.getLogger(__name__)

DAY_BEGINS, DAY_ENDS = 8, 20  # hours in Vietnam in which silence is strange


@dataclass(frozen=True)
class Account:
    """What both doors need of our account at Zalo."""

    config: Config
    grants: Grants
    accounts: Accounts
    api: Api
    login: Login
    oauth: OAuth

    async def close(self) -> None:
        """Let go of the connections."""
        await self.api.close()
        self.oauth.close()


def account(config: Config, database: Database, sealer: Sealer) -> Account:
    """Put the client of our account together; nothing is called yet."""
    oauth, accounts = OAuth(config, _tls()), Accounts(database, config.oa_id)
    grants = Grants(database, sealer, config.app_id, config.oa_id, oauth)
    api = Api(config, grants, _tls())
    return Account(config, grants, accounts, api, Login(config, oauth, grants, accounts, api), oauth)


class Zalo:
    """The channel as the application uses it."""

    def __init__(self, config: Config, database: Database, sealer: Sealer, hands: Hands, fetch_own: FetchOwn) -> None:
        """Put it together; `fetch_own` returns the bytes behind an address of ours."""
        self.account = account(config, database, sealer)
        self._endpoint = Endpoint(self.account.api, self.account.accounts, config.endpoint)
        self._downloader = Downloader(*_hosts(config.media_hosts), tls=_tls())
        uploads = Uploads(database, self.account.api, config.oa_id)
        self.channel = ZaloChannel(config, Tools(self._endpoint, uploads, self._downloader, fetch_own))
        self.zbs = ZbsChannel(config, self.account.api)
        self.webhook = Webhook(config, hands)
        self._pages = LoginPages(config, self.account.login)
        self._config = config

    @property
    def routes(self) -> list[Route]:
        """Return the addresses: webhook, OAuth callback, proof of the domain."""
        return [*self.webhook.routes, *self._pages.routes]

    def check(self) -> None:
        """Look after the grant and the alarms; to be called every hour or so, in a thread."""
        self.account.grants.check()
        self._check_silence()

    async def start(self) -> None:
        """Look at the account once; a platform that is away stops nothing."""
        await self._endpoint.look()
        try:
            data = await self.account.api.account()
        except (ApiError, DeliveryError) as error:
            log.warning("Zalo: the account could not be looked at: %s", error)
        else:
            await asyncio.to_thread(self.account.accounts.learn, data)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.account.close()
        await self._downloader.close()

    def _check_silence(self) -> None:
        """Alarm when nothing has come for hours of daytime: Zalo takes an app off the webhook without telling us."""
        now, hours = clock.to_vietnam(clock.now()), self._config.silence_hours
        last = clock.to_vietnam(self.webhook.last_event_at)
        begin = now.replace(hour=DAY_BEGINS, minute=0, second=0, microsecond=0)
        silent = (now - max(last, begin)).total_seconds() / 3600
        is_strange = bool(hours) and DAY_BEGINS <= now.hour < DAY_ENDS and silent >= hours
        raise_alarm("silence") if is_strange else clear("silence")


@lru_cache(maxsize=1)
def _tls() -> SSLContext:
    """Load the certificates once: each of our clients would do it anew."""
    return httpx.create_ssl_context()


def _hosts(listed: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the domains with all below them, and the origins that were named as whole addresses (for tests)."""
    own = [host for host in listed if "://" in host]
    return [name for host in listed if "://" not in host for name in (host, f".{host}")], own
