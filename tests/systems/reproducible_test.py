#!/usr/bin/env python3
"""PACKAGES=FOLDER reproducible_test.py - the packages in FOLDER are built once more, from the source package and later,
and have the same bytes; nothing in them names the place where they were built. Needs root."""

import glob
import os
import tempfile
import unittest

from packages import TOP, package, run


def content(path):
    with open(path, "rb") as file:
        return file.read()


class Reproducible(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(dir="/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.tree, cls.again = os.path.join(folder.name, "tree"), os.path.join(folder.name, "again")
        os.mkdir(cls.tree)
        run("tar", "--extract", "--strip-components=1", "--file", package("monitoring-plugins-mail_VERSION.tar.xz"),
            cwd=cls.tree)

    def build(self, kind):
        """In the place of this tree, in a mount name space of its own: so ccache knows the objects."""
        script = 'mount --make-rprivate / && mount --bind "$0" "$1" && exec sh "$1/packaging/build.sh" "$2" "$3"'
        run("unshare", "--mount", "sh", "-c", script, self.tree, TOP, kind, self.again, cwd="/",
            env={**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "C", "CXXFLAGS": "-O0"})

    def compare(self, pattern, wanted):
        names = [os.path.basename(path) for path in glob.glob(os.path.join(self.again, pattern))]
        self.assertEqual(len(names), wanted, names)
        for name in names:
            self.assertTrue(content(os.path.join(self.again, name)) == content(package(name)), name)

    def test_deb(self):
        self.build("deb")
        self.compare("*.deb", 1)
        self.compare("*.tar.xz", 1)
        with tempfile.TemporaryDirectory() as folder:
            run("dpkg-deb", "--extract", package("monitoring-plugins-mail_VERSION_*.deb"), folder)
            found = run("grep", "-rlF", TOP, folder, check=False)
            self.assertEqual((found.returncode, found.stdout), (1, ""))

    def test_rpm(self):
        self.build("rpm")
        self.compare("*.rpm", 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
