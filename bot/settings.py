"""Settings, read once from the environment (`MOTCUA_…`); `docs/settings.md` explains each."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from pydantic import BaseSettings, Field, validator

ROOT = Path(__file__).resolve().parent.parent
CONTENT = Path(__file__).resolve().parent / "content"


class Settings(BaseSettings):
    """Every setting of the product, with its default."""

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, description="port to listen on")
    public_url: str = Field(
        default="http://127.0.0.1:8080",
        description="address under which citizens reach this server, for links and QR codes",
    )
    database_url: str = Field(
        default=f"sqlite:///{ROOT / 'var' / 'motcua.db'}", description="SQLite file or PostgreSQL (postgresql://…)"
    )
    model: Path = Field(default=ROOT / "models" / "motcua.tar.gz", description="the trained Rasa model")
    demo: bool = Field(default=False, description="load the demo dossiers, offices and slots at start")
    session_minutes: int = Field(default=30, ge=1, description="silence after which a new session starts")
    turn_workers: int = Field(default=2, ge=1, le=16, description="turns at the same time (PostgreSQL only)")
    reply_timeout_seconds: float = Field(default=30.0, gt=0, description="how long a REST call waits for its answer")
    sms_url: str | None = Field(default=None, description="SMS gateway that takes one-time codes; none: not offered")
    sms_token: str | None = Field(default=None, description="bearer token for the SMS gateway")
    post_url: str | None = Field(default=None, description="outside postal system that takes orders; none: by API")
    post_token: str | None = Field(default=None, description="bearer token for the postal system")
    now: str | None = Field(default=None, description="fixes the clock: an ISO time, for checks and demonstrations")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    @validator("log_level")
    def _known_level(cls, value: str) -> str:  # noqa: N805 (pydantic hands over the class)
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @validator("sms_url", "post_url")
    def _known_address(cls, value: str | None) -> str | None:  # noqa: N805
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value or None

    @validator("now")
    def _known_time(cls, value: str | None) -> str | None:  # noqa: N805
        if value:
            datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        return value

    class Config:
        """Where pydantic finds the values."""

        env_prefix = "MOTCUA_"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process.

    Raises pydantic.ValidationError when the environment holds a value that does not fit.
    """
    return Settings()
