"""Lessons on the ground between high and low water."""

from .base import Lesson, Locked, Text, TryThis

LESSONS = (
    Lesson(
        "walking-the-tideline",
        "Walking the tideline",
        "shore",
        20,
        "The sea leaves a line of post every twelve hours. How to read it.",
        (
            Text(
                "",
                (
                    "Walk the line of dry weed at the top of the beach, slowly, with "
                    "the sun behind you. Everything in it was somebody's: a mermaid's "
                    "purse held a young catshark or a ray, the spongy ball was a "
                    "whelk's nursery, the white oval is the inside of a cuttlefish.",
                    "After a westerly gale, look for goose barnacles on driftwood, and "
                    "for beans that grew beside a river on the other side of an ocean.",
                ),
            ),
            TryThis(
                "<p>Mark out one stride of tideline. Sort what you find in it into "
                "three heaps: grew here, lived here, was thrown away. Take the third "
                "one with you.</p>"
            ),
        ),
    ),
    Lesson(
        "what-lives-in-a-rock-pool",
        "What lives in a rock pool",
        "shore",
        25,
        "Sit down, keep your shadow off the water, and wait for three minutes.",
        (
            Text(
                "",
                (
                    "At first there is nothing. Then a bit of sand walks away, and it "
                    "is a shrimp. A winkle shell gets up on legs, because a hermit "
                    "crab lives in it. What looked like a blob of jelly opens into a "
                    "flower and turns out to have a mouth.",
                    "The pool is a hard place: hot by noon, salty by four, fresh when "
                    "it rains, and hit by the sea twice a day. Everybody in it is "
                    "tough, and everybody dries out in your hand.",
                ),
            ),
            TryThis(
                "<p>Turn over one stone, towards you. Look, don't poke. Then put it "
                "back <b>exactly</b> as it lay: its underside is somebody's "
                "ceiling.</p>"
            ),
        ),
    ),
    Lesson(
        "shells-and-who-built-them",
        "Shells, and who built them",
        "shore",
        15,
        "Left-handed whelks, razor clams, and the neat round hole of a murder.",
        (
            Text(
                "",
                (
                    "One shell with a twist: a snail of some kind. Two shells with a "
                    "hinge: cockle, mussel, scallop, razor. A shell grows at its edge, "
                    "so the ridges on a cockle are its diary, with a deep line for "
                    "each winter.",
                    "A small, round, bevelled hole near the hinge was drilled by a "
                    "necklace shell, which softens the shell with acid, rasps through, "
                    "and dines.",
                ),
            ),
            TryThis(
                "<p>Hold a spiral shell with the point upwards and the opening towards "
                "you. Is the opening on the right? Nearly all are. If you find one on "
                "the left, tell somebody at once.</p>"
            ),
        ),
    ),
    Lesson(
        "why-the-tide-is-sometimes-huge",
        "Why the tide is sometimes huge",
        "shore",
        25,
        "Springs, neaps, and the day when you can walk to the kelp.",
        (
            Text(
                "",
                (
                    "The moon pulls the sea, and so does the sun, a little less than "
                    "half as hard. At new and full moon the two pull along one line: "
                    "high tides are higher and low tides lower. Those are springs, and "
                    "they have nothing to do with the season.",
                    "A week later, sun and moon pull at a right angle, and the tide "
                    "hardly bothers: neaps. The largest springs of the year come near "
                    "the equinoxes, in March and September.",
                ),
            ),
            Text(
                "The rule of twelfths",
                (
                    "In the six hours between low and high water, the tide comes in by "
                    "one, two, three, three, two and one twelfths. It is fastest in "
                    "the middle, and that is when it catches people.",
                ),
            ),
            TryThis(
                "<p>Push a stick into the sand at the edge of the sea, and read a "
                "chapter. Where is the edge now? Do it at half tide, and do it with "
                "the way home <b>behind</b> you.</p>"
            ),
            Locked(
                "tide-tables",
                "The warden's tide tables",
                "<p>For our own bay, with the reef at the north end:</p><ul><li>Low "
                "water below <b>0.8 m</b>: the kelp is out. Go.</li><li>0.8 to 1.5 m: "
                "the lower pools are out, the gully isn't.</li><li>Above 1.5 m: walk "
                "the tideline, and have cake.</li></ul><p>Start <b>two hours "
                "before</b> low water, follow it down, and turn round <b>at</b> low "
                "water, however good it is. The gully fills from behind.</p>",
            ),
        ),
    ),
)
