"""Dependency files: one module each, from its text to a `Manifest` with a position for every requirement."""

from typing import NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Manifest, Unreadable


class Site(NamedTuple):
    """Where something is installed: what a reader of a dependency file has to know besides its text."""

    checkout: Checkout
    python: str
    """The version of Python, such as `3.11`; empty where it is not known."""
    groups: frozenset[str] = frozenset()
    """The groups and extras that are installed besides what always is."""
    projects: frozenset[str] = frozenset()
    """Folders of the projects that are being read: a project that installs itself is read once."""


class Reading(NamedTuple):
    """A dependency file, and what of it and of the files that it leads to cannot be read."""

    manifest: Manifest
    unreadable: tuple[Unreadable, ...] = ()
