"""The demo's drawings: badges, level emblems, unlockables and lesson pictures."""
