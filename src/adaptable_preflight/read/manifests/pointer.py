"""A dependency file that Git LFS keeps: the repository holds only a pointer to it."""

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Unreadable
from adaptable_preflight.read.data_files import POINTER


def pointer(path: str, checkout: Checkout) -> Unreadable | None:
    """Return what is wrong with a file of which only the pointer is here; None where it is a file of its own."""
    source = checkout.text(path)
    if source is None or not source.text.startswith(POINTER):
        return None
    return Unreadable(path, "it is a Git LFS pointer, and no installer follows one", source.line_span(1))
