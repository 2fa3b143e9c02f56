"""What a message means before anybody has to understand it: a pressed button, a place, a photo, a sure scam."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.exchange import Said
from bot.conversation.guard.scam import is_scam
from bot.conversation.models import OutboxMessage
from bot.conversation.taking import Taken
from bot.dossiers import codes, slip_photo
from bot.hardships.reading import despairs
from bot.messages import LONGEST_BUTTON, button
from bot.places import location
from bot.text import words

BUTTON = "btn:"
# Politeness around a title that somebody types instead of pressing it: "dạ xem quá trình nha em".
_POLITE = frozenset({"da", "vang", "a", "ah", "nha", "nhe", "ne", "em", "oi", "giup", "gium", "dum", "voi"})
_SCAM = button("", "suspect_scam").meaning
_EMERGENCY = button("", "emergency").meaning
_COMMANDS = {
    "start": ("Bắt đầu", "greet"),
    "help": ("Trợ giúp", "help"),
    "cancel": ("Hủy", "cancel"),
    "human": ("Gặp nhân viên", "talk_to_human"),
}


def said(session: Session, taken: Taken) -> Said | None:
    """Return the text, or what a button, location or photo means; None for a button that is no more."""
    if taken.kind == "command":
        return _command(taken)
    if location.shared(taken.text):
        meaning = button("", "ask_office", location=taken.text).meaning
        taken.text = location.SAID  # the transcript does not keep where somebody was
        return Said(location.SAID, meaning)
    if photo := slip_photo.shared(taken.text):
        taken.text = slip_photo.SAID
        return Said(slip_photo.SAID, _of_photo(photo))
    if not taken.text.startswith(BUTTON):
        if typed := _typed_title(taken):
            return typed
        # Who is being cheated, or in despair, must not depend on how the model takes a sentence.
        sure = _SCAM if is_scam(taken.text) else _EMERGENCY if despairs(taken.text) else None
        return Said(taken.text, sure)
    numbers = taken.text.removeprefix(BUTTON).split(".")
    if len(numbers) != 3 or not all(number.isdecimal() and len(number) <= 9 for number in numbers):
        return None
    conversation_id, seq, index = map(int, numbers)
    if conversation_id != taken.conversation_id:
        return None  # of the time before this channel was linked, or made up
    buttons = session.execute(
        select(OutboxMessage.buttons).where(
            OutboxMessage.conversation_id == taken.conversation_id, OutboxMessage.seq == seq
        )
    ).scalar_one_or_none()
    if buttons is None or index >= len(buttons):
        return None
    chosen = buttons[index]
    taken.text = chosen["title"]  # the transcript shows what the citizen pressed
    return Said(chosen["title"], chosen["meaning"])


def _typed_title(taken: Taken) -> Said | None:
    """Return what a button of the last replies means whose title the text says, folded; None where none or two do.

    Titles are short commands; the model, which never sees the buttons, may take one for something else.
    """
    if len(taken.text) > 2 * LONGEST_BUTTON or "\n" in taken.text:
        return None
    told = words(taken.text)
    # The first message follows nothing, and no title is a code.
    if not told or not taken.last_seq or codes.find(taken.text):
        return None
    bare = _without_politeness(told)
    rows = sorted(taken.offered or [], reverse=True)
    for expected, (seq, buttons) in zip(range(taken.last_seq, 0, -1), rows, strict=False):
        if seq != expected:
            return None  # what the citizen said stands in between: older replies are answered already
        named = [row for row in buttons or [] if words(row["title"]) in (told, bare)]
        if named:
            same = len({row["meaning"] for row in named}) == 1
            return Said(named[0]["title"], named[0]["meaning"]) if same else None
    return None


def _without_politeness(told: list[str]) -> list[str]:
    first, last = 0, len(told)
    while first < last and told[first] in _POLITE:
        first += 1
    while first < last and told[last - 1] in _POLITE:
        last -= 1
    return told[first:last]


def _command(taken: Taken) -> Said:
    """Return what a command of the platform means; the transcript shows it in words."""
    taken.text, intent = _COMMANDS[taken.text]
    return Said(taken.text, button("", intent).meaning)


def _of_photo(photo: slip_photo.SharedSlip) -> str:
    """Return what a photo of the slip asks for: the dossier whose code it showed, or help with the photo."""
    if photo.code:
        return button("", "check_dossier", dossier_code=photo.code).meaning
    return button("", "ask_dossier_code", slip=photo.problem).meaning
