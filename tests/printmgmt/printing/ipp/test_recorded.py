"""Answers of real servers, byte by byte, as they were sent on 2026-11-29.

The first three are of cupsd 2.4.2-3+deb12u9 with Debian's policy: CUPS-Get-Printers with a queue whose list
denies `alice` and `josé`; Get-Jobs as operator with a job that `carol` created by Create-Job with
`job-originating-user-name` bob among its attributes; Get-Job-Attributes of a job that does not exist. The
last is of ippeveprinter 2.4.2: Get-Printer-Attributes.
"""

from base64 import b64decode
from datetime import UTC, datetime

import pytest

from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.attributes import Job, JobState, Queue, QueueState
from printmgmt.printing.ipp.codec import Attribute, Value, decode, encode
from printmgmt.printing.ipp.errors import BadAnswer
from printmgmt.printing.ipp.values import Range, Resolution, Tag

QUEUES = """
AQEAAAAAAAEBRwASYXR0cmlidXRlcy1jaGFyc2V0AAV1dGYtOEgAG2F0dHJpYnV0ZXMtbmF0dXJhbC1sYW5ndWFnZQACZW4EIgAZ
cHJpbnRlci1pcy1hY2NlcHRpbmctam9icwABASMADXByaW50ZXItc3RhdGUABAAAAANEABVwcmludGVyLXN0YXRlLXJlYXNvbnMA
BG5vbmUhAA9wcmludGVyLXVwLXRpbWUABGsLcydCAAxwcmludGVyLW5hbWUABWZyb250QgAbcmVxdWVzdGluZy11c2VyLW5hbWUt
ZGVuaWVkAAVhbGljZUIAAAAFam9zw6kD
"""
JOBS = """
AQEAAAAAAAMBRwASYXR0cmlidXRlcy1jaGFyc2V0AAV1dGYtOEgAG2F0dHJpYnV0ZXMtbmF0dXJhbC1sYW5ndWFnZQACZW4hAAVs
aW1pdAAEAAAB9AJFAA9qb2ItcHJpbnRlci11cmkAJGlwcDovLzEyNy4wLjAuMTo0NDYzNS9wcmludGVycy9mcm9udEIAGWpvYi1v
cmlnaW5hdGluZy11c2VyLW5hbWUABWNhcm9sQgAIam9iLW5hbWUAEExldHRyZSBk4oCZw6l0w6lEAA5qb2ItaG9sZC11bnRpbAAK
aW5kZWZpbml0ZUIAGWpvYi1vcmlnaW5hdGluZy11c2VyLW5hbWUAA2JvYjEAFWRhdGUtdGltZS1hdC1jcmVhdGlvbgALB+oLHQAi
LwArAAATABF0aW1lLWF0LWNvbXBsZXRlZAAAIQAGam9iLWlkAAQAAAABIwAJam9iLXN0YXRlAAQAAAAEAw==
"""
GONE = """
AQEEBgAAAAQBRwASYXR0cmlidXRlcy1jaGFyc2V0AAV1dGYtOEgAG2F0dHJpYnV0ZXMtbmF0dXJhbC1sYW5ndWFnZQACZW5BAA5z
dGF0dXMtbWVzc2FnZQAXSm9iICM5OSBkb2VzIG5vdCBleGlzdC4D
"""
DEVICE = """
AQEAAAAAAAEBRwASYXR0cmlidXRlcy1jaGFyc2V0AAV1dGYtOEgAG2F0dHJpYnV0ZXMtbmF0dXJhbC1sYW5ndWFnZQACZW4EMwAQ
Y29waWVzLXN1cHBvcnRlZAAIAAAAAQAAAAE0ABFtZWRpYS1jb2wtZGVmYXVsdAAASgAAAAltZWRpYS1rZXlEAAAAIm5hX2xldHRl
cl84LjV4MTFpbl9tYWluX3N0YXRpb25lcnlKAAAACm1lZGlhLXNpemU0AAAAAEoAAAALeC1kaW1lbnNpb24hAAAABAAAVFZKAAAA
C3ktZGltZW5zaW9uIQAAAAQAAG0kNwAAAABKAAAAD21lZGlhLXNpemUtbmFtZUQAAAASbmFfbGV0dGVyXzguNXgxMWluSgAAABNt
ZWRpYS1ib3R0b20tbWFyZ2luIQAAAAQAAAJ7SgAAABFtZWRpYS1sZWZ0LW1hcmdpbiEAAAAEAAACe0oAAAASbWVkaWEtcmlnaHQt
bWFyZ2luIQAAAAQAAAJ7SgAAABBtZWRpYS10b3AtbWFyZ2luIQAAAAQAAAJ7SgAAAAxtZWRpYS1zb3VyY2VEAAAABG1haW5KAAAA
Cm1lZGlhLXR5cGVEAAAACnN0YXRpb25lcnk3AAAAADIAHHByaW50ZXItcmVzb2x1dGlvbi1zdXBwb3J0ZWQACQAAAlgAAAJYAxIA
FHByaW50ZXItZ2VvLWxvY2F0aW9uAABCAAxwcmludGVyLW5hbWUABU90aGVyMQAUcHJpbnRlci1jdXJyZW50LXRpbWUACwfqCx0A
Ii8AKwAARQANcHJpbnRlci1pY29ucwAjaHR0cHM6Ly8xMjcuMC4wLjE6NDU5NTUvaWNvbi1zbS5wbmdFAAAAIGh0dHBzOi8vMTI3
LjAuMC4xOjQ1OTU1L2ljb24ucG5nRQAAACNodHRwczovLzEyNy4wLjAuMTo0NTk1NS9pY29uLWxnLnBuZyEAD3ByaW50ZXItdXAt
dGltZQAEAAAAAAM=
"""


@pytest.mark.parametrize("recorded", [QUEUES, JOBS, GONE, DEVICE], ids=["queues", "jobs", "gone", "device"])
def test_what_was_read_is_written_the_same(recorded):
    raw = b64decode(recorded)

    assert encode(decode(raw)) == raw


@pytest.mark.parametrize("recorded", [QUEUES, JOBS, GONE, DEVICE], ids=["queues", "jobs", "gone", "device"])
def test_cut_anywhere_it_is_a_bad_answer(recorded):
    raw = b64decode(recorded)

    for length in range(len(raw)):
        with pytest.raises(BadAnswer):
            decode(raw[:length])


def test_a_queue_of_cups():
    operation, group = decode(b64decode(QUEUES)).groups
    queue = Queue.read(group, address=ServerAddress.parse("ipp://localhost/"))

    assert operation.values("attributes-charset") == [Value(Tag.CHARSET, "utf-8")]
    assert (queue.name, queue.state, queue.state_reasons, queue.accepting) == (
        "front",
        QueueState.IDLE,
        (),
        True,
    )
    assert queue.denied == ("alice", "josé")


def test_a_job_of_cups_with_a_forged_owner():
    group = decode(b64decode(JOBS)).groups[1]
    job = Job.read(group, now=datetime(2026, 11, 29, 1, tzinfo=UTC))

    assert (job.id, job.state, job.hold_until, job.printer_name) == (1, JobState.HELD, "indefinite", "front")
    assert job.owners == ("carol", "bob")
    assert job.title == "Lettre d’été"
    assert job.created_at is not None
    assert job.created_at.date().isoformat() == "2026-11-29"
    assert job.completed_at is None


def test_a_job_that_does_not_exist():
    message = decode(b64decode(GONE))

    assert message.code == 0x0406
    assert message.groups[0].values("status-message") == [Value(Tag.TEXT, "Job #99 does not exist.")]


def test_a_device_with_collections():
    group = decode(b64decode(DEVICE)).groups[1]

    [media] = group.values("media-col-default")
    size = next(member for member in media.value if member.name == "media-size")
    assert size.values[0].value == [
        Attribute("x-dimension", [Value(Tag.INTEGER, 21590)]),
        Attribute("y-dimension", [Value(Tag.INTEGER, 27940)]),
    ]
    assert group.values("copies-supported") == [Value(Tag.RANGE, Range(1, 1))]
    assert group.values("printer-resolution-supported") == [Value(Tag.RESOLUTION, Resolution(600, 600, 3))]
    assert group.values("printer-geo-location") == [Value(Tag.UNKNOWN, None)]
    assert len(group.values("printer-icons")) == 3
    [now] = group.values("printer-current-time")
    assert now.value.tzinfo is not None
