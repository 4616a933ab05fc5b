"""What a function is called once decorators have wrapped it: Flask keeps views by their `__name__`."""

from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import Arguments, External, Function, Object
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown

_KEEPING = frozenset(
    "flask_login.login_required flask_login.fresh_login_required flask_cors.cross_origin "
    "flask_jwt_extended.jwt_required flask_limiter.Limiter.limit flask_caching.Cache.cached "
    "flask_caching.Cache.memoize flask_httpauth.HTTPBasicAuth.login_required "
    "flask_httpauth.HTTPTokenAuth.login_required".split()
)
"""Decorators that give what they make the name of what they are given, by `functools.wraps`: read in Flask-Login 0.6,
Flask-Cors 6.0, Flask-JWT-Extended 4.7, Flask-Limiter 4.1, Flask-Caching 2.5 and Flask-HTTPAuth 4.8."""
_REGISTERING = ("flask.Flask.", "flask.Blueprint.")
"""Decorators of these return the very function that they are given."""


def keeps_name(decorator: External) -> bool:
    """Whether what a library's decorator makes of a function has the function's name."""
    return decorator.name in _KEEPING or decorator.name.startswith(_REGISTERING)


def take_for_another(made: Object) -> None:
    """Note that nobody knows what a decorator made of a function."""
    if isinstance(made, Function):
        made.called, made.wrapped = "", True


def _name_after(wrapper: Object | None, wrapped: Object | None) -> Object:
    if isinstance(wrapper, Function):
        wrapper.called = wrapped.called if isinstance(wrapped, Function) else ""
    return wrapper or Unknown("a decorator over nothing")


def wraps(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`functools.wraps(f)(wrapper)`. Source: https://docs.python.org/3/library/functools.html#functools.wraps."""
    del machine, span
    return _name_after(arguments.get(0), function.given[0] if function.given else None)


def update_wrapper(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`functools.update_wrapper(wrapper, f)`."""
    del machine, function, span
    return _name_after(arguments.get(0, "wrapper"), arguments.get(1, "wrapped"))


HANDLERS: dict[str, Handler] = {"functools.wraps()": wraps, "functools.update_wrapper": update_wrapper}
