"""Who may do what: accounts, members, sign-in, developer tokens and project keys."""
