"""Absolute links that the app makes of the address that a request came to."""

from collections.abc import Iterator

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Call
from adaptable_preflight.value import Concat, Derived, Either, Items, Table, Thing, Value

_OWN = late_pattern(r"\b[rR]equest\.(?:host_url|url_root|base_url)(?:\.r?strip)?$")
"""The scheme and the host of the request, with the slash at the end or without it.

Source: https://werkzeug.palletsprojects.com/en/stable/wrappers/#werkzeug.wrappers.Request.host_url
"""
_LOGS = late_pattern(r"(?:^|\.)(?:log|logger|logging|print)(?:\.|$)|\.(?:debug|info|warning|error|exception|critical)$")
_PAGES = ("render_template", "render_template_string", "TemplateResponse")


def links_within(call: Call) -> Iterator[Thing]:
    """Yield what a call is handed of the request's own address, where something is appended to it.

    To compare it, to take it apart or to log it is none; a page gets it to make links of it.
    """
    if _LOGS.search(call.name):
        return
    for argument in call.arguments:
        if isinstance(argument.value, Thing) and call.name.endswith(_PAGES):
            yield from _own(argument.value)
        yield from _appended_to(argument.value)


def _appended_to(value: Value) -> Iterator[Thing]:
    match value:
        case Concat():
            yield from beginnings(value)
        case Items(items=parts) | Either(options=parts) | Derived(of=parts):
            for part in parts:
                yield from _appended_to(part)
        case Table(entries=entries):
            for _, one in entries:
                yield from _appended_to(one)


def beginnings(value: Value) -> Iterator[Thing]:
    """Yield what a text begins with, if that is the request's own address."""
    match value:
        case Thing():
            yield from _own(value)
        case Concat(parts=(first, *_)) | Derived(name="str", of=(first, *_)):
            yield from beginnings(first)
        case Either(options=options):
            for option in options:
                yield from beginnings(option)


def _own(thing: Thing) -> Iterator[Thing]:
    if _OWN.search(thing.name):
        yield thing
