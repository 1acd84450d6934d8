"""Errors speak to people in their language, and to the log."""

import pickle

import pytest

from printmgmt.printing.ipp import errors

EVERY = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.IppError)
]


@pytest.mark.parametrize("kind", EVERY)
def test_every_error_says_something_to_people_and_something_to_the_log(kind):
    error = kind(technical="Hold-Job: status 0x0500")

    assert str(error).endswith(".")
    assert "0x0500" not in str(error)
    assert "Hold-Job: status 0x0500" in repr(error)


def test_an_error_speaks_the_language_of_its_reader(monkeypatch):
    monkeypatch.setattr("django.utils.translation._trans.gettext", str.upper)

    assert str(errors.NotNow()) == "THE PRINT SERVER CANNOT BE REACHED NOW."


def test_an_error_may_say_it_more_precisely():
    assert str(errors.NotNow("The queue is busy.")) == "The queue is busy."


def test_an_error_goes_from_process_to_process():
    error = errors.UntrustedCertificate(technical="CUPS-Get-Printers", fingerprint="ab" * 32)

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)

    assert (type(copy), str(copy), copy.technical, copy.fingerprint) == (
        *(errors.UntrustedCertificate, str(error), "CUPS-Get-Printers", "ab" * 32),
    )
