"""Projects from elsewhere: one folder or file a format, each of which answers with a document and a report."""
