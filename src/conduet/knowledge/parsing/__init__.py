"""Files into chunks, in a process that may break without harm."""
