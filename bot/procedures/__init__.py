"""The catalogue: what procedures there are, what holds about them, which one is meant."""
