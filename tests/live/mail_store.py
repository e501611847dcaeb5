"""The folders and messages of the live tests, written as Maildir by hand: 10,000 messages take about a second, and
every date, size and flag is known beforehand. Dovecot takes a file's modification time as INTERNALDATE."""

import os
import time

MINUTE, HOUR, DAY = 60, 3600, 86400
LARGE = "Large"
LARGE_COUNT = 10000
FOLDERS = ["Sent", "Junk", "Entwürfe", "送信済み", "a&b", "with space", 'quo"ted\\name', "Archive", "Archive/2026",
           "Archive/2026/Rechnungen", "[Gmail]", "star*percent%"]

# INBOX of probe, oldest first: age in seconds, Maildir flags (S seen, F flagged, R answered), new = still \Recent
INBOX = [
    (40 * DAY, "S", False), (39 * DAY, "S", False), (10 * DAY, "FS", False), (5 * DAY, "RS", False),
    (3 * DAY, "", False), (2 * DAY, "F", False), (1 * DAY, "", False), (6 * HOUR, "", False), (2 * HOUR, "", True),
    (15 * MINUTE, "", True),
]
# user -> messages in INBOX
OTHERS = {"quoted": 1, "umlaut": 1, "tight": 9, "unlimited": 2, "crowded": 0, "imap.example.test": 0, "empty": 0,
          "letters": 0, "parcels": 0, "heap": 0}


def make(homes):
    """Makes the Maildirs of all users below `homes`."""
    now = int(time.time())
    probe = os.path.join(homes, "probe", "Maildir")
    _folder(probe)
    for number, (age, flags, is_new) in enumerate(INBOX, 1):
        _message(probe, number, now - age, flags, is_new)
    for name in FOLDERS + [LARGE]:
        _folder(os.path.join(probe, "." + name.replace("/", ".")), name)
    _message(os.path.join(probe, ".Entwürfe"), 1, now - DAY, "D", False)
    large = os.path.join(probe, "." + LARGE)
    for number in range(1, LARGE_COUNT + 1):
        _message(large, number, now - (LARGE_COUNT - number + 1) * MINUTE, "" if number % 10 == 0 else "S", False)
    for user, count in OTHERS.items():
        inbox = os.path.join(homes, user, "Maildir")
        _folder(inbox)
        for number in range(1, count + 1):
            _message(inbox, number, now - (count - number + 1) * HOUR, "", False)
    os.makedirs(os.path.join(homes, "unusable"))


def _folder(path, name=None):
    for part in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(path, part))
    if name is not None:
        with open(os.path.join(path, "maildirfolder"), "w", encoding="ascii"):
            pass
        with open(os.path.join(os.path.dirname(path), "subscriptions"), "a", encoding="utf-8") as file:
            file.write(name + "\n")


def _message(folder, number, when, flags, is_new):
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(when))
    text = ("From: Sender <sender@example.test>\nTo: probe@example.test\nSubject: message %d\nDate: %s\n"
            "Message-ID: <%d.%d@example.test>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
            "This is message number %d.\n%s\n" % (number, date, when, number, number, "-" * 72)).encode()
    name = "%d.M%06dP1.live,S=%d,W=%d" % (when, number, len(text), len(text) + text.count(b"\n"))
    path = os.path.join(folder, "new", name) if is_new else os.path.join(folder, "cur", "%s:2,%s" % (name, flags))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(descriptor, text)
    os.close(descriptor)
    os.utime(path, (when, when))
