"""What a turn costs: the real server measured side by side with a bare floor, by hand, as ratios."""
