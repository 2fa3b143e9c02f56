"""The sentences of the guard's tests, and those of the whole repository, as plain texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.text import clean

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
_MARKED = re.compile("«(.*?)»", re.DOTALL)
_ENTITY = re.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")


def secrets() -> list[tuple[str, str, str, str]]:
    """Return (kind, style, message, the message as it may be stored) for each message that holds a secret."""
    found = yaml.safe_load((HERE / "secrets.yml").read_text(encoding="utf-8"))
    rows = []
    for kind, styles in found.items():
        for style, messages in styles.items():
            for marked in messages:
                masked = _MARKED.sub(lambda match: "•" * len(clean(match[1])), marked)
                rows.append((kind, style, clean(_MARKED.sub(r"\1", marked)), clean(masked)))
    return rows


def harmless() -> list[str]:
    """Return messages that hold no secret."""
    return [clean(str(text)) for text in yaml.safe_load((HERE / "harmless.yml").read_text(encoding="utf-8"))]


def unseen() -> list[str]:
    """Return messages that were written without a look at the patterns, each with a secret in it."""
    return [clean(text) for text in yaml.safe_load((HERE / "unseen.yml").read_text(encoding="utf-8"))]


def scams() -> tuple[list[str], list[str]]:
    """Return messages that tell of a scam, and such as only sound like it."""
    found = yaml.safe_load((HERE / "scams.yml").read_text(encoding="utf-8"))
    return [clean(text) for text in found["scams"]], [clean(text) for text in found["look_alikes"]]


def of_the_repository() -> Iterator[tuple[str, str, str]]:
    """Yield (file, intent, text) of all that is trained on, held out or played in a dialogue, the guard's own aside."""
    folders = ("nlu_data/nlu", "tests", "bot/content/aliases")
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.yml")):
        if HERE not in path.parents:
            held = yaml.safe_load(path.read_text(encoding="utf-8"))
            for intent, text in _texts(held, ""):
                yield path.relative_to(ROOT).as_posix(), intent, clean(text)


def _texts(held: Any, intent: str) -> Iterator[tuple[str, str]]:
    if isinstance(held, str):
        yield intent, held
    elif isinstance(held, list):
        for part in held:
            yield from _texts(part, intent)
    elif isinstance(held, dict):
        intent = held.get("intent", intent) if isinstance(held.get("intent", ""), str) else intent
        for key, part in held.items():
            if key == "examples" and isinstance(part, str):
                for line in part.splitlines():
                    yield intent, _ENTITY.sub(r"\1", re.sub(r"^\s*-\s", "", line))
            else:
                yield from _texts(part, intent)
