"""What gunicorn's settings take, whichever way they are given.

Source: the `validate_…` functions of `gunicorn.config`.
"""

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.read.servers.gunicorn.options import CHOICES, FLAGS, LISTS, NUMBERS
from adaptable_preflight.read.servers.places import file_exists, is_folder
from adaptable_preflight.value import Items, Known, Thing, Value, show, text_of

_ADDRESS_LISTS = frozenset({"forwarded_allow_ips", "proxy_allow_ips", "uwsgi_allow_ips"})
_TEXTS = frozenset(
    {
        "accesslog", "errorlog", "certfile", "keyfile", "ca_certs", "chdir", "loglevel", "pidfile", "pythonpath",
        "proc_name", "wsgi_app", "worker_tmp_dir", "logconfig",
    }
)  # fmt: skip


def refused(name: str, value: Value, checkout: Checkout, folder: str) -> str | None:
    """Tell why gunicorn does not take a value; None where it does, or where nobody can tell.

    Text of a command line is stripped already, as gunicorn does it.
    """
    if name in NUMBERS:
        return _number(value)
    if name in FLAGS:
        return _flag(value)
    if name in LISTS:
        return _list(value) or _entry(name, value, checkout, folder)
    if name in CHOICES:
        return _choice(name, value)
    if name in _ADDRESS_LISTS:
        return _addresses(value)
    if name == "chdir" and is_folder(checkout, folder, value) is False:
        return f"there is no folder «{show(value)}»"
    if name == "http_protocols":
        return _protocols(value)
    if name in _TEXTS:
        return _text(value)
    return None


def _number(value: Value) -> str | None:
    if not isinstance(value, Known):
        return None
    number = value.value
    try:
        if isinstance(number, str):
            number = int(number, 0)
        elif not isinstance(number, int):
            return f"«{show(value)}» is not a whole number"
    except ValueError:
        return f"«{number}» is not a whole number"
    return f"«{number}» is below zero" if number < 0 else None


def number_of(value: Value) -> int | None:
    """Return the number that gunicorn makes of a value that it takes."""
    if not isinstance(value, Known) or not isinstance(value.value, str | int):
        return None
    try:
        return int(value.value, 0) if isinstance(value.value, str) else int(value.value)
    except ValueError:
        return None


def _flag(value: Value) -> str | None:
    if not isinstance(value, Known) or value.value is None or isinstance(value.value, bool):
        return None
    if isinstance(value.value, str) and value.value.lower().strip() in ("true", "false"):
        return None
    return f"«{show(value)}» is neither true nor false"


def _list(value: Value) -> str | None:
    if isinstance(value, Items):
        return next((why for why in map(_text, value.items) if why), None)
    if isinstance(value, Thing) and value.kind in ("function", "class", "module"):
        return f"a {value.kind} is neither text nor a list"
    return _text(value) if isinstance(value, Known) and value.value else None


def _entry(name: str, value: Value, checkout: Checkout, folder: str) -> str | None:
    text = text_of(value)
    if name == "raw_env" and text is not None and "=" not in text:
        return f"«{text}» is no NAME=VALUE"
    pattern = text is None or any(mark in text for mark in "*?[")
    if name == "reload_extra_files" and not pattern and file_exists(checkout, folder, value) is False:
        return f"there is no file «{text}»"
    return None


def _protocols(value: Value) -> str | None:
    names = [name.strip().lower() for name in (text_of(value) or "").split(",") if name.strip()]
    strange = next((name for name in names if name not in ("h1", "h2")), None)
    return f"«{strange}» is neither h1 nor h2" if strange is not None else None


def _text(value: Value) -> str | None:
    if isinstance(value, Known) and value.value is not None and not isinstance(value.value, str):
        return f"«{show(value)}» is not text"
    return None


def _choice(name: str, value: Value) -> str | None:
    text = text_of(value)
    if text is None or (name != "reload_engine" and text.lower().strip() in CHOICES[name]) or text in CHOICES[name]:
        return None
    return f"«{text}» is none of {', '.join(CHOICES[name])}"


def _addresses(value: Value) -> str | None:
    text = text_of(value)
    if text is None:
        return None
    from ipaddress import ip_network

    for part in filter(None, text.split(",")):
        if part.strip() == "*":
            continue
        try:
            ip_network(part.strip())
        except ValueError:
            return f"«{part.strip()}» is not an address"
    return None
