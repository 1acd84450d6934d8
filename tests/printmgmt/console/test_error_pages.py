"""Error pages stand on their own: nothing they need can be what is broken."""

import pytest
from django.template.loader import render_to_string


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_an_error_page_renders_without_request_or_database(name: str) -> None:
    html = render_to_string(f"{name}.html")

    assert f"Error {name[:3]}" in html
    assert "<h1" in html
    assert 'href="/"' in html


def test_a_title_stands_in_the_heading_and_in_the_window() -> None:
    html = render_to_string("404.html")

    assert "<title>Page not found · Print Management</title>" in html
    assert '<h1 class="plain-title">Page not found</h1>' in html
