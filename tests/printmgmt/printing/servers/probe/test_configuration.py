"""cupsd.conf is read as cupsd reads it: the first limit that names an operation counts."""

from demo.cups_files import STOCK
from printmgmt.printing.servers.probe.configuration import DAY, read_configuration
from printmgmt.printing.servers.probe.found import FOREVER, Who

OWNERS = {Who.OWNER, Who.OWNER_LOGIN}


def policy(*limits: str, above: str = "") -> str:
    return "\n".join([above, "<Policy default>", *limits, "</Policy>"])


def limit(*lines: str, of: str = "Release-Job") -> str:
    return "\n".join([f"  <Limit {of}>", *lines, "  </Limit>"])


def who(text: str, operation: str = "Release-Job", name: str = "default") -> set[Who] | None:
    found = read_configuration(text).who_may(name, operation)
    return None if found is None else set(found)


def test_the_stock_configuration() -> None:
    text = (STOCK / "cupsd.conf.default").read_text()
    found = read_configuration(text)

    assert found.policies.keys() == {"default", "authenticated", "kerberos"}
    assert who(text) == OWNERS | {Who.OPERATOR_NAME}
    assert who(text, "Pause-Printer") == set()
    assert who(text, "CUPS-Get-Document") == {Who.OWNER_LOGIN}
    assert who(text, "Get-Jobs") == set(Who)
    assert who(text, name="Authenticated") == {Who.OWNER_LOGIN}
    assert who(text, "Create-Job", name="authenticated") == {Who.OWNER_LOGIN, Who.ANY_LOGIN}
    assert (found.max_jobs, found.max_hold_seconds, found.kept_seconds) == (500, 0, DAY)


def test_the_first_limit_that_names_an_operation_counts_and_all_only_after_it() -> None:
    text = policy(
        limit(of="All"),
        limit("AuthType Default", "Require user @SYSTEM", of="Hold-Job RELEASE-job"),
        limit("Require user @OWNER"),
    )

    assert who(text) == set()
    assert who(text, "CUPS-Move-Job") == set(Who)
    assert who(policy(limit()), "CUPS-Move-Job") == set()
    assert who(text, name="other") is None


def test_who_is_required() -> None:
    assert who(policy(limit("Require user @OWNER @SYSTEM"))) == OWNERS | {Who.OPERATOR_NAME}
    assert who(policy(limit("AuthType Basic", "Require user @OWNER"))) == {Who.OWNER_LOGIN}
    assert who(policy(limit("AuthType None", "Require user @OWNER"))) == OWNERS
    assert who(policy(limit("AuthType Basic", "Require valid-user"))) == {Who.OWNER_LOGIN, Who.ANY_LOGIN}
    assert who(policy(limit("AuthType Basic", "Require group staff"))) == set()
    assert who(policy(limit("Require user root"))) == {Who.ROOT_NAME}
    assert who(policy(limit("Order allow,deny", "Deny from all"))) == set()


def test_default_authentication_may_be_none() -> None:
    limited = limit("AuthType Default", "Require user @OWNER")

    assert who(policy(limited)) == {Who.OWNER_LOGIN}
    assert who(policy(limited, above="DefaultAuthType None")) == OWNERS


def test_directives_of_the_server_and_none_of_its_sections() -> None:
    text = "\n".join(
        [
            "# MaxJobs 7",
            "maxjobs 20  # of ours",
            "<Location /admin>",
            "  MaxJobs 9",
            "</Location>",
            "MaxHoldTime 2h",
            "PreserveJobFiles Yes",
            "DefaultPolicy open",
        ]
    )
    found = read_configuration(text)

    assert (found.max_jobs, found.max_hold_seconds, found.kept_seconds) == (20, 7200, FOREVER)
    assert found.default_policy == "open"


def test_files_that_are_not_kept() -> None:
    assert read_configuration("PreserveJobFiles No").kept_seconds == 0
    assert read_configuration("PreserveJobHistory Off").kept_seconds == 0
    assert read_configuration("PreserveJobFiles 1w").kept_seconds == 7 * DAY


def test_nonsense_is_passed_over() -> None:
    for text in (
        "",
        "<Limit",
        "<Policy>",
        "</Policy>\n</Limit>",
        "MaxJobs many",
        "\0\n<<>>",
        "<Policy a>\n" * 3,
    ):
        assert read_configuration(text).max_jobs == 500
