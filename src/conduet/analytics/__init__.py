"""Conversations as they are read afterwards: transcripts and their messages, written as turns end."""
