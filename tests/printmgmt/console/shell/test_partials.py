"""The building blocks of pages, rendered as pages render them."""

import datetime
import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from printmgmt.console.shell.extensions import Source, extensions
from printmgmt.console.shell.filters import Select
from printmgmt.deprovisioning.models import RunState, StepState
from printmgmt.people.models import PersonState, PrintUser

STATE = Select("state", "State", "All states", PersonState.choices)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class Days(forms.Form):
    name = forms.CharField()
    day = forms.DateField()
    kept = forms.IntegerField(initial=30, widget=forms.NumberInput(attrs={"data-confirm-less": "Gone."}))


def test_the_first_wrong_field_takes_the_focus() -> None:
    def controls(**data: str) -> list[str]:
        html = render_to_string("console/shell/_form.html", {"form": Days(data or None)})
        return [control for control in re.findall(r"<input[^>]*>", html) if "autofocus" in control]

    [focused] = controls(name="Ada", day="never", kept="x")
    assert 'name="day"' in focused
    assert controls() == []
    assert controls(name="Ada", day="2026-11-23", kept="1") == []


def test_a_control_that_warns_knows_what_is_stored_when_the_page_shows_what_was_typed() -> None:
    html = render_to_string("console/shell/_form.html", {"form": Days({"kept": "7"}, initial={"kept": 90})})

    assert 'value="7"' in html
    assert 'data-confirm-less="Gone."' in html
    assert 'data-confirm-was="90"' in html


@pytest.mark.parametrize("state", PersonState)
def test_every_state_of_a_person_has_a_badge_with_its_word(state: PersonState) -> None:
    assert text(render_to_string("console/people/_state_badge.html", {"state": state.value})) == state.label


@pytest.mark.parametrize("state", RunState)
def test_every_state_of_a_run_has_a_badge_with_its_word(state: RunState) -> None:
    assert text(render_to_string("console/leavers/_run_badge.html", {"state": state.value})) == state.label


@pytest.mark.parametrize("state", StepState)
def test_every_state_of_a_step_has_a_badge_with_its_word(state: StepState) -> None:
    assert text(render_to_string("console/leavers/_step_badge.html", {"state": state.value})) == state.label


def test_a_source_is_called_as_its_add_on_registered_it(monkeypatch) -> None:
    monkeypatch.setitem(extensions._sources, "azure-ad-user-sync", Source("Entra", "brand-windows"))

    assert text(render_to_string("console/shell/_source.html", {"source": "console"})) == "Added manually"
    assert (
        text(render_to_string("console/shell/_source.html", {"source": "azure-ad-user-sync:6f0f"})) == "Entra"
    )
    assert text(render_to_string("console/shell/_source.html", {"source": "gone:1"})) == "Add-on"


def test_a_persons_name_is_never_markup() -> None:
    person = PrintUser(display_name="<script>alert(1)</script>", user_name="a&b@contoso.example")

    html = render_to_string("console/people/_person.html", {"person": person, "url": "/p/"})

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "a&amp;b@contoso.example" in html


def test_pages_of_a_list_keep_the_search() -> None:
    request = RequestFactory().get("/people/", {"q": "ada", "page": "2"})
    page = Paginator(range(1234), 50).page(2)

    html = render_to_string("console/shell/_pagination.html", {"page": page}, request)

    assert text(html).startswith("51–100 of 1,234")
    assert 'href="?q=ada&amp;page=1" rel="prev"' in html
    assert 'href="?q=ada&amp;page=3" rel="next"' in html
    assert 'aria-current="page">2</a>' in html


def test_one_page_has_no_page_numbers() -> None:
    page = Paginator(["ada"], 50).page(1)

    assert "<nav" not in render_to_string(
        "console/shell/_pagination.html", {"page": page}, RequestFactory().get("/")
    )


def test_filters_show_what_is_searched_and_chosen() -> None:
    request = RequestFactory().get("/people/", {"q": '"ada"', "state": "suspended"})
    state = STATE.read(request.GET)

    html = render_to_string(
        "console/shell/_filters.html",
        {"search": request.GET["q"], "filters": [state], "target": "results"},
        request,
    )

    assert 'value="&quot;ada&quot;"' in html
    assert re.findall(r'<option value="(\w*)" selected', html) == ["suspended"]


def test_a_filter_value_that_is_not_offered_means_all() -> None:
    assert STATE.read(QueryDict("state=evil")).value == ""


def test_a_secret_is_dots_until_it_is_revealed() -> None:
    html = render_to_string(
        "console/shell/_copy_field.html",
        {"id": "token", "label": "Secret token", "value": "s3cr3t", "secret": True},
    )

    assert re.search(r'type="password"\s+value="s3cr3t"\s+readonly', html)
    assert 'data-reveal-target="#token"' in html
    assert 'data-copy-target="#token"' in html
    assert 'aria-label="Copy Secret token"' in html


def test_a_value_that_is_no_secret_has_nothing_to_reveal() -> None:
    html = render_to_string(
        "console/shell/_copy_field.html", {"id": "url", "label": "Tenant URL", "value": "/scim"}
    )

    assert 'type="text"' in html
    assert "data-reveal-target" not in html


def test_a_time_says_how_long_ago_and_exactly_when() -> None:
    at = timezone.now() - datetime.timedelta(hours=3, minutes=1)

    html = render_to_string("console/shell/_time.html", {"at": at})

    assert text(html).replace("\xa0", " ") == "3 hours ago"
    assert f'datetime="{at.isoformat()}"' in html
    assert text(render_to_string("console/shell/_time.html", {"at": None})) == "–"


class CardForm(forms.Form):
    number = forms.CharField(label="Card number", help_text="As printed on the card")
    lost = forms.BooleanField(label="Reported lost", required=False)


def test_a_forms_errors_stand_with_their_field() -> None:
    html = render_to_string("console/shell/_form.html", {"form": CardForm({})})

    assert 'class="form-control is-invalid"' in html
    assert '<div id="id_number_error"' in html
    assert 'aria-describedby="id_number_helptext id_number_error"' in html
    assert '<div id="id_number_helptext"' in html
    assert 'class="form-check-input"' in html


def test_captured_blocks_are_stripped_and_stay_escaped() -> None:
    template = Template("{% load console %}{% capture name %}  {{ raw }} {% endcapture %}[{{ name }}]")

    assert template.render(Context({"raw": "<b>"})) == "[&lt;b&gt;]"


@pytest.mark.parametrize(
    ("name", "shown"), [("Ada Lovelace", "AL"), ("ada.king@contoso.example", "AK"), ("Cher", "C"), ("", "")]
)
def test_initials_are_two_capitals_at_most(name: str, shown: str) -> None:
    assert Template("{% load console %}{{ name|initials }}").render(Context({"name": name})) == shown
