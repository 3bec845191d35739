"""Publishing targets: one file a place that outbound projects publish to."""
