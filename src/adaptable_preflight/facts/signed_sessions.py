"""What of Flask needs the secret key while a request is handled, and whether anything sets it."""

from collections.abc import Iterator
from typing import Final

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
    """Yield each value that is assigned as the key."""
    yield from (setting.value for setting in code.settings if setting.name == _KEY)
    for call in code.calls:
        if call.name.endswith(".secret_key=") and call.arguments:
            yield call.arguments[0].value


def unset_variable(code: Code) -> FromEnv | None:
    """Return the variable without a default that alone is the key."""
    found = list(keys(code))
    only = found[0] if len(found) == 1 else None
    plain = isinstance(only, FromEnv) and (only.default is None or _is_empty(only.default))
    return only if plain and isinstance(only, FromEnv) else None


def _is_empty(value: Value) -> bool:
    return isinstance(value, Known) and not value.value
