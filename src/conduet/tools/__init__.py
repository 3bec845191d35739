"""The tool types that come with Conduet, one file each."""
