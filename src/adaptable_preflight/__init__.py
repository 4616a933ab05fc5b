"""A deployment linter: tells on the pull request whether the deploy will work, and which line breaks it."""

__version__ = "0.1.0"
