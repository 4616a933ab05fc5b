"""Into which folder of an image pip, uv, Poetry and Pipenv put the programs that they install.

Sources: the Dockerfiles of https://github.com/docker-library/python (PATH and prefix),
https://pip.pypa.io/en/stable/cli/pip_install/, https://python-poetry.org/docs/configuration/#virtualenvscreate,
https://docs.astral.sh/uv/pip/environments/, https://docs.astral.sh/uv/concepts/projects/config/#project-environment-path,
https://pipenv.pypa.io/en/latest/cli.html (`--system`).
"""

import posixpath
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Unreached
from adaptable_preflight.read.manifests.docker_commands import Step
from adaptable_preflight.source import Span

PREFIX: Final = "/usr/local"
_PATH: Final = ("/usr/local/bin", "/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_NO: Final = frozenset({"0", "false", "no"})
_REFERENCE: Final = late_pattern(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_TARGET: Final = late_pattern(r"--(?:target|prefix)(?:=|$)|-t$")
_VALUED: Final = late_pattern(r"--(target|prefix|root|python|project|directory)(?:=(\S+))?|-[tp]")


class Place(NamedTuple):
    """A folder into which programs were installed; empty where a tool keeps it in a cache of its own."""

    folder: str
    why: str
    advice: str
    span: Span
    environment: bool = True
    """Whether it belongs to a virtual environment, which no other Python looks into and which cannot be moved."""
    moved: bool = False
    """Whether it was copied to where its programs do not find their Python."""


class Layer:
    """An image in the making, as far as it decides where programs are found."""

    def __init__(self) -> None:
        self.env: dict[str, str] = {"PATH": ":".join(_PATH), "HOME": "/root"}
        self.folder = "/"
        self.places: tuple[Place, ...] = ()
        self.environments: tuple[str, ...] = ()
        """The virtual environments that were made."""
        self.user = "root"
        self.python = ""
        """The version of Python, such as `3.12`."""
        self.stripped: Span | None = None
        """Where packages were copied from another stage without their programs."""
        self.foreign: Unreached | None = None
        """Where packages were copied to which another version of Python looks for."""
        self.open = False
        """Whether something may put programs elsewhere."""

    def copy(self) -> "Layer":
        """Return a layer on top of this one."""
        made = Layer()
        made.__dict__.update(self.__dict__)
        made.env = dict(self.env)
        return made

    def absolute(self, path: str) -> str:
        """Return a path of the image."""
        return posixpath.normpath(posixpath.join(self.folder, path.strip("\"'")))

    def filled(self, text: str) -> str:
        """Expand the variables that are known; `$` stays where one is not."""
        return _REFERENCE.sub(lambda match: self.env.get(match[1] or match[2], match[0]), text)

    @property
    def path(self) -> list[str]:
        """The folders that are searched for a program."""
        return [posixpath.normpath(one) for one in self.env["PATH"].split(":") if one]


def _searched_first(layer: Layer) -> str:
    """Return the folder of the `pip` that a command finds."""
    made = {f"{one}/bin" for one in layer.environments}
    return next((one for one in layer.path if one in made), f"{PREFIX}/bin")


def _on_path(folder: str) -> str:
    return f'Write «ENV PATH="{folder}:$PATH"» below it.'


def of_pip(layer: Layer, env: Mapping[str, str], texts: list[str], step: Step) -> Place | None:
    """Return where `pip install` puts programs; None where that is not followed."""
    found = _own(layer, texts) or _entered(layer, env)
    folder, environment = found or _chosen(layer, env, texts), found is not None
    if folder is None or "$" in folder or "*" in folder:
        return None
    environment = environment or folder.removesuffix("/bin") in layer.environments
    why = f"«pip install» puts it into «{folder}», where PATH does not lead"
    return Place(folder, why, _on_path(folder), step.span, environment)


def _own(layer: Layer, texts: list[str]) -> str | None:
    """Return the folder that a command names together with pip: `/opt/venv/bin/pip`."""
    program = next((text for text in texts if re.search(r"/(?:pip|python)[\d.]*$", text)), "")
    return layer.absolute(layer.filled(posixpath.dirname(program))) if program else None


def _entered(layer: Layer, env: Mapping[str, str]) -> str | None:
    """Return the folder of the environment that the same step entered."""
    return f"{env['VIRTUAL_ENV']}/bin" if "VIRTUAL_ENV" in env and "VIRTUAL_ENV" not in layer.env else None


def _chosen(layer: Layer, env: Mapping[str, str], texts: list[str]) -> str | None:
    """Return the folder that options choose, else that of the Python that the command finds."""
    if "--user" in texts or env.get("PIP_USER", "0").lower() not in _NO:
        followed = layer.user == "root" and "PYTHONUSERBASE" not in layer.env
        return f"{layer.env['HOME']}/.local/bin" if followed else None
    if not any(_VALUED.fullmatch(text) for text in texts):
        return _searched_first(layer)
    following = zip(texts, [*texts[1:], ""], strict=True)
    named = (text.partition("=")[2] or after for text, after in following if _TARGET.match(text))
    target = next(named, "")
    return f"{layer.absolute(layer.filled(target))}/bin" if target else None


def of_uv_pip(layer: Layer, env: Mapping[str, str], texts: list[str], step: Step) -> Place | None:
    """Return where `uv pip install` puts programs: it wants a virtual environment, or to be told that there is none."""
    if any(_VALUED.fullmatch(text) for text in texts):
        return None
    if "--system" in texts or env.get("UV_SYSTEM_PYTHON", "0").lower() not in _NO:
        return Place(_searched_first(layer), "", "", step.span, environment=False)
    if "VIRTUAL_ENV" in env:
        folder = f"{layer.filled(env['VIRTUAL_ENV'])}/bin"
    elif (default := layer.absolute(".venv")) in layer.environments:
        folder = f"{default}/bin"
    else:
        why = "«uv pip install» fails, since there is no virtual environment and «--system» is not told"
        return None if layer.environments else Place("", why, "Write «uv pip install --system».", step.span)
    why = f"«uv pip install» puts it into «{folder}», where PATH does not lead"
    return Place(folder, why, _on_path(folder), step.span)


def of_uv(layer: Layer, env: Mapping[str, str], step: Step) -> Place | None:
    """Return where `uv sync` puts programs: into the project's own environment, whatever else is active."""
    if "--active" in step.options or any(_VALUED.fullmatch(text) for text in step.options):
        return None
    chosen = env.get("UV_PROJECT_ENVIRONMENT", ".venv")
    folder = f"{layer.absolute(layer.filled(chosen))}/bin"
    why = f"«uv sync» puts it into «{folder}», where PATH does not lead"
    advice = f'Write «ENV PATH="{folder}:$PATH"» below it, or «uv run --no-sync» in front of the command.'
    return None if "$" in folder else Place(folder, why, advice, step.span)


def of_poetry(layer: Layer, env: Mapping[str, str], step: Step) -> Place | None:
    """Return where `poetry install` puts programs: into an environment that it makes, unless it is told not to."""
    if "VIRTUAL_ENV" in env or any(text.startswith(("-C", "--directory", "-P", "--project")) for text in step.options):
        return None
    if env.get("POETRY_VIRTUALENVS_CREATE", "true").lower() in _NO:
        return Place(_searched_first(layer), "", "", step.span, environment=False)
    own = env.get("POETRY_VIRTUALENVS_IN_PROJECT", "none").lower() in ("1", "true", "yes")
    in_project = own or layer.absolute(".venv") in layer.environments
    folder = f"{layer.absolute('.venv')}/bin" if in_project else ""
    why = "«poetry install» puts it into a virtual environment, where PATH does not lead"
    advice = "Write «ENV POETRY_VIRTUALENVS_CREATE=false» above it, or «poetry run» in front of the command."
    return Place(folder, why, advice, step.span)


def of_pipenv(layer: Layer, env: Mapping[str, str], step: Step) -> Place | None:
    """Return where `pipenv install` puts programs: into an environment that it makes, unless it is told not to."""
    told = [name for name in env if name.startswith("PIPENV_") and name != "PIPENV_VENV_IN_PROJECT"]
    if "VIRTUAL_ENV" in env or told:
        return None
    if "--system" in step.options:
        return Place(_searched_first(layer), "", "", step.span, environment=False)
    folder = f"{layer.absolute('.venv')}/bin" if "PIPENV_VENV_IN_PROJECT" in env else ""
    why = "«pipenv install» puts it into a virtual environment, where PATH does not lead"
    advice = "Write «pipenv install --system --deploy», or «pipenv run» in front of the command."
    return Place(folder, why, advice, step.span)


def poetry_settings(checkout: Checkout) -> dict[str, str]:
    """Return what `poetry.toml` says, as the variables that say the same."""
    source = checkout.text("poetry.toml")
    found = re.findall(r"(?m)^\s*(create|in-project)\s*=\s*(\w+)", source.text) if source is not None else []
    return {f"POETRY_VIRTUALENVS_{name.replace('-', '_').upper()}": value for name, value in found}
