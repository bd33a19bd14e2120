"""The words captions are made of: phrases of every scene, and words for colours, paces and directions.

A `*` in a phrase marks where adjectives go; `|` parts one wording from the next.
"""

from __future__ import annotations


def _row(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("|"))


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Read lines of `name: wording | wording`; an indented line goes on with the one before."""
    lines = text.strip().replace("\n    ", " ").split("\n")
    return {line.split(":", 1)[0]: _row(line.split(":", 1)[1]) for line in lines}


PHRASES: dict[str, tuple[str, ...]] = _table("""
sea: the * sea | * waves | the * waves | a * ocean | * waves under a low sun | * ocean waves | * water to the
    horizon | the * open sea | a * seascape | sun over the * sea | * surf and swell | * sea with a sun on the
    horizon | a * lagoon | the * tide coming in | * rippling water | a * lake under the sun | a * river | the *
    coast seen from the beach | the * pacific | sunlight glittering on * water | * marine view | a * bay | sailing
    on a * sea
stars: a * starfield | * stars | a * night sky full of stars | outer space with a * nebula | * galaxy | a * nebula |
    * cosmos | flying through * space | deep * space | the * milky way | * starry sky | the * universe | *
    interstellar dust and stars | a * constellation | * cosmic clouds and stars | a starship travelling at warp | *
    astronomy | planets and * stars | twinkling * stars | * stardust
aurora: * northern lights | a * aurora | the * aurora borealis | * polar lights over the hills | curtains of * light
    in the sky | * lights dancing in the arctic sky | * southern lights | aurora australis, * | * shimmering
    curtains at night | an * aurora above dark mountains | * glow of the polar night | * ribbons of light over
    iceland | * lights in the north | arctic * night glow | * veils of light in the polar sky | * aurora over norway
plasma: a * plasma | * liquid colours | a * plasma field | * psychedelic swirls | * abstract
    pattern | * flowing colours | * marbled ink | a * abstract background | * hypnotic swirls | * electric plasma |
    * melting shapes | * paint mixing | * trippy visuals | * oil on water | * zebra folds | * kaleidoscope colours |
    a * texture of folds | * ink in milk | * marble
silk: * silk | * ribbons of light | flowing * ribbons | a * silk scarf in the wind | * glowing lines | * satin folds
    | waving * fabric | * curves of light | * neon ribbons | * strands flowing in the dark | * veils of cloth | a *
    flag of light | * light trails | * laser lines | * flowing threads | smooth * curves | * velvet drapery | *
    glowing strings | * wavy lines
clouds: * clouds | a * cloudy sky | * clouds in the sky | a * sky with clouds | * cumulus clouds | flying above the
    * clouds | * fluffy clouds | * drifting clouds | * heavens | * overcast sky | * cotton clouds | * mist in the
    sky | * daytime sky | a * weather front | * vapour in the air | a * summer sky | * cloudscape | * puffy clouds |
    * foggy sky | great heaps in a * sky
fire: * fire | * flames | a * bonfire | a * campfire | * burning flames | a * blaze | * fireplace | a * inferno | *
    burning wood | * flickering flames | a * hearth | a * torch | * embers and sparks | a * candle flame | a *
    volcano | * wildfire | something * burning | * flaming heat | a * furnace | * hot flames | dragon fire,
    *
lava: a * lava lamp | * blobs | * lava lamp blobs | * wax blobs rising | * floating blobs | * bubbles melting
    together | * liquid bubbles | * goo | * retro lamp with wax | * jelly drops | * molten wax | * slime | *
    droplets merging | * amoebas | * soft bubbles | * gooey balls | * cells dividing | * oil drops | * groovy
    seventies lamp | * lava
snow: * snow | * snowfall | falling * snow | a * winter forest | * snowflakes over fir trees | a * winter landscape
    | * snowy hills | a * blizzard | * christmas night | * flakes falling on pine trees | snow in a * forest | a *
    snowstorm | * frosty winter | * winter wonderland | * snowy woods | cold * winter weather | * ice and snow |
    flurries of * snow | a * fir forest in winter | it is snowing, *
city: a * city at night | the * skyline | * city lights | * skyscrapers | * downtown at night | a * metropolis | lit
    windows of a * town | * buildings at night | the * city | * towers with lit windows | * urban night | new york,
    * | * tokyo at night | * apartment blocks | a * cityscape | * houses and windows | driving past a * city | a *
    street of high-rise buildings | * office towers | a * big town under the moon
tunnel: a * tunnel | a * tunnel of light | * rings | * concentric circles | a * wormhole | a * vortex | flying
    through a * tunnel | a * portal | * glowing circles | * hyperspace | a * tube of rings | a * whirlpool of light
    | * hypnotic rings | a * spiral | down a * tube | a * pipe | * ripples from the centre | a * black hole
    | * circular pulses | a * time tunnel
mountains: * mountains | a * mountain range | * hills in the haze | * misty mountains | * ridges behind ridges | the
    * alps | * peaks | a * valley with mountains | * foggy hills | * mountain landscape | * hilltops in the mist |
    the * himalayas | * rolling hills | a * summit view | * layered mountains | * rocky ridges | a * highland | *
    cliffs and peaks | a * landscape with hills | * mountain silhouettes
""")

COLOURS: dict[str, tuple[str, ...]] = _table("""
red: red | crimson | scarlet | ruby | dark red | cherry | burgundy | vermilion | blood red | maroon | reddish
orange: orange | amber | tangerine | copper | rust | apricot | pumpkin | bronze | terracotta | peach
gold: gold | golden | yellow | honey | mustard | lemon | sunny yellow | brass | saffron | blond
green: green | emerald | lime | jade | olive | mint | mossy | grass green | greenish
teal: teal | turquoise | cyan | aqua | aquamarine | petrol | blue-green
blue: blue | azure | navy | cobalt | sapphire | ultramarine | deep blue | bluish | indigo blue
purple: purple | violet | lavender | lilac | amethyst | plum | mauve | indigo | ultraviolet
pink: pink | magenta | rose | fuchsia | hot pink | salmon pink | bubblegum | rosy | candy
silver: silver | white | grey | gray | monochrome | black and white | pale | icy | pearl | colourless | chrome
sunset: sunset | dusk | dawn | sunrise | twilight | evening
rainbow: rainbow | multicoloured | colourful | colorful | many-coloured | iridescent | prismatic | every colour
""")

# A sunset is a time of day as well as a set of colours.
SUNSET_ENDINGS = _row("""
at sunset | at dusk | at dawn | at sunrise | in the evening | in twilight | in the evening light | as the sun goes
down | at nightfall | in the afterglow | at daybreak | in sunset colours
""")

PACES: dict[str, tuple[str, ...]] = _table("""
slow: slow | calm | gentle | peaceful | quiet | tranquil | serene | still | lazy | relaxing | soothing | dreamy |
    sleepy | placid | mellow | unhurried
medium: steady | moderate | even | ordinary | medium-paced
fast: fast | quick | rapid | wild | stormy | racing | furious | energetic | hectic | rushing | swift | intense |
    roaring | turbulent | frantic | violent | lively
""")

PACE_ENDINGS: dict[str, tuple[str, ...]] = _table("""
slow: moving slowly | in slow motion | slowly | gently | at a slow pace | calmly | softly | without haste
medium: at a steady pace | at normal speed | steadily | evenly | at medium speed
fast: moving fast | at high speed | quickly | in a hurry | rapidly | wildly | at full speed | speeding
""")

DIRECTIONS: dict[str, tuple[str, ...]] = _table("""
left: to the left | moving left | drifting left | leftwards | from right to left | going left | towards the left |
    left
right: to the right | moving right | drifting right | rightwards | from left to right | going right | right
up: upwards | going up | rising | moving up | climbing | drifting up | up | ascending
down: downwards | going down | sinking | moving down | straight down | drifting down | down | descending
forward: flying forward | moving forward | forwards | towards us | zooming in | heading straight in | rushing
    towards the viewer
backward: flying backward | moving backwards | backwards | zooming out | pulling back | in reverse | receding | away
    from us
""")

# Prompts that name no scene.
NO_SCENE = _row("""
something * | * mood | anything * | make it * | a * picture | more * | * please | * colours | * vibes | *
""")

# Words that people add and that carry nothing; often none.
FILLER_STARTS = _row("""
 |  |  |  |  | show me | please show | i want to see | a video of | video loop of | give me | let there be | imagine
""")

FILLER_ENDS = _row("""
 |  |  |  |  |  | cinematic | in high quality | beautiful | with soft light | for a party | as a background | 4k
""")
