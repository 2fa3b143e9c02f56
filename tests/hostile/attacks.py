"""What hostile people type, by kind of attack: the data files of this folder, read and checked.

They end in `.yaml`: as `.yml` the tests of the guard would take them for what citizens ordinarily write.

A file holds one kind:
    wants       what such a person is after
    never       words that no answer may hold, in whatever case
    echoes      true: what the attacker typed himself may be said back to him (a booking reads back who it is for)
    may_write   tables in which the attacker may leave rows of his own; every other table stays as it is
    attacks     each a conversation of its own:
                  say      what is typed: one text, or several in order; a text may be {of, times, ends}: a long one
                  hidden   what must be masked before it is stored
                  refused  true: it is not taken at all, and one sentence says so
                  shows    kinds of answers that are right here though no other attack may get them
                  lacks    words that this very answer may not hold
                  fault    what is still wrong here: the attack must show it, and loses this line when it is mended
In a text, «victim» is the number of somebody else's conversation, «seq» that of an answer there which has buttons,
«booking» the number of that person's booking, «ticket» of the ticket; «own» is the attacker's conversation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
OF_A_KIND = {"wants", "never", "echoes", "may_write", "attacks"}
OF_AN_ATTACK = {"say", "hidden", "refused", "shows", "lacks", "fault", "channel"}


@dataclass(frozen=True)
class Attack:
    """One conversation of somebody hostile."""

    texts: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    refused: bool = False
    shows: frozenset[str] = frozenset()
    lacks: tuple[str, ...] = ()
    fault: str | None = None
    channel: str = "rest"


@dataclass(frozen=True)
class Kind:
    """All attacks of a kind, and what holds for each."""

    name: str
    wants: str
    never: tuple[str, ...]
    attacks: tuple[Attack, ...]
    echoes: bool = False
    may_write: frozenset[str] = field(default_factory=frozenset)


def load() -> list[Kind]:
    """Return every kind, by name."""
    return [_kind(path) for path in sorted(FOLDER.glob("*.yaml"))]


def _kind(path: Path) -> Kind:
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert OF_A_KIND >= set(read) >= OF_A_KIND - {"echoes", "may_write"}, (path.name, set(read))
    return Kind(
        path.stem,
        read["wants"],
        tuple(read["never"]),
        tuple(_attack(path.name, row) for row in read["attacks"]),
        read.get("echoes", False),
        frozenset(read.get("may_write", ())),
    )


def _attack(where: str, row: Any) -> Attack:
    if not isinstance(row, dict):
        row = {"say": row}
    elif "say" not in row:
        row = {"say": row}  # a long text
    assert set(row) <= OF_AN_ATTACK, (where, row)
    said = row["say"] if isinstance(row["say"], list) else [row["say"]]
    return Attack(
        tuple(_text(where, one) for one in said),
        tuple(row.get("hidden", ())),
        row.get("refused", False),
        frozenset(row.get("shows", ())),
        tuple(row.get("lacks", ())),
        row.get("fault"),
        row.get("channel", "rest"),
    )


def _text(where: str, said: Any) -> str:
    if isinstance(said, dict):
        assert set(said) <= {"of", "times", "ends"}, (where, said)
        return str(said["of"]) * int(said["times"]) + said.get("ends", "")
    assert isinstance(said, str), (where, said)
    return said
