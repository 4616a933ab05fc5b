"""Write `knowledge/modules.txt` anew, by hand: `gather_modules.py PANTS PIPREQS SITE_PACKAGES...`.

PANTS is `default_module_mapping.py` of pantsbuild/pants and PIPREQS `pipreqs/mapping` of bndr/pipreqs, both under the
Apache License 2.0; only their facts (module, distribution) are taken.
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path

from adaptable_preflight.read.manifests.pep508 import normalised

HEAD = """\
# Modules and the distributions that may bring them, where the names differ.
# Source: https://github.com/pantsbuild/pants default_module_mapping.py and https://github.com/bndr/pipreqs mapping
# (both Apache-2.0; facts only) and installed packages, by scripts/gather_modules.py. Checked: 2026-11-22
"""


def main() -> None:
    """Gather and write."""
    pants, pipreqs, *sites = map(Path, sys.argv[1:])
    found: dict[str, list[str]] = defaultdict(list)
    for node in ast.walk(ast.parse(pants.read_text())):
        if (
            isinstance(node, ast.AnnAssign)
            and getattr(node.target, "id", "") == "DEFAULT_MODULE_MAPPING"
            and node.value
        ):
            for distribution, modules in ast.literal_eval(node.value).items():
                for module in modules:
                    found[module].append(distribution)
    for site in sites:
        for info in site.glob("*.dist-info"):
            name = normalised(info.name.rsplit("-", 1)[0].rsplit("-", 0)[0].split("-")[0])
            record = (info / "RECORD").read_text().splitlines() if (info / "RECORD").is_file() else []
            tops = {line.partition(",")[0].partition("/")[0] for line in record if "/__init__.py," in line}
            tops |= {
                line.partition(",")[0].removesuffix(".py")
                for line in record
                if line.partition(",")[0].endswith(".py") and "/" not in line
            }
            for top in tops:
                if top.isidentifier() and not top.startswith("_") and normalised(top) != name:
                    found[top].append(name)
    for line in pipreqs.read_text().splitlines():
        module, _, distribution = line.partition(":")
        if (
            module.isidentifier()
            and "." not in distribution
            and distribution
            and module[0].islower() | (module in ("PIL", "OpenSSL", "Crypto"))
        ):
            found[module].append(normalised(distribution))
    rows = [
        f"{m}: {' '.join(dict.fromkeys(d))}"
        for m, d in sorted(found.items())
        if [normalised(x) for x in d] != [normalised(m)]
    ]
    target = Path(__file__).parents[1] / "src/adaptable_preflight/knowledge/modules.txt"
    target.write_text(HEAD + "\n".join(rows) + "\n")
    print(f"{len(rows)} rows, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
