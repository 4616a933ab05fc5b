"""The command `adaptable-preflight`: argv → Settings → preflight → reporters → exit code."""


def main() -> int:
    """Run the command and return its exit code."""
    return 0
