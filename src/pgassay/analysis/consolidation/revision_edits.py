"""Changing the id, or what comes before, in the text of a revision's file."""

from __future__ import annotations

import ast

from pgassay.facts.consolidation import FileEdit


class NotEditable(Exception):
    """The file does not say it in a way that can be changed safely."""


def with_id(path: str, text: str, old: str, new: str, why: str) -> FileEdit:
    """`revision = "old"` becomes `new`. Raises NotEditable."""
    return _edit(path, text, "revision", old, new, why)


def with_parent(path: str, text: str, old: str, new: str, why: str) -> FileEdit:
    """`down_revision = "old"` becomes `new`; of a merge, the one of its parents. Raises
    NotEditable."""
    return _edit(path, text, "down_revision", old, new, why)


def _edit(path: str, text: str, name: str, old: str, new: str, why: str) -> FileEdit:
    if "\ufffd" in text:
        raise NotEditable(f"{path} is not in UTF-8, and {name} {old!r} must become {new!r} there")
    for node in ast.parse(text).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        target = node.target if isinstance(node, ast.AnnAssign) else target
        if not (isinstance(target, ast.Name) and target.id == name):
            continue
        segment = ast.get_source_segment(text, node) or ""
        for quote in ('"', "'"):
            written = f"{quote}{old}{quote}"
            if segment.count(written) == 1 and text.count(segment) == 1:
                return FileEdit(
                    path, segment, segment.replace(written, f"{quote}{new}{quote}"), why
                )
    raise NotEditable(f"{path} does not say `{name} = {old!r}` in plain text")


def edited(text: str, edits: list[FileEdit]) -> str:
    """The text with all its edits. Raises NotEditable where one does not fit any more."""
    for edit in edits:
        if text.count(edit.old) != 1:
            raise NotEditable(
                f"{edit.path}: {edit.old!r} stands there {text.count(edit.old)} times"
            )
        text = text.replace(edit.old, edit.new)
    return text
