"""People in danger, in grief, or just robbed or cheated: what has happened is heard first, then what helps now."""
