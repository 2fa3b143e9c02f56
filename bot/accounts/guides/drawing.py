"""The sketch of a step, drawn by ourselves: never a picture of somebody's app, and a sentence for who cannot see it."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot import printing
from bot.accounts.guides.model import Screen

MEDIA_TYPES: dict[printing.Drawn, str] = {"png": "image/png", "svg": "image/svg+xml"}
_NUMBER = re.compile(r" (\d)")
_COLOURS = 32  # a sketch has ten and their shades: a third of the bytes for phones on slow networks
_DOTS_PER_POINT = printing.DRAWING_DOTS_PER_INCH // 72


@lru_cache(maxsize=512)
def drawn(screen: Screen, form: printing.Drawn) -> bytes:
    """Return a sketch as PNG or SVG; the same sketch is drawn once in the life of a process.

    What is drawn is the key, so that a changed guide can never show an old sketch.
    """
    picture = printing.drawing("step.typ", sketch(screen), form)
    return _small_png(picture, screen.alt) if form == "png" else _told_svg(picture, screen.alt)


@lru_cache(maxsize=512)
def size(screen: Screen) -> tuple[int, int]:
    """Return width and height of a sketch as pages should show it, so that nothing jumps when it arrives."""
    with Image.open(io.BytesIO(drawn(screen, "png"))) as picture:
        return picture.width // _DOTS_PER_POINT, picture.height // _DOTS_PER_POINT


def sketch(screen: Screen) -> dict[str, Any]:
    """Return a screen as the templates take it: what is to be pressed is numbered in its turn."""
    several = sum(item.press for item in screen.items) > 1
    items: list[dict[str, Any]] = []
    turn = 0
    for item in screen.items:
        turn += item.press
        items.append(
            {
                "kind": item.kind,
                "text": _kept(item.text),
                "entries": [_kept(entry) for entry in item.entries],
                "press": turn if item.press else 0,
                "several": several,
                "filled": item.filled,
                "on": item.on,
            }
        )
    return {"kind": screen.kind, "app": screen.app, "title": _kept(screen.title), "items": items}


def _kept(text: str) -> str:
    """Return a text whose numbers stay with the word before them ("mức 1")."""
    return _NUMBER.sub("\u00a0\\1", text)


def _small_png(picture: bytes, alt: str) -> bytes:
    told, small = PngInfo(), io.BytesIO()
    told.add_itxt("Description", alt, lang="vi")
    with Image.open(io.BytesIO(picture)) as full:
        # Median cut gives the few pixels of the mark colour away; octree keeps them.
        reduced = full.convert("RGB").quantize(_COLOURS, method=Image.Quantize.FASTOCTREE)
        reduced.save(small, "PNG", optimize=True, pnginfo=told)
    return small.getvalue()


def _told_svg(picture: bytes, alt: str) -> bytes:
    """Put the sentence into the picture: an SVG opened alone is read aloud too."""
    begin, _, rest = picture.decode("utf-8").partition(">")
    return f'{begin} role="img" aria-labelledby="alt"><title id="alt">{escape(alt)}</title>{rest}'.encode()
