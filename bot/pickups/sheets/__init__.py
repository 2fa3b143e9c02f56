"""On paper: the day sheet of a post office without a system of its own, and the citizen's slip."""
