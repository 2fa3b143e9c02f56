"""Home pickup: booking the postman to deliver results and to collect papers."""
