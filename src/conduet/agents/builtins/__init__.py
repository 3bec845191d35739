"""The builtin tools of an agent, one file each."""
