"""Build hook: the wheel carries the front-end packages, fetched from the lock file."""

import subprocess
import sys

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithVendor(build_py):
    """Fetch static/vendor before the packages are copied (not for editable installs)."""

    def run(self) -> None:
        if not self.editable_mode:
            subprocess.run([sys.executable, "scripts/vendor.py"], check=True)
        super().run()


setup(cmdclass={"build_py": BuildWithVendor})
