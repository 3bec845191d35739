"""The language inside `{{ … }}`: its tokens, its grammar, and what each construct means."""
