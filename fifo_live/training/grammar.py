"""The words captions are made of, beside the scenes' phrases: colours, paces, directions and words of no account."""

from __future__ import annotations

from fifo_live.training.table_parser import parse_row, parse_table

COLOURS: dict[str, tuple[str, ...]] = parse_table("""
red: red | crimson | scarlet | ruby | dark red | cherry | burgundy | vermilion | blood red | maroon | reddish | fire
    engine red | cardinal | wine red | carmine | brick red | rust red | | cherry red | strawberry | garnet | claret |
    poppy red | ruby red | blood coloured | crimson red
orange: orange | amber | tangerine | copper | rust | apricot | pumpkin | bronze | terracotta | peach | burnt orange |
    ochre | orangey | coppery | carrot | rusty | warm colours | warm tones | autumn colours | autumnal | mango |
    marmalade | brown | orange coloured | ginger | cinnamon | sienna | chestnut | tawny | paprika | clay coloured |
    caramel coloured | tan | hazel | sepia
gold: gold | golden | yellow | honey | mustard | lemon | sunny yellow | brass | saffron | blond | yellowish | canary
    yellow | ochre yellow | gilded | butter yellow | lemon yellow | sand coloured | beige | straw | champagne | golden
    yellow | banana | mimosa | topaz | citrine | khaki | sulphur yellow | flaxen | sunshine yellow | buttery | corn
    yellow | gold coloured | sunflower yellow
green: green | emerald | lime | jade | olive | mint | mossy | grass green | greenish | forest green | apple green |
    bottle green | neon green | acid green | viridian | verdant | toxic green | matrix green | pistachio | chartreuse
    | leaf green | lime green | emerald green | fern green | celadon | malachite green | sage green | moss green |
    avocado | kiwi | absinthe | spring green | jade green | pine green
teal: teal | turquoise | cyan | aqua | aquamarine | petrol | blue-green | sea green | turquoise blue | teal coloured |
    greenish blue | bluish green | lagoon coloured | aqua blue | cyan blue | peacock blue | duck egg blue | ocean
    green | tropical turquoise | petrol blue | mint blue
blue: blue | azure | navy | cobalt | sapphire | ultramarine | deep blue | bluish | indigo blue | sky blue | navy blue
    | midnight blue | ocean blue | royal blue | baby blue | ice blue | steel blue | electric blue | cold colours |
    cool tones | cold blue | denim | blueberry | cornflower | lapis | prussian blue | blue hour | cerulean | arctic
    blue | ink blue | sapphire blue | powder blue | azure blue | cobalt blue | deep sea blue | night blue
purple: purple | violet | lavender | lilac | amethyst | plum | mauve | indigo | ultraviolet | aubergine | grape |
    purplish | royal purple | deep purple | heather | wisteria | periwinkle | orchid | lavender coloured | eggplant |
    mulberry | damson | violet coloured | plum coloured | amethyst purple | lilac coloured | deep violet
pink: pink | magenta | rose | fuchsia | hot pink | salmon pink | bubblegum | rosy | candy | pinkish | coral pink |
    rose coloured | blush | flamingo | cerise | raspberry | neon pink | barbie pink | salmon | cotton candy |
    vaporwave | baby pink | watermelon | rose quartz | carnation | sakura | cherry blossom pink | hibiscus | shocking
    pink | dusty pink | rose tinted | pastel pink
silver: silver | white | grey | gray | monochrome | black and white | pale | icy | pearl | colourless | chrome |
    silvery | greyscale | ivory | ash grey | snow white | platinum | metallic | greyish | noir | milky white | black |
    desaturated | steel | slate | charcoal | ashen | pewter | graphite | bone white | chalk | pearly | alabaster |
    bleached | without colour | drained of colour | smoky grey | pearl white | lead grey | silver grey
sunset: sunset | dusk | dawn | sunrise | twilight | evening | golden hour | early morning | sundown | daybreak |
    nightfall
rainbow: rainbow | multicoloured | colourful | colorful | many-coloured | iridescent | prismatic | every colour |
    multicolored | rainbow coloured | all colours | polychrome | technicolor | holographic | opalescent | of every hue
    | in all the colours of the rainbow | motley | all the colours | full of colour | many colours | vivid colours |
    of the whole spectrum | prism coloured | disco coloured | in all shades | every shade
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
    | subdued | easy | easygoing | slumbering | measured | soporific | drifting slowly | lethargic | composed |
    snail-like | comatose | unexcited | laid-back | ponderous | tame | smooth and slow
medium: steady | moderate | even | ordinary | medium-paced | normal | regular | medium | moderately fast | average |
    even-tempered | middling | standard
fast: fast | quick | rapid | wild | stormy | racing | furious | energetic | hectic | rushing | swift | intense |
    roaring | turbulent | frantic | violent | lively | speedy | frenetic | raging | chaotic | frenzied | hyper |
    high-speed | crazy | aggressive | explosive | manic | feverish | brisk | very fast | fast-moving | tempestuous |
    breakneck | dynamic | powerful | vigorous | hurried | mad | fierce | excited | nervous | agitated | bustling |
    turbo | supersonic | lightning fast | super fast | insanely fast | galloping | restless | ferocious | impetuous |
    tumultuous | relentless | thrashing | berserk | raving | pounding | unstoppable | urgent | dizzying | blistering
""")

PACE_ENDINGS: dict[str, tuple[str, ...]] = parse_table("""
slow: moving slowly | in slow motion | slowly | gently | at a slow pace | calmly | softly | without haste | very
    slowly | at a snail's pace | slower | slow it down | taking its time | to fall asleep to | barely moving | lazily
    | peacefully | in slow-mo | slow down | for meditation | at half speed | to relax | calm down | leisurely |
    quietly | with little motion | dreamily | hardly moving | sleepily | for yoga | creeping | crawling | idly | at a
    crawl | take it easy | easy does it | nice and easy | for sleeping | like a lullaby | ever so slowly | in no hurry
    | with patience | slowed down | winding down | for a nap | at a walking pace | bit by bit | no rush | without
    hurry | at leisure | slow and steady | a little slower | turn the pace down | in deep sleep | calming down | with
    a slow breath
medium: at a steady pace | at normal speed | steadily | evenly | at medium speed | at a moderate pace | at an ordinary
    pace | not too fast and not too slow | at regular speed | at average speed | with medium pace | moderately | at an
    even pace | at standard speed | in a steady rhythm
fast: moving fast | at high speed | quickly | in a hurry | rapidly | wildly | at full speed | speeding | faster |
    speed it up | with lots of energy | at top speed | in fast motion | racing | at breakneck speed | furiously |
    rushing by | for a rave | hurrying | high energy | at great speed | quicker | in fast forward | speed up | in a
    frenzy | like crazy | for a techno party | whizzing past | frantically | at double speed | swiftly | at a fast
    pace | for drum and bass | dashing | hurtling | zooming past | time lapse | full throttle | briskly | at
    supersonic speed | pedal to the metal | flat out | at a gallop | in a flash | in double time | no brakes | going
    wild | going mad | pick up the pace | hurry up | with full force | on fast forward | in turbo mode | as fast as
    possible | a bit faster | with fury | in a rage | in a rush | at lightning speed | get moving | more energy |
    speeding up | full of energy | go go go | step on it | for a rave party
""")

# `~` is a verb of motion, or nothing.
DIRECTIONS: dict[str, tuple[str, ...]] = parse_table("""
left: ~ to the left | ~ left | ~ leftwards | from right to left | ~ towards the left | left | coming from the right |
    ~ leftward | right to left | ~ to the left side | ~ west | ~ from right to left | ~ westwards | ~ to the left hand
    side | leftbound | ~ off to the left | ~ in from the right | with a left drift | turning left | ~ to our left |
    westbound | ~ over to the left | blown left | ~ into the west | ~ out to the left
right: ~ to the right | ~ right | ~ rightwards | from left to right | ~ towards the right | right | coming from the
    left | ~ rightward | left to right | ~ to the right side | ~ east | ~ from left to right | ~ eastwards | ~ to the
    right hand side | rightbound | ~ off to the right | ~ in from the left | with a right drift | turning right | ~ to
    our right | eastbound | ~ over to the right | blown right | ~ into the east | ~ out to the right
up: ~ upwards | ~ up | rising | climbing | up | ascending | soaring | ~ to the top | ~ skywards | from bottom to top |
    from below | ~ towards the top | rising up | ~ upward | floating up | lifting | bottom to top | going higher | ~
    from below | levitating | taking off | lifting off | ~ up and up | up and away | higher and higher | heavenwards |
    surging up | bubbling up | shooting up | ~ up to the top | upward bound | gaining height | ~ straight up
down: ~ downwards | ~ down | sinking | straight down | down | descending | dropping | ~ to the bottom | from top to
    bottom | from above | ~ towards the bottom | sinking down | ~ downward | falling down | plunging | top to bottom |
    going lower | ~ from above | tumbling down | settling down | lower and lower | ~ down and down | cascading down |
    nosediving | diving down | earthwards | dropping down | sliding down | losing height | ~ straight down | pouring
    down to the bottom
forward: flying forward | ~ forward | forwards | towards us | zooming in | heading straight in | rushing towards the
    viewer | ~ towards the camera | ~ towards me | diving in | going deeper and deeper | coming closer | approaching |
    coming at us | flying into it | ~ ahead | ~ straight ahead | zoom in | into the depth | flying through |
    travelling into it | ~ at the viewer | ~ inwards | getting closer | closer and closer | pushing in | warp speed
    ahead | plunging into it | ~ into the distance | onwards | full steam ahead | head on | advancing | closing in |
    moving in | ~ into the screen | dolly in | fly in | heading in | ~ in | drifting in | ~ deeper inside | onward | ~
    forwards
backward: flying backward | ~ backwards | backwards | zooming out | pulling back | in reverse | receding | ~ away from
    us | ~ away | ~ away from the camera | retreating | zoom out | flying out | getting smaller | farther and farther
    away | ~ back | backing off | ~ outwards | going further away | withdrawing | leaving | pulling out | ~ away from
    the viewer | reversing | ~ in reverse | shrinking away | moving out | dolly out | going back | played backwards |
    leaving it behind | backing up | rewinding | fly out | rewind | ~ out | drifting out | withdrawing from it | back
    up | in retreat | going in reverse
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
* things | a bit more * | * shapes | a * background | a * loop | * moving | a * world | the * one | * light | in * |
paint it * | all * | * today | * again | go all * | * as ever | try * | the look is * | * mode | feeling * | and * | *
background light | a * tint | a * glow | how about * | * all over
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
