"""What a citizen's message holds, by kind of event; several shapes where sources disagree (facts §2.5)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clock import UTC
from bot.places.location import shared
from bot.text import digits

LONGEST_URL = 2_048
_USER_ID = re.compile(r"[0-9]{1,32}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PICTURES = frozenset({"jpg", "jpeg", "png", "webp", "heic"})


@dataclass(frozen=True)
class Content:
    """One thing in a message, as `Incoming` names it."""

    kind: str
    text: str = ""
    media: dict[str, Any] = field(default_factory=dict)


UNKNOWN = Content("unknown")


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping as it is, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def text_of(value: Any) -> str | None:
    """Return an id as text; also one that came as a number."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value) or None


def user_of(value: Any) -> str | None:
    """Return the `id` of a mapping where it can be an account's: digits, more than a JSON number holds exactly."""
    found = text_of(mapping(value).get("id"))
    return found if found and _USER_ID.fullmatch(found) else None


def moment(value: Any) -> datetime | None:
    """Return a time given in milliseconds, as text or number; None for what is no time of ours."""
    try:
        found = _EPOCH + timedelta(milliseconds=int(text_of(value) or ""))
    except (ValueError, OverflowError):
        return None
    return found if 2020 <= found.year < 2100 else None


def _text(event: Mapping[str, Any]) -> list[Content]:
    said = mapping(event.get("message")).get("text")
    return [Content("text", said)] if isinstance(said, str) and said.strip() else [UNKNOWN]


def _caption(event: Mapping[str, Any]) -> str:
    said = mapping(event.get("message")).get("text")
    return said if isinstance(said, str) else ""


def _payloads(event: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    attachments = mapping(event.get("message")).get("attachments")
    listed = attachments if isinstance(attachments, list) else []
    return [mapping(mapping(attachment).get("payload")) for attachment in listed[:10]]


def _at(payload: Mapping[str, Any]) -> str | None:
    """Return where something can be fetched; whether it may be is the downloader's to say."""
    url = payload.get("url")
    is_one = isinstance(url, str) and url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL
    return str(url) if is_one else None


def _fetched(kind: str, payload: Mapping[str, Any], text: str) -> Content:
    url = _at(payload) or _at({"url": payload.get("thumbnail")})
    return Content(kind, text, {"url": url, "kind": kind}) if url else Content("unknown", text)


def _photos(event: Mapping[str, Any]) -> list[Content]:
    text = _caption(event)
    found = [_fetched("photo", payload, "" if number else text) for number, payload in enumerate(_payloads(event))]
    return found or [UNKNOWN]


def _files(event: Mapping[str, Any]) -> list[Content]:
    text = _caption(event)
    return [
        _fetched("photo", payload, text) if _is_picture(payload) else Content("file", text)
        for payload in _payloads(event)
    ] or [Content("file", text)]


def _is_picture(payload: Mapping[str, Any]) -> bool:
    kind, name = (text_of(payload.get(key)) or "" for key in ("type", "name"))  # a nested one has no end to write out
    kind, name = kind.lower(), name.lower()
    return kind.rpartition("/")[2] in _PICTURES or name.rpartition(".")[2] in _PICTURES


def _voice(event: Mapping[str, Any]) -> list[Content]:
    # No thumbnail in place of a sound.
    found = [_fetched("voice", {"url": payload.get("url")}, _caption(event)) for payload in _payloads(event)[:1]]
    return found or [UNKNOWN]


def _link(event: Mapping[str, Any]) -> list[Content]:
    """Return a shared link as text: people ask in this way whether an address is a fraud."""
    text = _caption(event).strip()
    urls = [payload["url"] for payload in _payloads(event) if isinstance(payload.get("url"), str)]
    told = " ".join([*([text] if text else []), *(url for url in urls if url not in text)])
    return [Content("text", told)] if told else [UNKNOWN]


def _card(event: Mapping[str, Any]) -> list[Content]:
    """Return a shared contact as the phone in it. It may be anybody's: the same as typing the number."""
    for payload in _payloads(event):
        phone = _phone(_decoded(payload.get("description")).get("phone")) or _phone(payload.get("phone"))
        if phone:
            return [Content("text", phone)]
    return [UNKNOWN]


def _location(event: Mapping[str, Any]) -> list[Content]:
    message = mapping(event.get("message"))
    places = [mapping(payload.get("coordinates")) for payload in _payloads(event)]
    for place in [*places, *_payloads(event), mapping(message.get("location"))]:
        try:
            point = shared(f"geo:{float(place['latitude']):.6f},{float(place['longitude']):.6f}")
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
        if point:
            return [Content("text", point.address)]
    return [UNKNOWN]


def submitted(event: Mapping[str, Any]) -> list[Content]:
    """Return contact data from a form: the phone, as typed text, because anybody can type anything there."""
    given = (event.get("info"), event.get("shared_info"), _caption(event))
    phones = (_phone(_decoded(one).get("phone")) for one in given)
    phone = next((phone for phone in phones if phone), None)
    return [Content("text", phone)] if phone else []


def _decoded(value: Any) -> Mapping[str, Any]:
    """Return a mapping that may come as JSON in a text."""
    if isinstance(value, str):
        try:
            return mapping(json.loads(value))
        except (ValueError, RecursionError):
            return {}
    return mapping(value)


def _phone(value: Any) -> str | None:
    """Return a Vietnamese number as people type it; a number that JSON has stripped of its 0 gets it back."""
    plain = digits(text_of(value) or "")
    if plain.startswith("84") and len(plain) in (11, 12):
        plain = plain[2:]
    plain = plain if plain.startswith("0") else f"0{plain}"
    return plain if 10 <= len(plain) <= 11 else None


def _only(kind: str) -> Callable[[Mapping[str, Any]], list[Content]]:
    return lambda event: [Content(kind, _caption(event))]


READERS: dict[str, Callable[[Mapping[str, Any]], list[Content]]] = {
    "text": _text,
    "image": _photos,
    "gif": _only("sticker"),  # no event of this name is documented, yet SDKs know one
    "file": _files,
    "audio": _voice,
    "video": _only("file"),
    "sticker": _only("sticker"),
    "link": _link,
    "business_card": _card,
    "location": _location,
}
