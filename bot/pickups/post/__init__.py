"""The post's side of a booking: what it reports, and the way to an outside postal system."""
