"""Loaders: one file each, one format each."""
