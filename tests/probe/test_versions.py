"""The child runs with every SQLAlchemy from 1.4 and Alembic from 1.8 on, in Python from 3.8 on.

Each pair has a virtual environment of its own, made once a session; the oldest in the oldest Python
that is here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest
from filelock import FileLock
