"""`pgassay explain`: the page of a check; works offline."""

from __future__ import annotations

import click


@click.command()
@click.argument("name", metavar="CODE|NAME", required=False)
def explain(name: str | None) -> None:
    """Say what a finding means, why it matters and how to fix it.

    Without CODE or NAME, list them all.
    """
    from difflib import get_close_matches

    from pgassay.checks import EXPLAINED, find_check

    if name is None:
        for check in EXPLAINED:
            click.echo(f"{check.code}  {check.severity:<8} {check.name}")
        click.echo("\nMore on one: pgassay explain CODE")
        return
    found = find_check(name)
    if found is None:
        known = [c.code for c in EXPLAINED] + [c.name for c in EXPLAINED]
        near = get_close_matches(name.lower(), [k.lower() for k in known], 1, 0.5)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise click.UsageError(f"No check is called {name!r}.{hint} `pgassay explain` lists all.")
    click.echo(f"{found.code} {found.name} ({found.severity})\n\n{found.page}")
