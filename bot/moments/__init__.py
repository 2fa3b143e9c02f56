"""Days and half-days as Vietnamese say them, whatever they were typed for."""
