"""Finds the Python blocks of a page, runs them, and keeps, shows, exports and checks their outputs."""
