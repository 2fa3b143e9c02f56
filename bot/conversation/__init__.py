"""From a stored message to a stored reply: inbox, turn, transcript."""
