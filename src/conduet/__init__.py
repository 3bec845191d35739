"""Conduet: a self-hosted platform to build, run and watch conversational AI agents."""
