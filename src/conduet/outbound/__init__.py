"""Outbound: pipelines write without a user, a person approves, and what they approved is published once."""
