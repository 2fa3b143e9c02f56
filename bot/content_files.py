"""Reading the content files that people edit: YAML whose every mapping knows its line, so that errors can name it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

# A 30th of February, a list as a key, a number in hexadecimal without digits: PyYAML lets Python's own errors out.
_ANOTHER_KIND = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
_UNREADABLE = (yaml.YAMLError, *_ANOTHER_KIND)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(ValueError):
    """Shipped content that does not fit; the text names file and line and says what to do."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        """Keep where it is (`line` counts from 1) and what is wrong."""
        super().__init__(f"{path.name}, dòng {line}: {problem}")
        self.path, self.line, self.problem = path, line, problem


class Mapping(dict[str, Any]):
    """A mapping of a content file, the line on which it begins, and the line of each of its keys."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin without lines: the loader fills them in."""
        super().__init__(*args, **kwargs)
        self.line = 0
        self.lines: dict[str, int] = {}


class _LineLoader(_Loader):
    pass


def _mapping(loader: Any, node: Any) -> Mapping:
    found = Mapping()
    found.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise yaml.MarkedYAMLError(problem=f"mục {key!r} có hai lần", problem_mark=key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
        found.lines[key] = key_node.start_mark.line + 1
    return found


_LineLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> Any:
    """Return what a content file holds; mappings are `Mapping`s.

    Raises ContentError for a file that is no YAML, or that names one key twice.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LineLoader)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ContentError(
            path, line, f"không đọc được ({error.problem}); xem thụt dòng và dấu nháy quanh câu có “: ”"
        ) from error
    except _UNREADABLE as error:
        raise ContentError(path, 1, "không đọc được; tệp phải là YAML, mã UTF-8, ngày có thật") from error


@contextmanager
def shaped(path: Path, line: int) -> Iterator[None]:
    """Make a ContentError of what a reader stumbles over when a value is of another kind than it takes.

    So an editor who writes a list where a text belongs is told the line, whichever reader it is.
    """
    try:
        yield
    except ContentError:
        raise
    except _ANOTHER_KIND as error:
        raise ContentError(path, line, "có mục không đúng kiểu (chữ, số, danh sách hay nhóm)") from error


def line_of(value: Any, otherwise: int) -> int:
    """Return the line on which a value of a content file begins; `otherwise` where it does not know."""
    if isinstance(value, list) and value:
        return line_of(value[0], otherwise)
    return value.line if isinstance(value, Mapping) else otherwise
