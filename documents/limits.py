"""The bounds of a process that sets one paper and ends: no model, however written, holds a machine for long.

The engine bounds loops and texts itself; what it cannot count (a picture that is slow to decode, a theme at fault) is
bounded by the system. POSIX: setrlimit.
"""

import resource
import sys

SECONDS = 40
"""Of computing time; the slowest paper of the library takes two."""
MEMORY = 3_000_000_000
"""Bytes of addresses, of which the threads of Typst reserve most without using them."""


def hold(seconds: int = SECONDS, memory: int = MEMORY) -> None:
    """Bind the process that calls: it cannot compute longer, take more, or leave an image of its memory behind.

    Only Linux counts addresses in a way a bound can be set on.
    """
    bounds = {resource.RLIMIT_CPU: seconds, resource.RLIMIT_CORE: 0}
    if sys.platform == "linux":
        bounds[resource.RLIMIT_AS] = memory
    for kind, most in bounds.items():
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))
