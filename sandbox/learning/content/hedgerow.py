"""Lessons on what grows beside the lane, and who eats it."""

from .base import Lesson, Locked, Text, TryThis

LESSONS = (
    Lesson(
        "reading-a-hedge",
        "Reading a hedge",
        "hedgerow",
        20,
        "Count the shrubs in thirty paces and you have a rough date. What a hedge "
        "tells you, and where it fibs.",
        (
            Text(
                "",
                (
                    "A new hedge is a row of one thing, usually hawthorn. Every "
                    "century or so another shrub arrives, carried by a bird or a "
                    "mouse, and stays. So there is an old rule: count the kinds of "
                    "tree and shrub in thirty paces, and each is worth about a hundred "
                    "years.",
                    "The rule is honest in some counties and a terrible liar in "
                    "others, because some planters put in five kinds on the first day. "
                    "Treat it as a question to ask the hedge, not as an answer.",
                ),
            ),
            Text(
                "Hawthorn or blackthorn?",
                (
                    "In spring, blackthorn flowers before its leaves and hawthorn "
                    "after. In winter, look at the thorns: blackthorn grows its buds "
                    "<i>on</i> the thorn, hawthorn grows them beside it.",
                ),
            ),
            TryThis(
                "<p>Walk thirty paces along a hedge near you, three times, and count. "
                "Write all three numbers down. If they differ a lot, find out why.</p>"
            ),
            Locked(
                "wardens-notebook",
                "From the warden's notebook",
                "<p>The hedge on Mill Lane was laid in the winter of the long frost. I "
                "counted seven kinds in thirty paces that year and nine today. The two "
                "newcomers are <b>spindle</b> and <b>dog rose</b>, and I know which "
                "blackbird brought the rose, because I watched her do it.</p><p>If you "
                "want to see the otter, the bridge is the place. Be there before the "
                "mist has gone, and don't wear anything that rustles.</p>",
            ),
        ),
    ),
    Lesson(
        "the-oak-and-its-lodgers",
        "The oak and its lodgers",
        "hedgerow",
        15,
        "One tree, and a boarding house of galls, caterpillars, jays and bats.",
        (
            Text(
                "",
                (
                    "Well over two thousand kinds of living thing have been found on "
                    "oaks in these islands, and a few hundred of them live nowhere "
                    "else. Most are small. Start with the ones that leave marks.",
                    "The brown marble on a twig is a gall: a tiny wasp laid an egg in "
                    "a bud, and the oak built a house around it. A neat round hole "
                    "means that the lodger has left. A ragged one means that a "
                    "woodpecker called first.",
                ),
            ),
            Text(
                "The forgetful planter",
                (
                    "A jay buries thousands of acorns in one autumn, and finds most of "
                    "them again. The ones it forgets are the reason that oaks walk "
                    "uphill.",
                ),
            ),
            TryThis(
                "<p>Turn over <b>ten</b> fallen oak leaves and look at the undersides. "
                "The little discs like sequins are spangle galls. How many leaves have "
                "none?</p>"
            ),
        ),
    ),
    Lesson(
        "how-old-is-that-tree",
        "How old is that tree?",
        "hedgerow",
        15,
        "A tape measure, a hug and a little arithmetic.",
        (
            Text(
                "",
                (
                    "Measure around the trunk at the height of your chest, in "
                    "centimetres. A tree that stands in the open puts on about two and "
                    "a half centimetres a year; one in a wood, with neighbours in its "
                    "light, about half of that.",
                    "So an oak in a field with a girth of three metres is somewhere "
                    "near a hundred and twenty. In a wood it might be two hundred and "
                    "forty. Very old trees slow down, shrink and go hollow, and the "
                    "arithmetic stops. Then you ask the parish.",
                ),
            ),
            TryThis(
                "<p>Find a stump, and count inwards from the bark to the year you were "
                "born. Was it a wide ring? A wide ring was a good summer.</p>"
            ),
        ),
    ),
    Lesson(
        "fungi-you-cannot-mistake",
        "Six fungi you can't mistake",
        "hedgerow",
        20,
        "For looking at. This course doesn't go anywhere near a frying pan.",
        (
            Text(
                "",
                (
                    "What you see is only the fruit. The fungus itself is a web of "
                    "threads in the soil or the wood, sometimes as wide as a field, "
                    "and it is there all year.",
                    "Begin with those that look like nothing else: fly agaric, red "
                    "with white flakes, under birches; candlesnuff, black and white "
                    "like a blown-out wick; King Alfred's cakes, burnt buns on dead "
                    "ash; jelly ear, on elder; turkey tail, in rings on a stump; and "
                    "stinkhorn, which you will find with your nose.",
                ),
            ),
            TryThis(
                "<p>Lay a mushroom cap on paper overnight, half on white and half on "
                "black, under a glass. In the morning its spores have drawn its gills. "
                "Wash your hands.</p>"
            ),
        ),
    ),
    Lesson(
        "bumblebees-by-their-tails",
        "Bumblebees by their tails",
        "hedgerow",
        15,
        "Two dozen kinds sound like a lot. Seven of them are nearly all you will meet.",
        (
            Text(
                "",
                (
                    "Look at the tail first. White tail and two yellow bands: "
                    "white-tailed or garden bumblebee. Off-white with a thin buff "
                    "line: buff-tailed. Red tail on a black bee: red-tailed. Red tail "
                    "with yellow bands: early bumblebee. Ginger all over the back: "
                    "common carder. Ginger jacket and a white tail: tree bumblebee, "
                    "who likes bird boxes.",
                    "A bee with one leg in the air isn't waving. It means <i>too "
                    "close</i>.",
                ),
            ),
            TryThis(
                "<p>Watch one patch of flowers for ten minutes in the sun and keep a "
                "tally by tail. Do it again a month later: the same patch will have a "
                "different cast.</p>"
            ),
        ),
    ),
)
