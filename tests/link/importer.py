"""A process that imports the modules it is told and prints their names, or a value in one."""

import sys
from importlib import import_module

for name in sys.argv[1:]:
    if name.endswith(".__file__"):
        print(import_module(name.removesuffix(".__file__")).__file__)
    else:
        print(import_module(name).__name__)
