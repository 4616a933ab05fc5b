"""Parts → Deployment: the only place where facts of different files meet."""

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Deployment, Environment
from adaptable_preflight.platforms import Platform
from adaptable_preflight.read.installed import installed
from adaptable_preflight.settings import Settings


def assemble(checkout: Checkout, settings: Settings, platform: Platform, env: Environment | None = None) -> Deployment:
    """Return what is known about the deployment. `env`: a closed environment instead of the platform's."""
    del env
    return Deployment(platform, settings, installed=installed(checkout, settings, platform), paths=checkout.paths)
