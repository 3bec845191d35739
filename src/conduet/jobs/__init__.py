"""Durable work: what has to happen after a transaction, once, whichever process lives to do it."""
