"""What `motcua train --review` says and asks at the command line."""

from __future__ import annotations

import warnings

import typer

from bot.cli_base import actor, fail, open_database, out, read_settings


def review(yes: bool) -> None:
    """Train what was accepted at the desk, list what would change, ask, and put it in place."""
    from bot.training_review import NothingToReview, Place, review

    settings = read_settings()
    if not settings.model.is_file():
        fail(f"chưa có mô hình {settings.model.name} để so; chạy: motcua train")
    database = open_database()
    with warnings.catch_warnings(record=True):
        from bot.conversation.engine import ModelError

    try:
        review(database, Place(settings.model, settings.learned), actor(), out, lambda asked: yes or _agreed(asked))
    except NothingToReview:
        out.print("Chưa có câu nào được duyệt để học; mở bàn trực, trang Học thêm.")
    except ModelError as error:
        fail(str(error))


def _agreed(asked: str) -> bool:
    try:
        return typer.confirm(asked)
    except typer.Abort:  # nobody is there to ask
        return False
