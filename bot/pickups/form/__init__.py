"""The booking form: its facts, its questions, and reading the answers."""
