"""The everyday words of procedures, and the shipped ones as a whole."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.procedures.content import described, own_codes
from bot.procedures.everyday import NOTHING, Everyday, everyday
from bot.settings import CONTENT
from bot.text import fold

FILES = sorted((CONTENT / "aliases").glob("*.yml"))
MOST_ASKED, LEAST_OF_THEM = 300, 5
TWO_OR_MORE = 0.85  # of all the others


def rows(path: Path) -> Iterator[tuple[str, object]]:
    """Yield the rows of a file as they stand there: a key that stands twice comes twice."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for key, value in node.value if node else ():
        yield (
            key.value,
            {
                k.value: [v.value for v in found.value] if k.value == "aliases" else found.value
                for k, found in value.value
            },
        )


@pytest.fixture(scope="module")
def every() -> list[tuple[str, str, dict[str, object]]]:
    """Return (file, code, row) of all files."""
    return [(path.name, code, row) for path in FILES for code, row in rows(path)]  # type: ignore[misc]


@pytest.fixture(scope="module")
def names() -> dict[str, set[str]]:
    """Return the folded everyday names of each procedure, those of the described ones among them."""
    found = {code: {fold(alias) for alias in row.aliases} for code, row in everyday().items()}
    for record in described(CONTENT / "procedures" / "described"):
        found.setdefault(record.code, set()).update(map(fold, record.aliases))
    return found


# --- reading ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yml").write_text(
        '"1.000001":\n  popularity: 40\n  aliases:\n  - vợ mới sinh\n"1.000002":\n  aliases: [12]\n', encoding="utf-8"
    )
    (tmp_path / "b.yml").write_text('"1.000001":\n  popularity: 30\n  aliases:\n  - con mới đẻ\n', encoding="utf-8")
    (tmp_path / "c.yml").write_text("# nothing yet\n", encoding="utf-8")
    (tmp_path / "d.txt").write_text("no content of ours", encoding="utf-8")
    return tmp_path


def test_words_of_several_files_are_put_together(folder: Path) -> None:
    assert everyday.__wrapped__(folder) == {
        "1.000001": Everyday(40, ("vợ mới sinh", "con mới đẻ")),
        "1.000002": Everyday(0, ("12",)),
    }


def test_no_file_means_no_words(tmp_path: Path) -> None:
    assert everyday.__wrapped__(tmp_path) == {}
    assert everyday().get("9.999999", NOTHING) == Everyday(0, ())


# --- the shipped content ---


def test_every_code_has_one_popularity(every: list[tuple[str, str, dict[str, object]]]) -> None:
    given = Counter(code for _, code, row in every if "popularity" in row)
    assert {code: given[code] for _, code, _ in every if given[code] != 1} == {}
    popular = {code: row["popularity"] for _, code, row in every if "popularity" in row}
    assert {code: n for code, n in popular.items() if not (str(n).isdigit() and 0 <= int(str(n)) <= 100)} == {}


def test_no_code_stands_twice_in_a_file(every: list[tuple[str, str, dict[str, object]]]) -> None:
    counts = Counter((name, code) for name, code, _ in every)
    assert [place for place, count in counts.items() if count > 1] == []


def test_rows_hold_nothing_else(every: list[tuple[str, str, dict[str, object]]]) -> None:
    odd = [(name, code) for name, code, row in every if not {"aliases"} <= set(row) <= {"aliases", "popularity"}]
    assert odd == []
    assert [(name, code) for name, code, row in every if not row["aliases"]] == []


def test_an_everyday_name_belongs_to_one_procedure(every: list[tuple[str, str, dict[str, object]]]) -> None:
    counts = Counter(fold(str(alias)) for _, _, row in every for alias in row["aliases"])  # type: ignore[attr-defined]
    assert [alias for alias, count in counts.items() if count > 1] == []


def test_everyday_names_are_tidy(every: list[tuple[str, str, dict[str, object]]]) -> None:
    aliases = [str(alias) for _, _, row in every for alias in row["aliases"]]  # type: ignore[attr-defined]
    assert [alias for alias in aliases if not unicodedata.is_normalized("NFC", alias)] == []
    assert [alias for alias in aliases if " ".join(alias.split()) != alias or not alias] == []


def test_what_is_asked_most_has_many_names(names: dict[str, set[str]]) -> None:
    popular = sorted(everyday(), key=lambda code: (-everyday()[code].popularity, code))[:MOST_ASKED]
    assert {code: len(names[code]) for code in popular if len(names[code]) < LEAST_OF_THEM} == {}


def test_all_others_have_a_name_and_most_have_two(names: dict[str, set[str]]) -> None:
    others = sorted(everyday(), key=lambda code: (-everyday()[code].popularity, code))[MOST_ASKED:]
    assert [code for code in others if not names[code]] == []
    two = [len(names[code]) >= 2 for code in others]
    assert sum(two) / len(two) >= TWO_OR_MORE


def test_every_procedure_of_the_provinces_list_has_a_name(names: dict[str, set[str]]) -> None:
    assert len(own_codes()) > 1000
    assert sorted(code for code in own_codes() if not names.get(code)) == []
