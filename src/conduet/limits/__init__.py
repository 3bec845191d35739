"""How much of everything a client may have in a window of time."""
