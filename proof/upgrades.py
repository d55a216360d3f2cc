"""Take databases with data down and up, kill each migration on its way, and offer the backup of one database to the other.

python -m proof.upgrades [--kills N] [--databases sqlite,postgresql]
"""

import argparse
import os
import random
import sys

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.entrypoints.bootstrap import build
from app.platform.database import migrate
from app.platform.settings import Settings
from proof.boundary import PLACE, Boundary, enter
from proof.databases import servers, workshop
from proof.instances import Instance
from proof.kills import Killer, points
from proof.outcome import Outcome
from proof.worlds import Worlds, settings_of
from tests.making.warm import warm

DOWN = "proof.upgrades:down_in_a_process"


def down_in_a_process() -> None:
    """Migrate down by one revision; what is killed."""
    place = os.environ.pop(PLACE, "")
    engine = build(Settings()).engine
    if place:
        enter(place)
    with engine.connect() as connection:
        command.downgrade(migrate.config(connection), "-1")
        connection.commit()


class Ways:
    """The ways up and down on one database."""

    def __init__(self, worlds: Worlds, outcome: Outcome, database: str) -> None:
        self.worlds, self.outcome, self.database = worlds, outcome, database

    def down(self, point: int, *, after: bool) -> int:
        """Go down, killed at a point (0: not); afterwards all tables are there, or none; up again, everything holds."""
        instance = self.worlds.copy("awarded").instance
        killer = Killer(point, after=after, group=True)
        killer.armed = True
        boundary = Boundary(killer)
        started = warm().start(env=instance.environment(boundary), entry=DOWN, group=True)
        killer.started = started
        started.wait(120)
        boundary.close()
        told = f"{self.database} down, {killer.where or 'to its end'}"
        self.outcome.figures["ways down"] += 1
        self.outcome.require(started.returncode == 0 or killer.where, f"{told}: status {started.returncode}")
        left = self._tables(instance)
        whole = "tender" in left and "award" in left
        nothing = not left - {"alembic_version"} - {one for one in left if one.startswith("procrastinate")}
        self.outcome.require(whole or nothing, f"{told}: some tables are left: {sorted(left)[:5]}")
        again = instance.run("migrate")
        self.outcome.require(again.returncode == 0, f"{told}: up again: {again.stderr[-300:]}")
        checked = instance.run("check")
        self.outcome.require(checked.returncode == 0, f"{told}: check {checked.stdout[-300:]} {checked.stderr[-200:]}")
        instance.remove()
        return killer.counted

    def up(self, point: int, *, after: bool) -> int:
        """Make the tables, killed at a point; repeated, everything holds."""
        instance = self.worlds.empty()
        instance.folder.mkdir()
        killer = Killer(point, after=after, group=True)
        killer.armed = True
        boundary = Boundary(killer)
        started = killer.started = instance.start("migrate", boundary=boundary)
        started.communicate(timeout=120)
        boundary.close()
        told = f"{self.database} up, {killer.where or 'to its end'}"
        self.outcome.figures["ways up"] += 1
        instance.running.clear()
        again = instance.run("migrate")
        self.outcome.require(again.returncode == 0, f"{told}: up again: {again.stderr[-300:]}")
        checked = instance.run("check")
        self.outcome.require(checked.returncode == 0, f"{told}: check {checked.stdout[-300:]} {checked.stderr[-200:]}")
        instance.remove()
        return killer.counted

    @staticmethod
    def _tables(instance: Instance) -> set[str]:
        engine = build(settings_of(instance)).engine
        with engine.connect() as connection:
            found = set(inspect(connection).get_table_names())
        engine.dispose()
        return found


def foreign(outcome: Outcome, every: dict[str, Worlds]) -> None:
    """A backup of the other kind of database is refused in words, and leaves the instance empty."""
    for name, worlds in every.items():
        for other, theirs in every.items():
            if other == name:
                continue
            instance = worlds.empty()
            refused = instance.run("restore", theirs.archive)
            said = f"backup is of a {other} database" in refused.stderr
            outcome.figures["backups of the other database refused"] += 1
            outcome.require(
                refused.returncode == 3 and said, f"{other} to {name}: {refused.returncode} {refused.stderr[-200:]}"
            )
            own = instance.run("restore", worlds.archive)
            outcome.require(own.returncode == 0, f"{name} after it: {own.stderr[-200:]}")
            instance.remove()


def main(words: list[str] | None = None) -> int:
    """Run the proof."""
    parser = argparse.ArgumentParser(prog="proof.upgrades")
    parser.add_argument("--kills", type=int, default=400, help="of each way and database")
    parser.add_argument("--databases", default="sqlite,postgresql")
    given = parser.parse_args(words)
    outcome, chance = Outcome("upgrades"), random.Random(1)
    outcome.figures["revisions"] = len(list(ScriptDirectory.from_config(migrate.config()).walk_revisions()))
    with workshop() as folder, servers(given.databases.split(","), folder) as made:
        every: dict[str, Worlds] = {}
        for database, server in made.items():
            (place := folder / database).mkdir()
            every[database] = Worlds(place, server)
            ways = Ways(every[database], outcome, database)
            for way in (ways.down, ways.up):
                choose = points(way(0, after=False), given.kills)
                for number in range(given.kills):
                    way(choose(number), after=chance.random() < 0.5)
        foreign(outcome, every)
    return outcome.end()


if __name__ == "__main__":
    sys.exit(main())
