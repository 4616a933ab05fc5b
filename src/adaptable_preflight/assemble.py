"""Parts → Deployment: the only place where facts of different files meet."""

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Code, Deployment, Environment, Misfit, Process
from adaptable_preflight.platforms import Platform
from adaptable_preflight.read import procfile
from adaptable_preflight.read.installed import installed
from adaptable_preflight.read.processes import Site, environment, process
from adaptable_preflight.read.start_commands import start_commands
from adaptable_preflight.settings import Settings


def assemble(checkout: Checkout, settings: Settings, platform: Platform, env: Environment | None = None) -> Deployment:
    """Return what is known about the deployment. `env`: a closed environment instead of the platform's."""
    site = Site(checkout)
    variables = environment(settings, platform, env)
    found = start_commands(checkout, settings, platform)
    code, processes = Code(), list[Process]()
    for candidate in found:
        processes.append(process(candidate, site, variables))
        if candidate.name == "web" and candidate.chosen:
            code = site.python.code()
    offered = None
    if not any(one.name == "web" and one.origin.chosen for one in processes):
        offered = site.python.find_app(variables)
        code = site.python.code()
    return Deployment(
        platform,
        settings,
        processes=tuple(processes),
        offered=offered,
        installed=installed(checkout, settings, platform),
        code=code,
        paths=checkout.paths,
        misfits=_misfits(checkout),
    )


def _misfits(checkout: Checkout) -> tuple[Misfit, ...]:
    return (*procfile.misfits(checkout), *procfile.misnamed(checkout))
