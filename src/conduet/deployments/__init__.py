"""Projects on channels: configured, told of what people write, and answering them, durably."""
