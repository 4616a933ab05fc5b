"""Where a Streamlit app reads its secrets though nothing brings their file along.

Source: https://github.com/streamlit/streamlit/blob/1.51.0/lib/streamlit/runtime/secrets.py (`_parse`): every access
asks for the file, `get` and `in` too, and raises `FileNotFoundError` where there is none.
"""

from collections.abc import Iterator
from typing import Final

from adaptable_preflight.model import STREAMLIT_READ, Call, Deployment
from adaptable_preflight.value import text_of

SECRETS: Final = ".streamlit/secrets.toml"
_OPTIONS: Final = ("secrets.files", "STREAMLIT_SECRETS_FILES")


def secrets_in_vain(deployment: Deployment) -> Iterator[Call]:
    """Yield the reads of secrets that fail, unless something may put the file there."""
    code = deployment.code
    if any(path.endswith(SECRETS) for path in deployment.paths) or _is_made(deployment):
        return
    for call in code.calls:
        if call.name == STREAMLIT_READ and not call.caught and call.phase in ("import", "request"):
            yield call


def _is_made(deployment: Deployment) -> bool:
    """Whether the start, the build or the code itself may write the file, or another one is named."""
    code, web = deployment.code, deployment.web
    if any(not one or one.endswith((SECRETS, ".streamlit")) for one in code.made):
        return True
    told = [web.command] if web is not None else []
    told += [step.text for step in deployment.installed.steps]
    told += [text_of(argument.value) or "" for call in code.calls for argument in call.arguments]
    told += [name for name, _ in deployment.settings.environment]
    return any(word in text for text in told for word in (*_OPTIONS, "secrets.toml"))
