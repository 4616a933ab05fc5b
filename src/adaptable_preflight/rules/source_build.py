"""`source-build`: a package that is compiled against libraries that the builder may lack."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.tables import source_builds
from adaptable_preflight.model import Deployment

ID = "source-build"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "A dependency is compiled when it is installed and needs headers that the builder may not have."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each package without a wheel whose headers nothing installs."""
    installed = deployment.installed
    have = {package.name for package in installed.system}
    if installed.image is None:
        have |= set(deployment.platform.build.system)
    elif not _is_slim(installed.image.name):
        return
    for requirement in installed.requirements:
        headers, instead = source_builds().get(requirement.name, ("", ""))
        if not headers or headers in have or not requirement.installed or requirement.url or _alike(headers, have):
            continue
        better = f"Write «{instead}» instead of «{requirement.name}»." if instead else "Build with a Dockerfile."
        if instead and installed.find(instead) is not None:
            better = f"Delete «{requirement.name}»: «{instead}» is listed too and holds the same module."
        yield Finding(
            ID,
            SEVERITY,
            requirement.span,
            f"«{requirement.name}» has no wheel for Linux, so that {deployment.platform.title} compiles it; without "
            f"the headers of «{headers}» the build fails.",
            better,
            "medium",
        )


def _is_slim(image: str) -> bool:
    """Whether an image is known to lack compilers and headers; the full `python` images hold the usual ones."""
    return "slim" in image or "alpine" in image or image.startswith(("debian:", "ubuntu:"))


def _alike(headers: str, have: set[str]) -> bool:
    """Whether a package of another distribution holds the same headers (`postgresql-dev` on Alpine)."""
    stems = {
        "libpq-dev": ("postgresql-dev", "libpq-devel", "postgresql-devel", "libpq-dev"),
        "default-libmysqlclient-dev": (
            "libmysqlclient-dev",
            "libmariadb-dev-compat",
            "mariadb-dev",
            "libmariadb-dev",
            "mysql-devel",
        ),
        "libldap2-dev": ("openldap-dev", "libldap-dev", "openldap-devel"),
    }.get(headers, ())
    return any(stem in have for stem in stems)
