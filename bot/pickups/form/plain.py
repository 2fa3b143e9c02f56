"""A message as the patterns of the booking form read it."""

from __future__ import annotations

from functools import lru_cache

from bot.normalise import syllables

# Short forms that mean something else elsewhere ("bd" is a province, "hk" a semester) and only this in a booking.
_SHORT = {
    "bd": "buu dien",
    "hk": "khong",
    "hog": "khong",
    "khog": "khong",
    "kog": "khong",
    "hokg": "khong",
    "kh0ng": "khong",
    "dy": "dong y",
    "shiper": "shipper",
    "sip": "ship",
    "nhma": "nhung ma",
    "vk": "vo",
    "mk": "minh",
    "mik": "minh",
    "t": "toi",
    "trk": "truoc",
    "kq": "ket qua",
    "oy": "roi",
}


@lru_cache(maxsize=64)  # a dozen patterns look at each message
def plain_text(text: str) -> str:
    """Return `text` without marks, with abbreviations and short forms written out and digits as their count."""
    found = [_SHORT.get(syllable.normal, syllable.normal) for syllable in syllables(text.rstrip(" .,!…"))]
    if len(found) > 1 and found[-1] == "anh" and text.rstrip(" .,!…")[-2:].lower() == " a":
        found[-1] = "a"  # "ạ" without its mark
    return " ".join(found)
