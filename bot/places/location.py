"""A location that somebody shares: a `geo:` address (RFC 5870), kept to about a kilometre, and what is near it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.messages import Message
from bot.places import offices
from bot.places.content import Commune, communes
from bot.places.office_answers import office_answer, place
from bot.text import clean

# Where somebody is counts as sensitive data: two decimals are enough to find the nearest centre.
DECIMALS = 2
SAID = "Vị trí của tôi"  # what stands in the transcript for a shared location
FARTHEST_KM = 60.0  # farther from every commune's centre than this: outside of the province
_GEO = re.compile(r"^geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)(?:[;?].*)?$", re.IGNORECASE)
_PAIR = re.compile(r"(?<![\d.-])(\d{1,2}\.\d{3,}),\s?(1\d{2}\.\d{3,})(?![\d.])")


@dataclass(frozen=True)
class Point:
    """A place on the globe, in degrees."""

    lat: float
    lon: float

    @property
    def address(self) -> str:
        """Return the point as a `geo:` address, rounded to about a kilometre."""
        return f"geo:{self.lat:.{DECIMALS}f},{self.lon:.{DECIMALS}f}"


def shared(text: str) -> Point | None:
    """Return the point that a message is: a `geo:` address, or a pair of coordinates out of a map; else None."""
    cleaned = clean(text)
    match = _GEO.match(cleaned) or (_PAIR.search(cleaned) if len(cleaned) < 200 else None)
    if match is None:
        return None
    lat, lon = float(match[1]), float(match[2])
    return Point(lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def nearest(point: Point, n: int) -> list[tuple[Commune, float]]:
    """Return the `n` nearest communes with their distances in kilometres; none when the point is outside."""
    here = (point.lat, point.lon)
    measured = [(commune, offices.haversine_km(here, (commune.lat, commune.lon))) for commune in communes().values()]
    near = sorted(measured, key=lambda pair: pair[1])[:n]
    return near if near[0][1] <= FARTHEST_KM else []


def near_answer(session: Session, point: Point, *, post: bool = False) -> Message:
    """Return where to go near a point; outside of the province that is said."""
    near = nearest(point, 1)
    if not near:
        return place(
            "Dạ, vị trí anh/chị gửi nằm ngoài tỉnh Lâm Đồng nên em chưa chỉ nơi gần nhất được. "
            "Anh/chị cho em tên xã, phường trong tỉnh giúp em.",
            [],
            [],
        )
    commune, km = near[0]
    answered = office_answer(session, commune.code, post=post)
    text = f"Dạ, gần vị trí của anh/chị nhất là {commune.full_name} (khoảng {km:.0f} km đường chim bay)."
    rest = answered.text.removeprefix("Dạ, ")
    return Message(f"{text}\n{rest[0].upper()}{rest[1:]}", answered.kind, answered.fields, answered.buttons)
