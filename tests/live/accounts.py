"""The accounts of the private Dovecot: who they are, what is wrong with them, and the tokens they may log in with."""

import base64
import hashlib
import hmac
import json
import os
import time

# user -> (password, fields of the user data base). Every password is odd enough to be found in a process's memory.
USERS = {
    "probe": ("Kranich-7-fliegt/heim", ""),
    "quoted": ('say "no" \\ or\\"yes"', ""),
    "umlaut": ("pässwörd-größe-ß", ""),
    "tight": ("Enges-Postfach-19", "userdb_quota_rule=*:storage=20K:messages=10"),
    "unlimited": ("Ohne-Grenze-23", "userdb_quota_rule=*:storage=0"),
    "unusable": ("Angemeldet-ohne-Fach-31", "userdb_mail=maildir:/dev/null/Maildir:UTF-8"),
    "crowded": ("Gedraenge-37", ""),
    "imap.example.test": ("Ausweis-statt-Wort-43", ""),  # the name in the client certificate of the test CA
    "empty": ("Leeres-Postfach-41", ""),
    # the mail that the tests send goes to these two: what is in the others is known beforehand
    "letters": ("Briefe-kommen-hier-an-53", ""),
    "parcels": ("Pakete-kommen-hier-an-59", ""),
    # full of what is nobody's business (nothing_foreign_test.py)
    "heap": ("Haufen-bleibt-liegen-61", ""),
}
TOKEN_KEY = b"the key that signs the tokens of the live tests"


def passwd_file(homes):
    """The text of Dovecot's passwd-file; the home of a user is a folder of its own below `homes`."""
    lines = []
    for user, (password, fields) in USERS.items():
        # user:password:uid:gid:gecos:home:shell:extra
        lines.append("%s:{PLAIN}%s::::%s::%s\n" % (user, password, os.path.join(homes, user), fields))
    return "".join(lines)


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(user, lifetime=86400):
    """A bearer token (RFC 7519, HS256) that Dovecot accepts for `user`; a negative lifetime makes one that has
    ended."""
    now = int(time.time())
    header = {"alg": "HS256", "typ": "JWT"}
    claims = {"sub": user, "iat": now - 2 * 86400, "nbf": now - 2 * 86400, "exp": now + lifetime}
    signed = b".".join(_base64url(json.dumps(part).encode()) for part in (header, claims))
    return (signed + b"." + _base64url(hmac.new(TOKEN_KEY, signed, hashlib.sha256).digest())).decode()


def write(folder):
    """Writes users, password and token files, and the oauth2 configuration below `folder`."""
    secrets = os.path.join(folder, "secrets")
    keys = os.path.join(folder, "keys", "default", "HS256")
    os.makedirs(secrets, mode=0o700)
    os.makedirs(keys)
    _write(os.path.join(folder, "users"), passwd_file(os.path.join(folder, "home")))
    _write(os.path.join(keys, "default"), base64.b64encode(TOKEN_KEY).decode())
    _write(os.path.join(folder, "oauth2.conf"),
           "introspection_mode = local\nusername_attribute = sub\n"
           "local_validation_key_dict = fs:posix:prefix=%s/\n" % os.path.join(folder, "keys"))
    for user, (password, _) in USERS.items():
        _write(os.path.join(secrets, user), password + "\n")
        _write(os.path.join(secrets, user + ".token"), token(user) + "\n")
    _write(os.path.join(secrets, "probe.ended-token"), token("probe", -3600) + "\n")
    _write(os.path.join(secrets, "wrong"), "Kein-Wort-davon-wahr-0\n")


def _write(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
