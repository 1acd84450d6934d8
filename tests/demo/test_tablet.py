"""The tablet reads pages as a person does: which forms there are, what the alert says."""

import requests

from demo.tablet import Page

JOBS = """
<div class="alert" role="status"><div>Printing 1 job.</div><button class="btn-close"></button></div>
<form method="post" action="/station/end/">
  <input type="hidden" name="csrfmiddlewaretoken" value="t"><button>Done</button>
</form>
<form method="post" action="/station/jobs/7/release/">
  <input type="hidden" name="csrfmiddlewaretoken" value="t">
  <button aria-label="Print Wall &amp; calendar">Print</button>
</form>
<form method="post"><input name="card"><button>Show my jobs</button></form>
"""
ALERT = """
<div class="alert" role="alert" hidden><div>No connection.</div></div>
<div class="alert" role="alert"><svg></svg><div>Not recognized. Try again.</div></div>
<h1>Show your card</h1>
<form method="post"><input name="card"><button>Show my jobs</button></form>
"""


def page(text: str) -> Page:
    response = requests.Response()
    response.url = "http://127.0.0.1:8000/station/jobs/"
    response._content = text.encode()
    response.encoding = "utf-8"
    return Page(response)


def test_forms_have_their_address_fields_and_label() -> None:
    forms = page(JOBS).forms
    assert [form.address.partition(":8000")[2] for form in forms] == [
        "/station/end/",
        "/station/jobs/7/release/",
        "/station/jobs/",
    ]
    assert [form.label for form in forms] == ["", "Print Wall & calendar", ""]
    assert [list(form.fields) for form in forms] == [
        ["csrfmiddlewaretoken"],
        ["csrfmiddlewaretoken"],
        ["card"],
    ]


def test_only_an_alert_is_a_refusal() -> None:
    assert page(JOBS).alert == ""
    assert page(ALERT).alert == "Not recognized. Try again."
