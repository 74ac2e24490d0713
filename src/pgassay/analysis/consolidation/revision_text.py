"""A new revision as the text of its file."""

from __future__ import annotations

from collections.abc import Sequence

from pgassay.analysis.alembic_operations import in_op_execute
from pgassay.analysis.revision_file import revision_file
from pgassay.facts.consolidation import NewRevision, Operation

_ALIKE = (
    "Each statement does nothing where it is done already, so that databases may come here from "
    "either\nhistory."
)


def revision_text(revision: NewRevision) -> str:
    """Readable Python with one op.execute() a statement."""
    return revision_file(
        revision.summary,
        f"Brought over from {revision.origin}.\n{_ALIKE}",
        revision.id,
        revision.parents,
        _body([(o, o.up) for o in revision.operations]),
        _body([(o, o.down) for o in reversed(revision.operations)]),
    )


def _body(operations: Sequence[tuple[Operation, tuple[str, ...]]]) -> str:
    lines: list[str] = []
    for operation, statements in operations:
        if statements:
            lines.append(f"    # {' '.join(operation.subject.split())}")
            lines += [_execute(statement) for statement in statements]
        elif operation.data:
            lines.append(f"    # {' '.join(operation.subject.split())}: rows stay as they are")
    if not any(line.lstrip().startswith("op.") for line in lines):
        lines.append("    pass")
    return "\n".join(lines)


def _execute(statement: str) -> str:
    """As one string, or as a block where it has several lines."""
    text = in_op_execute(statement.rstrip())
    escaped = text.replace("\\", "\\\\")
    if "\n" not in text and len(text) < 76 and '"' not in text:
        return f'    op.execute("{escaped}")'
    # A quote before the closing ones would be taken for theirs.
    escaped = escaped.replace('"""', '\\"\\"\\"')
    # Inside a text, such as a function's body, blanks count.
    indent = "" if "$" in text or any(n.count("'") % 2 for n in text.split("\n")) else " " * 8
    block = "\n".join(f"{indent}{line}" if line else "" for line in escaped.split("\n"))
    return f'    op.execute(\n        """\n{block}\n        """\n    )'
