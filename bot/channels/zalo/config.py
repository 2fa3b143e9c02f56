"""The settings of the Zalo channel as one checked value."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.settings import Settings

CALLBACK_PATH = "/zalo/oauth/callback"
_NEEDED = ("zalo_app_secret", "zalo_oa_id", "zalo_oa_secret_key")


class ConfigError(ValueError):
    """Settings that do not go together; the text is one sentence for the operator."""


@dataclass(frozen=True)
class Config:
    """Who we are at Zalo, and which of its open questions are answered how."""

    app_id: str
    app_secret: str = field(repr=False)
    oa_id: str
    oa_secret_key: str = field(repr=False)
    redirect_uri: str
    code_verifier: str | None = field(default=None, repr=False)
    endpoint: str = "auto"  # or "v3", "v2"
    observe: bool = False  # take events with a wrong signature, and count them
    webhook_secret: str | None = field(default=None, repr=False)
    verifier_code: str | None = None
    verifier_text: str | None = None
    appsecret_proof: bool = False
    use_list: bool = False
    image_url: str | None = None
    media_hosts: frozenset[str] = frozenset()
    paid_price: int = 55
    zbs_uid_price: int = 560
    zbs_phone_price: int = 800
    silence_hours: int = 8
    oauth_url: str = "https://oauth.zaloapp.com"
    api_url: str = "https://openapi.zalo.me"
    business_url: str = "https://business.openapi.zalo.me"


def from_settings(settings: Settings) -> Config | None:
    """Return the configuration; None while no app id is set.

    Raises ConfigError when something that goes with it is missing.
    """
    if not settings.zalo_app_id:
        return None
    missing = [f"MOTCUA_{name.upper()}" for name in _NEEDED if not getattr(settings, name)]
    if missing:
        raise ConfigError(f"đã đặt MOTCUA_ZALO_APP_ID nhưng còn thiếu {', '.join(missing)}")
    return Config(
        app_id=settings.zalo_app_id,
        app_secret=str(settings.zalo_app_secret),
        oa_id=str(settings.zalo_oa_id),
        oa_secret_key=str(settings.zalo_oa_secret_key),
        redirect_uri=settings.public_url.rstrip("/") + CALLBACK_PATH,
        code_verifier=settings.zalo_code_verifier,
        endpoint=settings.zalo_endpoint,
        observe=settings.zalo_signature == "observe",
        webhook_secret=settings.zalo_webhook_secret,
        verifier_code=settings.zalo_verifier_code,
        verifier_text=settings.zalo_verifier_text,
        appsecret_proof=settings.zalo_appsecret_proof,
        use_list=settings.zalo_use_list_template,
        image_url=settings.zalo_image_url,
        media_hosts=frozenset(host.strip().lower() for host in settings.zalo_media_hosts.split(",") if host.strip()),
        paid_price=settings.zalo_paid_price,
        zbs_uid_price=settings.zbs_uid_price,
        zbs_phone_price=settings.zbs_phone_price,
        silence_hours=settings.zalo_silence_hours,
        oauth_url=settings.zalo_oauth_url,
        api_url=settings.zalo_api_url,
        business_url=settings.zalo_business_url,
    )
