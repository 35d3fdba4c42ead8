"""Lessons on how to look, and what to carry."""

from .base import Lesson, Text, TryThis

LESSONS = (
    Lesson(
        "what-to-take-and-what-to-leave",
        "What to take, and what to leave",
        "setting-out",
        15,
        "A bag that weighs less than a loaf of bread, and four things that stay where "
        "you found them.",
        (
            Text(
                "",
                (
                    "The best field kit is the one that is already by the door. Ours "
                    "fits in a coat pocket: a pencil, a notebook, a hand lens on a "
                    "string, and something to sit on that doesn't mind getting wet.",
                    "Binoculars are wonderful, and they are also heavy. For the first "
                    "month, leave them at home. You will look at what is near, and "
                    "near is where most of it happens.",
                ),
            ),
            Text(
                "Four things that stay",
                (
                    "Nests, eggs and feathers of wild birds; anything with roots; "
                    "anything that is somebody's roof, such as a stone on the beach; "
                    "and the last one of whatever it is. A drawing takes nothing away.",
                ),
            ),
            TryThis(
                "<p>Stand still at your own front door for <b>five minutes</b>. Count "
                "how many different kinds of living thing you can see, hear or smell. "
                "Most people guess six and find more than twenty.</p>"
            ),
        ),
    ),
    Lesson(
        "keeping-a-field-notebook",
        "Keeping a field notebook",
        "setting-out",
        20,
        "Date, place, weather, and one honest drawing. Why a bad sketch beats a good "
        "photograph.",
        (
            Text(
                "",
                (
                    "Start every page with the same three things: the date, the place, "
                    "the weather. They are dull to write and they are the first thing "
                    "you will look for in ten years.",
                    "Then draw. A drawing makes you decide: does that leaf have teeth, "
                    "or are they lobes? Is the wing bar white or only pale? A camera "
                    "decides nothing and remembers everything, including the fence.",
                ),
            ),
            Text(
                "Write down what you don't know",
                (
                    "Put a question mark in the margin beside anything you aren't sure "
                    "about. The question marks are the most valuable part of the book, "
                    "because next year you will be able to answer half of them.",
                ),
            ),
            TryThis(
                "<ol><li>Draw the nearest leaf in one minute without looking at the "
                "paper.</li><li>Draw it again in one minute, looking at both.</li>"
                "<li>Write three words beside it that you couldn't draw.</li></ol>"
            ),
        ),
    ),
    Lesson(
        "how-to-use-a-hand-lens",
        "How to use a hand lens",
        "setting-out",
        10,
        "Lens to the eye, then the leaf to the lens. Ten times larger is a different "
        "country.",
        (
            Text(
                "",
                (
                    "Almost everybody holds a lens over the thing and bends down. It "
                    "is the other way round: hold the lens against your eyebrow, keep "
                    "it there, and bring the leaf up until it is sharp. Your hand will "
                    "touch your cheek. That is right.",
                    "Turn so that the light falls on the leaf, not on you. Ten times "
                    "is plenty. More than that, and you need steadier hands than most "
                    "of us have before breakfast.",
                ),
            ),
            TryThis(
                "<p>Look at a patch of <b>moss</b> on a wall. Find the little lids on "
                "its capsules. When they are dry they come off, and the ring of teeth "
                "underneath opens and closes with the damp of your breath.</p>"
            ),
        ),
    ),
)
