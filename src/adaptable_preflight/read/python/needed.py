"""Variables without which the code does not go on: `os.environ["X"]`, and what refuses an unset `os.getenv("X")`."""

import ast
from typing import Final, Literal, NamedTuple

from adaptable_preflight.model import NEEDED_VARIABLE, SET_VARIABLE, Call
from adaptable_preflight.read.python.machine import Machine, Raise
from adaptable_preflight.read.python.objects import Arguments, Object
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Concat, Derived, FromEnv, Known, Unknown

Way = Literal["item", "get", "config", "env", "field", "condition", "library", "file"]
"""How the code asks for a variable: `os.environ[…]`, `os.getenv(…)` whose `None` is refused, decouple's `config(…)`,
django-environ's `env(…)`, a field of settings, a condition before an exception, a library by itself, the name of a
file."""


def variable(machine: Machine, key: Object, span: Span, way: Way = "item") -> Object:
    """Return `os.environ[key]`."""
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return Unknown("the name of an environment variable is not known", span)
    value = machine.variable(key.value, None, span)
    if isinstance(value, FromEnv) and not machine.hangs(key.value):
        if not machine.is_set(key.value) and machine.catches("KeyError"):
            machine.assumed = True
            raise Raise("KeyError", repr(key.value), span)
        note(machine, key.value, way, span)
    elif value is not None:
        note(machine, key.value, way, span, SET_VARIABLE)
    if value is None:
        raise Raise("KeyError", repr(key.value), span)
    return value._replace(plain=way == "item") if isinstance(value, FromEnv) else value


def note(machine: Machine, name: str, way: Way, span: Span, fact: str = NEEDED_VARIABLE) -> None:
    """Note that the code does not go on without a variable."""
    seen = (f"{fact}{name}", span, machine.phase, None)
    if seen not in machine.seen:
        machine.seen.add(seen)
        given = (Argument(Known(name), span), Argument(Known(way), span))
        machine.calls.append(Call(fact, span, given, machine.phase, machine.title, tuple(machine.guards)))


def lacking(machine: Machine, value: Object | None) -> str:
    """Return the variable for which a value stands that is `None` unless somebody sets it; empty for other values."""
    if not isinstance(value, FromEnv) or machine.is_set(value.name):
        return ""
    return value.name if isinstance(value.default, Known) and value.default.value is None else ""


def refuse_none(machine: Machine, value: Object | None, kind: str, span: Span) -> None:
    """Note the variable that has to be set for an operation, which raises an exception of a kind for `None`.

    Not where the exception is caught, nor where it is not known whether the code comes here.
    """
    name = lacking(machine, value)
    if name and not machine.catches(kind) and not machine.undecided:
        note(machine, name, "get", span)


_PIECES = Known | FromEnv | Concat | Derived


def refuse_in_operation(machine: Machine, left: Object, right: Object, kind: type[ast.operator], span: Span) -> None:
    """`os.getenv("X") + "/path"`: no operator takes `None` beside text, a number or a path, save `"%s" % None`."""
    if isinstance(left, _PIECES) and isinstance(right, _PIECES):
        refuse_none(machine, left, "TypeError", span)
        if kind is not ast.Mod:
            refuse_none(machine, right, "TypeError", span)


class Refusal(NamedTuple):
    """An argument of a call that must not be `None`, and the exception that the call raises for it."""

    position: int
    """From 0; -1: it is given by its name only."""
    keyword: str
    exception: str = "TypeError"
    own: str = ""
    """The variable that the library itself asks for where the argument is missing or `None`."""


_SECRET: Final = (Refusal(0, "channel_secret", "AttributeError"),)
_REDIS: Final = (Refusal(0, "url", "AttributeError"),)
_OPENAI: Final = (Refusal(-1, "api_key", "openai.OpenAIError", "OPENAI_API_KEY"),)
_GROQ: Final = (Refusal(-1, "api_key", "groq.GroqError", "GROQ_API_KEY"),)

REFUSALS: Final[dict[str, tuple[Refusal, ...]]] = {
    "int": (Refusal(0, "x"),),
    "float": (Refusal(0, "x"),),
    "open": (Refusal(0, "file"),),
    "os.path.join": (Refusal(0, "a"), Refusal(1, ""), Refusal(2, "")),
    "pathlib.Path": (Refusal(0, ""),),
    "json.loads": (Refusal(0, "s"),),
    "base64.b64decode": (Refusal(0, "s"),),
    "os.environ.setdefault": (Refusal(1, "value"),),
    "cryptography.fernet.Fernet": (Refusal(0, "key"),),
    "linebot.LineBotApi": (Refusal(0, "channel_access_token"),),
    "linebot.WebhookHandler": _SECRET,
    "linebot.WebhookParser": _SECRET,
    "linebot.v3.WebhookHandler": _SECRET,
    "linebot.v3.WebhookParser": _SECRET,
    "linebot.v3.webhook.WebhookHandler": _SECRET,
    "linebot.v3.webhook.WebhookParser": _SECRET,
    "telegram.Bot": (Refusal(0, "token", "telegram.error.InvalidToken"),),
    "redis.from_url": _REDIS,
    "redis.Redis.from_url": _REDIS,
    "redis.StrictRedis.from_url": _REDIS,
    "supabase.create_client": (Refusal(0, "supabase_url", ""), Refusal(1, "supabase_key", "")),
    "pusher.Pusher": (Refusal(0, "app_id"), Refusal(1, "key"), Refusal(2, "secret")),
    "telethon.TelegramClient": (Refusal(1, "api_id", "ValueError"), Refusal(2, "api_hash", "ValueError")),
    "openai.OpenAI": _OPENAI,
    "openai.AsyncOpenAI": _OPENAI,
    "groq.Groq": _GROQ,
    "groq.AsyncGroq": _GROQ,
}
"""Each was called with `None` under Python 3.12: line-bot-sdk 3.27, python-telegram-bot 20.7 (13.15 raises TypeError),
redis 8.1, supabase 2.34, pusher 3.3, telethon 1.45, openai 1.50 and 3.54, groq 1.7. What takes `None` is not here:
`twilio.rest.Client` of version 9, `telebot.TeleBot` of old ones, `linebot.v3.messaging.Configuration`."""


def refuse_in_call(machine: Machine, name: str, arguments: Arguments, span: Span) -> None:
    """`int(os.getenv("X"))`, `LineBotApi(os.getenv("X"))`, and `OpenAI()`, which asks for a variable by itself."""
    for refusal in REFUSALS.get(name, ()) if arguments.complete else ():
        given = arguments.get(refusal.position, refusal.keyword)
        own = refusal.own
        if own and (given is None or (isinstance(given, Known) and given.value is None)):
            if not (
                machine.env.closed or machine.is_set(own) or machine.undecided or machine.catches(refusal.exception)
            ):
                note(machine, own, "library", span)
        elif not own or not machine.is_set(own):
            refuse_none(machine, given, refusal.exception, span)
