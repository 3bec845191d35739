"""Model providers, one file each: what is sent to them and what their answers mean."""
