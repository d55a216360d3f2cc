"""Proof under fire: kills, faults, races, hostile files, load, upgrades, fuzz. See README.md; figures in docs/reliability.md."""
