"""Telephone lines the assistant may name (`content/contacts.yml`), each with how far it is trusted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.settings import CONTENT


@dataclass(frozen=True)
class Contact:
    """A line people can call."""

    name: str
    phone: str
    verified: bool
    as_of: str

    def say(self) -> str:
        """Return the line as it stands in an answer, with a warning when nobody has checked it."""
        return f"{self.name} {self.phone}" + ("" if self.verified else " (chưa kiểm chứng)")


@lru_cache(maxsize=1)
def contacts() -> dict[str, Contact]:
    """Return all lines by their key: vneid, vnpost, centre.

    Raises TypeError when an entry lacks a field.
    """
    rows = yaml.safe_load((CONTENT / "contacts.yml").read_text(encoding="utf-8"))
    return {key: Contact(**row) for key, row in rows.items()}
