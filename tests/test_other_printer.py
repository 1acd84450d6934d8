"""The print server that is not CUPS is one that differs where it should."""

from tests.other_printer import OtherPrinter

HELD, CANCELED = 4, 7


def test_it_shows_a_job_with_its_owner_and_lets_everybody_cancel_it(other_ipp: OtherPrinter) -> None:
    number = other_ipp.submit("alice", title="Letter")
    (job,) = other_ipp.ipptool("Get-Jobs", "keyword requested-attributes all", user="bob").groups
    assert (job["job-id"], job["job-originating-user-name"], job["job-state"]) == (number, "alice", HELD)
    assert other_ipp.ipptool("Cancel-Job", job=number, user="bob").is_ok
    assert other_ipp.ipptool("Get-Job-Attributes", job=number).groups[0]["job-state"] == CANCELED


def test_it_knows_neither_hold_nor_release(other_ipp: OtherPrinter) -> None:
    number = other_ipp.submit("alice")
    for operation in ("Hold-Job", "Release-Job", "CUPS-Move-Job", "CUPS-Get-Printers"):
        answer = other_ipp.ipptool(operation, job=number if operation.endswith("Job") else None)
        assert answer.status == "server-error-operation-not-supported"
