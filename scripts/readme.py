"""Writes the parts of README.md that are made from the program: its output, its rules, its platforms.

Usage: .venv/bin/python scripts/readme.py
"""

import os
import re

from adaptable_preflight.cli import checked
from adaptable_preflight.report import catalogue, text
from adaptable_preflight.settings import Given

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
README = os.path.join(ROOT, "README.md")


def parts() -> dict[str, str]:
    """Return the text of each part that is made."""
    failing = checked(os.path.join(ROOT, "examples", "failing"), (Given("platform", "adaptable", "here"),))
    return {
        "output": f"```text\n{text.render(failing)}```\n",
        "rules": catalogue.rules_table(),
        "platforms": catalogue.platforms_table(),
    }


def renewed(readme: str) -> str:
    """Return the README with its made parts made anew; each stands between `<!-- begin X -->` and `<!-- end X -->`."""
    for name, made in parts().items():
        mark = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        readme, found = mark.subn(lambda match, made=made: match[1] + made + match[2], readme)
        if found != 1:
            raise SystemExit(f"README.md has {found} parts called «{name}»")
    return readme


def main() -> None:
    """Write the README."""
    with open(README, encoding="utf-8") as file:
        old = file.read()
    with open(README, "w", encoding="utf-8") as file:
        file.write(renewed(old))


if __name__ == "__main__":
    main()
