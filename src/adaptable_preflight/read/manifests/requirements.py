"""`requirements.txt` and what it leads to, as pip reads them."""

import posixpath
import re

from adaptable_preflight.checkout import join
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Gap, Manifest, Requirement, Unmet, Unreadable
from adaptable_preflight.read.manifests import Reading, Site
from adaptable_preflight.read.manifests.markers import holds
from adaptable_preflight.read.manifests.pep508 import Rejected, normalised, parse
from adaptable_preflight.read.manifests.pointer import pointer
from adaptable_preflight.read.manifests.requirement_lines import Line, lines
from adaptable_preflight.source import Source, Span

MAX_FILES = 200
"""Files that one requirements file may lead to."""

_URL = late_pattern(r"(?:https?|file|ftp|(?:git|hg|svn|bzr)(?:\+[a-z]+)?|ssh):", re.IGNORECASE)
_ARCHIVE = late_pattern(r"\.(?:zip|whl|tar\.gz|tgz|tar|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$", re.IGNORECASE)
_EGG = late_pattern(r"[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[([^\]]*)\])?")
_MERGE = late_pattern(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)")
_VARIABLE = late_pattern(r"\$\{[A-Z0-9_]+\}")


def read(path: str, site: Site) -> Reading:
    """Return what pip installs from a requirements file and from those that it includes."""
    chain = _Chain(site)
    chain.follow(path, None, (), False)
    return chain.reading(path)


class _Chain:
    """One requirements file with all that it includes, in the making."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.requirements: list[Requirement] = []
        self.constraints: list[Requirement] = []
        self.included: list[str] = []
        self.roots: list[str] = []
        self.unreadable: list[Unreadable] = []
        self.opaque: list[Gap] = []
        self.encoding = ""
        self.other_index = False
        self.hashed = False
        self.end: Span | None = None

    def reading(self, path: str) -> Reading:
        unmet = _unmet(self.requirements)
        if unmet is not None:
            self.opaque.append(Gap(unmet.span, f"no line of {path} is meant for Python {self.site.python}"))
        manifest = Manifest(
            path,
            "requirements",
            used=False,
            requirements=tuple(self.requirements),
            complete=not self.unreadable and not self.opaque,
            constraints=tuple(self.constraints),
            included=tuple(dict.fromkeys(self.included)),
            opaque=tuple(self.opaque),
            encoding=self.encoding,
            end=self.end,
            other_index=self.other_index,
            unmet=unmet,
            roots=tuple(self.roots),
            hashed=self.hashed,
        )
        return Reading(manifest, tuple(self.unreadable))

    def refuse(self, span: Span, why: str, breaks: bool | None = True) -> None:
        self.unreadable.append(Unreadable(span.path, why, span, breaks))

    def follow(self, path: str, asked: Span | None, above: tuple[str, ...], constraint: bool) -> None:
        """Read one file; `asked` is the option that names it, `above` the files that lead here."""
        source = self.site.checkout.read(path)
        if asked is not None and path in above:
            return self.refuse(asked, f"«{path}» includes itself, so that pip ends in an endless recursion")
        if asked is not None and source is None:
            return self.refuse(asked, f"there is no file «{path}»")
        broken = source if isinstance(source, Unreadable) else pointer(path, self.site.checkout)
        if broken is not None:
            self.unreadable.append(broken)
        elif isinstance(source, Source) and len(self.included) < MAX_FILES:
            self._take(source, (*above, path), constraint)
        return None

    def _take(self, source: Source, above: tuple[str, ...], constraint: bool) -> None:
        if len(above) == 1:
            self.encoding = source.encoding if source.encoding.startswith("utf-16") else ""
            self.end = source.end()
        for line in lines(source):
            if _MERGE.match(line.requirement):
                self.refuse(line.span, f"a merge left the marker «{line.requirement[:7]}» behind, which pip rejects")
                continue
            if line.error:
                self.refuse(line.span, line.error)
            for option in line.options:
                self._option(option.name, option.value, line, above, constraint)
            if line.requirement:
                self._requirement(line.requirement, line.span, constraint)

    def _option(self, name: str, value: str, line: Line, above: tuple[str, ...], constraint: bool) -> None:
        if name in ("--hash", "--require-hashes"):
            self.hashed = True
        elif name in ("--index-url", "--extra-index-url", "--find-links"):
            self.other_index = True  # for all files alike: pip hands these options to its one finder of packages
        elif name == "--editable":
            self._requirement(value, line.span, constraint)
        elif name in ("--requirement", "--constraint"):
            if _URL.match(value) or _VARIABLE.search(value):
                self.opaque.append(Gap(line.span, f"it includes «{value}», which cannot be seen from here"))
                return
            path = join(posixpath.dirname(above[-1]), value)
            if path is None:
                self.refuse(line.span, f"«{value}» lies outside the repository")
                return
            self.included.append(path)
            self.follow(path, line.span, above, constraint or name == "--constraint")

    def _requirement(self, text: str, span: Span, constraint: bool) -> None:
        found = self._local(text, span) if _looks_like_path(text) else self._named(text, span)
        if found is None:
            return
        if constraint:
            self.constraints.append(found)
        else:
            self.requirements.append(found)

    def _local(self, text: str, span: Span) -> Requirement | None:
        """Take a folder or an archive on disk; pip looks for it from where it is started, not from the file.

        What a project of the repository needs is added, and nothing returned: it has no name that an index knows.
        """
        from adaptable_preflight.read.manifests import project  # with the syntax tree, which few files need

        path, _, marker = text.partition(";")
        bare, extras = _without_extras(path.strip())
        folder = join("", bare.removeprefix("file:"))
        installed = holds(marker.strip(), self.site.python) is not False
        reading = project.read(folder, self.site, extras) if folder is not None and installed else None
        if reading is None:
            self.opaque.append(Gap(span, f"what «{bare}» holds is not known"))
            return Requirement("", "", span, "", extras, marker.strip(), installed, bare)
        self.requirements.extend(r for r in reading.manifest.requirements if r.installed)
        self.opaque.extend(reading.manifest.opaque)
        self.unreadable.extend(reading.unreadable)
        self.included.append(reading.manifest.path)
        self.roots.extend(reading.manifest.roots)
        return None

    def _named(self, text: str, span: Span) -> Requirement | None:
        if _URL.match(text):
            return self._address(text, span)
        parsed = parse(text)
        if isinstance(parsed, Rejected):
            if _VARIABLE.search(text):
                self.opaque.append(Gap(span, f"«{text}» is filled in from a variable"))
            else:
                why = f"pip rejects «{text[:80]}»: {parsed.why}"
                self.refuse(span, why, None if parsed.legacy else True)
            return None
        installed = holds(parsed.marker, self.site.python)
        if installed is None and parsed.marker:
            self.refuse(span, f"pip rejects the marker «{parsed.marker[:80]}»")
        return Requirement(
            parsed.name,
            parsed.specifier,
            span,
            extras=parsed.extras,
            marker=parsed.marker,
            installed=installed is not False,
            url=parsed.url,
        )

    def _address(self, text: str, span: Span) -> Requirement:
        """Take an address without a name: the name stands behind `#egg=`, or only in the package itself."""
        url, _, marker = text.partition("; ")
        egg = _EGG.search(url)
        extras = tuple(sorted(normalised(e.strip()) for e in (egg[2] or "").split(",") if e.strip())) if egg else ()
        name, version = (normalised(egg[1]), "") if egg else _wheel(url)
        if not name:
            self.opaque.append(Gap(span, f"which package «{url[:80]}» holds is not known"))
        installed = holds(marker.strip(), self.site.python)
        bound = f"=={version}" if version else ""
        return Requirement(name, bound, span, "", extras, marker.strip(), installed is not False, url.strip())


def _unmet(requirements: list[Requirement]) -> Unmet | None:
    """Return the marker by which no line is for the Python that runs, if so; `poetry export` writes one to each.

    Source: https://python-poetry.org/docs/cli/#export
    """
    first = next((r for r in requirements if _OF_PYTHON.fullmatch(r.marker)), None)
    if first is None or any(r.installed for r in requirements):
        return None
    return Unmet(first.marker, first.span, tuple(one for one in _PYTHONS if holds(first.marker, one)))


_OF_PYTHON = late_pattern(r"(?:\s*python_(?:full_)?version\s*[<>=!~]+\s*[\"'][^\"']+[\"']\s*(?:\band\b|$))+")
_PYTHONS = tuple(f"3.{minor}" for minor in range(6, 15))


def _without_extras(path: str) -> tuple[str, tuple[str, ...]]:
    match = re.fullmatch(r"(.+?)\[([^\]]*)\]", path)
    if match is None:
        return path, ()
    return match[1], tuple(sorted(normalised(e.strip()) for e in match[2].split(",") if e.strip()))


def _wheel(url: str) -> tuple[str, str]:
    """Return the name and the version that a wheel's file name tells; empty for other files."""
    file = re.sub("%2b", "+", url.partition("#")[0].rpartition("/")[2], flags=re.IGNORECASE)
    parts = file.split("-")
    return (normalised(parts[0]), parts[1]) if file.endswith(".whl") and len(parts) > 4 else ("", "")


def _looks_like_path(text: str) -> bool:
    """Whether pip takes the text for a folder or an archive on disk."""
    name = text.partition(";")[0].strip()
    if _URL.match(name) or re.match(r"[^/]+@\s*\S", name):
        return False
    return name.startswith(".") or "/" in name or bool(_ARCHIVE.search(re.sub(r"\[[^\]]*\]$", "", name)))
