"""All mail leaves through an outbox: a row is the order, a worker sends it (`printmgmt.work`).

No request talks to a mail server: its answer is the same, and takes as long, whether the server lives or
not, and whether there is anyone to be mailed. A row holds ids, never a link, a token or a text: these are
made when it is sent, in its reader's language. A secret that is mailed waits in the secret box until then.

A room that mails subclasses `kinds.MailKind`, registers it at its start and calls `outbox.post`.
"""
