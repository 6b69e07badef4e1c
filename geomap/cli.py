"""The `geomap` command: thin glue from options to rooms.

Exit status: 0 done, 1 refused (the input or the state does not allow it), 2 usage.
Rooms are imported inside the commands, so that `geomap --help` and a second
`make serve` start at once.
"""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path
from typing import Any

import click

from geomap.command import language as _language
from geomap.command import refuse_clearly, say, write_json
from geomap.commands_contact import alerts, leads
from geomap.commands_coverage import coverage
from geomap.commands_handovers import handovers
from geomap.commands_ledger import entries, ledger, meetings
from geomap.commands_place import place
from geomap.commands_placements import placements
from geomap.commands_staff import staff
from geomap.commands_template import template
from geomap.config import Settings, read_settings
from geomap.domain.errors import InputError
from geomap.domain.words import Label

KINDS = ("sites", "units", "amenities", "streets", "boundaries", "zones", "projects")
PARTS = ("joins", "rings", "coverage")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(["zh", "en"]), envvar="GEOMAP_LANG", help="zh | en")
@click.version_option(package_name="incubator-geomap")
@click.pass_context
@refuse_clearly
def main(context: click.Context, lang: str | None) -> None:
    """孵化空间数字地图 / Digital map of incubation space."""
    if not context.resilient_parsing:
        context.obj = read_settings()


@main.command()
@click.pass_obj
@refuse_clearly
def prepare(settings: Settings) -> None:
    """Build what serving needs and is missing (used by `make serve`)."""
    from geomap.prepare import prepare as prepare_data

    prepare_data(settings, say)


@main.command()
@click.option("--sites", default=245, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--units", default=12_000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=34520, show_default=True, type=click.IntRange(0))
@click.option("--clear", is_flag=True, help="Take the demonstration data away instead.")
@click.pass_obj
@refuse_clearly
def demo(settings: Settings, sites: int, units: int, seed: int, clear: bool) -> None:
    """Build the demonstration city (replaces earlier demonstration data only)."""
    from geomap.build import build_all
    from geomap.prepare import build_demo, clear_demo

    if clear:
        clear_demo(settings, say)
    else:
        build_demo(settings, say, sites=sites, units=units, seed=seed)
    build_all(settings, say)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.pass_obj
@refuse_clearly
def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve the map."""
    from geomap.build import require_served_data
    from geomap.web.serve import run_server

    require_served_data(settings)
    language = _language()  # another thread, which has no command, says the address
    run_server(
        settings,
        host=host,
        port=port,
        workers=workers,
        say=lambda text: click.echo(getattr(text, language)),
    )


@main.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--crs", default="", help="wgs84 | cgcs2000 | gcj02 | bd09 | EPSG:n")
@click.option("--encoding", default=None, help="utf-8 | gb18030 …")
@click.option("--dry-run", is_flag=True, help="Check only, store nothing.")
@click.option("--accept-partial", is_flag=True, help="Store the good rows, leave the others out.")
@click.option("--node-crossings", is_flag=True, help="Join road lines where they cross.")
@click.option("--date", "day", default="", help="Day of the amenities, as 2026-03-01.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.pass_obj
@refuse_clearly
def import_(
    settings: Settings,
    kind: str,
    file: Path,
    crs: str,
    encoding: str | None,
    dry_run: bool,
    accept_partial: bool,
    node_crossings: bool,
    day: str,
    as_json: bool,
) -> None:
    """Import a file of KIND into the record."""
    from geomap.importing import import_file

    report = import_file(
        settings,
        kind,
        file,
        crs=crs,
        encoding=encoding,
        dry_run=dry_run,
        accept_partial=accept_partial,
        node_crossings=node_crossings,
        day=day,
        say=functools.partial(say, err=as_json),
    )
    if as_json:
        write_json(report.to_json())
    else:
        click.echo(report.to_text(_language()))
    if not (report.stored or (dry_run and report.storable)):
        sys.exit(1)


@main.command()
@click.option("--only", default=",".join(PARTS), help="joins,rings,coverage")
@click.pass_obj
@refuse_clearly
def build(settings: Settings, only: str) -> None:
    """Join counties, compute rings and coverage, refresh the served snapshot."""
    from geomap.build import build_all

    parts = tuple(part.strip() for part in only.split(",") if part.strip())
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r}: joins | rings | coverage", param_hint="--only")
    build_all(settings, say, parts=parts)


@main.command()
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@click.option("--minutes", default=15.0, show_default=True, type=float)
@click.option("--profile", default="wenzhou-6-6", show_default=True)
@click.pass_obj
@refuse_clearly
def ring(settings: Settings, lon: float, lat: float, minutes: float, profile: str) -> None:
    """Print the walking ring of a point as GeoJSON."""
    from geomap.web.context import AppContext
    from geomap.web.views import ring_feature

    write_json(ring_feature(AppContext(settings), lon, lat, minutes, profile, _language()))


main.add_command(coverage)
main.add_command(alerts)
main.add_command(leads)
ledger.add_command(handovers)
main.add_command(ledger)
main.add_command(meetings)
main.add_command(entries)
main.add_command(place)
main.add_command(placements)
main.add_command(staff)
main.add_command(template)


@main.command()
@click.argument("category")
@click.option("--k", default=1, show_default=True, type=click.IntRange(1, 50), help="Places")
@click.option("--profile", default="wenzhou-6-6", show_default=True)
@click.option("--weight", default="sites", type=click.Choice(["sites", "tenants", "jobs"]))
@click.option("--exact", is_flag=True, help="Prove it, within 60 seconds.")
@click.option("--county", "counties", multiple=True, help="Adcode; several may be given.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def repair(
    settings: Settings,
    category: str,
    k: int,
    profile: str,
    weight: str,
    exact: bool,
    counties: tuple[str, ...],
    as_json: bool,
) -> None:
    """Find where the next K facilities of CATEGORY close most gaps."""
    from geomap.commands_repair import find_repair, table_of

    wanted = {"category": category, "k": k, "profile": profile, "weight": weight}
    mode = {"mode": "exact", "time_limit_s": 60} if exact else {}
    body = wanted | mode | {"counties": list(counties)}
    answer = find_repair(settings, body, _language())
    if as_json:
        write_json(answer)
    else:
        click.echo(table_of(answer, _language()))


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--profile", default="wenzhou-6-6", show_default=True)
@click.option("--site", default="", help="Whose ring is wanted too.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def whatif(settings: Settings, file: Any, profile: str, site: str, as_json: bool) -> None:
    """Compare today with the edits in FILE (JSON; - for stdin)."""
    import orjson

    from geomap.commands_whatif import find_whatif, table_of

    try:
        edits = orjson.loads(file.read(1_000_000))
    except orjson.JSONDecodeError as error:
        raise InputError(
            Label(f"不是有效的 JSON：{error}", f"Not valid JSON: {error}"), field=file.name
        ) from error
    answer = find_whatif(settings, edits, profile, site, _language())
    if as_json:
        write_json(answer)
    else:
        click.echo(table_of(answer, _language()))


@main.command()
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--sentence", metavar="TEXT", help="A demand in one sentence, instead of FILE.")
@click.option("--json", "as_json", is_flag=True, help="JSON also for a sentence.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--explain", "unit", default="", metavar="UNIT", help="Why this unit fits or not.")
@click.pass_obj
@refuse_clearly
def match(
    settings: Settings, file: Any, sentence: str | None, as_json: bool, limit: int, unit: str
) -> None:
    """Rank the vacant units for the demand in FILE (JSON; - for stdin), or in a sentence."""
    if (file is None) == (sentence is None) or (sentence is not None and unit):
        raise click.UsageError("Give FILE or --sentence; --explain goes with FILE.")
    if sentence is not None:
        from geomap.commands_sentence import match_sentence

        match_sentence(settings, sentence, limit=limit, as_json=as_json)
        return
    import orjson

    from geomap.web.context import AppContext
    from geomap.web.views import explain_answer, match_answer

    try:
        demand = orjson.loads(file.read(1_000_000))
    except orjson.JSONDecodeError as error:
        raise InputError(
            Label(f"不是有效的 JSON：{error}", f"Not valid JSON: {error}"),
            field=getattr(file, "name", "-"),
        ) from error
    if unit:
        write_json(explain_answer(AppContext(settings), demand, unit, _language()))
        return
    write_json(match_answer(AppContext(settings), demand, limit=limit, language=_language()))


@main.command()
@click.argument("layer")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
@refuse_clearly
def export(settings: Settings, layer: str, file: Path) -> None:
    """Write a LAYER to FILE: .gpkg .shp.zip .geojson .xlsx .csv .html"""
    from geomap.build import open_catalog
    from layers.export import export_layer

    rows = export_layer(open_catalog(settings), layer, file)
    say(Label(f"✓ 已导出 {rows:,} 行到 {file}", f"✓ {rows:,} rows written to {file}"))


@main.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def doctor(settings: Settings, as_json: bool) -> None:
    """Print every setting, where it came from, and the state of the data."""
    from geomap.doctor import examine

    findings = examine(settings, os.environ)
    if as_json:
        write_json(findings)
        return
    for row in findings["settings"]:
        meaning = row["meaning"][_language()]
        click.echo(f"{row['variable']:<24} {row['value']:<36} {row['origin']:<12} {meaning}")
    for row in findings["checks"]:
        click.echo(f"{'✓' if row['ok'] else '✗'} {row['text'][_language()]}")


@main.command()
@click.argument("what", default="all")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.pass_obj
@refuse_clearly
def bench(settings: Settings, what: str, file: Path | None) -> None:
    """Measure and print JSON: all | tiles | join | rings | streets | match | place | service.

    `streets` takes a FILE (.osm.pbf, or road lines in WGS84); without one, or with
    `grid`, it generates a town of 5 million junctions.
    """
    from geomap.bench import run_bench

    write_json(run_bench(settings, what, file))


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
@refuse_clearly
def backup(settings: Settings, file: Path) -> None:
    """Write a copy of the record to FILE while the service runs."""
    from geomap.store.backup import backup as backup_store
    from geomap.store.engine import open_store

    store = open_store(settings.database_url, create=False)
    backup_store(store, file)
    say(Label(f"✓ 已备份到 {file}", f"✓ Backed up to {file}"))


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
@refuse_clearly
def restore(settings: Settings, file: Path, yes: bool) -> None:
    """Replace the record by the copy in FILE (asks first)."""
    from geomap.build import build_all
    from geomap.store.backup import restore as restore_store

    question = Label("现有数据会被替换，继续吗？", "The present record will be replaced. Go on?")
    if not yes:
        click.confirm(getattr(question, _language()), abort=True)
    restore_store(file, settings.database_url)
    build_all(settings, say)


if __name__ == "__main__":
    main()
