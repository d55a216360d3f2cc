"""The wheel carries the built console: built here from its sources, unless a current build is there already."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConsoleHook(BuildHookInterface):
    """An editable install needs no console; `make console` builds it beside the sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the files are gathered; an sdist without `console/` carries the built files already."""
        if version == "editable" or not (Path(self.root) / "console").is_dir():
            return
        print(runpy.run_path(str(Path(self.root) / "scripts" / "console.py"))["build"]())
