"""An OpenAPI document read as tools: what its operations are called, take and need."""
