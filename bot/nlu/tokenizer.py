"""The tokenizer of the pipeline: Vietnamese syllables with exact offsets into the text."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.normalise import syllables


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class VietnameseTokenizer(Tokenizer):
    """Splits a message into syllables; `token.lemma` is the normal form that the models read."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return what the base class expects: intents are never split."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the syllables of one attribute of a message."""
        return [
            Token(found.text, found.start, found.end, lemma=found.normal) for found in syllables(message.get(attribute))
        ]
