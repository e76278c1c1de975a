"""Errors that a school's user reads."""

from __future__ import annotations


class UserError(Exception):
    """The input or the bundle cannot be used; `str(error)` is a readable message in the user's language.

    The command line prints it on stderr and exits with 2.
    """
