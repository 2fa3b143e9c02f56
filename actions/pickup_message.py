"""A message inside the booking form: what the form knew, what it asked, and what kind of answer this can be.

The question that was asked rules. Whatever the model takes a message for, it is the answer when the reader of
that question finds a sure value in it, unless the message asks something itself or wants to leave. A value
without a form of its own (a name in small letters, any words as an address) also needs an intent that gives facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from actions.stopping import names_stop, wants_to_stop
from actions.turn import Turn
from bot.pickups import numbers
from bot.pickups.form import choices, corrections, draft, kin, questions, reading, talk
from bot.pickups.form.plain import plain_text
from bot.text import words

# Intents whose messages give facts; `book_…` and `change_pickup` do so while they ask for the service.
GIVING = frozenset({"inform", "affirm", "correct_previous", "book_delivery", "book_collection", "change_pickup"})
# Short answers are often taken for something else: a hamlet's name, "trả trước", a person's name.
UNCLEAR = frozenset({"nlu_fallback", "out_of_scope", "greet", "thank", "ask_new_unit", "ask_procedure", "file_online"})
# A "cảm ơn em" is no address and no name, however short.
POLITE = frozenset({"greet", "thank"})
# These want to leave the question, if their words say so too: "tui giao" is taken for a cancellation.
_BY_WORDS = {
    "talk_to_human": re.compile(
        r"^(?:nhan vien|can bo)\b(?! (?:toi|tui|em|minh|nhan|dua|cua))"
        r"|\b(?:gap|can|muon|xin|chuyen|goi|noi|co|cho|voi)(?: \w+){0,3}?"
        r" (?:nhan vien|can bo)\b|\b(?:nguoi that|tong dai|tu van|gap (?:nguoi|ai|truc tiep|ben|cac)|noi chuyen|ho tro"
        r"|hotline|chuyen vien)\b"
    ),
    "suspect_scam": re.compile(
        r"\b(?:lua|gia (?:danh|mao)|cong an|otp|mat khau|link|dao|nghi ngo|app|tai khoan|mao danh|that khong)\b"
    ),
    "emergency": re.compile(
        r"\b(?:cuu|chay|cap cuu|tai nan|danh|dao|giet|chet|tu tu|dot quy|ngat|nguy|113|114|115|bao hanh|cuop|doa"
        r"|bat coc|mau|xiu|hoc)\b"
    ),
    "repeat": re.compile(r"\b(?:la sao|nhac lai|noi lai|hoi lai|lap lai|(?:chua|khong) (?:hieu|ro)(?! \w+ ,))\b"),
    "help": re.compile(r"\b(?:giup gi|lam duoc gi|huong dan|tro giup|menu|help)\b"),
    "abuse": re.compile(
        r"\b(?:ngu(?! (?:day|roi|trua|o|quen))|oc (?:cho|lon|heo|bo)|do (?:khon|ngu|dien|cho|dan|bo|vo dung|mat day"
        r"|an hai)|cho (?:chet|ma|dien|de)|con (?:cho|me may)|me may|may (?:ngu|dien|khung|bi dien)|d[mck]m?|dcm|dkm"
        r"|vcl|vl|vcc|clm|cmm|deo|cut|bien di|khon nan|mat day|vo hoc|rac ruoi|khung|dien(?! thoai)|dan don"
        r"|ngoc|bo lao|xao|lua dao|vo dung|te hai|chui)\b"
    ),
}
_CANCELLING = frozenset({"cancel", "cancel_pickup"})

# Values of the slot `pending` while the form waits for something else than the fact itself: which fact to
# mend, the name of who stands in, the factor again.
EDIT, PROXY_NAME, WRONG_FACTOR = "pickup_edit", "pickup_proxy_name", "pickup_wrong_factor"
OTHER_RECIPIENT, NEAR_BY = "pickup_other_recipient", "pickup_near_by"  # not the owner; communes near a location
OLD_ADDRESS = "pickup_address:"  # then the address that is being mended: "số nhà 45" changes its number only
SHORT = 6  # words


@dataclass(frozen=True)
class Message:
    """One message of a citizen, with what the form knows so far."""

    turn: Turn
    fields: dict[str, Any]
    asked: str | None  # the fact the form asked for

    @property
    def text(self) -> str:
        """The words of the message; a pressed button has none, only what it means."""
        pressed = self.turn.text.startswith("/") or any(e.get("extractor") == "button" for e in self.turn.entities)
        return "" if pressed else self.turn.text

    @property
    def answer(self) -> str:
        """The words as the answer to what was asked: of "thứ sáu được không em?" only the day."""
        proposes = self.asked in _PROPOSED and talk.is_question(self.text)
        return (talk.proposal(self.text) if proposes else None) or self.text

    @property
    def told(self) -> str:
        """The words as a statement: of "cho em dời qua ngày 4/12 được không ạ" what is proposed."""
        return (talk.proposal(self.text) if talk.is_question(self.text) else None) or self.text

    @property
    def tells(self) -> bool:
        """Whether the message tells or proposes something, whatever was asked."""
        return bool(self.text) and not self.leaves and not talk.is_question(self.told)

    @property
    def is_editing(self) -> bool:
        """Whether the form has just asked which fact is to be mended."""
        return self.turn.slots.get("pending") == EDIT

    @property
    def gives(self) -> bool:
        """Whether the message gives facts: by its intent, and asking nothing, or because it opened the form."""
        return self.asked is None or (self.turn.intent in GIVING and not talk.is_question(self.answer))

    @property
    def leaves(self) -> bool:
        """Whether the message wants to leave the question, by its intent and its words."""
        intent = self.turn.intent
        if intent in _CANCELLING:
            if not self.text or wants_to_stop(self.text) or self.text_means("huy", "dung lai"):
                return True
            return names_stop(self.text) and not self._tells
        telling = _BY_WORDS.get(intent)
        return bool(telling and (not self.text or telling.search(plain_text(self.text))))

    @property
    def _tells(self) -> bool:
        """Whether the message tells how it should be, whatever else: "thôi tui tự giao, khỏi nhờ ai"."""
        text = self.text
        told = (
            choices.payment_said(text),
            choices.alone(text, asked=True),
            kin.stands_in(text, sure=True),
            corrections.mends(text),
        )
        return any(told) or (self.asked in ("payment",) and choices.payment(text) is not None)

    @property
    def is_strict_answer(self) -> bool:
        """Whether a fact with a form of its own may be taken for the answer."""
        return not self.leaves and not talk.is_question(self.answer)

    @property
    def is_free_answer(self) -> bool:
        """Whether free text in this message is the answer to what was asked."""
        return self.is_strict_answer and self.turn.intent in GIVING | UNCLEAR and not talk.is_pause(self.text)

    @property
    def mended(self) -> str | None:
        """What follows a "à nhầm"; None when nothing is corrected."""
        if numbers.find(self.text) or not self.text or corrections.finds_nothing_wrong(self.text):
            return None
        found = corrections.correction(self.text)
        if found is None and (
            self.turn.intent in ("correct_previous", "change_pickup") or corrections.mends(self.text)
        ):
            return self.text
        return found

    @property
    def turns_down(self) -> bool:
        """Whether the message begins with a no that is no answer to what was asked: "không, xã Hòa Ninh cơ"."""
        return self.asked not in (None, *_YES_OR_NO) and corrections.begins_with_no(self.text)

    def text_means(self, *folded: str) -> bool:
        """Return whether one of these folded words stands in the text."""
        padded = f" {' '.join(words(self.text))} "
        return any(f" {word} " in padded for word in folded)

    def chosen(self, size: int) -> int | None:
        """Return which of `size` choices was picked, counted from 0."""
        text = self.text.strip(" .")
        chosen = reading.ordinal(self.turn.entity("ordinal") or text, size)
        return reading.placed(text, size) if chosen is None else chosen


_YES_OR_NO = frozenset({"proxy", "window"})
# Facts that people propose in the form of a question.
_PROPOSED = frozenset({"date", "window", "payment", "phone", "proxy", "recipient_name", "service"})


def wants_editing(message: Message) -> bool:
    """Tell whether the citizen wants to mend something without saying what it should be."""
    if message.asked == "consent" and not message.is_editing and message.chosen(3) == 1:
        return True
    if message.asked == "consent" and message.text_means("khong dung", "ko dung", "chua dung"):
        return True
    return message.mended is not None and not message.leaves and not talk.is_question(message.text)


def field_to_edit(message: Message) -> str | None:
    """Return which fact is to be mended: picked from the list of them, or named in words."""
    if message.is_editing:
        choice = message.chosen(len(questions.EDITABLE_FIELDS))
        if choice is not None:
            return questions.EDITABLE_FIELDS[choice]
    if message.is_editing or wants_editing(message):
        named = corrections.field_named(message.text)
        return named if named in draft.needed(message.fields) else None
    return None


def fact_before(message: Message) -> str | None:
    """Return the fact given last: "à nhầm" alone means that one."""
    order = draft.needed(message.fields)
    given = order[: order.index(message.asked)] if message.asked in order else []
    return next((name for name in reversed(given) if name != "service" and message.fields.get(name)), None)


def wants_a_proxy(message: Message) -> bool:
    """Tell whether somebody else will stand in, but is not named yet."""
    if not message.is_strict_answer:
        return False
    if message.asked != "proxy":
        return bool(message.text) and kin.stands_in(message.text, sure=True)
    if choices.nobody(message.text) or choices.alone(message.text):
        return False
    return (
        message.turn.intent == "affirm" or kin.stands_in(message.text) or message.text_means("nguoi khac", "nho", "co")
    )
