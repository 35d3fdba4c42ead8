"""The catalogue's second language: names and descriptions in French."""

from __future__ import annotations

#: (sheet, slug) to the name and the description.
FRENCH: dict[tuple[str, str], tuple[str, str]] = {
    ("Categories", "setting-out"): (
        "En route",
        "Les premiers pas, et l'envie de revenir.",
    ),
    ("Categories", "hedgerow"): (
        "La haie",
        "Feuilles, champignons, vieux arbres et tous leurs habitants.",
    ),
    ("Categories", "birds"): (
        "Les oiseaux",
        "À l'oreille d'abord. Les jumelles attendront.",
    ),
    ("Categories", "shore"): (
        "Le rivage",
        "Entre deux marées, les pieds au frais et un œil sur l'heure.",
    ),
    ("Categories", "night-sky"): (
        "Le ciel nocturne",
        "Tout ce qui se voit quand on éteint la lumière.",
    ),
    ("Badges", "first-footprint"): (
        "Première empreinte",
        "<p>Vous avez terminé votre <b>première leçon</b>.</p>",
    ),
    ("Badges", "well-trodden"): (
        "Sentier battu",
        "<p>Cinq leçons terminées. Les chaussures ne grincent plus.</p>",
    ),
    ("Badges", "the-long-way-round"): (
        "Le grand détour",
        "<p>Douze leçons terminées, alors que le raccourci était <i>juste là</i>.</p>",
    ),
    ("Badges", "an-hour-well-spent"): (
        "Une heure bien employée",
        "<p>Soixante minutes de leçons, comptées une à une.</p>",
    ),
    ("Badges", "a-whole-afternoon"): (
        "Tout un après-midi",
        "<p>Quatre heures de leçons. Le banc est à vous.</p>",
    ),
    ("Badges", "field-day"): (
        "Journée sur le terrain",
        "<p>Trois leçons en un jour. Après cela, repos.</p>",
    ),
    ("Badges", "in-season"): (
        "De saison",
        "<p>Trois leçons, et l'insigne reste frais <b>trente jours</b>.</p>",
    ),
    ("Badges", "notebook-keeper"): (
        "Carnet de terrain",
        "<p>Date, lieu, temps qu'il fait, et un dessin que vous seul reconnaissez.</p>",
    ),
    ("Badges", "all-rounder"): (
        "Touche-à-tout",
        "<p>Au moins une leçon dans chacune des cinq matières.</p>",
    ),
    ("Badges", "leaf-turner"): (
        "Retourne-feuille",
        "<p>Première leçon sur la haie. Regardez le dessous : c'est là qu'on vit.</p>",
    ),
    ("Badges", "hedge-reader"): (
        "Lecture de haie",
        "<p>Deux leçons. Aubépine ou prunellier, avec ou sans feuilles.</p>",
    ),
    ("Badges", "keeper-of-the-hedge"): (
        "Gardien de la haie",
        "<p>Quatre leçons. On devrait vous confier la clé du portillon.</p>",
    ),
    ("Badges", "first-feather"): (
        "Première plume",
        "<p>Votre première leçon sur les oiseaux.</p>",
    ),
    ("Badges", "keen-ear"): (
        "L'oreille fine",
        "<p>Deux leçons sur les oiseaux. Vous vous arrêtez au milieu d'une phrase.</p>",
    ),
    ("Badges", "dawn-chorus"): (
        "Le chœur de l'aube",
        "<p>Les quatre leçons. Vous entendez qui <i>manque</i>.</p>",
    ),
    ("Badges", "lapwing"): (
        "Le Vanneau",
        "<p>L'insigne de l'école, remis en main propre à qui aide les autres.</p>",
    ),
    ("Badges", "tideline"): (
        "Laisse de mer",
        "<p>Première leçon sur le rivage. L'algue a été remise à sa place.</p>",
    ),
    ("Badges", "rock-pooler"): (
        "Flaques et rochers",
        "<p>Deux leçons. Attendre, sans éclabousser, attendre encore.</p>",
    ),
    ("Badges", "warden-of-the-shore"): (
        "Gardien du rivage",
        "<p>Les quatre leçons. Le phare est à vous.</p>",
    ),
    ("Badges", "first-star"): (
        "Première étoile",
        "<p>Première leçon sur le ciel. C'était peut-être Vénus. Cela compte.</p>",
    ),
    ("Badges", "star-hopper"): (
        "D'étoile en étoile",
        "<p>Deux leçons. Depuis la Grande Ourse, on va partout.</p>",
    ),
    ("Badges", "keeper-of-the-dark"): (
        "Gardien de la nuit",
        "<p>Les quatre leçons, et une lampe de moins sur le perron.</p>",
    ),
    ("Badges", "hand-lens"): (
        "À la loupe",
        "<p>La loupe contre l'œil, puis la feuille vers la loupe.</p>",
    ),
    ("Badges", "steady-lamp"): (
        "Lampe fidèle",
        "<p>Sept jours de suite. Un jour manqué par semaine est pardonné.</p>",
    ),
    ("Badges", "field-reporter"): (
        "Correspondance de terrain",
        "<p>Vos notes de terrain sont arrivées.</p>",
    ),
    ("Badges", "good-company"): (
        "Bonne compagnie",
        "<p>Un mot sur trois leçons différentes.</p>",
    ),
    ("Badges", "wayfarer"): (
        "Au long cours",
        "<p>Dix leçons différentes en trente jours, ou l'âge d'un grand chêne.</p>",
    ),
    ("Badges", "before-the-milk"): (
        "Avant le laitier",
        "<p>Une leçon terminée avant sept heures. Les mésanges étaient levées.</p>",
    ),
    ("Badges", "acorn"): (
        "Le gland",
        "<p>Pour la leçon sur le chêne, qui nourrit tout le monde.</p>",
    ),
    ("Badges", "hundred-rings"): (
        "Cent cernes",
        "<p>L'âge d'un arbre au mètre ruban, à une génération près.</p>",
    ),
    ("Badges", "toadstool"): (
        "Le champignon",
        "<p>Regarder, dessiner, sentir, <b>laisser</b>.</p>",
    ),
    ("Badges", "bumblebee"): (
        "Le bourdon",
        "<p>Cul blanc, cul roux, cul rouge : vous comptez les bourdons par "
        "derrière.</p>",
    ),
    ("Badges", "nest-finder"): (
        "Cherche-nid",
        "<p>En hiver, quand les feuilles sont tombées et qu'il n'y a personne.</p>",
    ),
    ("Badges", "owl-light"): (
        "Entre chien et hibou",
        "<p>La demi-heure après le coucher du soleil, quand l'une appelle et que "
        "l'autre répond.</p>",
    ),
    ("Badges", "swift-summer"): (
        "L'été des martinets",
        "<p>Cent jours de cris sur les toits, puis un soir tranquille.</p>",
    ),
    ("Badges", "crab-at-home"): (
        "Le crabe chez lui",
        "<p>Chaque pierre a été remise comme elle était.</p>",
    ),
    ("Badges", "shell-seeker"): (
        "Coquillages",
        "<p>Qui l'a construit, comment il s'ouvrait, et qui a percé le petit trou.</p>",
    ),
    ("Badges", "spring-tide"): (
        "Vive-eau",
        "<p>Soleil, lune et Terre alignés, et une plage deux fois plus longue.</p>",
    ),
    ("Badges", "message-in-a-bottle"): (
        "Bouteille à la mer",
        "<p>La marée et les étoiles le même jour.</p>",
    ),
    ("Badges", "moonwatcher"): (
        "Guetteur de lune",
        "<p>Trente dessins en trente nuits. Les nuages comptent.</p>",
    ),
    ("Badges", "ringed-giant"): (
        "La géante aux anneaux",
        "<p>À l'oculaire, tout le monde dit la même chose : <i>c'est vrai</i>.</p>",
    ),
    ("Badges", "perseid"): (
        "Perséide",
        "<p>La poussière d'une comète, vue d'une chaise longue.</p>",
    ),
    ("Badges", "midnight-moth"): (
        "Papillon de minuit",
        "<p>Une leçon terminée après vingt-trois heures, à la lumière d'une lampe.</p>",
    ),
    ("Unlockables", "song-library"): (
        "La bibliothèque des chants",
        "<p>Vingt chants notés comme on les fredonne.</p>",
    ),
    ("Unlockables", "tide-tables"): (
        "L'annuaire des marées",
        "<p>Quand partir, jusqu'où, et quand faire demi-tour.</p>",
    ),
    ("Unlockables", "lantern-walk"): (
        "Une place à la marche aux lanternes",
        "<p>Le dernier vendredi du mois, au portail de l'école, dans le noir.</p>",
    ),
    ("Unlockables", "wardens-notebook"): (
        "Le carnet du garde",
        "<p>Trente ans de premières hirondelles, de gelées tardives et une loutre.</p>",
    ),
    ("Unlockables", "telescope-evening"): (
        "Une soirée au télescope",
        "<p>La clé de la coupole, tant que vous avez les points.</p>",
    ),
    ("Levels", "acorn"): ("Gland", ""),
    ("Levels", "seedling"): ("Plantule", ""),
    ("Levels", "sapling"): ("Jeune pousse", ""),
    ("Levels", "young-oak"): ("Jeune chêne", ""),
    ("Levels", "great-oak"): ("Grand chêne", ""),
    ("Levels", "ancient-oak"): ("Chêne millénaire", ""),
}
