"""Rasa in this process: one call understands a message, runs the rules and actions, and gives the replies.

Nothing outside this package, `bot.nlu` and `actions` imports Rasa.
"""

from bot.conversation.engine.engine import Engine, EngineReply, ModelError, Said

__all__ = ["Engine", "EngineReply", "ModelError", "Said"]
