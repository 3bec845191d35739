"""Projects from a brief in plain language: by a model where one is configured, else composed from the templates."""
