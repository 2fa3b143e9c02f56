"""Settings, read once from the environment (`MOTCUA_…`); `docs/settings.md` explains each."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseSettings, Field, validator

ROOT = Path(__file__).resolve().parent.parent
CONTENT = Path(__file__).resolve().parent / "content"
# Of one process: taking what comes in over HTTP (and asking platforms for it), answering, delivering, all that goes
# by the clock.
ROLES = frozenset({"web", "turns", "senders", "notices"})
# "Every address of this machine" is none that a browser can open.
_OPENABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104

# No pattern and no path; over plain http only this machine: whoever can change a page on its way could fake the chat.
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?|http://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")


class Settings(BaseSettings):
    """Every setting of the product, with its default."""

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, description="port to listen on")
    public_url: str = Field(
        default=None, description="address under which citizens reach this server; none: that of host and port"
    )
    database_url: str = Field(
        default=f"sqlite:///{ROOT / 'var' / 'motcua.db'}", description="SQLite file or PostgreSQL (postgresql://…)"
    )
    model: Path = Field(default=ROOT / "models" / "motcua.tar.gz", description="the trained Rasa model")
    learned: Path = Field(
        default=ROOT / "var" / "learned" / "nlu.yml", description="training sentences accepted at the desk"
    )
    roles: str = Field(
        default="web,turns,senders,notices", description="what this process does; several processes share a PostgreSQL"
    )
    demo: bool = Field(default=False, description="load the demo dossiers, offices and slots at start")
    session_minutes: int = Field(default=30, ge=1, description="silence after which a new session starts")
    turn_workers: int = Field(default=2, ge=1, le=16, description="turns at the same time (PostgreSQL only)")
    reply_timeout_seconds: float = Field(default=30.0, gt=0, description="how long a REST call waits for its answer")
    sms_url: str | None = Field(default=None, description="SMS gateway that takes one-time codes; none: not offered")
    sms_token: str | None = Field(default=None, description="bearer token for the SMS gateway")
    post_url: str | None = Field(default=None, description="outside postal system that takes orders; none: by API")
    post_token: str | None = Field(default=None, description="bearer token for the postal system")
    # Telegram (bot/channels/telegram); without a token the channel is off
    telegram_token: str | None = Field(default=None, description="token of the bot, from @BotFather; none: no Telegram")
    telegram_api_url: str = Field(default="https://api.telegram.org", description="Telegram, or a Bot API server")
    telegram_webhook_secret: str | None = Field(default=None, description="Telegram calls us with it; none: we ask")
    # Voice messages (bot/speech.py)
    speech_url: str | None = Field(default=None, description="service that turns speech into text; none: not offered")
    speech_token: str | None = Field(default=None, description="bearer token for the speech service")
    # Secrets at rest (bot/privacy/sealing.py)
    secret_key: str | None = Field(default=None, description="Fernet key(s) that seal secrets in the database")
    # Zalo (bot/channels/zalo); without an app id the channel is off
    zalo_app_id: str | None = Field(default=None, description="id of the app on developers.zalo.me; none: no Zalo")
    zalo_app_secret: str | None = Field(default=None, description="App Secret of the app")
    zalo_oa_id: str | None = Field(default=None, description="id of the Official Account")
    zalo_oa_secret_key: str | None = Field(default=None, description="OA Secret Key, which signs webhook events")
    zalo_code_verifier: str | None = Field(default=None, description="PKCE verifier, if the console has its challenge")
    zalo_endpoint: Literal["auto", "v3", "v2"] = Field(default="auto", description="API that sends messages")
    zalo_signature: Literal["enforce", "observe"] = Field(default="enforce", description="what a wrong signature does")
    zalo_webhook_secret: str | None = Field(default=None, description="last part of the webhook's address")
    zalo_verifier_code: str | None = Field(default=None, description="code that proves the domain to Zalo")
    zalo_verifier_text: str | None = Field(default=None, description="content of the domain's proof; none: a meta tag")
    zalo_appsecret_proof: bool = Field(default=False, description="send appsecret_proof with each call")
    zalo_use_list_template: bool = Field(default=False, description="send short choices as a list")
    zalo_image_url: str | None = Field(default=None, description="picture on contact requests and lists")
    zalo_media_hosts: str = Field(default="zdn.vn,zadn.vn,zalo.me", description="hosts that citizens' photos are on")
    zalo_paid_price: int = Field(default=55, ge=0, description="đồng for a message after 48 hours (unverified)")
    zalo_silence_hours: int = Field(default=8, ge=0, description="daytime hours without an event that alarm; 0: never")
    zalo_oauth_url: str = Field(default="https://oauth.zaloapp.com", description="Zalo's OAuth host")
    zalo_api_url: str = Field(default="https://openapi.zalo.me", description="Zalo's host for messages")
    zalo_business_url: str = Field(default="https://business.openapi.zalo.me", description="Zalo's host for ZBS")
    zbs_uid_price: int = Field(default=560, ge=0, description="đồng for a ZBS notice to a Zalo id (unverified)")
    zbs_phone_price: int = Field(default=800, ge=0, description="đồng for a ZBS notice to a phone (unverified)")
    # The chat in a frame on other sites (bot/channels/web, docs/web.md)
    embed_origins: str | None = Field(
        default=None, description="origins of pages that may show the chat, comma-separated; none: only our own"
    )
    # How long what is kept about people is kept (bot/upkeep/rules.py, docs/privacy.md)
    keep_conversations_days: int = Field(default=365, ge=30, description="days after the last message or the end")
    keep_audit_days: int = Field(default=730, ge=365, description="days that consents and the audit log are kept")
    keep_raw_days: int = Field(default=30, ge=1, description="days that rows are kept as they came, and media")
    now: str | None = Field(default=None, description="fixes the clock: an ISO time, for checks and demonstrations")
    log_format: Literal["text", "json"] = Field(default="text", description="lines for people, or JSON for machines")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    @validator("public_url", pre=True, always=True)
    def _where_it_listens(cls, value: str | None, values: dict[str, Any]) -> str:  # noqa: N805
        """Take the address that is listened on where none is set: links and QR codes then lead to this server."""
        if value:
            return value
        # A host or port that does not fit is missing here, and is told as such.
        host = _OPENABLE.get(values.get("host", ""), values.get("host", ""))
        return f"http://{f'[{host}]' if ':' in host else host}:{values.get('port', 0)}"

    @validator("roles")
    def _known_roles(cls, value: str) -> str:  # noqa: N805
        listed = [role.strip() for role in value.split(",") if role.strip()]
        if not listed or not set(listed) <= ROLES:
            raise ValueError(f"must be one or more of {', '.join(sorted(ROLES))}, with commas between")
        return ",".join(listed)

    @validator("log_level")
    def _known_level(cls, value: str) -> str:  # noqa: N805 (pydantic hands over the class)
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @validator("sms_url", "post_url", "speech_url")
    def _known_address(cls, value: str | None) -> str | None:  # noqa: N805
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value or None

    @validator("telegram_token", "telegram_webhook_secret")
    def _empty_telegram_is_none(cls, value: str | None) -> str | None:  # noqa: N805
        return (value or "").strip() or None

    @validator("telegram_webhook_secret")
    def _fits_a_header(cls, value: str | None) -> str | None:  # noqa: N805
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value):
            raise ValueError("must be 16 to 256 letters, digits, - and _")
        return value

    @validator("telegram_api_url")
    def _known_telegram_address(cls, value: str) -> str:  # noqa: N805
        if not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value.rstrip("/")

    @validator("zalo_oauth_url", "zalo_api_url", "zalo_business_url")
    def _known_zalo_address(cls, value: str) -> str:  # noqa: N805
        if not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value.rstrip("/")

    @validator(
        "secret_key", "zalo_app_id", "zalo_app_secret", "zalo_oa_id", "zalo_oa_secret_key", "zalo_code_verifier",
        "zalo_webhook_secret", "zalo_verifier_code", "zalo_verifier_text", "zalo_image_url",
    )  # fmt: skip
    def _empty_is_none(cls, value: str | None) -> str | None:  # noqa: N805
        return (value or "").strip() or None

    @validator("zalo_webhook_secret", "zalo_verifier_code")
    def _fits_an_address(cls, value: str | None) -> str | None:  # noqa: N805
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,200}", value):
            raise ValueError("may hold letters, digits, - and _ only: it is part of an address")
        return value

    @validator("embed_origins")
    def _known_origins(cls, value: str | None) -> str | None:  # noqa: N805
        listed = [origin.strip().rstrip("/").lower() for origin in (value or "").split(",") if origin.strip()]
        if not all(_ORIGIN.fullmatch(origin) for origin in listed):
            raise ValueError("must be origins such as https://example.vn, with commas between")
        return ",".join(listed) or None

    @validator("now")
    def _known_time(cls, value: str | None) -> str | None:  # noqa: N805
        if value:
            try:
                datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
            except ValueError:  # Python's own sentence quotes what was set
                raise ValueError("must be an ISO time such as 2026-11-23T09:00:00+07:00") from None
        return value

    def has_role(self, role: str) -> bool:
        """Return whether this process does one of the ROLES."""
        return role in self.roles.split(",")

    class Config:
        """Where pydantic finds the values."""

        env_prefix = "MOTCUA_"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process.

    Raises pydantic.ValidationError when the environment holds a value that does not fit.
    """
    return Settings()
