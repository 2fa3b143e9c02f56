"""How texts about accounts must read: somebody old, alone with a phone, has to understand every line.

Stricter than the advice for other texts (`bot.editing.voice`): a sentence ends only at a full stop, a question or an
exclamation mark or at the end of a line, and words are what stands between spaces. In Vietnamese that counts
syllables, so that 25 are fewer words than they would be in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.accounts import problems, short_forms
from bot.accounts.guides import FOLDER, GuideError, load
from bot.content_files import ContentError, Mapping, line_of, read_yaml
from bot.editing import voice
from bot.editing.faults import Problem, of_error
from bot.settings import CONTENT

LONGEST_SENTENCE, MOST_LINES = 25, 4
OTHERS = (CONTENT / "problems.yml", CONTENT / "account_topics.yml")
# Fields that nobody reads aloud: names, key phrases, kinds.
_UNREAD = frozenset({"id", "goal", "tag", "problem", "guide", "related", "starts", "phrases", "kind"})
_SENTENCE = re.compile(r"(?<=[.!?…])[”)]?\s+|\n")
_LONG_NUMBER = re.compile(
    r"(?<![\d/.])\d{6,}"
)  # a code, an identity number: a guide never shows one, not even invented


def faults(folder: Path = FOLDER, others: tuple[Path, ...] = OTHERS) -> Iterator[Problem]:
    """Yield everything that keeps a text about accounts from being understood."""
    paths = sorted(folder.glob("*.yml"))
    goals = {path.stem for path in paths}
    for path in paths:
        try:
            guide = load(path)
        except GuideError as error:
            yield of_error(error)
            continue
        raw = read_yaml(path)
        for goal in guide.related:
            if goal not in goals or goal == guide.goal:
                said = f"related: không có hướng dẫn nào khác tên {goal}; ghi tên một tệp trong guides/"
                yield Problem(path.name, raw.lines["related"], said)
        yield from _steps(path, raw)
        yield from _texts(path, raw)
    for path in others:
        try:
            yield from _texts(path, read_yaml(path))
        except ContentError as error:
            yield of_error(error)


def _steps(path: Path, raw: Mapping) -> Iterator[Problem]:
    if not raw["done"].startswith("Dạ, "):
        yield Problem(path.name, raw.lines["done"], "done: bắt đầu bằng “Dạ, …”")
    for step in raw["steps"]:
        where = f"bước {step['id']}"
        if len(step["do"]) > MOST_LINES:
            said = f"{where}, do: {len(step['do'])} dòng, nhiều nhất {MOST_LINES}; tách thành hai bước"
            yield Problem(path.name, step.lines["do"], said)
        if "problem" in step and step["problem"] not in problems.problems():
            said = f"{where}, problem: không có {step['problem']} trong problems.yml"
            yield Problem(path.name, step.lines["problem"], said)


def _texts(path: Path, raw: Any) -> Iterator[Problem]:
    for line, where, text in _read_aloud(raw, 1, ""):
        for fault in _faults_of(text):
            yield Problem(path.name, line, f"{where}: {fault}")


def _faults_of(text: str) -> Iterator[str]:
    yield from voice.faults(text)
    for sentence in _SENTENCE.split(text):
        count = len(sentence.split())
        if count > LONGEST_SENTENCE:
            yield f"câu dài {count} chữ, nhiều nhất {LONGEST_SENTENCE}; tách thành hai câu: {sentence[:50]}…"
    for short in short_forms.found(text):
        if short not in short_forms.explained():
            yield f"chữ viết tắt “{short}” chưa được giải nghĩa; viết đủ chữ, hoặc thêm vào {short_forms.FILE.name}"
    if _LONG_NUMBER.search(text):
        yield "không ghi dãy số dài (mã, số căn cước), kể cả số bịa; thay bằng “…”"


def _read_aloud(value: Any, line: int, where: str) -> Iterator[tuple[int, str, str]]:
    """Yield every text that somebody reads, with its line and its place."""
    if isinstance(value, Mapping):
        named = value.get("id") or where
        for key, held in value.items():
            if key not in _UNREAD:
                yield from _read_aloud(held, value.lines.get(key, line), f"{named}, {key}" if named else str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _read_aloud(item, line_of(item, line), where)
    elif isinstance(value, str):
        yield line, where, value
