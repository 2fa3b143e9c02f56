"""Natural noise: a sentence as the same person would type it in a hurry, on another keyboard or in another dialect.

About every sixth word is touched. Codes, phones and identity numbers stay; the spans of the others move along.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.nlu_report.noise_words import HURRIED, HURRIED_BARE
from bench.nlu_report.slips import slipped

RATE = 0.168  # of the words that may be touched
NO_PUNCTUATION = 0.5
UNTOUCHED = frozenset(("dossier_code", "booking_code", "phone", "identity_number"))
_PIECE = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Span:
    """An entity of a sentence: its kind and where it stands."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Noisy:
    """A sentence with noise, its entities in the order given, how many words were touched and how many there are."""

    text: str
    spans: tuple[Span, ...]
    touched: int
    words: int


@dataclass
class _Piece:
    start: int
    end: int
    text: str
    inside: int  # which entity, -1 for none
    new: str
    free: bool  # may still be touched


def noisy(text: str, spans: Sequence[Span] = (), seed: int = 0) -> Noisy:
    """Return `text` with noise; the same text and seed always give the same."""
    chance = random.Random(f"{seed}:{text}")
    pieces = _cut(text, spans)
    places = [i for i, piece in enumerate(pieces) if piece.text.isalnum()]
    touched = 0
    for at, place in enumerate(places):
        piece = pieces[place]
        after = places[at + 1] if at + 1 < len(places) else None
        following = pieces[after] if after is not None and after == place + 2 else None
        if not piece.free or chance.random() >= RATE:
            continue
        touched += _touch(pieces, place, following, chance)
    if chance.random() < NO_PUNCTUATION:
        _drop_punctuation(pieces)
    return _joined(pieces, spans, touched, len(places))


def _cut(text: str, spans: Sequence[Span]) -> list[_Piece]:
    bounds = {edge for span in spans for edge in (span.start, span.end)}
    pieces = []
    for match in _PIECE.finditer(text):
        edges = [match.start(), *sorted(b for b in bounds if match.start() < b < match.end()), match.end()]
        for start, end in pairwise(edges):
            inside = next((i for i, span in enumerate(spans) if span.start <= start and end <= span.end), -1)
            free = text[start:end].isalpha() and (inside < 0 or spans[inside].kind not in UNTOUCHED)
            pieces.append(_Piece(start, end, text[start:end], inside, text[start:end], free))
    return pieces


def _touch(pieces: list[_Piece], place: int, following: _Piece | None, chance: random.Random) -> int:
    """Change one word, with the one that follows it if that is how the slip goes; return how many were changed."""
    piece = pieces[place]
    if following is not None and (following.inside != piece.inside or not following.free):
        following = None
    if following is not None:
        short = _hurried(f"{piece.text} {following.text}", chance)
        if short and chance.random() < 0.8:
            piece.new, following.new, pieces[place + 1].new = short, "", ""
            following.free = False
            return 2
        if len(piece.text) > 1 and len(following.text) > 1 and chance.random() < 0.08:
            pieces[place + 1].new = ""  # glued: both stay as they are
            following.free = False
            return 2
    short = _hurried(piece.text, chance)
    if short and chance.random() < 0.55:
        piece.new = short
        return 1
    piece.new = slipped(piece.text, chance)
    return int(piece.new != piece.text)


def _hurried(words: str, chance: random.Random) -> str:
    low = words.lower()
    known = HURRIED.get(low) or (HURRIED_BARE.get(low) if low.isascii() else None)
    return chance.choice(known) if known else ""


def _drop_punctuation(pieces: list[_Piece]) -> None:
    for piece, after in zip(pieces, [*pieces[1:], None], strict=False):
        if piece.inside < 0 and piece.text in ",.!?;:…" and (after is None or after.text.isspace()):
            piece.new = ""


def _joined(pieces: list[_Piece], spans: Sequence[Span], touched: int, words: int) -> Noisy:
    starts, ends, text = {}, {}, ""
    for piece in pieces:
        starts[piece.start] = len(text)
        text += piece.new
        ends[piece.end] = len(text)
    moved = tuple(Span(span.kind, starts[span.start], ends[span.end]) for span in spans)
    kept = text.rstrip()
    return Noisy(kept if all(span.end <= len(kept) for span in moved) else text, moved, touched, words)
