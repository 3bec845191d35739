"""The knowledge base: sources become documents, documents chunks, and chunks are searched."""
