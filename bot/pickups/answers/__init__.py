"""What is said about bookings and about the public postal service."""
