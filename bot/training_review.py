"""`motcua train --review`: what was accepted at the desk becomes a model, but only after its meaning was compared.

Last month's messages go through the model in use and the new one; every message that would mean something else is
listed, masked, and nothing changes before somebody says yes.
"""

from __future__ import annotations

import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

from bot import clock, training
from bot.db.engine import Database
from bot.learning import examples, learnt, replay
from bot.learning.replay import Change, Meaning, Said, Understanding
from bot.privacy import audit
from bot.procedures.aside import catalogue_aside

Trainer = Callable[[Path, Console, Path], Path]
Loader = Callable[[Path], Understanding]
LEARNED, PROPOSALS = "nlu.yml", "answers.yml"


class NothingToReview(Exception):
    """Nothing was accepted since the last review."""


@dataclass(frozen=True)
class Place:
    """Where the model and the accepted sentences lie."""

    model: Path
    learned: Path


def load_engine(model: Path) -> Understanding:
    """Load a model. Raises bot.conversation.engine.ModelError."""
    # Recorded and dropped: Rasa's libraries complain about each other, page after page.
    with warnings.catch_warnings(record=True):
        from bot.conversation.engine import Engine

        return Engine(model)


def review(
    database: Database,
    place: Place,
    actor: str,
    out: Console,
    agree: Callable[[str], bool],
    *,
    trainer: Trainer = training.train_aside,
    load: Loader = load_engine,
) -> bool:
    """Train what was accepted, show what would change, and put it in place when `agree` says so.

    Returns whether it was put in place. Raises NothingToReview, bot.conversation.engine.ModelError and SystemExit (the
    training failed).
    """
    until = clock.now()  # what is accepted from now on is for the next one
    with database.reading() as session:
        waiting = learnt.waiting(session)
        answers, said = learnt.proposals(session), replay.last_month(session)
    if answers:
        _write(place.learned.with_name(PROPOSALS), answers)
        out.print(
            f"{waiting['answer']} câu trả lời đề nghị, chờ người viết nội dung: {place.learned.with_name(PROPOSALS)}"
        )
    if not waiting.get("intent") and not waiting.get("alias"):
        raise NothingToReview
    out.print(f"Đã duyệt, chưa dùng: {waiting.get('intent', 0)} ý, {waiting.get('alias', 0)} tên gọi của thủ tục.")
    before = load(place.model)
    with tempfile.TemporaryDirectory(prefix="motcua-review-") as folder:
        aside = Path(folder) / LEARNED
        with database.reading() as session:
            _write(aside, examples.written(session, until, lambda text: before.understand(text)["entities"]))
        model = trainer(Path(folder), out, aside) if waiting.get("intent") else None
        after = load(model) if model else before
        old, new = _both(database, Path(folder), until, (before, after), said, out)
        show(replay.changes(said, old, new), said, out)
        if not agree("Đưa vào dùng?"):
            out.print("Không đổi gì cả. Những câu đã duyệt vẫn còn đó.")
            return False
        if model:
            _write(place.learned, aside.read_text(encoding="utf-8"))
            training.put_in_place(model, place.model, training.fingerprint(place.learned))
    with database.unit_of_work() as session:
        names, messages = learnt.add_names(session, until), learnt.mark(session, until)
        audit.record(session, actor=actor, action="learning.train", subject=f"{messages} messages, {names} names")
    out.print(f"Đã đưa vào dùng: {messages} câu, {names} tên gọi mới. Khởi động lại motcua serve để nạp mô hình mới.")
    return True


def show(found: list[Change], said: list[Said], out: Console) -> None:
    """List every message that would mean something else."""
    times = sum(one.count for one in said)
    if not said:
        out.print("Tháng qua chưa có tin nhắn nào để so.")
        return
    out.print(f"So trên {len(said)} câu khác nhau của 30 ngày qua ({times} tin): {len(found)} câu đổi nghĩa.")
    for change in found:
        times_said = f" ({change.said.count} lần)" if change.said.count > 1 else ""
        out.print(f"- {change.said.masked}{times_said}", markup=False)
        out.print(f"    {change.before}  →  {change.after}", markup=False)


def _both(
    database: Database,
    folder: Path,
    until: datetime,
    engines: tuple[Understanding, Understanding],
    said: list[Said],
    out: Console,
) -> tuple[list[Meaning], list[Meaning]]:
    """Return what both engines understand; the new one with the new everyday names."""
    started = time.monotonic()
    with out.status(f"Đang đọc lại {len(said)} câu bằng hai mô hình…"):
        with database.reading() as session:
            old = replay.meanings(session, engines[0], said)
            names = learnt.names(session, until)
            aside = catalogue_aside(session, folder / "catalogue.db", names)
        with aside.reading() as session:
            new = replay.meanings(session, engines[1], said)
            weak = replay.not_found(session, names)
        aside.dispose()
    out.print(f"Đọc lại mất {time.monotonic() - started:.0f} giây.")
    for code, name in weak:
        out.print(f"Tên gọi này một mình chưa đủ để tìm ra thủ tục: {name} ({code})", markup=False)
    return old, new


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    shutil.move(part, path)
