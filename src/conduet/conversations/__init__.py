"""Where the runtime meets the product: turns, live streams and the state of conversations."""
