"""The step types that come with Conduet, one file each."""
