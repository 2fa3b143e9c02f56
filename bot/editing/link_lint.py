"""Finds links to hosts that are not on the list, wherever content stands: an unchecked link reaches no citizen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import links
from bot.settings import CONTENT

TEMPLATES = CONTENT.parent / "pages" / "templates"
_KINDS = frozenset({".yml", ".json", ".jsonl", ".typ", ".html", ".txt", ".csv", ".svg"})
_PROGRAMS = frozenset({".typ", ".html", ".svg"})  # "screen.app" is a field there
# Where a host that is only a source may stand: the source of a record, and what citizens write themselves.
_SOURCE = re.compile(r'(?:^|[{,]\s*)\s*"?url"?:\s')
_CITIZENS = "aliases"
_NAMESPACE = re.compile(r'xmlns(?::\w+)?="[^"]*"')


@dataclass(frozen=True)
class UnknownLink:
    """A link that may not stand where it does."""

    path: Path
    line: int
    link: str


def unknown_links(folders: tuple[Path, ...] = (CONTENT, TEMPLATES)) -> Iterator[UnknownLink]:
    """Yield every link to a host that is not on the list, file by file."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _KINDS and path != links.FILE:
                yield from _in_file(path)


def _in_file(path: Path) -> Iterator[UnknownLink]:
    is_program = path.suffix in _PROGRAMS
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if "." not in line:
            continue
        allowed = links.is_known if _SOURCE.search(line) or _CITIZENS in path.parts else links.is_shown
        for link in links.found(_NAMESPACE.sub("", line)):
            if not allowed(link) and not (is_program and "://" not in link):
                yield UnknownLink(path, number, link)
