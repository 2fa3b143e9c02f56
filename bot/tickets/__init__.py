"""Work for people, and the people who do it."""
