"""The browser, for the tests of the page."""

from tests.demo.browser import browser, opened

__all__ = ["browser", "opened"]
