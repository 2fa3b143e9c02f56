"""Fixed sentences, by name, out of `content/phrases.yml`."""

from __future__ import annotations

from functools import lru_cache

import yaml

from bot.settings import CONTENT


def phrase(name: str) -> str:
    """Return the sentence called `name`.

    Raises KeyError for a name that the file does not hold (a test checks all that are used).
    """
    return _phrases()[name]


@lru_cache(maxsize=1)
def _phrases() -> dict[str, str]:
    texts = yaml.safe_load((CONTENT / "phrases.yml").read_text(encoding="utf-8"))
    return {name: str(text).strip() for name, text in texts.items()}
