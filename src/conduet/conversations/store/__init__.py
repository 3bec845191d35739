"""The SQL of conversations: a turn's two transactions, who waits for whom, and what is read afterwards."""
