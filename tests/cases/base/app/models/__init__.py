"""Imports every module of this folder, so that Base.metadata knows all tables."""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
