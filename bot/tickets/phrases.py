"""Canned phrases: what staff send with one key, changed at the desk; the first ones are shipped."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.content_files import ContentError, read_yaml, shaped
from bot.settings import CONTENT
from bot.text import clean
from bot.tickets.models import CannedPhrase

MOST = 200
LONGEST = 1_000  # characters
_SHORTCUT = re.compile(r"[a-z0-9]{1,24}")


class PhraseError(ValueError):
    """A phrase that cannot be kept; the text is one sentence for whoever wrote it."""


def listed(session: Session) -> list[CannedPhrase]:
    """Return all phrases, by shortcut."""
    return list(session.execute(select(CannedPhrase).order_by(CannedPhrase.shortcut)).scalars())


def add(session: Session, shortcut: str, text: str, staff_id: int | None) -> CannedPhrase:
    """Keep a new phrase. Raises PhraseError."""
    if int(session.execute(select(func.count(CannedPhrase.id))).scalar_one()) >= MOST:
        raise PhraseError(f"Đã có {MOST} câu mẫu; anh/chị xóa bớt câu ít dùng.")
    shortcut, text = _checked(session, shortcut, text, None)
    phrase = CannedPhrase(shortcut=shortcut, text=text, written_by=staff_id, written_at=clock.now())
    session.add(phrase)
    session.flush()
    return phrase


def change(session: Session, phrase_id: int, shortcut: str, text: str, staff_id: int | None) -> CannedPhrase:
    """Change a phrase. Raises PhraseError."""
    phrase = session.get(CannedPhrase, phrase_id)
    if phrase is None:
        raise PhraseError("Câu mẫu này đã bị xóa.")
    phrase.shortcut, phrase.text = _checked(session, shortcut, text, phrase_id)
    phrase.written_by, phrase.written_at = staff_id, clock.now()
    session.flush()
    return phrase


def remove(session: Session, phrase_id: int) -> str:
    """Delete a phrase and return its shortcut. Raises PhraseError."""
    phrase = session.get(CannedPhrase, phrase_id)
    if phrase is None:
        raise PhraseError("Câu mẫu này đã bị xóa.")
    shortcut: str = phrase.shortcut
    session.execute(delete(CannedPhrase).where(CannedPhrase.id == phrase_id))
    return shortcut


def load(session: Session, file: Path = CONTENT / "canned_phrases.yml") -> int:
    """Load the shipped phrases into a database that has none; returns how many. Raises ContentError."""
    if session.execute(select(CannedPhrase.id).limit(1)).first():
        return 0
    rows = read_yaml(file)
    with shaped(file, 1):
        for row in rows:
            try:
                add(session, row["shortcut"], row["text"], None)
            except (KeyError, PhraseError) as error:
                raise ContentError(file, row.line, f"câu mẫu không đúng: {error}") from error
    return len(rows)


def _checked(session: Session, shortcut: str, text: str, own_id: int | None) -> tuple[str, str]:
    """Return shortcut and text as they are kept. Raises PhraseError."""
    shortcut, text = clean(shortcut).lower().removeprefix("/"), clean(text)
    if not _SHORTCUT.fullmatch(shortcut):
        raise PhraseError("Chữ tắt gồm 1–24 chữ thường không dấu hoặc số, viết liền; ví dụ: mahoso.")
    if not text:
        raise PhraseError("Câu mẫu đang trống.")
    if len(text) > LONGEST:
        raise PhraseError(f"Câu mẫu dài quá {LONGEST} ký tự.")
    other = session.execute(select(CannedPhrase.id).where(CannedPhrase.shortcut == shortcut)).scalar()
    if other is not None and other != own_id:
        raise PhraseError(f"Đã có câu mẫu /{shortcut}; anh/chị chọn chữ tắt khác.")
    return shortcut, text
