"""The pages of docs/reference/, a module each; made from the code by scripts/generate_reference.py."""
