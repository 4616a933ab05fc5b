"""Lists that people keep by hand, held against what they list."""

import importlib
import re
import sys
from pathlib import Path

import yaml

from adaptable_preflight import action, platforms
from adaptable_preflight.arguments import COMMANDS
from adaptable_preflight.clauses import CLAUSES, NEVER_VIOLATES, TITLES
from adaptable_preflight.finding import Severity
from adaptable_preflight.knowledge.modules import providers
from adaptable_preflight.knowledge.tables import breaks, brought_by, standard_names
from adaptable_preflight.rules import RULES
from adaptable_preflight.settings import KEYS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "src" / "adaptable_preflight" / "rules"


def test_every_module_of_a_rule_is_registered_and_has_its_page() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    modules = {name for name in modules if not name.startswith("_")}
    assert modules == {rule.ID.replace("-", "_") for rule in RULES}
    assert {path.stem for path in FOLDER.glob("*.md")} == modules


def test_rules_are_named_once_and_belong_to_a_clause() -> None:
    names = [rule.ID for rule in RULES]
    assert len(set(names)) == len(names)
    assert {rule.CLAUSE for rule in RULES} <= {*CLAUSES, "settings"}
    assert all(rule.SUMMARY and "\n" not in rule.SUMMARY and "|" not in rule.SUMMARY for rule in RULES)
    assert set(TITLES) == set(CLAUSES)


def test_platforms_move_rules_that_exist_to_severities_that_exist() -> None:
    names = {rule.ID for rule in RULES}
    allowed = {*(str(severity) for severity in Severity), "off"}
    for name in platforms.names():
        moved = platforms.load(name).severities
        assert set(moved) <= names, name
        assert set(moved.values()) <= allowed, name


def test_modules_tell_which_package_of_a_broken_pair_is_imported() -> None:
    """What is imported decides whether a pair matters: each row's own trial has to count as importing its package."""
    lines = (FOLDER.parent / "knowledge" / "breaks.txt").read_text().splitlines()
    trials = {line.partition(":")[0]: line.split(" | ")[3] for line in lines if line[:1] != "#"}
    unknown = []
    for pair in breaks():
        listed = re.findall(r"\b(?:import|from) ([\w., ]+)", trials[pair.name])
        modules = [module.split()[0] for modules in listed for module in modules.split(",")]
        given = {name for module in modules for name in getattr(providers(module), "names", ())}
        if not pair.stops_installation and pair.package not in brought_by(given)[0]:
            unknown.append(pair.name)
    assert unknown == []


def test_the_names_of_pythons_own_modules_are_all_known() -> None:
    if sys.version_info >= (3, 14):
        return
    for module, names in standard_names().items():
        there = {name for name in dir(importlib.import_module(module)) if not name.startswith("_")}
        assert there <= names, module


def test_every_setting_has_a_flag_and_stands_in_the_readme() -> None:
    check = next(command for command in COMMANDS if command.name == "check")
    readme = (ROOT / "README.md").read_text()
    assert set(KEYS) <= {option.name for option in check.options}
    for key in KEYS:
        assert f"\n{key} = " in readme or f"adaptable-preflight.{key}]]" in readme, key


def test_the_action_declares_the_inputs_and_outputs_that_it_has() -> None:
    declared = yaml.safe_load((ROOT / "action.yml").read_text())
    files = {f"{form}-file" for form in action.FILES}
    assert set(declared["inputs"]) == {*action.INPUTS, "path", *files}
    assert set(declared["outputs"]) == {"verdict", "errors", "warnings", "notices", *files}
    readme = (ROOT / "README.md").read_text()
    assert all(f"`{name}`" in readme for name in (*declared["inputs"], *declared["outputs"]))


def test_the_image_holds_all_that_the_project_needs() -> None:
    from tomllib import loads

    from packaging.requirements import Requirement

    needed = loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = (ROOT / "requirements" / "image.txt").read_text()
    names = {line.partition("==")[0].replace("_", "-") for line in locked.splitlines() if "==" in line}
    assert {Requirement(text).name.lower().replace(".", "-") for text in needed} <= names
    assert not {"pygithub", "cryptography"} & names


def test_workflows_name_actions_of_others_by_commit() -> None:
    import re

    for path in (*(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "examples" / "workflows").glob("*.yml")):
        for uses in re.findall(r"uses: (\S+)", path.read_text()):
            assert uses.startswith(("OWNER/", "./")) or re.search(r"@[0-9a-f]{40}$", uses), (path.name, uses)


def test_rules_that_only_say_what_is_not_known_exist() -> None:
    assert {rule.ID for rule in RULES} >= NEVER_VIOLATES


def test_the_readme_shows_what_the_program_says() -> None:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("readme", ROOT / "scripts" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    readme = (ROOT / "README.md").read_text()
    assert script.renewed(readme) == readme, "run .venv/bin/python scripts/readme.py"
