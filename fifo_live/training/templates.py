"""Sentences around things and places: of one scene, of weather over a scene; and idioms that say nothing at all.

`{a}` and `{b}` are things of a scene, `{p}` a place in it, `{w}` weather; `*` marks where adjectives go.
"""

from __future__ import annotations

from fifo_live.training.table_parser import parse_row, parse_table

NOUN_TEMPLATES: tuple[str, ...] = parse_row("""
* {a} | * {a} | * {a} | the * {a} | a * {a} | {a}, * | {a}, * | a * scene with {a} | {a} and * {b} | * {a}, {b} | *
{a} with {b} | {a} near * {b} | watching * {a} | the * {a} of {b} | {b}'s * {a} | a world of * {a} | * {a} everywhere
| just * {a} | like * {a} | {a} among * {b} | * {a}! | {a}, * {b} | only * {a}, nothing else | a dream of * {a} | {a}
made of * {b} | people with * {a} | someone looking at * {a} | in the land of * {a} | all about * {a} | {a} in * {b}
""")

PLACE_TEMPLATES: dict[str, tuple[str, ...]] = parse_table("""
sea: {p}, * | * {p} | the coast of * {p} | off * {p} | * waves at {p} | sailing past * {p} | {a} off * {p} | * {a} on
    {p} | the * beaches of {p} | * {p} water | crossing * {p} | the * shores of {p} | {a} near {p}, * | swimming in *
    {p} | on the * waters of {p}
mountains: {p}, * | * {p} | the * peaks of {p} | climbing * {p} | on top of * {p} | the * valleys of {p} | the *
    summit of {p} | hiking in * {p} | up on * {p} | * {a} of {p} | {a} on * {p} | {p} and its * {a} | the * slopes of
    {p} | a camp below * {p} | the * hills of {p} | in * {p}
city: {p}, * | * {p} | {p} at night, * | {p} by night, * | the * lights of {p} | * lights of {p} | {p}'s * {a} | the *
    streets of {p} | * {a} of {p} | {a} in * {p} | downtown * {p} | the * skyline of {p} | a * night in {p} | walking
    in * {p} | the roofs of * {p} | driving through * {p} | {p} and its * {a} | {p} after dark, * | in * {p} | the *
    sky line of {p} | nights in * {p}
grass: the * fields of {p} | * {a} in {p} | the * farms of {p} | {p}'s * {a} | the * meadows of {p} | {p}, * {a} | *
    country in {p} | * {p}
aurora: the * sky over {p} glowing | * lights above {p} | {a} above * {p} | * {a} of {p} | {p} and its * {a} | the *
    glow over {p} | {p}'s * lights in the sky | * night sky of {p} dancing | * {a} seen from {p}
""")

# A `{p}` after these is a place in the scene behind.
STORMS: dict[str, tuple[str, ...]] = parse_table("""
snow: snow | snowfall | a snowstorm | a blizzard | snow flurries | a flurry of snow | heavy snow | flakes | snowflakes
    | falling snow | a whiteout | powder snow | sleet and snow | a snow shower | a winter storm | deep snow | fresh
    snow | driving snow | a snow squall | winter | frost and snow | the first snow | thick snow | drifting snow
rain: rain | a downpour | a cloudburst | showers | a shower | drizzle | a thunderstorm | a rainstorm | pouring rain |
    heavy rain | a squall of rain | the monsoon | a deluge | raindrops | falling rain | thunder and rain | a storm
    with rain | driving rain | rainfall | torrents of rain | wet weather | a wet night | sheets of rain | a spring
    shower | rains | a tropical storm | lightning and rain | a drizzle | a rain squall | torrential rain
""")

STORM_TEMPLATES: tuple[str, ...] = parse_row("""
{w} over * {p} | {p} in * {w} | * {w} in {p} | * {w} on {p} | {p}, * {w} | * {w}, {p} | {w} and * {p} | * {p} and {w}
| {p} under * {w} | * {w} hits {p} | {w} sweeping across * {p} | {p} in the middle of * {w} | {p} during * {w} | * {w}
falls on {p} | {w} comes to * {p} | {p} hidden by * {w} | * {w} above {p} | {p} covered by * {w} | {p} soaked in * {w}
| {p} with * {w} | {p} caught in * {w} | through * {w} to {p} | {w} at * {p} | {p} lost in * {w} | {w} blowing over *
{p} | * {w} around {p} | {p} seen through * {w} | {w} passing over * {p} | {p} braving * {w}
""")

# Onlookers say nothing of what they see; many of them are things of some scene.
ONLOOKERS: tuple[str, ...] = parse_row("""
hikers | sailors | skiers | fishermen | shepherds | photographers | villagers | holidaymakers | backpackers |
travellers | students | children | lovers | monks | pilgrims | scientists | astronomers | a crowd | families | my
friends | our guests | a whole village | surfers | climbers | cyclists | farmers | drivers | commuters | dancers |
explorers | a lone wanderer | sleepless people | the neighbours | old men | a couple in love | grandparents
""")
ONLOOKING: tuple[str, ...] = parse_row("""
watched by {o} | seen by {o} | {o} watching | while {o} watch | photographed by {o} | that {o} love | {o} gather for
it | admired by {o} | that {o} dream of | {o} in front of it | as {o} know it | in the eyes of {o} | to the joy of {o}
| that {o} came for | told by {o} | the kind that {o} look for | {o} looking on | which {o} talk about | a favourite of
{o} | {o} stand and stare
""")

# What is said not to be there, by the scene that it would make.
ABSENCES: dict[str, tuple[str, ...]] = parse_table("""
snow: without snow | no snow | free of snow | without any snow | before the first snow | not a flake
rain: without rain | no rain | rainless | in dry weather | without a drop of rain | not a drop of rain
clouds: cloudless | without clouds | no clouds | not a cloud | under a cloudless sky | without a cloud in the sky
stars: starless | without stars | no stars | not a star to be seen
city: far from any city | no houses | without people or houses | no city in sight
sea: far from the sea | no water | far from the coast
fireworks: without fireworks | no fireworks
mountains: no mountains | without a mountain
""")

# They hold words of direction and mean none.
IDIOMS: tuple[str, ...] = parse_row("""
down the street | down the road | down the line | down a hallway | filmed from a train | filmed from a drone | filmed
from the balcony | filmed from far off | seen from the hotel | seen from here | shot from a plane | shot from a car |
from a film | from a dream | from the nineties | from the eighties | from another time | from a distance | from afar |
from a helicopter | from my bed | from a boat | right now | right here | all right | right away | right in the middle
| the right one | that is right | what is left of it | left over from a dream | left alone | nothing left | left
behind by time | up there | up in the air | up all night | wake up | light it up | lit up | cheer me up | up north |
down south | way down south | upside down | inside out | ups and downs | back home | back then | back in the day | in
the back | from the back row | at the back of my mind | front and centre | from the front row | straight out of a
movie | straight from a film | close up | top quality | the top ten | on top of the world | come on | coming soon |
coming home | going out tonight | over to you | to the max | to the music | into the night | through the night |
across the country | around the world | east of here | somewhere out west | on the east side | on the west side | in
the far east | in the wild west | a walk down memory lane | looking down | looking up | looking back | from where i
stand | taken from the internet | from my window | from our holidays | down at the bottom of it all | down there | up
here | down here | up and down the place | running late | out of this world | in front of the camera | for the camera
| behind the scenes | before i leave | leave it on | leave it like that | turn it on | put it up | set it up | over
the top | a rising talent | high up | way up | far down | what goes up must come down | off the beaten track | on the
road | back and forth | from end to end | from start to finish
""")
