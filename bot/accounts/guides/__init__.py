"""Guides: what a person does step by step; data in `content/guides/*.yml`, checked when it is loaded."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.accounts.guides.model import Guide, Item, Screen, Step
from bot.accounts.guides.reading import GuideError, load
from bot.key_phrases import pattern, plain, score
from bot.settings import CONTENT

__all__ = ["DEFAULT", "FOLDER", "Guide", "GuideError", "Item", "Screen", "Step", "guides", "load", "start"]

FOLDER = CONTENT / "guides"
DEFAULT = "vneid_level_2"


@lru_cache(maxsize=1)
def guides() -> dict[str, Guide]:
    """Return all shipped guides by goal; raises GuideError."""
    return read(FOLDER)


def read(folder: Path) -> dict[str, Guide]:
    """Return the guides of a folder by goal; raises GuideError, also where one offers a guide that is not there."""
    paths = {path.stem: path for path in sorted(folder.glob("*.yml"))}
    found = {goal: load(path) for goal, path in paths.items()}
    for goal, guide in found.items():
        for other in guide.related:
            if other not in found or other == goal:
                raise GuideError(
                    paths[goal], 1, f"mục related: không có hướng dẫn nào khác tên {other}; ghi tên tệp trong guides/"
                )
    return found


def start(text: str) -> tuple[Guide, int]:
    """Return the guide and the step (from 1) at which a person who says `text` begins.

    The longest phrase that occurs decides, whether it speaks of a whole guide or of one step; of two equally long ones
    the whole guide. A guide's own title counts as a phrase: a button that offers the guide says just that.
    """
    said = plain(text)
    best = (0, guides()[DEFAULT], 1)
    for guide in guides().values():
        title = plain(guide.title)
        covered = max(score(said, guide.starts), len(title) if pattern(title).search(said) else 0)
        if covered > best[0]:
            best = (covered, guide, 1)
    for guide in guides().values():
        for number, step in enumerate(guide.steps, 1):
            covered = score(said, step.starts)
            if covered > best[0]:
                best = (covered, guide, number)
    return best[1], best[2]
