"""A message inside the booking form: what the form knew, what it asked, and what kind of answer this can be.

A question of another kind must not be taken for an answer, so free text counts only when the message is an
answer by its intent, and everything else needs a form of its own (a number, a day, a place).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.turn import Turn
from bot.pickups import numbers
from bot.pickups.form import draft, questions, reading
from bot.text import words

# Intents whose messages give facts; `book_…` and `change_pickup` do so while they ask for the service.
GIVING = frozenset({"inform", "affirm", "correct_previous", "book_delivery", "book_collection", "change_pickup"})
# Short answers are often taken for something else: a hamlet's name, "trả trước", a person's name.
UNCLEAR = frozenset({"nlu_fallback", "out_of_scope", "greet", "thank", "ask_new_unit", "ask_procedure", "file_online"})
# These want to leave the question, whatever else the message holds.
LEAVING = frozenset(
    {"cancel", "talk_to_human", "emergency", "abuse", "suspect_scam", "repeat", "help", "cancel_pickup"}
)
SHORT = 6  # words: a strict fact in so short a message is the answer, whatever its intent was taken for

# Values of the slot `pending` while the form waits for something else than the fact itself: which fact to
# mend, the name of who stands in, the factor again.
EDIT, PROXY_NAME, WRONG_FACTOR = "pickup_edit", "pickup_proxy_name", "pickup_wrong_factor"
OTHER_RECIPIENT, NEAR_BY = "pickup_other_recipient", "pickup_near_by"  # not the owner; communes near a location
OLD_ADDRESS = "pickup_address:"  # then the address that is being mended: "số nhà 45" changes its number only


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
    def is_editing(self) -> bool:
        """Whether the form has just asked which fact is to be mended."""
        return self.turn.slots.get("pending") == EDIT

    @property
    def gives(self) -> bool:
        """Whether the message gives facts, by its intent."""
        return self.turn.intent in GIVING

    @property
    def is_free_answer(self) -> bool:
        """Whether free text in this message is the answer to what was asked."""
        return self.turn.intent in GIVING | UNCLEAR and not reading.is_question(self.text)

    @property
    def is_strict_answer(self) -> bool:
        """Whether a fact with a form of its own may be taken for the answer."""
        if reading.is_question(self.text) or self.turn.intent in LEAVING:
            return False
        return self.gives or self.turn.intent in UNCLEAR or len(words(self.text)) <= SHORT

    @property
    def mended(self) -> str | None:
        """What follows a "à nhầm"; None when nothing is corrected."""
        found = reading.correction(self.text)
        mending = self.turn.intent in ("correct_previous", "change_pickup") and not numbers.find(self.text)
        return self.text if found is None and mending else found

    def text_means(self, *folded: str) -> bool:
        """Return whether one of these folded words stands in the text."""
        padded = f" {' '.join(words(self.text))} "
        return any(f" {word} " in padded for word in folded)

    def chosen(self, size: int) -> int | None:
        """Return which of `size` choices was picked, counted from 0."""
        number = self.turn.entity("ordinal") or self.text.strip(" .")
        return reading.ordinal(number, size)


def wants_editing(message: Message) -> bool:
    """Tell whether the citizen wants to mend something without saying what it should be."""
    if message.asked == "consent" and not message.is_editing and message.chosen(3) == 1:
        return True
    if message.asked == "consent" and message.text_means("khong dung", "ko dung", "chua dung"):
        return True
    return message.mended is not None and message.turn.intent not in LEAVING


def field_to_edit(message: Message) -> str | None:
    """Return which fact is to be mended: picked from the list of them, or named in words."""
    if message.is_editing:
        choice = message.chosen(len(questions.EDITABLE_FIELDS))
        if choice is not None:
            return questions.EDITABLE_FIELDS[choice]
    if message.is_editing or wants_editing(message):
        named = reading.field_named(message.text)
        return named if named in draft.needed(message.fields) else None
    return None


def wants_a_proxy(message: Message) -> bool:
    """Tell whether somebody else will stand in, but is not named yet."""
    return message.asked == "proxy" and (message.turn.intent == "affirm" or message.text_means("nguoi khac", "nho"))
