"""The `geomap` command."""

from __future__ import annotations

import click


@click.group()
@click.version_option(package_name="incubator-geomap")
def main() -> None:
    """孵化空间数字地图 / Digital map of incubation space."""
