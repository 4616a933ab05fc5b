"""Parts → Deployment: the only place where facts of different files meet."""

from collections.abc import Sequence

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.facts.absent_modules import absent_modules
from adaptable_preflight.knowledge.modules import familiar
from adaptable_preflight.knowledge.unread_settings import unread
from adaptable_preflight.model import Code, Deployment, Environment, HealthCheck, Installed, Misfit, Process, Unreadable
from adaptable_preflight.platforms import Platform
from adaptable_preflight.read import procfile
from adaptable_preflight.read.build_command import BuildCommand
from adaptable_preflight.read.candidates import Candidate
from adaptable_preflight.read.data_files import named_files
from adaptable_preflight.read.fetched_data import fetched
from adaptable_preflight.read.installed import installed
from adaptable_preflight.read.processes import Site, environment, process
from adaptable_preflight.read.repository import repository
from adaptable_preflight.read.start_commands import DOCKERFILE, misnamed, start_commands, unreadable
from adaptable_preflight.settings import Settings
from adaptable_preflight.value import Unknown


def assemble(checkout: Checkout, settings: Settings, platform: Platform, env: Environment | None = None) -> Deployment:
    """Return what is known about the deployment. `env`: a closed environment instead of the platform's."""
    settings = _with_file(settings, checkout, platform)
    found = start_commands(checkout, settings, platform)
    dockerfile = _dockerfile(found, settings) or _without_command(found, settings, platform, checkout)
    parts = installed(checkout, settings, platform, dockerfile, _build_command(found, checkout, platform))
    if found and (dockerfile or not found[0].chosen):  # what is started, or what is meant to be
        checkout.lay_over(found[0].merged)
    site = Site(checkout, parts)
    variables = environment(settings, platform, env, parts.image is None and platform.build.imports_root)
    code, processes = Code(), list[Process]()
    for candidate in found:
        processes.append(process(candidate, site, variables))
        if candidate is found[0] and candidate.name == "web":  # the chosen one, or the one that is meant
            code = site.python.code()
    offered = None
    if not code.modules:  # nothing is started, or what is started does not lead to an app
        offered = site.python.find_app(variables)
        code = site.python.code()
    manifests = [path for m in parts.manifests if m.used for path in (m.path, *m.included)]
    folders = ["", *(one.app.folder for one in processes if one.app is not None)]
    deployment = Deployment(
        platform,
        settings,
        processes=tuple(_doubted(one, code, parts) for one in processes),
        offered=offered,
        installed=parts,
        code=_in_force(code, parts),
        unreadable=(*_unreadable(checkout, parts, platform), *unreadable(checkout, settings, platform, found)),
        paths=checkout.paths,
        misfits=_misfits(checkout, platform),
        health_checks=_health_checks(checkout, platform),
        repository=repository(
            checkout, (*manifests, *code.modules), code.imports, named_files(code, folders, checkout)
        )._replace(fetched=fetched(checkout, code)),
    )
    return deployment._replace(absent=tuple(absent_modules(deployment)))


def _with_file(settings: Settings, checkout: Checkout, platform: Platform) -> Settings:
    """Return the settings with what the platform's own file sets there."""
    if not any(name.endswith((".toml", ".yaml")) and checkout.is_file(name) for name in platform.start.sources):
        return settings
    from adaptable_preflight.read import told_settings

    return told_settings.with_file(settings, checkout, platform)


def _doubted(process: Process, code: Code, parts: Installed) -> Process:
    """Leave open whether a process listens whose code imports what nothing declares and nobody knows."""
    if process.name != "web" or not process.origin.chosen or process.outcome != "listens" or parts.requirements:
        return process
    strange = (i for i in code.imports if not i.guarded and i.phase == "import" and not familiar(i.module))
    first = next(strange, None)
    if first is None:
        return process
    why = f"nothing declares what brings «{first.module}», and no package of that name is known"
    return process._replace(outcome="unknown", reason=why, unknown=Unknown(why, first.span))


def _in_force(code: Code, parts: Installed) -> Code:
    """Set aside the settings that what will be installed does not read."""
    idle = tuple(setting for setting in code.settings if unread(setting, parts) is not None)
    return code._replace(settings=tuple(s for s in code.settings if s not in idle), unread=idle) if idle else code


def _dockerfile(candidates: Sequence[Candidate], settings: Settings) -> str:
    """Return the Dockerfile that makes the image: the one in whose image the platform's command runs."""
    web = next((c for c in candidates if c.name == "web" and c.chosen), None)
    return web.image if web is not None and settings.builder in ("", "dockerfile") else ""


def _without_command(found: Sequence[Candidate], settings: Settings, platform: Platform, checkout: Checkout) -> str:
    """Return the Dockerfile that makes the image though no command is chosen: what it starts is told elsewhere.

    It brings a Python of its own and installs from the repository's dependency files.
    """
    taken = settings.builder in ("", "dockerfile") and DOCKERFILE in platform.start.sources
    meant = any(c.chosen or c.kind == "procfile" for c in found if c.name == "web")
    if not taken or meant or not checkout.is_file(DOCKERFILE):
        return ""
    made = installed(checkout, settings, platform, DOCKERFILE)
    installs = any(manifest.used and manifest.path != DOCKERFILE for manifest in made.manifests)
    return DOCKERFILE if made.python.pin and installs else ""


def _build_command(candidates: Sequence[Candidate], checkout: Checkout, platform: Platform) -> BuildCommand | None:
    """Return the build command that stands beside the start command in the platform's own file."""
    web = next((c for c in candidates if c.name == "web" and c.chosen), None)
    if web is None or web.kind != "platform-file" or web.span.path not in platform.start.sources:
        return None
    from adaptable_preflight.read import platform_files

    return platform_files.build_command(checkout, web.span.path)


def _health_checks(checkout: Checkout, platform: Platform) -> tuple[HealthCheck, ...]:
    """Return what the platform's own files have it ask the app."""
    named = [name for name in platform.start.sources if checkout.is_file(name)]
    if not any(name.endswith((".toml", ".json", ".yaml")) for name in named):
        return ()
    from adaptable_preflight.read import health_checks

    return tuple(found for name in named for found in health_checks.read(checkout, name))


def _unreadable(checkout: Checkout, parts: Installed, platform: Platform) -> tuple[Unreadable, ...]:
    """Return what was asked for and could not be read, beside the dependency files."""
    for path in platform.start.sources:
        checkout.read(path)  # a link that leads out of the checkout is no file, and nobody asked for it
    told = {fact.path for fact in parts.unreadable}
    return tuple(fact for fact in checkout.unreadable() if fact.path not in told)


def _misfits(checkout: Checkout, platform: Platform) -> tuple[Misfit, ...]:
    docker = DOCKERFILE in platform.start.sources
    found = (one for one in misnamed(checkout) if docker or one.path.lower() != DOCKERFILE.lower())
    return (*procfile.misfits(checkout), *found)
