"""`python -m bench`: our turns measured beside a stock Rasa, in one run on one machine."""
