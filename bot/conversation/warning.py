"""After the guard has masked something: the warning, and how the dialogue goes on as if nothing had happened."""

from __future__ import annotations

import re
from typing import Any

from bot.conversation.exchange import Said
from bot.conversation.guard import HIDDEN, Found
from bot.dossiers import codes
from bot.messages import Button, Message, button, say
from bot.phrases import phrase
from bot.places.contacts import contacts
from bot.text import fold

# The contract knows three reasons; a password and a card are secrets like an OTP.
_REASONS = {Found.PASSWORD: "otp", Found.CARD: "otp"}
_HUMAN = button("Gặp nhân viên", "talk_to_human")
_WHERE = button("Tìm mã ở đâu?", "ask_dossier_code")
AGAIN = Said("nhắc lại câu hỏi", button("", "repeat").meaning)

_FEWEST_WORDS = 4
# What goes with a number that is gone: "số căn cước của tôi là".
_AROUND = re.compile(
    rf"[{HIDDEN}]+|\b(?:so )?"
    r"(?:cmnd|cmtn?d?|cccd|can cuoc(?: cong dan)?|chung minh(?: nhan dan)?|dinh danh(?: ca nhan)?)\b"
)
_SMALL = frozenset(
    "so la cua toi em e minh con chau da vang a nha nhe ne day do nay thi roi va voi ad anh chi oi".split()
)
# What a rest that nobody can make anything of is understood as: then the warning stands alone.
_NO_WISH = frozenset(
    "nlu_fallback inform correct_previous out_of_scope affirm deny greet thank goodbye repeat abuse emergency help "
    "suspect_scam bot_challenge cancel next_step previous_step".split()
)


def warning(found: str, doing: str | None) -> Message:
    """Return the warning about what was found; `doing` is the form under way: a number may have been meant for it."""
    kind = Found(found)
    buttons: tuple[Button, ...] = (_HUMAN,)
    name = f"guard_{kind.value}"
    if kind is Found.IDENTITY_NUMBER:
        if doing == "pickup_form":
            name, buttons = "guard_identity_number_pickup", ()
        else:
            buttons = (_WHERE, _HUMAN)
    elif kind is Found.IDENTITY_DOCUMENT:
        buttons = (_WHERE, _HUMAN)
    text = phrase(name).format(vneid=contacts()["vneid"].say())
    return say("guard", text, *buttons, reason=_REASONS.get(kind, kind.value))


def rest(found: str, masked: str, doing: str | None) -> str | None:
    """Return what else a message with an identity number says, when there is enough of it to be answered.

    After an OTP or a password nothing else matters.
    """
    if found != Found.IDENTITY_NUMBER.value:
        return None
    without = list(masked)
    for match in _AROUND.finditer(fold(masked)):
        without[match.start() : match.end()] = " " * (match.end() - match.start())
    text = re.sub(r"\s+", " ", "".join(without)).strip(" ,.;:")
    words = re.findall(r"\w+", fold(text))
    while words and words[-1] in _SMALL:
        words.pop()
    while words and words[0] in _SMALL:
        words.pop(0)
    if codes.find(text) or len(words) >= (2 if doing else _FEWEST_WORDS):
        return text
    return None


def is_wish(understood: dict[str, Any], doing: str | None) -> bool:
    """Return whether the rest of a message asks for something, names a dossier, or answers the form under way."""
    name = understood["intent"]["name"]
    if codes.find(understood["text"]) or (doing is not None and name == "inform"):
        return True
    return name is not None and name not in _NO_WISH


def without_chatter(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return replies to "say it again" without those that repeat nothing."""
    return [
        message for message in messages if (message.get("custom") or {}).get("kind") not in ("smalltalk", "fallback")
    ]
