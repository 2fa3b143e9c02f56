"""The other provinces, by today's names, those before the merger, and what people call them (NQ 202/2025/QH15)."""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from bot.settings import CONTENT
from bot.text import fold

# In a sentence a name alone may be a street's ("đường Hà Nội") or a person's: where to is said before it.
_TO = r"(?:ve|ra|vo|vao|xuong|zo|zoo|toi|den|o|tai|ngoai|duoi|trong|tren|gui|gui ve|cho)"
_CITY = r"(?:(?:thanh pho|tinh|tp\.?|t\.)\s?)?"


def named(text: str) -> str | None:
    """Return the province that `text` is the name of ("sai gon", "ở Bình Dương", "tp hcm nha"); None for another."""
    match = _patterns()[0].fullmatch(fold(text).strip(" .,!"))
    return _names()[_key(match["name"])] if match else None


def destination(text: str) -> str | None:
    """Return the province to which a sentence sends something ("gửi về Sài Gòn giúp em"), or None."""
    match = _patterns()[1].search(fold(text))
    return _names()[_key(match["name"])] if match else None


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    """Return each folded name with its province."""
    content = yaml.safe_load((CONTENT / "provinces.yml").read_text(encoding="utf-8"))
    return {fold(name): province for province, names in content["provinces"].items() for name in names}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {_key(name): province for name, province in _listed().items()}


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    longest_first = sorted(_listed(), key=len, reverse=True)
    name = rf"{_CITY}(?P<name>{'|'.join(name.replace(' ', '[ .-]?') for name in longest_first)})"
    tail = r"(?:,? (?:a|nha|nhe|nghe|ngen|luon|em|em oi|giup em|giup toi|do|ne|lan))*"
    whole = re.compile(rf"(?:(?:da|nha|toi|em|minh|con|dang|hien|gio|song|lam) )*(?:{_TO} )?{name}{tail}")
    return whole, re.compile(rf"\b{_TO} (?:tan |toi |tuot )?{name}\b(?! \w+ (?:street|quan))")


def _key(name: str) -> str:
    return re.sub("[ .-]", "", name)
