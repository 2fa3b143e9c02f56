"""Sealed secrets: one key seals, all open; what is wrong is said in one sentence that holds no secret."""

from __future__ import annotations

import pytest

from bot.privacy.sealing import Sealer, SealingError, new_key


def test_what_is_sealed_opens_again_and_does_not_show() -> None:
    sealer = Sealer(new_key())
    sealed = sealer.seal("bí mật")
    assert "bí mật" not in sealed and sealer.open(sealed) == "bí mật"
    assert sealer.seal("bí mật") != sealed, "the same secret does not look the same twice"


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    old, new = new_key(), new_key()
    sealed = Sealer(old).seal("bí mật")
    both = Sealer(f"{new}, {old}")
    assert both.open(sealed) == "bí mật"
    assert Sealer(new).open(both.seal("bí mật")) == "bí mật"
    with pytest.raises(SealingError):
        Sealer(new).open(sealed)


@pytest.mark.parametrize("keys", [None, "", " , "])
def test_without_a_key_the_sentence_says_how_to_make_one(keys: str | None) -> None:
    with pytest.raises(SealingError, match="motcua key new"):
        Sealer(keys)


def test_a_key_that_is_none_is_not_quoted() -> None:
    with pytest.raises(SealingError) as caught:
        Sealer("not-a-key-at-all")
    assert "not-a-key" not in str(caught.value) and caught.value.__suppress_context__


@pytest.mark.parametrize("sealed", ["", "gAAAA", "x" * 200])
def test_what_was_not_sealed_here_does_not_open(sealed: str) -> None:
    with pytest.raises(SealingError, match="MOTCUA_SECRET_KEY"):
        Sealer(new_key()).open(sealed)
