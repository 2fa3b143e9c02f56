"""Hearing that somebody is upset, tired or at a loss and has not said of what: "bực quá", "trời ơi", "chán ghê"."""

from __future__ import annotations

import re

from bot.key_phrases import plain

# Words that say nothing beside a mood.
_FILLING = frozenset(
    """anh chi qua ghe that lam luon roi oi a ah di vo cung het suc em toi tui minh con vay the ma nha nhe hic hix huhu
    hu haiz hai troi chung hoai mai cho doi lau nua thiet muon chet khoc dien cai su nay day may dang thay moi gi dau
    la biet""".split()
)
_UPSET = re.compile(
    r"\b(?:buc(?: minh| boi| tuc)?|tuc(?: gian| qua| ghe| anh ach)?|chan(?: nan)?|met(?: moi)?|nan|phien"
    r"|dien(?: dau| tiet)|kho chiu|that vong|ap luc|buon|stress|nong mat|oai)\b"
)
_EXCLAIMS = re.compile(
    r"\b(?:(?:oi )?(?:troi|gioi|chui|trui)(?: dat| phat)?(?: oi| ui| oi la troi)?|chet that|khon kho|kho qua)\b"
)
_NOT = re.compile(r"\b(?:khong|dep|nang|mua|nong qua|buon ngu)\b")


def is_upset(text: str) -> bool:
    """Return whether a message says no more than that somebody is upset."""
    return _only(_UPSET, text)


def exclaims(text: str) -> bool:
    """Return whether a message is a cry and nothing else: "trời ơi", "khổ quá"."""
    return _only(_EXCLAIMS, text)


def _only(mood: re.Pattern[str], text: str) -> bool:
    if len(text.split()) > 1 and text.istitle():
        return False  # "Lâm Chấn Đồi" is somebody's name
    said = plain(text)
    return bool(mood.search(said)) and not _NOT.search(said) and set(mood.sub(" ", said).split()) <= _FILLING
