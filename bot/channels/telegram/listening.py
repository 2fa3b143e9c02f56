"""Listens to Telegram from start to stop: by webhook where a secret is set, else by asking; and never stops trying."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from prometheus_client import Gauge
from starlette.routing import Route
from telegram import Bot, BotCommand

from bot.channels.rare_log import RareLog
from bot.channels.telegram import limits, webhook
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.intake import Accept, Blocked, Intake
from bot.channels.telegram.polling import BackOff, Poller
from bot.conversation.outbox.delivery import ChannelPaused, DeliveryError, NeedsStaff, Refused

log = logging.getLogger(__name__)

ALARM = Gauge("motcua_telegram_alarm", "1 while somebody has to act, by reason", ["reason"])
_ALARMS = {
    "token": "Telegram refuses the token; get a valid one from @BotFather and set MOTCUA_TELEGRAM_TOKEN",
    "conflict": "somebody else listens with the same Telegram token: another process, or a webhook set meanwhile",
    "refused": "Telegram refuses the webhook; check MOTCUA_PUBLIC_URL, its certificate and its port",
}
CANCEL_SECONDS = 0.5
_MENU = (
    BotCommand("start", "Bắt đầu"),
    BotCommand("help", "Em giúp được gì"),
    BotCommand("nhanvien", "Gặp nhân viên"),
    BotCommand("huy", "Thôi việc đang làm"),
)


class Listener:
    """Brings in what happens on Telegram. `routes` belong into the app; `start` and `stop` into its lifespan."""

    def __init__(
        self,
        channel: TelegramChannel,
        accept: Accept,
        blocked: Blocked,
        *,
        secret: str | None = None,
        public_url: str = "",
        poll_seconds: int = limits.LONG_POLL_SECONDS,
        back_off: Callable[[], BackOff] = BackOff,
    ) -> None:
        """With `secret` Telegram calls us under `public_url`; raises ValueError for one that it could not call."""
        self._channel, self._secret = channel, secret
        self._address = _webhook_address(public_url, channel.is_official) if secret else None
        self._intake = Intake(channel, accept, blocked)
        self._poller = Poller(channel.client, self._intake, poll_seconds, back_off)
        self._back_off = back_off()
        self._task: asyncio.Task[None] | None = None
        self._rarely = RareLog(log)
        self.routes: list[Route] = webhook.routes(self._intake, secret) if secret else []
        self.username: str | None = None  # of the bot, once Telegram has told it: for links (t.me/<username>)

    def start(self) -> None:
        """Begin; needs the event loop. Telegram may be away: that holds nothing up."""
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Stop asking; what was being stored is stored. The channel stays open for the sender."""
        while self._task is not None and not self._task.done():
            # More than once: on its way through httpx a cancellation gets lost now and then (seen on Python 3.10).
            self._task.cancel()
            await asyncio.wait([self._task], timeout=CANCEL_SECONDS)
        await self._intake.close()

    async def _listen(self) -> None:
        await self._until_done(self._introduce)
        while self._secret is None:
            await self._until_done(self._poller.once)

    async def _until_done(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do `work` until it succeeds, with growing pauses between."""
        while True:
            try:
                await work()
            except DeliveryError as error:
                await asyncio.sleep(self._failed(error))
            else:
                self._back_off.succeeded()
                for reason in _ALARMS:
                    ALARM.labels(reason).set(0)
                return

    def _failed(self, error: DeliveryError) -> float:
        """Note why Telegram could not be listened to; returns how long to wait."""
        wait = self._back_off.failed()
        if isinstance(error, ChannelPaused):
            return max(wait, error.seconds)
        alarm = error.reason if isinstance(error, NeedsStaff) else "refused" if isinstance(error, Refused) else None
        if alarm is not None:
            ALARM.labels(alarm).set(1)
            self._rarely.warning(_ALARMS[alarm], logging.ERROR)
        else:
            self._rarely.warning(f"Telegram cannot be listened to, trying again: {error.reason}")
        return wait

    async def _introduce(self) -> None:
        """Learn who we are, offer the commands, and say which way updates are to come."""
        client = self._channel.client
        self.username = (await client.call(lambda bot: bot.get_me())).username
        await client.call(lambda bot: bot.set_my_commands(_MENU))
        await client.call(self._choose_way)

    async def _choose_way(self, bot: Bot) -> bool:
        if self._address is None:
            return await bot.delete_webhook()
        return await bot.set_webhook(
            self._address, secret_token=self._secret, allowed_updates=list(limits.ALLOWED_UPDATES)
        )


def _webhook_address(public_url: str, is_official: bool) -> str:
    parts = urlsplit(public_url)
    if is_official and (parts.scheme != "https" or (parts.port or 443) not in limits.WEBHOOK_PORTS):
        raise ValueError(
            "có MOTCUA_TELEGRAM_WEBHOOK_SECRET thì MOTCUA_PUBLIC_URL phải bắt đầu bằng https:// và dùng cổng 443, 80, "
            "88 hoặc 8443; bỏ MOTCUA_TELEGRAM_WEBHOOK_SECRET thì máy chủ tự hỏi Telegram, không cần địa chỉ công khai"
        )
    return public_url.rstrip("/") + webhook.PATH
