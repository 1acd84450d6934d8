"""Every row of what is known of Entra's wire, and the file that replays it (entra/README.md)."""

from typing import NamedTuple

# §15: request shape before and after aadOptscim062020; each row has a file a dialect.
DIALECT_ROWS = {
    "op-spelling": "op spelling",
    "disable": "disable",
    "single-string-add": "single string add",
    "many-attributes": "many attributes",
    "filtered-multi-valued": "filtered multi-valued",
    "enterprise-attribute": "enterprise attribute",
    "manager": "manager",
    "add-member": "add member",
    "remove-member": "remove member",
    "roles": "roles",
    "null-or-empty": "null/empty",
    "post": "POST",
}
DIALECTS = ("legacy", "flag")


class Case(NamedTuple):
    """A row: the section it stands in, what it is about, the file (without `.json`) that shows it."""

    section: str
    row: str
    file: str


CASES = [
    Case("3", "the probe, by whatever attribute is matching; its empty list", "03-test-connection"),
    Case("3", "the probe of groups", "03-test-connection"),
    Case("3", "Schemas, ServiceProviderConfig, ResourceTypes", "03-test-connection"),
    Case("3", "the probes of later cycles, several times", "03-recurring-probes"),
    Case("4", "users: encodings, letter case, unquoted literals, qualified names", "04-matching-query"),
    Case("4", "users: escapes and special characters", "04-special-characters"),
    Case("4", "groups: parameters, letter case, special characters", "04-groups"),
    Case("4", "outcomes: none, one, several, 400; attributes in order of precedence", "04-outcomes"),
    Case("4", "by id; unknown id", "04-outcomes"),
    Case("4", "reference probes of managers and members, both clause orders", "04-reference-probes"),
    Case("5", "POST as documented; read back; userName alone is required", "05-create"),
    Case("5", "conflict: 409, also for the retry of a slow first POST", "05-create"),
    Case("5", "variations: nulls, top-level and misspelt extension, unknown schemas", "05-create-variations"),
    Case("5", "id and meta are ignored; no format is checked", "05-create-variations"),
    Case("5", "values verbatim", "05-verbatim"),
    Case("6", "one operation an attribute, PascalCase", "06-update-legacy"),
    Case("6", "folded into one operation a verb", "06-update-flag"),
    Case("6", "Add and Replace, not consistently", "06-add-replace-swapped"),
    Case("6", "filtered paths, made when missing, siblings stay", "06-filtered-paths-legacy"),
    Case("6", "filtered paths, with the flag", "06-filtered-paths-flag"),
    Case("6", "filters by primary, as text and as boolean", "06-filtered-paths-legacy"),
    Case("6", "empty Operations, further members, no-op", "06-nothing-to-do"),
    Case("6", "userName renamed; 409 if taken", "06-update-flag"),
    Case("6", "cleared values: not sent, or a removal", "15-null-or-empty-legacy"),
    Case("6", "PUT, which Entra does not send", "06-put"),
    Case("7", "manager as string, object, array; cleared in every shape", "07-manager"),
    Case("7", "manager nobody knows; POST with a manager", "07-manager-unknown"),
    Case("7", "custom extensions; qualified core names", "07-extensions"),
    Case("7", "SingleAppRoleAssignment", "07-roles-single"),
    Case("7", "AppRoleAssignmentsComplex", "07-roles-complex"),
    Case("7", "AssertiveAppRoleAssignmentsComplex", "07-roles-assertive"),
    Case("8", "disable and re-enable in every shape; the name stays reserved", "08-disable"),
    Case("8", "restore to the same id with memberships and further changes", "08-restore"),
    Case("9", "DELETE, repeated, unknown; by the cached id 404; made again", "09-delete"),
    Case("10", "create, with and without members", "10-create"),
    Case("10", "match, and Add externalId on what was there", "10-match"),
    Case("10", "attributes, one operation each", "10-attributes-legacy"),
    Case("10", "attributes, folded", "10-attributes-flag"),
    Case("10", "members added with $ref null or none, removed by a value array", "10-members-legacy"),
    Case("10", "members added, removed by a filter", "10-members-flag"),
    Case("10", "replace of members as an addition", "10-members-replace-adds"),
    Case("10", "replace of members as the RFC means it", "10-members-replace-rfc"),
    Case("10", "several members in one value, several operations", "10-members-batched"),
    Case("10", "unknown member: refused", "10-members-unknown"),
    Case("10", "unknown member: left out", "10-members-unknown-ignored"),
    Case("10", "remove without a value", "10-members-remove-all"),
    Case("10", "nested groups", "10-nested"),
    Case("10", "DELETE of a group", "10-delete"),
    Case("10", "excludedAttributes=members", "10-excluded-members"),
    *(Case("15", row, f"15-{case}-{dialect}") for case, row in DIALECT_ROWS.items() for dialect in DIALECTS),
    Case("16", "LogicApp's pagination", "16-paging"),
]
