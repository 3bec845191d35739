"""What a loader of documents is made of: a source in, sections out."""
