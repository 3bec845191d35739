"""The project document, its revisions, versions and secrets."""
