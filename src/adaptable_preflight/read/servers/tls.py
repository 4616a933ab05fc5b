"""Certificates and keys that options name: whether the files are there, and whether they can be of use."""

from adaptable_preflight.checkout import Checkout, join
from adaptable_preflight.model import Failure, Word
from adaptable_preflight.read.servers.outcome import Problem
from adaptable_preflight.read.servers.places import file_exists
from adaptable_preflight.value import Known, Unknown, show, text_of


def given(word: Word | None) -> bool:
    """Whether an option holds something: neither absent, nor None, nor empty."""
    return word is not None and not (isinstance(word.value, Known) and not word.value.value)


def missing(checkout: Checkout, folder: str, *words: Word | None) -> Problem | None:
    """Tell which of the files is not there, or cannot be told."""
    unknown: Problem | None = None
    for word in words:
        if word is None or not given(word):
            continue
        there = file_exists(checkout, folder, word.value)
        if there is False:
            return Failure("missing-file", f"there is no file «{show(word.value)}»", word.span)
        if there is None:
            why = f"it cannot be told whether «{show(word.value)}» exists"
            unknown = unknown or Unknown(why, word.span)
    return unknown


def holds_key(checkout: Checkout, folder: str, word: Word) -> bool | None:
    """Whether a file holds a private key; None where it cannot be read."""
    path = join(folder, text_of(word.value) or "")
    source = checkout.text(path) if path else None
    return None if source is None else "PRIVATE KEY" in source.text


def unusable(checkout: Checkout, folder: str, certificate: Word | None, key: Word | None) -> Problem | None:
    """Tell why Python's `load_cert_chain` does not take a certificate and a key."""
    problem = missing(checkout, folder, certificate, key)
    if problem is not None or certificate is None or not given(certificate) or given(key):
        return problem
    if holds_key(checkout, folder, certificate) is False:
        return Failure("missing-file", f"«{show(certificate.value)}» holds no private key", certificate.span)
    return None
