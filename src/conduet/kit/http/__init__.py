"""Outgoing calls: every connection that a project can cause goes to an address that was checked first."""

from conduet.kit.http.address import AllowPrivate, Place
from conduet.kit.http.client import Outgoing
from conduet.kit.http.errors import OutgoingError, Refused
from conduet.kit.http.response import Response

__all__ = ["AllowPrivate", "Outgoing", "OutgoingError", "Place", "Refused", "Response"]
