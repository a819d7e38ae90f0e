"""Who sits at the keyboard of a command; what it changes is written down under this name."""

from __future__ import annotations

import getpass


def person() -> str:
    """The person's name on this machine, told apart from the console's users; as far as it is known."""
    try:
        return f"{getpass.getuser()[:100]} (command line)"
    except (KeyError, OSError):
        return "somebody (command line)"
