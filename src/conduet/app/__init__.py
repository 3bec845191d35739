"""The web application: everything wired once, behind one outermost wrapper that gives every answer the same manners."""

from conduet.app.create import create_app

__all__ = ["create_app"]
