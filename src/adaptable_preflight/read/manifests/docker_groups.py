"""Which groups of a project Poetry, uv, PDM and Pipenv install, by the options that a build gives them."""

import re

from adaptable_preflight.read.manifests.docker_commands import Step

WITHOUT_PROJECT = frozenset(
    {"--no-root", "--no-install-project", "--no-install-workspace", "--no-self", "--only-group"}
)
"""Options by which Poetry, uv and PDM install just what the project needs."""


def groups(step: Step) -> frozenset[str]:
    """Return the groups that a tool installs besides the main one, by its options."""
    options = step.options
    named = set[str]()
    for option in ("--with", "--extras", "-E", "--group", "--extra", "-G", "--categories"):
        for index, text in enumerate(options):
            value = options[index + 1] if text == option and index + 1 < len(options) else ""
            value = text.partition("=")[2] if text.startswith(f"{option}=") else value
            named |= set(re.split(r"[,\s]+", value)) - {""}
    production = {"--no-dev", "--only", "--only=main", "--prod", "--production", "--no-default-groups", "--no-group"}
    without = [t for t in options if t.startswith("--without")]
    by_default = step.kind in ("poetry", "uv", "pdm") and step.text != "export"
    if (by_default and not production & set(options) and not without) or "--dev" in options:
        named |= {"dev", "test", "tests", "lint", "docs"} if step.kind == "poetry" else {"dev"}
    return frozenset(named)
