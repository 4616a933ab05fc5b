"""What needs the secret key of Flask or Django while a request is handled, and whether anything sets it."""

from collections.abc import Iterator
from typing import Final

from adaptable_preflight.facts.doubt import happens
from adaptable_preflight.model import Call, Code, Deployment
from adaptable_preflight.value import FromEnv, Known, Thing, Value

_FLASK: Final = "flask.Flask"
_CHANGES: Final = ("[]=", ".pop", ".clear", ".update", ".setdefault", ".popitem", ".permanent=")
_SESSION: Final = frozenset(
    [f"flask.session{change}" for change in _CHANGES] + ["flask.flash", "flask_login.login_user"]
)
"""What changes the session: Flask refuses that without a key, and only that.

Sources: `NullSession` in https://github.com/pallets/flask/blob/3.1.3/src/flask/sessions.py, `flash` in helpers.py
beside it, `login_user` in https://github.com/maxcountryman/flask-login/blob/0.6.3/src/flask_login/utils.py.
"""
_FORMS: Final = frozenset({"flask_wtf.FlaskForm", "flask_wtf.form.FlaskForm"})
_PROTECTION: Final = frozenset({"WTF_CSRF_ENABLED", "WTF_CSRF_SECRET_KEY"})
_KEY: Final = "SECRET_KEY"
_DJANGO: Final = "django.settings"


def signed(deployment: Deployment) -> Iterator[Call]:
    """Yield the calls of requests that fail without a key: changes of the session, and forms with a CSRF token."""
    code = deployment.code
    protects = not any(setting.name in _PROTECTION for setting in code.settings)
    for call in code.calls:
        if call.phase == "request" and not call.caught and (call.name in _SESSION or (protects and _makes_token(call))):
            yield call


def _makes_token(call: Call) -> bool:
    """Whether a call makes a form with a CSRF token: nothing said to the form or its class is about that.

    Source: https://github.com/pallets-eco/flask-wtf/blob/v1.2.1/src/flask_wtf/csrf.py (`generate_csrf`).
    """
    told = {argument.name for argument in call.arguments}
    own = dict(call.receiver.attributes) if isinstance(call.receiver, Thing) else {}
    return call.name in _FORMS and not told & {"meta", "csrf_enabled"} and "Meta" not in own


def has_no_key(deployment: Deployment) -> bool:
    """Whether nothing can have set the key of the app that is served: all its code and settings were seen."""
    code = deployment.code
    app = deployment.served_app or deployment.offered
    if app is None or app.framework != "flask" or not code.complete or _FLASK in code.unseen:
        return False
    if any(call.name in (f"{_FLASK}.session_interface=", f"{_FLASK}.config=") for call in code.calls):
        return False
    return all(_is_empty(value) for value in keys(code))


def keys(code: Code) -> Iterator[Value]:
    """Yield each value that is assigned as Flask's key."""
    yield from (s.value for s in code.settings if s.name == _KEY and s.owner != _DJANGO)
    for call in code.calls:
        if call.name.endswith(".secret_key=") and call.arguments:
            yield call.arguments[0].value


def unset_key(deployment: Deployment) -> FromEnv | None:
    """Return the variable that alone is the key, where no other value stands in for it and requests need one.

    Django signs messages and sessions with it, and refuses an empty one: `__getattr__` of
    https://github.com/django/django/blob/5.2/django/conf/__init__.py
    """
    django = [setting for setting in deployment.code.settings if setting.name == _KEY and setting.owner == _DJANGO]
    if django:
        return _lacking([setting.value for setting in django if happens(deployment, setting.guards)])
    return _lacking(list(keys(deployment.code))) if any(signed(deployment)) else None


def _lacking(found: list[Value]) -> FromEnv | None:
    only = found[0] if len(found) == 1 else None
    if not isinstance(only, FromEnv):
        return None
    return only if only.default is None or _is_empty(only.default) else None


def _is_empty(value: Value) -> bool:
    return isinstance(value, Known) and not value.value
