"""What a turn with a model costs: an agentic project beside a bare floor, with a provider on loopback that streams."""
