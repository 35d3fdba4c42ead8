"""Which drawing belongs to which file name of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PIL import Image

from . import birds, company, hedgerow, night_sky, rewards, setting_out, shore
from .frames import (
    DIAMOND,
    DISC,
    DOORWAY,
    EGG,
    HEXAGON,
    LIFEBELT,
    MEDAL,
    OCTAGON,
    SCALLOP,
    SHIELD,
    STARBURST,
    emblem,
    ranked,
    single,
)
from .palettes import BIRDS, GOLD, HEDGEROW, NIGHT, SETTING_OUT, SHORE

Drawing = Callable[[], Image.Image]


def _chain(frame, palette, **scenes) -> dict[str, Drawing]:
    return {
        name.replace("_", "-"): partial(ranked, frame, palette, rank, scene)
        for rank, (name, scene) in enumerate(scenes.items(), start=1)
    }


def _singles(frame, palette, **scenes) -> dict[str, Drawing]:
    return {
        name.replace("_", "-"): partial(single, frame, palette, scene)
        for name, scene in scenes.items()
    }


BADGES: dict[str, Drawing] = {
    **_chain(
        MEDAL,
        SETTING_OUT,
        first_footprint=setting_out.footprint,
        well_trodden=setting_out.boot,
        the_long_way_round=setting_out.winding_path,
    ),
    **_chain(
        MEDAL,
        SETTING_OUT,
        an_hour_well_spent=setting_out.hour_glass,
        a_whole_afternoon=setting_out.afternoon,
    ),
    **_singles(
        DISC,
        SETTING_OUT,
        field_day=setting_out.sun,
        in_season=setting_out.four_seasons,
        notebook_keeper=setting_out.notebook,
        hand_lens=setting_out.hand_lens,
        all_rounder=setting_out.compass,
        steady_lamp=company.lamp,
        field_reporter=company.letter,
        good_company=company.bubbles,
        wayfarer=company.signpost,
        before_the_milk=setting_out.milk_bottle,
    ),
    **_chain(
        SHIELD,
        HEDGEROW,
        leaf_turner=hedgerow.one_leaf,
        hedge_reader=hedgerow.hedge_book,
        keeper_of_the_hedge=hedgerow.hedge_gate,
    ),
    **_singles(
        DIAMOND,
        HEDGEROW,
        acorn=hedgerow.acorn,
        hundred_rings=hedgerow.tree_rings,
        toadstool=hedgerow.toadstool,
        bumblebee=hedgerow.bumblebee,
    ),
    **_chain(
        HEXAGON,
        BIRDS,
        first_feather=birds.feather,
        keen_ear=birds.listening,
        dawn_chorus=birds.dawn_chorus,
    ),
    **_singles(
        EGG,
        BIRDS,
        nest_finder=birds.nest,
        owl_light=birds.owl,
        swift_summer=birds.swifts,
        lapwing=birds.lapwing,
    ),
    **_chain(
        SCALLOP,
        SHORE,
        tideline=shore.tideline,
        rock_pooler=shore.rock_pool,
        warden_of_the_shore=shore.lighthouse,
    ),
    **_singles(
        LIFEBELT,
        SHORE,
        crab_at_home=shore.crab,
        shell_seeker=shore.shell,
        spring_tide=shore.spring_tide,
        message_in_a_bottle=shore.bottle,
    ),
    **_chain(
        STARBURST,
        NIGHT,
        first_star=night_sky.first_star,
        star_hopper=night_sky.plough,
        keeper_of_the_dark=night_sky.observatory,
    ),
    **_singles(
        OCTAGON,
        NIGHT,
        moonwatcher=night_sky.moon,
        ringed_giant=night_sky.saturn,
        perseid=night_sky.meteor,
        midnight_moth=night_sky.moth,
    ),
}

LEVELS: dict[str, Drawing] = {
    name: partial(emblem, HEDGEROW, rank, scene)
    for rank, (name, scene) in enumerate(
        {
            "level-acorn": rewards.seed,
            "level-seedling": rewards.sprout,
            "level-sapling": rewards.sapling,
            "level-young-oak": rewards.young_oak,
            "level-great-oak": rewards.great_oak,
            "level-ancient-oak": rewards.ancient_oak,
        }.items()
    )
}

UNLOCKABLES: dict[str, Drawing] = {
    "song-library": partial(single, DOORWAY, BIRDS, rewards.gramophone, GOLD),
    "tide-tables": partial(single, DOORWAY, SHORE, rewards.tide_tables, GOLD),
    "lantern-walk": partial(single, DOORWAY, SETTING_OUT, rewards.lantern, GOLD),
    "wardens-notebook": partial(
        single, DOORWAY, HEDGEROW, rewards.warden_notebook, GOLD
    ),
    "telescope-evening": partial(single, DOORWAY, NIGHT, rewards.telescope, GOLD),
}
