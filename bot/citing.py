"""Where an answer comes from, as one line under it: source, legal basis, and how old it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

BASES_SHOWN = 2
LONGEST_SOURCE = 110
UNVERIFIED = "Thông tin này chưa kiểm chứng, anh/chị hỏi lại cán bộ trước khi đi giúp em."


def source_line(title: str, basis: Sequence[str] = (), as_of: str | None = None, checked_at: date | None = None) -> str:
    """Return the line, for instance "Nguồn: …; căn cứ …; cập nhật 07/2026, kiểm tra 27/11/2026."."""
    parts = [f"Nguồn: {shortened(title, LONGEST_SOURCE)}"]
    if basis:
        parts.append(f"căn cứ {', '.join(basis[:BASES_SHOWN])}")
    ages = [f"cập nhật {month(as_of)}"] if as_of else []
    if checked_at:
        ages.append(f"kiểm tra {checked_at:%d/%m/%Y}")
    if ages:
        parts.append(", ".join(ages))
    return "; ".join(parts) + "."


def month(as_of: str) -> str:
    """Return "2026-07" as "07/2026", the way people write it."""
    return "/".join(reversed(as_of.split("-")))


def shortened(text: str, longest: int) -> str:
    """Return `text`, cut at a word when it is longer than `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"
