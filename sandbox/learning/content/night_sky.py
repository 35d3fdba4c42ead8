"""Lessons for after dark, without any equipment to begin with."""

from .base import Lesson, Locked, Text, TryThis

LESSONS = (
    Lesson(
        "your-first-ten-stars",
        "Your first ten stars",
        "night-sky",
        20,
        "From the Plough to everywhere else, one finger's width at a time.",
        (
            Text(
                "",
                (
                    "Find the Plough, which never sets from here. The two stars at the "
                    "end of its blade point to <b>Polaris</b>: five times the distance "
                    "between them, straight on. That is north, all night, all year.",
                    "Follow the curve of the handle instead: arc to <b>Arcturus</b>, "
                    "which is orange, and speed on to <b>Spica</b>, which is blue. In "
                    "winter, begin with Orion's belt: down to the left is "
                    "<b>Sirius</b>, up to the right <b>Aldebaran</b>.",
                ),
            ),
            TryThis(
                "<p>Your fist at arm's length is ten degrees wide, your little finger "
                "one. Measure the Plough from end to end. It should be two and a half "
                "fists, whoever you are: people with long arms have large hands.</p>"
            ),
        ),
    ),
    Lesson(
        "the-moon-in-thirty-nights",
        "The moon in thirty nights",
        "night-sky",
        15,
        "Draw it every night for a month, and you will never again believe a film.",
        (
            Text(
                "",
                (
                    "The new crescent is low in the west after sunset, and it is lit "
                    "on the right. Each night it is fatter and further to the left. A "
                    "full moon rises at sunset, always; it can't do anything else, "
                    "because it stands opposite the sun.",
                    "On the days around new moon, look for the rest of the disc, faint "
                    "and grey. That light went from the sun to the Earth to the moon "
                    "and back to you.",
                ),
            ),
            TryThis(
                "<p>Draw thirty circles in your notebook tonight, and fill in one each "
                "evening. When it is cloudy, draw the cloud.</p>"
            ),
        ),
    ),
    Lesson(
        "finding-saturn",
        "Finding Saturn",
        "night-sky",
        20,
        "It doesn't twinkle, it is the colour of weak tea, and it has been keeping a "
        "secret from your eyes.",
        (
            Text(
                "",
                (
                    "Planets are found where the moon goes: along one great arc across "
                    "the sky. A bright point on that arc that isn't on your star chart "
                    "and doesn't twinkle is a planet. If it is yellowish and calm and "
                    "moves a hand's breadth in a year, it is Saturn.",
                    "The smallest telescope shows the rings, at about thirty times. In "
                    "1610 somebody with a worse one thought that the planet had ears.",
                ),
            ),
            TryThis(
                "<p>Sketch the two or three stars nearest to it. Sketch them again in "
                "a month. Which one moved?</p>"
            ),
            Locked(
                "telescope-evening",
                "Your evening at the telescope",
                "<p>The key to the dome hangs behind the tea urn. Let the telescope "
                "cool for half an hour with the slit open; warm air shimmers. Begin "
                "with the <b>wide eyepiece</b>, centre, then change.</p><p>Saturn "
                "first, because it sets first. Then the double star at the bend of the "
                "Plough's handle, and then whatever you like. Sign the book.</p>",
            ),
        ),
        level="sapling",
    ),
    Lesson(
        "an-evening-with-the-perseids",
        "An evening with the Perseids",
        "night-sky",
        15,
        "Deckchair, blanket, flask, the twelfth of August. No telescope: you would "
        "miss everything.",
        (
            Text(
                "",
                (
                    "Every August the Earth drives through dust that a comet left "
                    "behind. A grain as large as a grape pip hits the air at "
                    "fifty-nine kilometres a second, and for a moment there is a line.",
                    "Look anywhere dark and high. All the lines seem to come from one "
                    "place, in Perseus, as snowflakes seem to come from one place in "
                    "front of a car. After midnight there are more, because then we "
                    "are on the front of the Earth.",
                ),
            ),
            TryThis(
                "<p>Give your eyes twenty minutes without a screen. Then count for "
                "fifteen minutes, and multiply by four. Sixty an hour is a good year; "
                "one with a train that glows is a good <i>night</i>.</p>"
            ),
            Locked(
                "lantern-walk",
                "Meet us on the lantern walk",
                "<p>The last Friday of the month, at the school gate, half past eight. "
                "Bring a lantern with a <b>red</b> cloth over it, and somebody who has "
                "never seen the Milky Way.</p>",
            ),
        ),
    ),
)
