"""What people do in conversations: take them, answer, give them back, and say yes or no to tools."""
