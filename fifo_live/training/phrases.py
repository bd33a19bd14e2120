"""Phrases of the captions: some for every scene alone, and shorter parts to put two scenes in one picture.

A `*` in a phrase marks where adjectives go.
"""

from __future__ import annotations

from fifo_live.training.table_parser import parse_row, parse_table

PHRASES: dict[str, tuple[str, ...]] = parse_table("""
sea: the * ocean loop | * swell | rollers on the * beach | waves breaking on * rocks | the * baltic | hawaii, * waves
    | the * adriatic | the * indian ocean | the maldives, * | sandbanks and * water | a swimming pool, * | a * creek |
    a * waterfall | a * canal | the * nile | the * sea | * waves | the * waves | a * ocean | * waves under a low sun |
    * ocean waves | * water to the horizon | the * open sea | a * seascape | sun over the * sea | * surf and swell | *
    sea with a sun on the horizon | a * lagoon | the * tide coming in | * rippling water | a * lake under the sun | a
    * river | the * coast seen from the beach | the * pacific | sunlight glittering on * water | * marine view | a *
    bay | sailing on a * sea | the * atlantic | breakers rolling onto a * shore | a * beach | the * seaside | * water
    | surfing a * wave | a * harbour with boats | a * boat on the water | * shimmering water surface | ripples on a *
    lake | * pond | the * mediterranean | a ship at * sea | the * caribbean | sand and * surf | foam on the * shore |
    a * gulf | * tides | yachts in a * marina | a * fjord | * whitecaps and spray | the * oceanside | nautical and * |
    a * cruise on the north sea | moonlit * sea | the sun glinting on a * river | a wet * world of water | an island
    in a * sea | ripples spreading on a * lake | * sea water
stars: an * asteroid belt | pluto, * | countless * stars | neptune and * uranus | a * sky at midnight | * moonlight
    and stars | * ufo | an * alien planet | the * big bang | a * crescent moon | a * starfield | * stars | a * night
    sky full of stars | outer space with a * nebula | * galaxy | a * nebula | * cosmos | * outer space | deep * space
    | the * milky way | * starry sky | the * universe | * interstellar dust and stars | a * constellation | * cosmic
    clouds and stars | a starship in * space | * astronomy | planets and * stars | twinkling * stars | * stardust |
    the * firmament | a * starlit night | * galaxies | the * void of space | * shooting stars | meteors and * comets |
    an astronaut in * space | * star dust and gas | an * astral journey | * celestial lights | a * spaceship | orion
    and other * constellations | * supernova | the * solar system | * starlight | sparkling * stars in the dark | a
    sci-fi * space scene | a * telescope picture of the cosmos | stargazing, * | * heavenly bodies | saturn and *
    jupiter | * andromeda | sprinkled points of * light in space | among the * stars | a * rocket in orbit | *
    asteroids | space travel, * | * moon and stars | mars and * venus | the * zodiac | infinite * space | a *
    planetarium
aurora: sweden's * polar light | * arctic circle lights | yukon sky, * | murmansk, * northern glow | * northern lights
    | a * aurora | the * aurora borealis | * polar lights | curtains of * light in the sky | * lights dancing in the
    arctic sky | * southern lights | aurora australis, * | * shimmering curtains at night | an * aurora at night | *
    glow of the polar night | * ribbons of light over iceland | * lights in the north | arctic * night glow | * veils
    of light in the polar sky | * aurora over norway | the * boreal sky | * aurora curtains | a * magnetic storm in
    the polar sky | lapland with * northern lights | * auroras | * polar glow | dancing * polar lights | the * nordic
    sky aglow | a * glow over the arctic | * auroral bands | an * arctic light show | the sky over finland glowing * |
    greenland under * lights | the antarctic * aurora | * skyglow of the far north | solar wind painting a * aurora |
    * northern light curtains | alaska and its * lights | * veils over tromso | spitsbergen, * aurora | waving *
    lights of the north pole | scandinavian * northern lights | * borealis | ionosphere glowing * | * geomagnetic glow
plasma: * oil paint | * lacquer flowing | * batik | * oil slick | * gasoline on water | * paint drip | * smoke | *
    chemical reaction | * camouflage pattern | * abstract | * blurred colours | * gradient | a * plasma | * liquid
    colours | * electric plasma | * psychedelic swirls | * abstract pattern | * flowing colours | * marbled ink | a *
    abstract background | * hypnotic swirls | * plasma effect | * melting shapes | * paint mixing | * trippy visuals |
    * oil on water | * zebra folds | * acid trip | a * texture of folds | * ink in milk | * marble | * paint swirling
    | * ink in water | a * fluid simulation | * psychedelia | * abstract art | * liquid light show | * coloured smoke
    | * swirling paint | * fluid art | * acrylic pour | * turbulence pattern | * marbling | * liquid marble | * colour
    clouds mixing | * mushroom trip | * hallucination | * surreal flowing shapes | * watercolours running | a *
    sixties oil projection | a * tie dye pattern | * dyes blending | * abstract motion | * organic texture | *
    demoscene plasma | * swirls of colour | warped * stripes | * agate | * morphing shapes | a * dream of colour | *
    lsd visuals | * twisted colours
silk: * curtains of velvet | * lace | * sheets of silk | * spider threads | a * bridal veil | * rope of light | * yarn
    | * optical fibres | a * wave of fabric | * electric wires | a * theatre curtain | * calligraphy strokes | * hair
    in the wind | * silk | * ribbons of light | flowing * ribbons | a * silk scarf in the wind | * glowing lines | *
    satin folds | waving * fabric | * curves of light | * neon ribbons | * strands flowing in the dark | * veils of
    cloth | a * flag of light | * light trails | * laser lines | * flowing threads | smooth * curves | * velvet
    drapery | * glowing strings | * wavy lines | a * scarf | * cloth waving | * satin | * textile | a * shawl in a
    breeze | * fabric in the wind | * sine waves | * sound waves | * light painting | * strings of light | * threads
    of neon | * laser beams | * draped curtains of cloth | * bedsheets of satin | a * dress flowing | * filaments | *
    neon tubes bending | * oscilloscope lines | * streamers | * flowing hair | a * waving flag | * bands of light | *
    chiffon | * elegant lines | * gossamer | a * banner rippling | * tulle | * strands of light | * woven threads | *
    lasers | glowing * wires | * sails of cloth billowing
clouds: a * rainless grey sky | * thunderheads | a * dove in the sky | * balloons in the sky | * paradise above | *
    clouds | a * cloudy sky | * clouds in the sky | a * sky with clouds | * cumulus clouds | flying above the * clouds
    | * fluffy clouds | * drifting clouds | * heavens | * overcast sky | * cotton clouds | * mist in the sky | *
    daytime sky | a * weather front | * vapour in the air | a * summer sky | * cloudscape | * puffy clouds | * foggy
    sky | great heaps in a * sky | the * sky | a * sky | above the * clouds | * cloud cover | clouds from a * plane
    window | * cirrus | a * cloud bank | * storm clouds | a * sea of clouds | * fog | * skies | * cloud formations |
    in the * clouds | heaven, * | * cotton wool in the air | an aeroplane above * clouds | * haze and vapour | *
    thunderclouds | * billowing clouds | a * cloud | air and * sky | * stratus | * wispy clouds | the * atmosphere
    above the earth | * clouds passing | flight through * clouds | * steam and mist | * mackerel sky
fire: a * lighter | * kindling | a * match burning | a * burning house | hellfire, * | a * grill | sizzling * coals |
    * fire | * flames | a * bonfire | a * campfire | * burning flames | a * blaze | * fireplace | a * inferno | *
    burning wood | * flickering flames | a * hearth | a * torch | * embers and sparks | a * candle flame | a * volcano
    | * wildfire | something * burning | * flaming heat | a * furnace | * hot flames | dragon fire, * | * embers |
    burning * logs | a * log fire | a * chimney fire | * candles | a * burning forest | hell, * | a * pyre | * burning
    coals | a * forge | a * flamethrower | the * heat of an oven | a * stove | matches and * fire | house on * fire |
    * blazing fire | a * barbecue | cosy * fireplace | a * dragon breathing fire | * flames licking up | a * fiery
    wall | ablaze, * | smouldering * wood | * fire and ash | eruption of * flames | * burning | phoenix in * flames |
    arson, * | a crackling * fire | * firestorm | a * lantern flame
lava: a * lavalamp | * hot wax | * floating drops | * liquid blobs | * ferrofluid | * honey dripping | * balloons of
    oil | a * lava lamp | * blobs | * lava lamp blobs | * wax blobs rising | * floating blobs | * bubbles melting
    together | * liquid bubbles | * goo | * retro lamp with wax | * jelly drops | * molten wax | * slime | * droplets
    merging | * amoebas | * soft bubbles | * gooey balls | * cells dividing | * oil drops | * groovy seventies lamp |
    * lava | * bubbles | blobs of * wax | * melted wax | * metaballs | * gel balls | * squishy blobs | * viscous drops
    | * balls of slime | a * glass lamp with bubbles | * jelly blobs | * gloopy bubbles | * globules | * mercury drops
    | * seventies lamp | * sticky goo | * bubbling liquid | * droplets of oil | * gelatine | a * wax lamp | * blobby
    shapes | * cells under a microscope | * bacteria | * protoplasm | a * bubble bath | * soap bubbles | * pudding |
    rising * globs | * round shapes merging | * drops floating in a lamp | * bubble lamp | * molten drops | *
    seventies decor
snow: snowman and * snow | * icicles | reindeer in * snow | * snow on branches | canada in * january | norwegian *
    winter | * snow | * snowfall | falling * snow | a * winter forest | * snowflakes over fir trees | a * winter
    landscape | * snowy hills | a * blizzard | * christmas night | * flakes falling on pine trees | snow in a * forest
    | a * snowstorm | * frosty winter | * winter wonderland | * snowy woods | cold * winter weather | * ice and snow |
    flurries of * snow | a * fir forest in winter | it is snowing, * | * snowflakes | * winter | a * pine forest in
    the snow | * christmas | * christmas trees | it snows, * | * snow drifting down | * frozen forest | a * frosty
    landscape | * white christmas | * december | january * frost | * sleet and snow | a * snowy evening | * snowy firs
    | freezing * weather | arctic * winter | siberia, * | * flakes | a * sledge in the snow | * powder snow | *
    snowdrifts | snow globe, * | santa and * snow | * icy woods | * spruces in winter | skiing in * snow | a * snowy
    day | * hail and snow | deep * snow among trees | * wintry scene | a * cold winter night
city: a quiet * town | a * village | a * bridge and towers | * taxis and neon | san francisco, * | moscow, * | rome, *
    | madrid, * | cairo, * | las vegas, * | * seoul | a * harbour town | frankfurt and its * towers | * billboards |
    toronto, * | a * nightclub district | mexico city, * | a * city at night | the * skyline | * city lights | *
    skyscrapers | * downtown at night | a * metropolis | lit windows of a * town | * buildings at night | the * city |
    * towers with lit windows | * urban night | new york, * | * tokyo at night | * apartment blocks | a * cityscape |
    * houses and windows | driving past a * city | a * street of high-rise buildings | * office towers | a * big town
    under the moon | a * town | * streets | manhattan, * | a * cyberpunk city | * neon signs | * traffic lights and
    towers | a * village at night | los angeles, * | * hong kong | paris by night, * | london, * | berlin, * |
    chicago, * | shanghai and its * towers | * urban view | * urban jungle | * high-rises | * roofs and windows | a *
    suburb | * skyscraper windows | * tower blocks | * architecture | the * business district | * rooftops | a *
    megacity | dubai, * | * concrete and glass | * office windows | a * building | * street lights | nightlife in the
    * city | * gotham | a futuristic * city | singapore, * | * avenues | sydney, *
tunnel: down the * rabbit hole | sucked into a * vortex | a * well | * loops | * gates flying by | a * drain | a *
    chute | * ring road of light | a * ventilation shaft | a * spiral staircase | an * underpass | * orbits of light |
    a * tunnel | a * tunnel of light | * rings | * concentric circles | a * wormhole | a * vortex | flying through a *
    tunnel | a * portal | * glowing circles | * hyperspace | a * tube of rings | a * whirlpool of light | * hypnotic
    rings | a * spiral | down a * tube | a * pipe | * ripples from the centre | a * black hole | * circular pulses | a
    * time tunnel | a * subway tunnel | * circles | * rings of light | a * corridor | a * gateway | * circular waves |
    a * funnel | a * whirlpool | a * maelstrom | a * rabbit hole | * pulsing rings | a * metro tunnel | a * cave tube
    | a * warp tunnel | a * stargate | * hoops | * pulsating circles | travelling through a * wormhole | a * tornado
    seen from inside | a * hole | a * swirling portal | a * passage | to another * dimension | inside a * pipe | a *
    time machine | * round gates | a * target of rings | * hypnosis spiral | a * shaft | * expanding circles | a *
    railway tunnel | an * endless hallway
mountains: nepal, * | * gorges | * volcano slopes | norway's * mountains | * plateau | the * sierra nevada | * pine
    hills | bavaria, * hills | a * quarry of rock | * wilderness | the * sahara | austria, * | a * national park | *
    mountains | a * mountain range | * hills in the haze | * misty mountains | * ridges behind ridges | the * alps | *
    peaks | a * valley with mountains | * foggy hills | * mountain landscape | * hilltops in the mist | the *
    himalayas | * rolling hills | a * summit view | * layered mountains | * rocky ridges | a * highland | * cliffs and
    peaks | a * landscape with hills | * mountain silhouettes | the * rockies | the * andes | mount everest, * | *
    hills | * alpine view | a * canyon | a * mountain | scotland's * highlands | * valleys | a * ridge | * peaks in
    the mist | * sand dunes | a * desert with dunes | * crags | the * dolomites | hiking in the * mountains |
    switzerland, * | * slopes | * hillside | mount fuji, * | a * mountain pass | * glaciers and peaks | * rocks and
    cliffs | a * panorama from the summit | the * pyrenees | tibet, * | * foothills | climbing the * matterhorn | a
    lonely * peak | a * mountain lake | * range after range | * massif | the * appalachians
rain: the * rainy season | november * rain | * drizzly weather | it pours, * | * gusts of rain | * lightning | a *
    hurricane | * typhoon | * dripping water | * mist and drizzle | an * umbrella in the rain | * rain | * rainfall |
    falling * rain | a * rainy day | * raindrops | a * thunderstorm | * drizzle | a * downpour | it is raining, * | it
    rains, * | pouring * rain | * heavy rain | * monsoon | * rain on a window | * drops running down the glass | a *
    rainy night | a * cloudburst | * showers | * rain shower | * wet weather | * raindrops on the window pane |
    lightning and * rain | thunder, * | streaks of * rain | a * rainstorm | * tropical rain | * digital rain | matrix
    code, * | * puddles | splashing * drops | a * wet evening | * rainy weather | * deluge | april * showers | *
    umbrella weather | a * storm with rain | * drops falling from the sky | bad * weather | * torrential rain | *
    spring rain | sheets of * rain | * rain drops | autumn * rain | pitter patter of * rain | * drizzling | soaked by
    * rain | * water dripping | a * thunder storm | a * rainy afternoon | rain against the * glass
fireworks: * bangers | * skyrockets | a * countdown to new year | * glittering rain of sparks | a * wedding firework |
    * light bombs | * independence day | bastille day, * | * fireworks | a * firework display | * rockets exploding |
    * new year's eve | * sparks bursting in the sky | * pyrotechnics | bursts of * light | * firecrackers | *
    explosions of colour | fourth of july, * | * fireworks at night | a * firework show | * starbursts | * sparklers |
    silvester, * | * rockets and bangs | * celebration in the sky | exploding * stars of light | * glittering bursts |
    * roman candles | * crackers and rockets | a * firework | * flashes in the night sky | a * grand finale | *
    confetti | * explosions | * sparkling fountains | happy new year, * | * sparks | * bursting rockets | a * birthday
    celebration | bang and * sparkle | * glitter exploding | a * festival with fireworks | * big bangs | * party
    rockets | * exploding sky | diwali, * | * bonfire night rockets | * fizzing sparks | * midnight celebration | pop
    and * glitter | guy fawkes, * | * chrysanthemum shells | * detonations
jellyfish: * dolphins | a * sea turtle | a * manta ray | * sharks | * seahorses | * starfish and corals | * goldfish |
    a * lobster | * sunken ship | a * diver | * koi | atlantis, * | * jellyfish | a * jellyfish | * medusas | *
    jellyfish in the deep sea | * sea creatures | * creatures of the deep | an * aquarium | * underwater life | *
    glowing jellyfish | * fish | * tentacles | under the * sea | * underwater | a * coral reef | the * deep sea | *
    jellies swimming | * bioluminescent animals | * octopus | * squid | * swimming creatures | * plankton | a *
    jellyfish swarm | diving with * jellyfish | * marine animals | * floating umbrellas with tentacles | * sea life |
    a * fish tank | the * bottom of the ocean | * ocean floor | * anemones | * medusa | a * scuba dive | * translucent
    animals | * sea animals | * jellyfishes | a * school of fish | * transparent bells swimming | * whales and
    jellyfish | * life in the abyss | a * submarine view | * underwater creatures | * ctenophores | a * man of war | *
    cnidarians | * sea jellies | pulsing * bells in the deep | * aquatic life | the * depths of the ocean | * mermaids
    | swarms of * polyps | * alien sea creature
grass: * reed beds | a windy * meadow | * rushes | a * hillside of flowers | a * vineyard | * blossoms | a * golf
    course | * heath | a * paddock with horses | * corn | * dandelions | * clover | * trees and grass | a * jungle | a
    * forest glade | * oats | cows on a * pasture | * rural land | sheep on a * meadow | * shrubs | * ivy | * grass |
    a * meadow | * fields | a * field of grass | * grass in the wind | a * wheat field | * blades of grass | a *
    cornfield | * prairie | a * lawn | * reeds swaying | a * flower meadow | * wild flowers | the * steppe | * barley
    in the wind | a * pasture | the * savanna | swaying * grass | a * summer meadow | * countryside | * rice fields |
    a * garden | * nature | * plants | * stalks in the breeze | a * field of poppies | * rye field | a * field of
    flowers | a * grassland | * tall grass | a * park | the * pampas | * farmland | * crops | * hay | a * tulip field
    | * daisies | * leaves and grass | * waving grass | * sunflowers | a * spring meadow | * herbs and flowers | a *
    farm | * roses in a garden | a * lavender field | a * green meadow | bamboo, * | * vegetation | a * plain of grass
    | a * hayfield | * ferns and moss | a * picnic on the lawn | * greenery
kaleidoscope: * snowflake geometry | * mirror world | a * disco ball | * gothic window | * carpet ornament | a *
    fractal flower | * escher | * pentagons | * celtic knot | * quilt | * lace pattern | a * zodiac wheel | persian *
    tiles | a * kaleidoscope | * kaleidoscope colours | * mandala | a * mandala | * mirrored shapes | * symmetric
    pattern | * fractal | * geometric patterns | * sacred geometry | * stained glass | a * mosaic | * crystals
    mirrored | * symmetry | a * rosette | * star patterns | a * fractal zoom | * ornaments | * islamic tiles | a *
    church window | * triangles mirrored | * kaleidoscopic visuals | * folding mirrors | a * snow crystal pattern | *
    geometric shapes | * mandelbrot | * facets | * hexagons | * repeating tiles | turning * prisms | * arabesque | *
    polygons | a * mirror ball | * gems and diamonds | * tessellation | * six-fold symmetry | * glass shards | a *
    lotus mandala | * patchwork | * tiling | * jewels | a * hall of mirrors | * geometry | rotating * triangles | *
    crystal pattern | * origami | * buddhist mandala | * ornamental wheel | a * radial pattern | * mirror images | a *
    cathedral rose window | * flower of life | yantra, *
""")

# Noun phrases for the two parts of a combination.
PARTS: dict[str, tuple[str, ...]] = parse_table("""
aurora: * northern lights | an * aurora | the * aurora borealis | * polar lights | * aurora | curtains of * light | *
    auroras | dancing * lights | the * arctic lights | * borealis | * southern lights
stars: * stars | a * starry sky | the * milky way | * galaxies | a * night sky full of stars | * constellations | a *
    starlit night | * shooting stars | twinkling * stars | the * cosmos | a * galaxy | a * nebula | * planets and
    stars
clouds: * clouds | a * cloudy sky | drifting * clouds | * storm clouds | an * overcast sky | * fluffy clouds | * fog |
    * cumulus clouds | * heavy clouds | passing * clouds | a * cloud | * puffy clouds | a * cloudscape
fireworks: * fireworks | a * firework display | * rockets | bursting * rockets | * pyrotechnics | new year's *
    fireworks | * sparks | a * firework show | exploding * fireworks | * firecrackers | * bursts of light
sea: the * sea | the * ocean | a * lake | the * waves | a * bay | the * coast | the * beach | the * water | a *
    harbour | the * seaside | the * shore | * sea | a * river | a * lagoon | ocean * waves | the * pacific
mountains: the * mountains | a * mountain range | the * alps | * hills | * peaks | a * valley | the * himalayas | *
    mountains | the * rockies | * mountain tops | a * mountain landscape | the * highlands | * ridges | a * summit
city: the * city | a * city | the * skyline | a * town | * skyscrapers | the * streets | new york | tokyo | * city
    lights | downtown | * buildings | the * rooftops | a * metropolis | * towers | manhattan | london | paris | a *
    village | * houses
grass: a * meadow | the * fields | * grass | a * field of grass | a * wheat field | the * prairie | a * lawn | a *
    pasture | swaying * grass | the * countryside | a * flower meadow | tall * grass | the * plains | a * garden | a *
    cornfield
""")

# In a combination {behind} and {front} stand for the parts.
JOINTS: tuple[str, ...] = parse_row("""
{behind} over {front} | {behind} above {front} | {front} under {behind} | {front} beneath {behind} | {front} with
{behind} in the sky | {behind} behind {front} | {front} and {behind} | {behind} and {front} | {behind}, {front} |
{front}, {behind} | {front} below {behind} | {behind} in the sky over {front} | {behind} seen from {front} | {front}
lit by {behind} | {front} with {behind} | {behind} high above {front} | {front} at night with {behind} above | looking
at {behind} from {front} | {front}, with {behind} overhead | {behind} on top of {front} | {front} in front of {behind}
| {front} before {behind} | {behind} across {front} | {front} plus {behind} | {front} by {behind} | {behind} reflected
in {front} | {behind} shining on {front} | {behind} rolling over {front} | {front} mixed with {behind}
""")

# Weather in front of a scene.
WEATHER: dict[str, tuple[str, ...]] = parse_table("""
snow: * snow falling on {behind} | {behind} in the * snow | {behind} in * snowfall | {behind} in a * blizzard | winter
    in {behind} | * snowflakes over {behind} | * snow over {behind} | it is snowing on {behind} | {behind} under *
    snow | {behind} with * snow | {behind} in a * snowstorm | snow-covered {behind} | snowy {behind} | {behind} in
    winter | {behind} at christmas with * snow | flurries of * snow in front of {behind} | {behind} and falling * snow
    | * snow and {behind} | * snow on {behind} | {behind} while it snows | * flakes drifting past {behind} | wintry
    {behind} | a * winter night in {behind} | {behind}, * snow | * snow, {behind}
rain: * rain falling on {behind} | {behind} in the * rain | {behind} in a * downpour | * rain over {behind} | it is
    raining on {behind} | {behind} in a * thunderstorm | rainy {behind} | {behind} with * rain | * raindrops in front
    of {behind} | {behind} and * rain | * rain and {behind} | {behind} on a * rainy night | a * storm with rain over
    {behind} | * drizzle over {behind} | {behind} while it rains | * showers over {behind} | wet {behind} in the *
    rain | {behind}, * rain | * rain, {behind} | * rain pouring on {behind} | {behind} seen through * rain |
    rain-soaked {behind} | thunder and * rain above {behind} | {behind} on a * rainy day | monsoon * rain over
    {behind}
""")
