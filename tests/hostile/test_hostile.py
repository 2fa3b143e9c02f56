"""Five hundred hostile messages through the real turn: what comes back, what is stored, what is logged.

Each attack is a conversation of somebody who has proved nothing. Whoever names a real dossier is played a second time
with a code that does not exist: both must be answered alike.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from contract import check_reply
from prometheus_client import generate_latest
from talking import Chat

from bot.conversation import inbox
from bot.conversation.transcript import Line
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.text import clean, fold

from . import afterwards, answers, others
from .attacks import Attack, Kind, load
from .others import Victim

KINDS = load()
LEAST, LEAST_OF_A_KIND = 500, 25
LONGEST_SECONDS = 2.5  # of this thread's own computing for one answer; most take a hundredth of it
_NUMBERED = re.compile(r"T-\d{6}| Anh/chị ở vị trí thứ [^.]*\.")


def test_the_attacks_are_many_and_none_is_a_copy() -> None:
    for kind in KINDS:
        assert len(kind.attacks) >= LEAST_OF_A_KIND, kind.name
        assert kind.wants and kind.never, kind.name
    attacks = [attack for kind in KINDS for attack in kind.attacks]
    assert len(attacks) >= LEAST
    bare = [_bare(" ".join(attack.texts)) for attack in attacks]
    alike = [(one, other) for one, other in combinations(bare, 2) if one == other]
    assert not alike


@pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_nobody_gets_anything(kind: Kind, furnished: Database, turns: Turns, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    victim = others.set_up(furnished, turns)
    problems = []
    for attack in kind.attacks:
        caplog.clear()
        found = list(played(kind, attack, victim, furnished, turns))
        found += logged(attack, caplog)
        if attack.fault and not found:
            problems.append(f"{attack.texts}: this is answered well now: take the line `fault` away")
        elif not attack.fault:
            problems += [f"{str(attack.texts)[:300]}: {one}" for one in found]
    assert not problems, "\n" + "\n".join(problems)


def played(kind: Kind, attack: Attack, victim: Victim, database: Database, turns: Turns) -> Iterator[str]:
    """Play an attack; yields what went wrong."""
    afterwards.unlock(database)
    before = afterwards.rows(database)
    said: list[list[Line]] = []
    yield from talked(kind, attack, victim, Chat(database, turns, channel=attack.channel), said)
    after = afterwards.rows(database)
    yield from afterwards.changed(before, after, kind.may_write)
    new = [row for name, found in after.items() for row in found - before[name]]
    yield from (f"{secret!r} is stored" for secret in attack.hidden if any(secret in row for row in new))
    if (unknown := without_known_codes(attack)) and not attack.fault:
        afterwards.unlock(database)
        again: list[list[Line]] = []
        yield from talked(kind, unknown, victim, Chat(database, turns, channel=attack.channel), again)
        if [shown(lines) for lines in said] != [shown(lines) for lines in again]:
            yield f"a code that exists is answered otherwise: {said} instead of {again}"


def talked(kind: Kind, attack: Attack, victim: Victim, chat: Chat, said: list[list[Line]]) -> Iterator[str]:
    typed = ""
    own = 0
    for text in attack.texts:
        text = filled(text, victim, own)
        typed = f"{typed}\n{text}"
        try:
            accepted = chat.store(text)
        except inbox.BadMessage as refusal:
            if not attack.refused or not str(refusal).startswith("Dạ, "):
                yield f"not taken: {refusal}"
            continue
        own = accepted.conversation_id
        begun = time.thread_time()
        done = chat.turns.run_next(own)
        if (took := time.thread_time() - begun) > LONGEST_SECONDS:
            yield f"an answer took {took:.1f} s"
        if done is None or done.failed:
            yield "the turn failed"
            continue
        said.append(done.replies)
        for line in done.replies:
            check_reply({"recipient_id": "c", "text": line.text, "custom": line.custom, "buttons": line.buttons})
        yield from answers.wrong(kind, attack, typed, own, done.replies)


def filled(text: str, victim: Victim, own: int) -> str:
    for name, value in (
        ("victim", victim.conversation), ("seq", victim.seq), ("booking", victim.booking),
        ("ticket", victim.ticket), ("sender", victim.sender), ("own", own),
    ):  # fmt: skip
        text = text.replace(f"«{name}»", str(value))
    return text


def without_known_codes(attack: Attack) -> Attack | None:
    """Return the attack with codes that do not exist in place of those that do; None when it names none."""
    texts = attack.texts
    for code in others.CODES:
        texts = tuple(text.replace(code, f"{code[:-2]}97") for text in texts)
    return replace(attack, texts=texts) if texts != attack.texts else None


def shown(lines: list[Line]) -> list[tuple[str, str, list[str]]]:
    """Return what tells two answers apart, without codes and what is counted up."""
    found = []
    for line in lines:
        text = _NUMBERED.sub("", line.text)
        for code in others.CODES:
            text = text.replace(code, f"{code[:-2]}97")
        found.append((line.custom["kind"], text, [button["title"] for button in line.buttons]))
    return found


def logged(attack: Attack, caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """Yield what of an attack stands in a log line or a metric, and what was logged of a failure."""
    lines = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    yield from (f"logged: {line[:300]}" for line in lines if "turn failed" in line)
    everything = "\n".join([*lines, generate_latest().decode()])
    for piece in (*attack.hidden, *(clean(text)[:60] for text in attack.texts)):
        # Not a part of a number: the times of log lines have many digits.
        if len(piece) >= 6 and re.search(rf"(?<![\w.]){re.escape(piece)}(?!\w)", everything):
            yield f"{piece!r} is in the log or the metrics"


def _bare(text: str) -> str:
    """Return the letters of a text without case and marks; the text itself where signs are what matters."""
    letters = re.sub(r"[\W\d_]+", "", fold(clean(text)))
    return letters if len(letters) >= 16 else text
