"""What pages give, held against the record."""

from .check import Check, CheckError, FollowOnError

__all__ = ["Check", "CheckError", "FollowOnError"]
