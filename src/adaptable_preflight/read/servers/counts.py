"""Numbers of workers and threads that a variable may tell."""

from adaptable_preflight.model import Environment, Word
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Known, Value


def usual(value: Value, env: Environment) -> Value:
    """Return a value as it is while nobody sets the variable that tells it; the value itself where somebody does."""
    if isinstance(value, FromEnv) and value.default is not None and env.get(value.name) is None:
        return usual(value.default, env)
    return value


def asked_in(word: Word | None, count: int | None) -> Span | None:
    """Return where a number was asked for; None where a variable tells it, and no code or machine does besides."""
    if word is None:
        return None
    told = isinstance(word.value, FromEnv) and isinstance(word.value.default, Known | None)
    return word.span if count is not None or not told else None
