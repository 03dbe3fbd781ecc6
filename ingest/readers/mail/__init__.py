"""Mail: messages (.eml, .emlx, .msg), mailboxes (.mbox), and pages that were saved as messages (.mht)."""

from ingest.readers.mail.mailbox import read_emlx, read_mailbox
from ingest.readers.mail.outlook import read_msg
from ingest.readers.mail.reader import MAX_ATTACHED, MAX_DEPTH, read, read_page

__all__ = ["MAX_ATTACHED", "MAX_DEPTH", "read", "read_emlx", "read_mailbox", "read_msg", "read_page"]
