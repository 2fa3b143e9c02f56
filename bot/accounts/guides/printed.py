"""A whole guide in large print: for somebody who would rather hold it on paper, or whom somebody else helps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from bot import printing
from bot.accounts import short_forms
from bot.accounts.guides import links
from bot.accounts.guides.drawing import sketch
from bot.accounts.guides.model import Guide
from bot.accounts.wording import SCAM, doubt, sources
from bot.text import capital

TEMPLATE = "guide.typ"


@lru_cache(maxsize=64)
def printed(guide: Guide, day: date) -> bytes:
    """Return a guide as PDF with the day of printing on it; the same guide is set once a day."""
    return printing.document(TEMPLATE, data(guide, day))


def data(guide: Guide, day: date) -> dict[str, Any]:
    """Return what the template takes."""
    return {
        "office": "MỘT CỬA LÂM ĐỒNG · trợ lý AI, chỉ để tham khảo",
        "title": capital(guide.title),
        "intro": guide.intro,
        "minutes": guide.minutes,
        "bring": list(guide.bring),
        "qr": printing.qr_svg(links.page(guide.goal)),
        "steps": [
            {
                "title": step.title,
                "do": list(step.do),
                "see": step.see,
                "if_not": step.if_not,
                "doubt": doubt(step.tag),
                "screen": sketch(step.screen),
                "alt": step.screen.alt,
            }
            for step in guide.steps
        ],
        "done": capital(guide.done.removeprefix("Dạ, ")),
        "short_forms": [list(pair) for pair in short_forms.meanings(texts(guide))],
        "scam": SCAM,
        "sources": sources(step.as_of for step in guide.steps),
        "printed": f"{day:%d/%m/%Y}",
        "version": guide.version,
    }


def texts(guide: Guide) -> Iterator[str]:
    """Yield every text of a guide in the order in which it is read."""
    yield from (guide.title, guide.intro, *guide.bring)
    for step in guide.steps:
        yield from (step.title, *step.do, step.see, step.if_not)
        yield from (step.screen.app, step.screen.title)
        for item in step.screen.items:
            yield from (item.text, *item.entries)
        yield step.as_of
    yield guide.done
