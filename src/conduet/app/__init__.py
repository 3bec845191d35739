"""The web application: everything wired once, behind one outermost wrapper that gives every answer the same manners."""
