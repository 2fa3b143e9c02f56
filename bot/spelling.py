"""Slips of the keyboard, mended: "giaays" → "giay", "khaisinh" → "khai sinh", "phuowngf" → "phuong".

Only a token that no Vietnamese would read as a syllable is touched, and only towards a word that our own texts use
often: mending a right word does more harm than leaving a wrong one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from bot.settings import CONTENT, ROOT
from bot.text import fold

_ONSETS = "ngh ng nh th tr ch gh gi kh ph qu b c d g h k l m n p r s t v x".split()
_RIMES = frozenset(
    """a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet
    ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oat oay oc oe oen oeo oet oi om on ong op ot u ua
    uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet
    uynh uyt uyu y yem yen yet yeu""".split()
)
# What Telex and VNI leave behind when the keyboard is off: tone and vowel keys that never became marks.
_TONE_KEY = re.compile(r"^(.*?)[sfrxj1-6]$")
_VOWEL_KEYS = ((re.compile(r"aa|a[68w]"), "a"), (re.compile(r"ee|e6"), "e"), (re.compile(r"oo|o[67w]"), "o"))
_OTHER_KEYS = ((re.compile(r"dd|d9"), "d"), (re.compile(r"uw|u7"), "u"), (re.compile(r"uow"), "uo"))
# How the young write sounds: "zay", "fuong", "wa", "trog".
_SOUNDS = (
    (re.compile(r"^f"), "ph"), (re.compile(r"^z"), "v"), (re.compile(r"^z"), "d"), (re.compile(r"^z"), "gi"),
    (re.compile(r"^w"), "qu"), (re.compile(r"^j"), "gi"), (re.compile(r"^j"), "ch"),
    (re.compile(r"(?<=[aeiou])g$"), "ng"), (re.compile(r"(?<=[iea])h$"), "nh"),
    (re.compile(r"^k(?=[aou])"), "c"), (re.compile(r"w"), "u"),
)  # fmt: skip
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    (a, b)
    for row, upper in zip(_ROWS, ("", *_ROWS), strict=False)
    for i, a in enumerate(row)
    for b in row[max(i - 1, 0) : i + 2] + upper[i : i + 2]
}
_LETTERS = "abcdeghiklmnopqrstuvxy"
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_TARGET, _LEAST_PIECE, _LEAST_FOREIGN = 12, 20, 5
_SLIP = 0.5
_LONGEST = 40  # no Vietnamese types a longer word; longer ones are noise


@lru_cache(maxsize=1)
def vocabulary() -> Counter[str]:
    """Return how often each folded word stands in our training sentences, names of procedures and aliases."""
    counts: Counter[str] = Counter()
    texts = [*(ROOT / "nlu_data" / "nlu").glob("*.yml"), *(CONTENT / "aliases").glob("*.yml")]
    for path in [*texts, CONTENT / "procedures" / "catalogue.jsonl"]:
        counts.update(_WORD.findall(fold(path.read_text(encoding="utf-8"))))
    names = set(_WORD.findall(fold((CONTENT / "units.json").read_text(encoding="utf-8"))))  # "Brơi", "Mađaguôi"
    known = {w: n for w, n in counts.items() if is_syllable(w) or n >= _LEAST_FOREIGN}
    return Counter({name: 1 for name in names} | known)


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Return whether the folded `word` has the build of a Vietnamese syllable."""
    if word in _RIMES:
        return True
    return any(
        word.startswith(onset) and (word[len(onset) :] in _RIMES or (onset == "gi" and word in ("gi", "gin", "gip")))
        for onset in _ONSETS
    )


def is_known(word: str) -> bool:
    """Return whether the folded `word` needs no mending."""
    return is_syllable(word) or word in vocabulary()


@lru_cache(maxsize=20_000)
def mend(word: str) -> str:
    """Return the folded `word` as it was most likely meant; two glued words come back with a space between."""
    if len(word) < 3 or len(word) > _LONGEST or is_known(word):
        return word
    bare = _without_keys(word)
    for guess in (bare, *_sounds(word)):
        if guess != word and vocabulary()[guess] >= _LEAST_TARGET:
            return guess
    if bare != word and (apart := _unglued(bare)):
        return apart
    if word.isalpha():
        return _unglued(word) or (_one_edit(word) if len(word) > 3 else None) or word
    return word


def _without_keys(word: str) -> str:
    """Return `word` without the keys of Telex or VNI ("dduowjc" → "duoc")."""
    for pattern, plain in (*_OTHER_KEYS, *_VOWEL_KEYS):
        word = pattern.sub(plain, word)
    tone = word
    while match := _TONE_KEY.match(tone):
        tone = match[1]
        if is_syllable(tone):
            return tone
    inside = re.sub(r"(?<=[aeiouy])[sfrxjw1-9](?=[a-z])", "", word)
    return inside if is_syllable(inside) else word


def _sounds(word: str) -> Iterator[str]:
    for pattern, plain in _SOUNDS:
        yield pattern.sub(plain, word)


def _unglued(word: str) -> str | None:
    """Return the words that `word` glues together ("giaykhaisinh"), as few as possible; None if there are none."""
    if len(word) < 4:
        return None
    least = _LEAST_PIECE if len(word) > 4 else 5 * _LEAST_PIECE
    best: dict[int, tuple[int, int, tuple[str, ...]]] = {0: (0, 0, ())}
    counts = vocabulary()
    for end in range(2, len(word) + 1):
        for start in range(max(end - 7, 0), end - 1):
            piece = word[start:end]
            if start in best and counts[piece] >= least and is_syllable(piece):
                pieces, common, words = best[start]
                option = (pieces + 1, common - min(counts[piece], 300), (*words, piece))
                if end not in best or option < best[end]:
                    best[end] = option
    found = best.get(len(word))
    return " ".join(found[2]) if found and len(found[2]) > 1 else None


def _one_edit(word: str) -> str | None:
    """Return the most common word one edit away, slips that fingers make weighing more than others."""
    counts = vocabulary()
    best, weight = None, float(_LEAST_TARGET)
    for guess, ease in _edits(word):
        # A four-letter word is mended only for a slip of the fingers: "flan", "game" and "main" are right as they are.
        if counts[guess] * ease > weight and len(guess) > 1 and (len(word) > 4 or ease >= _SLIP):
            best, weight = guess, counts[guess] * ease
    return best


def _edits(word: str) -> Iterator[tuple[str, float]]:
    for i in range(len(word)):
        doubled = i > 0 and word[i] == word[i - 1]
        yield word[:i] + word[i + 1 :], 1.0 if doubled else 0.45
        if i + 1 < len(word):
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :], 1.0
        for letter in _LETTERS:
            yield word[:i] + letter + word[i + 1 :], 0.5 if (word[i], letter) in _BESIDE else 0.1
            yield word[:i] + letter + word[i:], 0.4
    for letter in _LETTERS:
        yield word + letter, 0.4
