"""Guides: what a person does step by step; data in `content/guides/*.yml`, checked when it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.key_phrases import plain, score
from bot.settings import CONTENT

DEFAULT = "vneid_level_2"
TAGS = ("A", "B", "C")
_STEP_FIELDS = {"id", "title", "do", "see", "if_not", "tag", "as_of", "warn", "starts"}
_OPTIONAL = {"warn", "starts"}


class GuideError(ValueError):
    """A guide that cannot be used; its text says which file, step and field."""


@dataclass(frozen=True)
class Step:
    """One thing to do: how, what one sees when it worked, and what to do when it did not."""

    id: str
    title: str
    do: tuple[str, ...]
    see: str
    if_not: str
    tag: str
    as_of: str
    warn: bool = False  # the scam rule is said here
    starts: tuple[str, ...] = ()  # phrases of people who begin at this step


@dataclass(frozen=True)
class Guide:
    """A way to a goal."""

    goal: str
    title: str
    intro: str
    done: str
    steps: tuple[Step, ...]


@lru_cache(maxsize=1)
def guides() -> dict[str, Guide]:
    """Return all shipped guides by goal; raises GuideError."""
    found = [load(path) for path in sorted((CONTENT / "guides").glob("*.yml"))]
    return {guide.goal: guide for guide in found}


def load(path: Path) -> Guide:
    """Read one guide; raises GuideError with the file, the step and the field that is wrong."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise GuideError(f"{path.name}: not YAML ({error})") from error
    if not isinstance(raw, dict):
        raise GuideError(f"{path.name}: a guide is a mapping")
    texts = {name: _text(raw, name, path.name) for name in ("goal", "title", "intro", "done")}
    steps = raw.get("steps")
    if not isinstance(steps, list) or not steps:
        raise GuideError(f"{path.name}: steps is missing or empty")
    read = tuple(_step(step, f"{path.name}, step {number}") for number, step in enumerate(steps, 1))
    if len({step.id for step in read}) != len(read):
        raise GuideError(f"{path.name}: two steps have the same id")
    return Guide(**texts, steps=read)


def start(text: str) -> tuple[Guide, int]:
    """Return the guide and the step (from 1) at which a person who says `text` begins."""
    said = plain(text)
    best = (0, guides()[DEFAULT], 1)
    for guide in guides().values():
        for number, step in enumerate(guide.steps, 1):
            covered = score(said, step.starts)
            if covered > best[0]:
                best = (covered, guide, number)
    return best[1], best[2]


def _step(raw: Any, where: str) -> Step:
    if not isinstance(raw, dict):
        raise GuideError(f"{where}: a step is a mapping")
    unknown = raw.keys() - _STEP_FIELDS
    if unknown:
        raise GuideError(f"{where}: unknown field {', '.join(sorted(unknown))}")
    texts = {name: _text(raw, name, where) for name in sorted(_STEP_FIELDS - _OPTIONAL - {"do"})}
    if texts["tag"] not in TAGS:
        raise GuideError(f"{where}: tag must be one of {', '.join(TAGS)}")
    if not isinstance(raw.get("warn", False), bool):
        raise GuideError(f"{where}: warn must be true or false")
    do = _texts(raw, "do", where)
    if not do:
        raise GuideError(f"{where}: do is missing or empty")
    return Step(**texts, do=do, warn=raw.get("warn", False), starts=_texts(raw, "starts", where))


def _text(raw: dict[str, Any], name: str, where: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise GuideError(f"{where}: {name} is missing or no text")
    return value.strip()


def _texts(raw: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = raw.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise GuideError(f"{where}: {name} must be a list of texts")
    return tuple(item.strip() for item in value)
