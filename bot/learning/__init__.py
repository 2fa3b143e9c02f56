"""The learning loop: messages that were not understood or wrongly answered become examples and aliases."""
