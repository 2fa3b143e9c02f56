"""Guides: what a person does step by step; data in `content/guides/*.yml`, checked when it is loaded."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from bot.accounts.guides.model import Guide, Item, Screen, Step
from bot.accounts.guides.reading import GuideError, load
from bot.key_phrases import pattern, plain, score
from bot.settings import CONTENT

__all__ = ["DEFAULT", "FOLDER", "Guide", "GuideError", "Item", "Screen", "Step", "guides", "load", "related", "start"]

FOLDER = CONTENT / "guides"
DEFAULT = "vneid_level_2"
# What one does with an account that one has.
WITH_ACCOUNT = frozenset({"file_online", "pay_online", "supplement_online", "photograph_papers", "see_e_result"})
_WANTS_ACCOUNT = re.compile(
    r"\b(?:tao|lap|mo|dang ky|lam|co|cap|xin|ra|bam)\b.{0,20}\b(?:vneid|dinh danh)\b|\b(?:tai khoan|acc)\b"
)


@lru_cache(maxsize=1)
def guides() -> dict[str, Guide]:
    """Return all shipped guides by goal; raises GuideError."""
    return read(FOLDER)


def read(folder: Path) -> dict[str, Guide]:
    """Return the guides of a folder by goal; raises GuideError.

    A guide that is offered at the end of another and is not there is no reason to have none: it is not offered
    (`related`), and the editors' check names it.
    """
    found = [load(path) for path in sorted(folder.glob("*.yml"))]
    return {guide.goal: guide for guide in found}


def related(guide: Guide) -> list[Guide]:
    """Return the guides that are offered at the end of one."""
    return [guides()[goal] for goal in guide.related if goal in guides() and goal != guide.goal]


def start(text: str, *, account: bool = False) -> tuple[Guide, int]:
    """Return the guide and the step (from 1) at which a person who says `text` begins.

    `account`: they want an account; what they want it for ("tài khoản để nộp hồ sơ trên mạng") opens no other guide.

    The longest phrase that occurs decides, whether it speaks of a whole guide or of one step; of two equally long ones
    the whole guide. A guide's own title counts as a phrase: a button that offers the guide says just that.
    """
    said = plain(text)
    best = (0, guides()[DEFAULT], 1)
    purpose = account and bool(_WANTS_ACCOUNT.search(said))
    known = [guide for guide in guides().values() if not purpose or guide.goal not in WITH_ACCOUNT]
    for guide in guides().values():
        if said == plain(guide.title):
            return guide, 1
    for guide in known:
        title = plain(guide.title)
        covered = max(score(said, guide.starts), len(title) if pattern(title).search(said) else 0)
        if covered > best[0]:
            best = (covered, guide, 1)
    for guide in known:
        for number, step in enumerate(guide.steps, 1):
            covered = score(said, step.starts)
            if covered > best[0]:
                best = (covered, guide, number)
    return best[1], best[2]
