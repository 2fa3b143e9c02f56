"""What the editors' check finds."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content_files import ContentError


@dataclass(frozen=True)
class Problem:
    """One thing to mend; an error keeps the content from being right, advice does not."""

    file: str
    line: int
    text: str
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.file}, dòng {self.line}: {self.text}"


def of_error(error: ContentError) -> Problem:
    """Return what a file that cannot be read says."""
    return Problem(error.path.name, error.line, error.problem)
