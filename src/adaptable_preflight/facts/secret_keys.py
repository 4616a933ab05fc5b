"""The keys that sign sessions and tokens, and whether they are random."""

import builtins
import sys
from collections.abc import Iterator

from adaptable_preflight.model import Call, Code, Guard
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Derived, Either, Items, Thing, Value

NAMES = frozenset({"SECRET_KEY", "JWT_SECRET_KEY", "WTF_CSRF_SECRET_KEY"})
ATTRIBUTES = frozenset({"flask.Flask.secret_key=", "quart.Quart.secret_key="})
MIDDLEWARE = "SessionMiddleware"
RANDOM = ("os.urandom", "secrets.", "uuid.uuid1", "uuid.uuid4", "random.", "django.core.management.utils.")
DECODES = ("b64decode", "b32decode", "b16decode", "unhexlify", "a2b_hex", "a2b_base64", "bytes.fromhex")
"""What is decoded was encoded to be kept: another start, or another branch of this one, wrote it."""
GENERATED = ("Fernet.generate_key", "get_random_secret_key", "get_random_string", "token_hex", "token_urlsafe")


def secret_keys(code: Code) -> Iterator[tuple[Value, Span, tuple[Guard, ...]]]:
    """Yield each key that the app is given, where, and under which conditions."""
    yield from ((s.value, s.span, s.guards) for s in code.settings if s.name in NAMES)
    for call in code.calls:
        if call.phase != "import":
            continue
        value = _assigned(call)
        if value is not None:
            yield value, call.span, call.guards


def _assigned(call: Call) -> Value | None:
    if call.name in ATTRIBUTES and call.arguments:
        return call.arguments[0].value
    added = call.name.endswith(".add_middleware") and call.arguments
    if added and isinstance(call.arguments[0].value, Thing) and call.arguments[0].value.name.endswith(MIDDLEWARE):
        argument = next((a for a in call.arguments if a.name == "secret_key"), None)
        return argument.value if argument is not None else None
    return None


def is_random(value: Value | None, depth: int = 0) -> bool:
    """Whether a value differs with every start; what stands behind a variable of the environment does not count."""
    if depth > 5:
        return False
    match value:
        case Thing(name=name, kind="instance", arguments=arguments, of=of):
            if name.startswith(RANDOM) or name.endswith(GENERATED):
                return True
            if name.endswith(DECODES):
                return False
            inner = [of, *(a.value for a in arguments if _converts(name))]
            return any(is_random(one, depth + 1) for one in inner)
        case Derived(of=parts) | Concat(parts=parts) | Items(items=parts):
            return any(is_random(part, depth + 1) for part in parts)
        case Either(options=options):
            return all(is_random(option, depth + 1) for option in options)
    return False


_LOOK_UPS = frozenset({"get", "getattr", "next", "pop", "setdefault"})
"""Functions that give back the last of their arguments where they find nothing."""


def _converts(name: str) -> bool:
    """Whether what a function gives is made of its arguments: of others than Python's own one may be a fallback."""
    first, _, rest = name.partition(".")
    own = first in sys.stdlib_module_names if rest else hasattr(builtins, first)
    return own and name.rpartition(".")[2] not in _LOOK_UPS
