"""Lessons on birds, which begin with listening."""

from .base import Lesson, Locked, Text, TryThis

LESSONS = (
    Lesson(
        "five-songs-to-start-with",
        "Five songs to start with",
        "birds",
        25,
        "Great tit, chiffchaff, robin, wren, blackbird. Learn five, and the rest "
        "become “not those”.",
        (
            Text(
                "",
                (
                    "Start in February, when few are singing, and learn them as they "
                    "come. The <b>great tit</b> is a squeaky bicycle pump: "
                    "<i>tea-cher, tea-cher</i>. The <b>chiffchaff</b> says its own "
                    "name, and never tires of it.",
                    "The <b>robin</b> is thin and sad and changes its mind in the "
                    "middle of every line. The <b>wren</b> is far too loud for its "
                    "size and has a machine-gun trill in the middle. The "
                    "<b>blackbird</b> has all the time in the world.",
                ),
            ),
            TryThis(
                "<p>At breakfast, open one window. Write down every song as a "
                "scribble: up, down, buzz, whistle, pause. Don't name anything until "
                "the tea is finished.</p>"
            ),
            Locked(
                "song-library",
                "The song library: five more, the way you would sing them",
                "<ul><li><b>Song thrush</b>: says everything twice. <i>Did he do it? "
                "Did he do it? He did, he did.</i></li><li><b>Yellowhammer</b>: a "
                "little bit of bread and <i>no cheese</i>.</li><li><b>Wood pigeon</b>: "
                "my toe bleeds, Betty.</li><li><b>Chaffinch</b>: a fast bowler, "
                "running up and letting go.</li><li><b>Swallow</b>: a modem, pleased "
                "with itself.</li></ul>",
            ),
        ),
    ),
    Lesson(
        "nests-after-the-leaves-fall",
        "Nests, after the leaves fall",
        "birds",
        15,
        "In winter the hedges give up their secrets, and nobody is at home to be "
        "disturbed.",
        (
            Text(
                "",
                (
                    "Never look for nests in spring. In December, walk the same hedge "
                    "and look up: there they all are, a hand's breadth from where you "
                    "passed in May.",
                    "A cup lined with mud and then with grass is a blackbird's. Lined "
                    "with mud and left smooth as a bowl: song thrush. A domed ball of "
                    "moss and cobweb covered in lichen: long-tailed tit, and about two "
                    "thousand feathers inside. A ball of sticks as large as a bucket "
                    "is a magpie's, with a roof.",
                ),
            ),
            TryThis(
                "<p>Draw one nest from below with the branches that hold it. How many "
                "does it lean on? Leave it where it is: a dormouse may move in.</p>"
            ),
        ),
    ),
    Lesson(
        "listening-for-owls",
        "Listening for owls",
        "birds",
        20,
        "Half an hour after sunset, in autumn, by a wood. Wear something that doesn't "
        "rustle.",
        (
            Text(
                "",
                (
                    "The famous <i>tu-whit, tu-whoo</i> is two owls. A female tawny "
                    "says <i>ke-wick</i>, a male answers with a long, wavering hoot. "
                    "In October, when the young are looking for a place of their own, "
                    "a wood can have six of them arguing.",
                    "A shriek like a rusty gate is a barn owl. A yelp like a small "
                    "dog, in daylight, from a telegraph pole, is a little owl, and it "
                    "is looking at you.",
                ),
            ),
            TryThis(
                "<p>Cup your hands behind your ears, and turn slowly. You will find "
                "the direction of a hoot to within a tree or two.</p>"
            ),
        ),
    ),
    Lesson(
        "swifts-a-hundred-days",
        "Swifts: a hundred days",
        "birds",
        15,
        "They come in the first week of May, scream about it, and are gone in August.",
        (
            Text(
                "",
                (
                    "A swift that leaves the nest may not land again for two years or "
                    "more. It eats, drinks, gathers feathers and sleeps on the wing, "
                    "half of its brain at a time.",
                    "Swallow, martin or swift? If it sits on a wire it isn't a swift. "
                    "If it has a white rump it is a house martin. If it is a black "
                    "crossbow and it is screaming, put the kettle on and stay "
                    "outside.",
                ),
            ),
            TryThis(
                "<p>On a warm evening in June, count the largest screaming party over "
                "your street, and look for low, fast passes under the eaves: that is "
                "where they nest. Somebody keeps a map; tell them.</p>"
            ),
        ),
    ),
)
