"""The words captions are made of, beside the scenes' phrases: colours, paces, directions and words of no account."""

from __future__ import annotations

from fifo_live.bundled.wordings import parse_row, parse_table

COLOURS: dict[str, tuple[str, ...]] = parse_table("""
red: red | crimson | scarlet | ruby | dark red | cherry | burgundy | vermilion | blood red | maroon | reddish | fire
    engine red | cardinal | wine red | carmine | brick red | rust red | | cherry red | strawberry
orange: orange | amber | tangerine | copper | rust | apricot | pumpkin | bronze | terracotta | peach | burnt orange |
    ochre | orangey | coppery | carrot | rusty | warm colours | warm tones | autumn colours | autumnal | mango |
    marmalade | brown | orange coloured
gold: gold | golden | yellow | honey | mustard | lemon | sunny yellow | brass | saffron | blond | yellowish | canary
    yellow | ochre yellow | gilded | butter yellow | lemon yellow | sand coloured | beige | straw | champagne | golden
    yellow | banana | mimosa
green: green | emerald | lime | jade | olive | mint | mossy | grass green | greenish | forest green | apple green |
    bottle green | neon green | acid green | viridian | verdant | toxic green | matrix green | pistachio | chartreuse
    | leaf green | lime green | emerald green
teal: teal | turquoise | cyan | aqua | aquamarine | petrol | blue-green | sea green | turquoise blue | teal coloured |
    greenish blue | bluish green | lagoon coloured | aqua blue | cyan blue
blue: blue | azure | navy | cobalt | sapphire | ultramarine | deep blue | bluish | indigo blue | sky blue | navy blue
    | midnight blue | ocean blue | royal blue | baby blue | ice blue | steel blue | electric blue | cold colours |
    cool tones | cold blue | denim | blueberry | cornflower | lapis | prussian blue | blue hour
purple: purple | violet | lavender | lilac | amethyst | plum | mauve | indigo | ultraviolet | aubergine | grape |
    purplish | royal purple | deep purple | heather | wisteria | periwinkle | orchid | lavender coloured | eggplant
pink: pink | magenta | rose | fuchsia | hot pink | salmon pink | bubblegum | rosy | candy | pinkish | coral pink |
    rose coloured | blush | flamingo | cerise | raspberry | neon pink | barbie pink | salmon | cotton candy |
    vaporwave | baby pink
silver: silver | white | grey | gray | monochrome | black and white | pale | icy | pearl | colourless | chrome |
    silvery | greyscale | ivory | ash grey | snow white | platinum | metallic | greyish | noir | milky white | black |
    desaturated | steel | slate | charcoal | ashen
sunset: sunset | dusk | dawn | sunrise | twilight | evening | golden hour | early morning | sundown
rainbow: rainbow | multicoloured | colourful | colorful | many-coloured | iridescent | prismatic | every colour |
    multicolored | rainbow coloured | all colours | polychrome | technicolor | holographic | opalescent | of every hue
    | in all the colours of the rainbow | motley | all the colours | full of colour | many colours | vivid colours
""")

# Words before a colour that leave it the colour it is.
SHADES: tuple[str, ...] = parse_row("dark | light | deep | pale | bright | vivid | neon | soft | rich | pastel")

COLOUR_ENDINGS: tuple[str, ...] = parse_row("""
in {colour} | all in {colour} | coloured {colour} | with {colour} light | {colour} tones | with {colour} colours |
{colour} light | in {colour} tones | tinted {colour} | glowing {colour} | but {colour} | {colour} | in shades of
{colour} | painted {colour} | lit {colour} | {colour} everywhere | with a {colour} glow | bathed in {colour} | turning
{colour}
""")

# A sunset is a time of day as well as a set of colours.
SUNSET_ENDINGS: tuple[str, ...] = parse_row("""
at sunset | at dusk | at dawn | at sunrise | in the evening | in twilight | in the evening light | as the sun goes
down | at nightfall | in the afterglow | at daybreak | in sunset colours | at golden hour | in the early morning | in
the morning light | at sundown | before sunrise | as night falls | when the sun rises | in the setting sun | under a
red evening sky | while the sun sets | with a glowing sunset | first light of day | during sunset | with an orange
sunset | in the morning | with the rising sun | in the last light of the day
""")

PACES: dict[str, tuple[str, ...]] = parse_table("""
slow: slow | calm | gentle | peaceful | quiet | tranquil | serene | still | lazy | relaxing | soothing | dreamy |
    sleepy | placid | mellow | unhurried | meditative | drowsy | leisurely | hushed | languid | sluggish | chilled |
    chill | lofi | lo-fi | chill and calm | cosy and slow | restful | ambient | hypnagogic | very slow | slowly moving
    | slow-motion | soft and slow | zen | contemplative | idle | lulling | patient | sedate | tender | tired | silent
    | subdued
medium: steady | moderate | even | ordinary | medium-paced | normal | regular | medium | moderately fast | average
fast: fast | quick | rapid | wild | stormy | racing | furious | energetic | hectic | rushing | swift | intense |
    roaring | turbulent | frantic | violent | lively | speedy | frenetic | raging | chaotic | frenzied | hyper |
    high-speed | crazy | aggressive | explosive | manic | feverish | brisk | very fast | fast-moving | tempestuous |
    breakneck | dynamic | powerful | vigorous | hurried | mad | fierce | excited | nervous | agitated | bustling
""")

PACE_ENDINGS: dict[str, tuple[str, ...]] = parse_table("""
slow: moving slowly | in slow motion | slowly | gently | at a slow pace | calmly | softly | without haste | very
    slowly | at a snail's pace | slower | slow it down | taking its time | to fall asleep to | barely moving | lazily
    | peacefully | in slow-mo | slow down | for meditation | at half speed | to relax | calm down | leisurely |
    quietly | with little motion | dreamily | hardly moving | sleepily | for yoga | creeping | crawling | idly
medium: at a steady pace | at normal speed | steadily | evenly | at medium speed | at a moderate pace | at an ordinary
    pace | not too fast and not too slow | at regular speed | at average speed | with medium pace | moderately
fast: moving fast | at high speed | quickly | in a hurry | rapidly | wildly | at full speed | speeding | faster |
    speed it up | with lots of energy | at top speed | in fast motion | racing | at breakneck speed | furiously |
    rushing by | for a rave | hurrying | high energy | at great speed | quicker | in fast forward | speed up | in a
    frenzy | like crazy | for a techno party | whizzing past | frantically | at double speed | swiftly | at a fast
    pace | for drum and bass | dashing | hurtling | zooming past | time lapse | full throttle | briskly
""")

# `~` is a verb of motion, or nothing.
DIRECTIONS: dict[str, tuple[str, ...]] = parse_table("""
left: ~ to the left | ~ left | ~ leftwards | from right to left | ~ towards the left | left | coming from the right |
    ~ leftward | right to left | ~ to the left side | ~ west | ~ from right to left | ~ westwards | ~ to the left hand
    side | leftbound | ~ off to the left | ~ in from the right | with a left drift
right: ~ to the right | ~ right | ~ rightwards | from left to right | ~ towards the right | right | coming from the
    left | ~ rightward | left to right | ~ to the right side | ~ east | ~ from left to right | ~ eastwards | ~ to the
    right hand side | rightbound | ~ off to the right | ~ in from the left | with a right drift
up: ~ upwards | ~ up | rising | climbing | up | ascending | soaring | ~ to the top | ~ skywards | from bottom to top |
    from below | ~ towards the top | rising up | ~ upward | floating up | lifting | bottom to top | going higher | ~
    from below | levitating
down: ~ downwards | ~ down | sinking | straight down | down | descending | dropping | ~ to the bottom | from top to
    bottom | from above | ~ towards the bottom | sinking down | ~ downward | falling down | plunging | top to bottom |
    going lower | ~ from above | tumbling down
forward: flying forward | ~ forward | forwards | towards us | zooming in | heading straight in | rushing towards the
    viewer | ~ towards the camera | ~ towards me | diving in | going deeper and deeper | coming closer | approaching |
    coming at us | flying into it | ~ ahead | ~ straight ahead | zoom in | into the depth | flying through |
    travelling into it | ~ at the viewer | ~ inwards | getting closer | closer and closer | pushing in | warp speed
    ahead | plunging into it | ~ into the distance
backward: flying backward | ~ backwards | backwards | zooming out | pulling back | in reverse | receding | ~ away from
    us | ~ away | ~ away from the camera | retreating | zoom out | flying out | getting smaller | farther and farther
    away | ~ back | backing off | ~ outwards | going further away | withdrawing | leaving | pulling out | ~ away from
    the viewer | reversing | ~ in reverse | shrinking away
""")

MOTIONS: tuple[str, ...] = parse_row("""
moving | drifting | going | sweeping | sliding | gliding | flowing | floating | heading | scrolling | panning |
travelling | blowing | rolling | passing | streaming | flying | swimming | wandering | running | pushing | carried |
sailing | swaying | cruising | turning | spinning | dancing | bending | waving | folding | whirling | spreading |
twisting | growing
""")

# Prompts that name no scene.
NO_SCENE: tuple[str, ...] = parse_row("""
something * | * mood | anything * | make it * | a * picture | more * | * please | * colours | * vibes | * | turn it *
| i want it * | can it be * | now * | * atmosphere | * visuals | go * | switch to * | change it to * | let it be * |
keep it * | a * ambience | everything * | a * feeling | some * light | only * | just * | a * scene | it should be * |
* things | a bit more * | * shapes | a * background | a * loop | * moving | a * world
""")

# Words that people add and that carry nothing; often none.
FILLERS: tuple[str, ...] = parse_row("""
beautiful | huge | little | very | really | epic | amazing | nice | pretty | magical | dreamlike | mysterious |
romantic | endless | vast | distant | big | giant | tiny | old | ancient | lonely | detailed | realistic | bright |
dark | glowing | moving | some | lots of | many | my | this | great | stunning | atmospheric | cinematic | majestic |
luminous | shiny | fantastic | animated | stylised | minimal | wonderful | large | small | wide | such | so | quite |
lovely | moody | futuristic | gorgeous | spectacular | awesome | high | enchanted | shimmering | sparkling | long |
dramatic | cosy | heavy | deep | thick | thin | strange | weird | funky | cute | sad | happy | eerie | elegant |
vintage | retro | modern | digital | organic | dense | empty | clear | rich
""")

FILLER_STARTS: tuple[str, ...] = parse_row("""
 |  |  |  |  |  |  |  | show me | please show | i want to see | a video of | video loop of | give me | let there be |
imagine | a picture of | how about | could we have | now | visuals of | a view of | lots of | let us see | put on |
can you make | a shot of | a scene with | animation of | take me to | we are looking at | i would like | there is |
these are | close-up of | a painting of | footage of | looking out over | falling into | inside | a trip to | flying
over | walking through | next to | travelling through | seen through the window, | welcome to | far away | bring on |
i love | we want | there are
""")

FILLER_ENDS: tuple[str, ...] = parse_row("""
 |  |  |  |  |  |  |  | cinematic | in high quality | beautiful | with soft light | for a party | as a background | 4k
| at night | by night | for my stream | as a loop | on the big screen | in the dark | as a wallpaper | during the
night | very beautiful | seen from afar | in the distance | vj loop | for the show | hd | please | and nothing else |
on a dark night | wide shot | ultra realistic | in the background | all around | everywhere | for a concert | on stage
| in my room | like in a dream | behind the band | far away | up close | lit up | looking out | into each other | all
over the place | over and over again | out there | over there | spread out | on a sunny day | in the afternoon | at
noon | on a windy day | on a summer afternoon | in summer | after dark | at midnight | from the window | with music |
in the middle | full screen | from the air | once again | outside | outdoors | in my living room | under the sky |
with a nice sky | during the day | with depth
""")
