"""The agentic harness: one model, one persona and one tool loop a turn, with the variables as the truth."""
