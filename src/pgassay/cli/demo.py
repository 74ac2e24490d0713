"""`pgassay demo`: the MITA Finance case on an embedded server."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from pgassay.cli.options import talk, use_color
from pgassay.cli.output import write_outputs
from pgassay.cli.progress import progress


@click.command()
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Put everything into DIR. Default: a new temporary folder, which is named.",
)
@click.option("--hold", is_flag=True, help="Leave production running until Ctrl-C; print its URL.")
@click.option("--users", metavar="N", help="Fill production with rows: so many users.")
@click.option("--transactions", metavar="N", help="The same, with so many transactions.")
@click.option("--seed", metavar="N", help="Other rows: the same seed makes the same ones.")
@click.option(
    "--defects",
    metavar="none|all|KIND=N,...",
    help="What is wrong in the rows. Default: a few of each kind; planted.json names them.",
)
@talk
def demo(
    keep: Path | None,
    hold: bool,
    users: str | None,
    transactions: str | None,
    seed: str | None,
    defects: str | None,
    quiet: bool,
    verbose: int,
    no_color: bool,
) -> None:
    """Play the worked example: build MITA Finance's production and give its verdict.

    Exits 0 when the case ends as it should: UNSAFE, with the defects that were built into it.
    """
    from contextlib import ExitStack

    from pgassay.flows.demo import PLANTED, DemoFailed, play

    # As typed: the example's generator knows what is right, and says so of all at once.
    asked = {"users": users, "transactions": transactions, "seed": seed, "defects": defects}
    data = [f"--{name}={value}" for name, value in asked.items() if value is not None]
    with ExitStack() as stack:
        try:
            with progress(quiet=quiet, verbose=verbose) as step:
                played = stack.enter_context(play(keep, step, data))
        except DemoFailed as failed:
            raise click.ClickException(str(failed)) from failed
        report = played.folder / "report.md"
        outputs = (("markdown", report), ("json", played.folder / "report.json"))
        write_outputs(
            played.report, outputs, verbosity=-1 if quiet else verbose, color=use_color(no_color)
        )
        click.echo(f"\nThe report, section by section: {report}")
        click.echo(f"The project it is about:        {played.project}")
        if data:
            click.echo(f"What is planted in its rows:    {played.folder / PLANTED}")
        if not played.as_expected:
            raise click.ClickException("The case did not end as it should; see the report.")
        click.echo("The verdict, as it should be:   UNSAFE")
        click.echo(f"To remove all of it:            rm -r {played.folder}")
        if hold:
            click.echo(f"\nProduction is running: {played.url}\n")
            click.echo("Try:")
            click.echo(f"  pgassay check {played.project} --database-url '{played.url}'")
            click.echo("\nCtrl-C stops it.")
            signal.pause()
        else:
            click.echo("\nNext: look at one defect,      pgassay explain HIS002")
            click.echo("      keep production running, pgassay demo --hold")
            click.echo("      assay your own project,  pgassay check PATH --database-url env:NAME")
