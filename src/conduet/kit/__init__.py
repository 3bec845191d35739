"""What knows nothing of the product: database, clock, ids, crypto, wire."""
