"""Conversation tests: played with nothing but a document, kept in it, run by the API and the command line."""
