"""What a channel is: a place where people write, how their messages come in and how answers go out."""
