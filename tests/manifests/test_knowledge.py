"""The kept tables: every row is well formed, dated and sourced, and the look-ups say what the rows say."""

import re
from pathlib import Path

import pytest

from adaptable_preflight import knowledge
from adaptable_preflight.knowledge import drivers, tables
from adaptable_preflight.knowledge.modules import of_python, providers
from adaptable_preflight.knowledge.versions import excludes, newest_is_in, range_of
from adaptable_preflight.read.manifests.pep508 import Parsed, normalised, parse

FOLDER = Path(knowledge.__file__).parent
TABLES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_table_tells_its_source_and_its_day(path: Path) -> None:
    head = "".join(line for line in path.read_text().splitlines(keepends=True) if line.startswith("#"))
    assert "ource:" in head or "try_tables.py" in head
    assert re.search(r"20\d\d-\d\d-\d\d", head)
    keys = [key for key, _ in tables.rows(path.name)]
    assert len(keys) == len(set(keys))
    assert all(key.strip() == key and key for key in keys)


@pytest.mark.parametrize("pair", tables.breaks(), ids=lambda pair: pair.name)
def test_a_pair_that_breaks_is_whole(pair: tables.Break) -> None:
    assert pair.source.startswith("https://")
    assert pair.package == normalised(pair.package)
    assert pair.other == normalised(pair.other)
    for bounds in (pair.bounds, pair.other_bounds, *(bounds for _, bounds in pair.further)):
        assert isinstance(parse(f"x{bounds}"), Parsed)
    assert all(isinstance(parse(line.split(" (")[0]), Parsed) for line in pair.remedies)


def test_what_repairs_a_pair_is_outside_of_it() -> None:
    for pair in (one for one in tables.breaks() if one.remedies):
        remedy = parse(pair.remedies[0].split(" (")[0])
        assert isinstance(remedy, Parsed)
        bounds = {pair.package: pair.bounds, pair.other: pair.other_bounds}.get(remedy.name)
        assert bounds is None or not newest_is_in(remedy.specifier, bounds or ">=0"), pair.name


@pytest.mark.parametrize(("name", "row"), tables.removed().items())
def test_a_removed_name_is_whole(name: str, row: tables.Removed) -> None:
    assert re.fullmatch(r"\w+(\.\w+)*", name)
    assert row.source.startswith("https://")
    assert row.instead
    assert range_of(row.bounds).low or row.bounds == ">=0" or row.package == "python"


def test_names_of_distributions_are_normalised() -> None:
    for file in ("foreign.txt", "source_build.txt", "newest.txt"):
        assert [key for key, _ in tables.rows(file) if key != normalised(key)] == []
    for _, names in tables.rows("modules_web.txt"):
        assert [name for name in names.split() if name != normalised(name)] == []
    listed = [*drivers.SQLALCHEMY.values(), *drivers.DJANGO.values()]
    assert all(name == normalised(name) for driver in listed for name in driver.names)


@pytest.mark.parametrize(
    ("module", "first"),
    [
        ("yaml", "pyyaml"), ("cv2", "opencv-python-headless"), ("dotenv", "python-dotenv"), ("PIL", "pillow"),
        ("sklearn.linear_model", "scikit-learn"), ("bs4", "beautifulsoup4"), ("mysql.connector", "mysql-connector-python"),
        ("flask_sqlalchemy", "flask-sqlalchemy"), ("google.cloud.storage", "google-cloud-storage"),
    ],
)  # fmt: skip
def test_from_module_to_distribution(module: str, first: str) -> None:
    found = providers(module)
    assert found is not None
    assert found.names[0] == first
    assert found.known


@pytest.mark.parametrize("module", ["google.cloud.something", "zope.interface", "azure.nobody"])
def test_shared_packages_are_left_open(module: str) -> None:
    assert providers(module) is None


@pytest.mark.parametrize("module", ["os", "json.decoder", "distutils.util", "asyncore", "pkg_resources", "zoneinfo"])
def test_modules_of_python_itself(module: str) -> None:
    assert of_python(module)


@pytest.mark.parametrize(
    ("declared", "wanted", "is_in"),
    [
        ("", ">=3.0", True), ("", "<3.0", False), ("==2.0.1", ">=2.0,<2.2", True), ("==2.2", ">=2.0,<2.2", False),
        (">=1.0", ">=3.0", True), ("<3", ">=3.0", False), ("<2", ">=1.4", True), ("~=1.3", ">=1.4", True),
        ("~=1.3.0", ">=1.4", False), ("==1.*", ">=1.4,<2", True), ("<=2.0", ">=2.0", True), ("<2.0", "<2.0", True),
        (">=1,<2.5", ">=2.0", True), ("==3.11", ">=3.10", True), ("==3.9.2", ">=3.10", False), ("==2.0.3.post1", ">=2.0", True),
    ],
)  # fmt: skip
def test_which_version_pip_takes(declared: str, wanted: str, is_in: bool) -> None:
    assert newest_is_in(declared, wanted) is is_in


@pytest.mark.parametrize(
    ("specifier", "python", "out"),
    [
        (">=3.8,<4", "3.11", False), ("<3.11", "3.11", True), ("==3.9.*", "3.11", True), ("==3.11.*", "3.11", False),
        ("==3.11.4", "3.11", False), (">=3.12", "3.11", True), (">=3.11.5", "3.11", False), ("<=3.11", "3.11", True),
        ("!=3.11.*,>=3.8", "3.11", True), ("~=3.9", "3.11", False), ("", "3.11", False),
    ],
)  # fmt: skip
def test_which_python_is_ruled_out(specifier: str, python: str, out: bool) -> None:
    assert excludes(specifier, python) is out


def test_needs_are_followed_through_extras() -> None:
    brought, known = tables.brought_by(["fastapi[standard]", "fastapi"])
    assert {"uvicorn", "uvicorn[standard]", "uvloop", "starlette"} <= brought
    assert known
    assert not tables.brought_by(["an-unheard-of-package"])[1]
