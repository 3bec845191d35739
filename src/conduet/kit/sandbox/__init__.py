"""Code of a project's owner, run where it reaches nothing; imports nothing, as the processes that run it would."""
