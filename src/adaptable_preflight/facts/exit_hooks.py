"""What the served code leaves to the end of the process."""

from adaptable_preflight.facts.writes import writes
from adaptable_preflight.model import Call, Code
from adaptable_preflight.source import Span
from adaptable_preflight.value import Thing

HOOKS = frozenset({"atexit.register", "atexit.register()", "signal.signal"})
EVENTS = ("on_event", "add_event_handler", "after_serving")
SAVES = frozenset(
    "commit add insert insert_one insert_many update_one save dump put post patch publish send sendall sendmail "
    "upload_file put_object set hset lpush rpush bulk_create executemany send_message write".split()
)
"""Last names of calls that store something or send it to somebody."""


def exit_hook(call: Call) -> Thing | None:
    """Return the function that runs at the end of the process."""
    owner, _, method = call.name.removesuffix("()").rpartition(".")
    at_end = (
        call.name in HOOKS or (method in EVENTS and _at_shutdown(call)) or f"{owner}.{method}".endswith("after_serving")
    )
    functions = [a.value for a in call.arguments if isinstance(a.value, Thing) and a.value.kind == "function"]
    return functions[0] if at_end and functions else None


def _at_shutdown(call: Call) -> bool:
    told = [*call.arguments, *(call.receiver.arguments if isinstance(call.receiver, Thing) else ())]
    return any(getattr(argument.value, "value", "") == "shutdown" for argument in told)


def saving(code: Code, place: Span) -> Span | None:
    """Return the first call in a function that saves or sends something."""
    stored = {write.call.span for write in writes(code)}
    for call in code.calls:
        inside = call.span.path == place.path and place.line <= call.span.line <= place.end_line
        if inside and (call.span in stored or call.name.rpartition(".")[2] in SAVES):
            return call.span
    return None
