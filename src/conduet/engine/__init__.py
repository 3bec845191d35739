"""The runtime of a turn: state and an action go in, traces come out."""
