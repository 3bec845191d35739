"""One dialect for all models: messages and tools go in, a stream of events comes out, failures have one family."""
