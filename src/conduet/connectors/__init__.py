"""The connectors that come with Conduet, one file each."""
