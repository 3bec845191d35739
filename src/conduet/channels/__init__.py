"""Channels: one file a place where people write."""
