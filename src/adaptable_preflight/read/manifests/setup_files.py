"""`setup.py`, read as a tree and never executed, and `setup.cfg`: what a project declares to setuptools."""

import ast
import posixpath
from collections.abc import Iterator
from typing import Any

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Gap, Manifest, Requirement, Unreadable
from adaptable_preflight.read.manifests import Reading, Site
from adaptable_preflight.read.manifests.lines import requirement
from adaptable_preflight.read.manifests.pep508 import normalised
from adaptable_preflight.source import Source, Span

Found = Requirement | Unreadable | Gap


def read_setup_py(path: str, site: Site) -> Reading:
    """Return what the call of `setup()` declares, as far as its arguments are literals or read a known file."""
    source = site.checkout.read(path)
    if not isinstance(source, Source):
        return Reading(Manifest(path, "setup.py", False, complete=False), (source,) if source else ())
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", 1) or 1
        why = f"it is no valid Python: {getattr(error, 'msg', 'it cannot be parsed')}"
        span = Span(path, line, 1, line, 1)
        return Reading(Manifest(path, "setup.py", False, complete=False), (Unreadable(path, why, span),))
    return _reading(path, list(_SetupCall(tree, source, site).found()), _python_of(tree))


def calls_setup(source: Source | None) -> bool:
    """Whether a file is one of setuptools, and no module that has the name by chance."""
    if source is None or ("setuptools" not in source.text and "distutils" not in source.text):
        return False
    try:
        return _setup_call(ast.parse(source.text)) is not None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True


def _reading(path: str, found: list[Found], python: str, kind: str = "setup.py") -> Reading:
    unreadable = tuple(item for item in found if isinstance(item, Unreadable))
    opaque = tuple(item for item in found if isinstance(item, Gap))
    requirements = tuple(item for item in found if isinstance(item, Requirement))
    complete = not unreadable and not opaque
    return Reading(Manifest(path, kind, False, requirements, complete, opaque=opaque, python=python), unreadable)


def _setup_call(tree: ast.Module) -> ast.Call | None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name == "setup":
                return node
    return None


def _python_of(tree: ast.Module) -> str:
    call = _setup_call(tree)
    for keyword in call.keywords if call else ():
        if keyword.arg == "python_requires" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return ""


class _SetupCall:
    """The arguments of `setup()` that name requirements."""

    def __init__(self, tree: ast.Module, source: Source, site: Site) -> None:
        self.source = source
        self.site = site
        self.call = _setup_call(tree)
        self.names: dict[str, ast.expr] = {}
        self.readers: dict[str, str] = {}
        self.depth = 0
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                self.names[node.targets[0].id] = node.value
            elif isinstance(node, ast.With):
                self._opened(node)

    def _opened(self, node: ast.With) -> None:
        """Note `with open("requirements.txt") as f: lines = f.read()`: the names in its body hold that file."""
        file = next((name for item in node.items if (name := self._file(item.context_expr))), None)
        if file is not None:
            for child in ast.walk(node):
                if isinstance(child, ast.Assign | ast.AugAssign):
                    target = child.targets[0] if isinstance(child, ast.Assign) else child.target
                    if isinstance(target, ast.Name):
                        self.readers[target.id] = file

    def _file(self, node: ast.AST) -> str | None:
        """Return a requirements file that an expression names."""
        for child in ast.walk(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str) and child.value.endswith(".txt"):
                path = join(posixpath.dirname(self.source.path), child.value)
                if path and self.site.checkout.is_file(path):
                    return path
        return None

    def found(self) -> Iterator[Found]:
        if self.call is None:
            yield Gap(self.source.start(), f"no call of setup() was found in {self.source.path}")
            return
        keywords = {keyword.arg: keyword.value for keyword in self.call.keywords}
        if None in keywords:
            yield Gap(self.source.node(self.call), "setup() takes arguments out of a dictionary")
        if "install_requires" in keywords:
            yield from self.texts(keywords["install_requires"], "", True)
        extras = keywords.get("extras_require")
        extras = self.names.get(extras.id) if isinstance(extras, ast.Name) else extras
        if isinstance(extras, ast.Dict):
            for key, value in zip(extras.keys, extras.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    group = key.value
                    yield from self.texts(value, group, normalised(group) in self.site.groups)

    def texts(self, node: ast.expr, group: str, wanted: bool) -> Iterator[Found]:
        """Yield the requirements of an expression: a literal, a name, a sum, or the lines of a file."""
        self.depth += 1
        if self.depth > 50:
            return
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            for item in node.elts:
                yield from self.texts(item.value if isinstance(item, ast.Starred) else item, group, wanted)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for text in node.value.split("\n"):
                if text.strip():
                    yield requirement(text, self.source.node(node), self.site, group, wanted)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from self.texts(node.left, group, wanted)
            yield from self.texts(node.right, group, wanted)
        elif isinstance(node, ast.Name) and node.id in self.names and node.id not in self.readers:
            yield from self.texts(self.names[node.id], group, wanted)
        else:
            yield from self._lines_of_a_file(node, group, wanted)

    def _lines_of_a_file(self, node: ast.expr, group: str, wanted: bool) -> Iterator[Found]:
        from adaptable_preflight.read.manifests import requirements

        path = self._file(node)
        if path is None:
            names = [child.id for child in ast.walk(node) if isinstance(child, ast.Name)]
            path = next((self.readers[name] for name in names if name in self.readers), None)
        if path is None:
            if wanted:
                yield Gap(self.source.node(node), f"{self.source.path} works the dependencies out when it runs")
            return
        reading = requirements.read(path, self.site)
        yield from reading.unreadable
        yield from reading.manifest.opaque
        for found in reading.manifest.requirements:
            yield found._replace(group=group, installed=found.installed and wanted)


def read_setup_cfg(path: str, site: Site) -> Reading:
    """Return what the `[options]` of a `setup.cfg` declare."""
    source = site.checkout.read(path)
    if not isinstance(source, Source):
        return Reading(Manifest(path, "setup.cfg", False, complete=False), (source,) if source else ())
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(source.text)
    except configparser.Error as error:
        line = getattr(error, "lineno", 1) or 1
        unreadable = Unreadable(path, "it is no valid INI file", source.line_span(line))
        return Reading(Manifest(path, "setup.cfg", False, complete=False), (unreadable,))
    found = list(_options(parser, source, site))
    return _reading(path, found, parser.get("options", "python_requires", fallback=""), "setup.cfg")


def _options(parser: Any, source: Source, site: Site) -> Iterator[Found]:
    declared = parser.get("options", "install_requires", fallback="")
    if declared.strip().startswith(("file:", "attr:")):
        yield Gap(source.start(), "setup.cfg takes the dependencies from another file")
    else:
        yield from _cfg_lines(declared, "", True, source, site)
    if parser.has_section("options.extras_require"):
        for group, texts in parser.items("options.extras_require"):
            yield from _cfg_lines(texts, group, normalised(group) in site.groups, source, site)


def _cfg_lines(texts: str, group: str, wanted: bool, source: Source, site: Site) -> Iterator[Found]:
    for text in texts.split("\n"):
        bare = text.partition(" #")[0].strip()
        if bare and not bare.startswith("#"):
            at = source.text.find(bare)
            span = source.span(at, at + len(bare)) if at >= 0 else source.start()
            yield requirement(bare, span, site, group, wanted)
