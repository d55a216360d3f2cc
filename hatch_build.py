"""Add the built console to the wheel: built here from its sources, unless a current build exists."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConsoleHook(BuildHookInterface):
    """An editable install needs no console; `make console` builds it beside the sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the files are gathered; an sdist without `console/` contains the built files already."""
        if version == "editable" or not (Path(self.root) / "console").is_dir():
            return
        print(runpy.run_path(str(Path(self.root) / "scripts" / "console.py"))["build"]())
