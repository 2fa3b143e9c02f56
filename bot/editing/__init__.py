"""Help for the people who write content: what does not fit, what reads badly, what grows old."""
