"""Nouns of each scene: objects, people and what they do there, works named after it. No adjectives."""

from __future__ import annotations

from fifo_live.training.table_parser import parse_table

NOUNS: dict[str, tuple[str, ...]] = parse_table("""
sea: sailors | boats | fishing boats | a rowing boat | ships | a schooner | a frigate | a galleon | a pirate ship | a
    ferry | a cruise ship | a steamer | a tanker | a canoe | kayaks | a raft | a gondola | a catamaran | sails | masts
    | an anchor | a lighthouse | a pier | a jetty | docks | a wharf | a quay | a port | moorings | fishermen | a
    captain | a crew at sea | mariners | a voyage | rowers | a regatta | swimmers | bathers | surfers | surfboards |
    seagulls | gulls | pelicans | albatross | driftwood | seaweed | shells on the sand | pebbles | sandy shore |
    shoreline | coastline | a cove | an inlet | a strait | a channel | an estuary | a delta | a reservoir | rapids | a
    stream | a brook | a cascade | a peninsula | an archipelago | an atoll | islands | a cape | a gulf | the deep blue
    | billows | breakers | brine | salt water | sea spray | sea foam | a tsunami | a tidal wave | high tide | low tide
    | ebb and flood | currents | an undertow | ocean swell | whitewater | a promenade | dykes | waterfront | a swim |
    sailing | rowing | boating | fishing | the seven seas | waters | offshore | maritime scene | a waterway |
    seascapes | tidal pools | a sea breeze | palm beach | a deckchair and the surf | the water's edge
    | glittering waves | a glittering bay | spangled water | sparkles on the waves | a glimmer on the water | sunlit
    ripples
stars: a comet | comets | meteorites | a meteor shower | a quasar | pulsars | a satellite | satellites | a space
    station | space shuttle | the hubble telescope | an observatory | a lunar eclipse | the moon | lunar landscape |
    moons | celestial bodies | the big dipper | the great bear | the little bear | the southern cross | ursa major |
    cassiopeia | the pleiades | sirius | polaris | vega | betelgeuse | aldebaran | perseus | pegasus | scorpio |
    capricorn | aquarius | gemini | cygnus | hercules | mercury and venus | the planets | the red planet | exoplanets
    | ringed planet | saturn | jupiter | mars | star clusters | a spiral galaxy | magellanic clouds | intergalactic
    void | zero gravity | a moon landing | apollo mission | astronauts | cosmonauts | a spacewalk | aliens |
    extraterrestrials | flying saucers | star wars | star trek | the enterprise | warp drive | light years | cosmology
    | astrology | astrophysics | an astronomer | a telescope | stargazers | the heavens at night | the night sky |
    infinity | the final frontier | suns | a dying sun | dark matter | an orbit | a starship fleet | nebulae | gas
    giants | a sky full of diamonds | star map | a wishing star | starry heavens | the evening star | the pole star |
    a space odyssey
aurora: polar fire | magnetic sky | the lights of the north | green glow in the sky at night | polar night | the
    northern sky glowing | auroral arc | auroral curtain | auroral storm | a solar storm | solar wind | magnetosphere
    | the sky dancing with light | sky curtains | borealis | aurora australis | boreal lights | arctic lights | arctic
    glow | antarctic lights | polar aurora | polar lights | ribbons in the northern sky | fire of the north | the sky
    of the far north | spirits dancing in the northern sky | nordic lights | polar sky | polar glow | light curtains
    over the arctic | sky lights of the north pole | a geomagnetic storm | ionised sky | arctic night | polar circle
    nights | lights beyond the arctic circle | an aurora hunter | the southern aurora | the aurora | northern glow
plasma: paint | painting | an abstract painting | expressionism | impressionism | surrealism | psychedelic art | pop
    art | a hippie festival | woodstock | the sixties | a drug trip | mushrooms | mescaline | ayahuasca | magic
    mushrooms | ecstasy | delirium | a hallucination | dreams | a fever dream | subconscious | liquids | liquid |
    fluids | fluid dynamics | pigments | pigment | dyes | ink | inks | inkblots | a rorschach test | tie dye | marble
    paper | marbling | swirls | swirl | eddies | whorls | smears | smudges | stains | spilled paint | splashes of
    paint | brush strokes | a palette of colours | acrylics | watercolours | gouache | varnish | enamel | lacquer | an
    oil film | petrol on a puddle | oil spill | a light show | visualiser | screensaver | demo scene | noise texture |
    perlin noise | interference patterns | moire | distortion | turbulence | convection | chaos | flux | a magnetic
    fluid | chemistry | alchemy | fumes | vapour swirls | smoke swirling | incense smoke | opal | malachite | onyx |
    jasper | wood grain | zebra stripes | tiger stripes | leopard print | camouflage | blurs | gradients | colour
    fields | textures | patterns flowing | morphing | melting | warping | blending | mixing | trippy wallpaper |
    groovy pattern | mind bending visuals | psytrance | trance visuals | altered states | shape shifting | formless
    colour | electricity | energy field | magma texture | soup of colours
silk: cashmere | cotton | linen | wool | muslin | damask | brocade | taffeta | organza | crepe | fleece | denim |
    fabrics | textiles | cloths | weaving | a loom | tapestry | embroidery | needlework | knitting | sewing | a tailor
    | a seamstress | fashion | haute couture | a catwalk | a gown | gowns | dresses | a wedding dress | a skirt |
    skirts | petticoat | a blouse | a robe | robes | a cloak | a cape in the wind | a kimono | a sari | a toga | a
    tunic | a coat | lingerie | stockings | a nightgown | a nightdress | pyjamas | a bride's veil | a shroud | a
    pashmina | scarves | shawls | a handkerchief | a tie | a bow | sashes | a turban | bandanas | lace | fringes |
    tassels | frills | ruffles | pleats | sleeves | garments | clothes | clothing | costumes | sheets | bed linen |
    pillows | a blanket | quilts | drapes | drapery | curtains | canopy | a tent cloth | sails flapping | flags |
    pennants | banners | bunting | streamers | ribbon | ribbons | gymnastics ribbon | cords | cord | ropes | strings |
    guitar strings | harp strings | violin strings | twine | wool threads | fibres | fibre | wires | cables | braids |
    a ponytail | hair | long hair | silk road | silkworms | cocoon | cobwebs | a spider web | laser show | light beams
    | light trails | light sabers | waveforms | a sine curve | a spectrum line | curves | squiggles | arcs | loops of
    thread | satin | chiffon | velvet | tulle | gauze | mesh | felt | a dancer's veil | flamenco skirt | ballet skirt
    | belly dancer's veils | calligraphy
clouds: the sky | skies | blue sky | the heavens | heaven | angels | a halo in the sky | cherubs | zeus | mount
    olympus in the clouds | pearly gates | skyscape | cloudscapes | cloud layers | cumulonimbus | nimbus | altocumulus
    | cirrostratus | stratus | thundercloud | fog bank | mist | mists | haze | vapour | steam | smog | a smoke cloud |
    contrails | a jet | an airplane | planes | airliner | an airline pilot | a pilot | a flight | gliders | a glider |
    a paraglider | paragliding | skydiving | skydivers | a parachute | parachutes | hot air balloons | a zeppelin | an
    airship | a helicopter | kites | a kite | birds | swallows | eagles | geese flying | a flock of birds | wings |
    icarus | airspace | altitude | the stratosphere | air | whipped cream in the sky | candy floss sky | sheep in the
    sky | cotton balls | marshmallow sky | feathers | weather forecast | overcast | cloudiness | breaks in the clouds
    | sunbeams through clouds | a castle in the air | cloud nine | cloud castles | a high pressure area | depression |
    daylight | broad daylight | heaven's gate | aviation | aerial view | a window seat
fire: fires | fireplaces | a hearth fire | a stove fire | logs | firewood | kindling | tinder | charcoal | coals |
    cinders | ashes | ember | a blacksmith | a smithy | anvil | furnaces | an incinerator | a kiln | a boiler | a
    cauldron on the fire | a barbecue | a grill | roasting | toasting | a campfire story | scouts around the fire | a
    fire pit | a beacon | torches | lanterns | an oil lamp | candlelight | candlesticks | a matchstick | a lighter |
    gasoline burning | napalm | a flamethrower | fire eater | fire dancer | fire breathing | dragons | a dragon | the
    phoenix | salamander | hell | hades | satan | the devil | demons | lucifer | purgatory | inferno | apocalypse |
    armageddon | doomsday | witches burning | a stake | arson | an arsonist | firefighters | firemen | a fire brigade
    | wildfires | bushfires | forest fire | a blazing house | flames | flame | ignition | combustion | heat | warmth |
    scorching heat | burning man | burnt wood | bonfires | a funeral pyre | volcanoes | an eruption | krakatoa |
    pompeii | vesuvius | etna | prometheus | tongues of flame | burn | burning | crackling | the great fire | the
    sun's surface | hot stuff | ablaze | set alight | the oven | a gas burner | a christmas hearth
lava: a laboratory | lab experiment | a scientist | a test tube | test tubes | a flask | a beaker | a petri dish | a
    microscope | chemistry set | molecules | cells | a cell culture | microbes | germs | viruses | blood cells |
    embryo | eggs | spawn | yolk | jelly | jellies | gelatin | gel | glue | resin | rubber | putty | wax | candle wax
    | paraffin | soap | shampoo | a bubble | foam | froth | fizz | soda bubbles | lather | suds | syrup | treacle |
    molasses | honey | caramel | custard | porridge | mud | mud bath | tar | sludge | ooze | gunk | mucus | snot |
    drool | saliva | an amoeba | slugs | snails | a potion | witches' brew | elixir | mercury | liquid metal | molten
    metal | molten glass | mercury pearls | lumps | clumps | globs | a blob | blobs | droplet | droplets | dollops |
    spheres | orbs | balls | oil and water | oil bubbles | nightstand lamp | a lamp | lamps | a bedside lamp | desk
    lamp | mood lamp | disco era | the seventies | seventies living room | hippie lamp | retro decor | vintage lamp |
    bachelor pad | austin powers | beanbags and a lamp | viscous stuff | metaballs | lava lamps | goop | squishy
    things
snow: snowballs | a snowball fight | a snowman | snow angels | skis | skiers | skiing | a ski slope | snowboarders |
    snowboarding | a sledge | sleds | a sleigh | sleigh bells | sledging | a toboggan | an igloo | eskimos | a husky |
    dogs and a sled | wolves in the snow | reindeer | a moose | polar bears | penguins | santa claus | christmas |
    xmas | yuletide | christmas eve | christmas carols | christmas card | christmas tree | advent | mistletoe | holly
    | mittens | a woolly hat | frost | hoarfrost | frostbite | ice | icicles | ice crystals | an ice queen | frozen |
    jack frost | a glacier forest | the arctic | antarctica | the north pole | the south pole | tundra | taiga |
    lapland | siberian woods | firs | spruce | spruces | pines | pine trees | conifers | fir trees | cedars |
    evergreens | a forest | woods | woodland | a winter walk | winter | wintertime | midwinter | winter solstice |
    february | january | december | snowstorms | blizzards | snowdrift | snowfields | an avalanche | flurry | snow
    flurries | flakes | a flake | sleet | hail | hailstones | slush | powder | a white world | cold | freezing |
    subzero | a snow globe | the ice age | the snow queen | winter palace | ski resort | a log cabin in winter |
    footprints in the snow | snowed in | first snow
city: a square | plazas | a plaza | market square | streets | a street | an avenue | avenues | boulevards | a
    boulevard | an alley | alleys | alleyways | lanes | crossroads | an intersection | a crosswalk | pavements |
    sidewalks | traffic | a traffic jam | cars | buses | trams | taxis | cabs | a subway station | a railway station |
    an airport | a bus stop | a motorway | highways | bridges | a bridge | suspension bridge | boroughs | a borough |
    a district | a quarter | a neighbourhood | neighborhoods | the suburbs | suburbs | a ghetto | slums | favelas | a
    housing estate | apartments | flats | condos | a block | blocks | tenements | penthouses | lofts | balconies |
    rooftop | roofs | chimneys | chinatown | little italy | the old town | downtown | uptown | midtown | the financial
    district | a stock exchange | offices | office blocks | banks | headquarters | shops | shopping street | a mall |
    markets | department store | cafes | bars | pubs | nightclubs | casinos | hotels | restaurants | theatres |
    cinemas | broadway | the red light district | cathedrals | churches | palaces | town hall | a clock tower |
    monuments | a castle town | a stadium | factories | cranes | construction site | scaffolding | power lines |
    street lamps | lamp posts | neon lights | billboards | skylines | skyscraper | highrise | a capital | capitals |
    cities | towns | city centre | population | citizens | crowds | commuters | pedestrians | tourists in town |
    police sirens | gangsters | a detective | batman | spiderman | superman | godzilla | robots | blade runner |
    metropolis | civilisation | graffiti | hip hop | rush hour | nightlife | urban sprawl | civic buildings | inner
    city | a town | a villa | a hamlet | houses
tunnel: tunnels | a mine | a mineshaft | a sewer | sewers | catacombs | a crypt | a dungeon | caves | a cave | a
    cavern | a burrow | a corridor | corridors | hallways | a hallway | aisles | a gallery | an archway | arches |
    arcades | gates | doorways | a gate | doors | a trapdoor | a staircase | an elevator shaft | a lift shaft |
    ladders | a manhole | pipes | a pipe | tubes | tube | a pipeline | a hose | a garden hose from inside | drains |
    ducts | a vent | a barrel | a gun barrel | a cannon | a telescope tube | a funnel | vortices | a vortex |
    whirlwinds | a cyclone | a twister | a tornado | a whirlpool | spirals | a spiral | a helix | a corkscrew | coils
    | a coil | springs | a slinky | circles | a circle | concentric rings | ripples | hoops | hula hoops | bangles |
    bracelets | wheels | a wheel | tyres | onion rings | tree rings | halos | donuts | a target | a bull's eye | a
    dartboard | an eye | an iris | a pupil | a zoetrope | hypnosis | a hypnotist | vertigo | infinity mirror | a
    portal | portals | stargates | teleport | teleportation | warp | warp speed | a jump to hyperspace | time travel |
    a time warp | a time machine | tardis | doctor who | dimensions | another dimension | the multiverse | an event
    horizon | a singularity | a particle accelerator | a collider | gravity well | a rabbit hole | the underground |
    the metro | a subway | railway tunnel | a roller coaster | a slide | a water slide | a bobsleigh run | a
    near-death experience | light at the end | a throat | intestines | veins | an artery | a worm | a racetrack | an
    intro sequence | radar | sonar | echoes | loops
mountains: hikers | a hiker | climbers | climbing | mountaineers | mountaineering | alpinists | a base camp | a camp |
    a mountain hut | a cabin on the slope | a trail | trails | a pass | a summit | summits | the roof of the world |
    tops | peak | pinnacles | spires of rock | a crest | crests | ranges | a range | sierras | a massif | alps |
    uplands | highlands | lowlands and hills | moors | moorland | knolls | a mound | a mountainside | mountaintops |
    ridgelines | ridge line | escarpments | a bluff | cliffs | a cliff | precipice | a ravine | ravines | a gorge |
    canyons | a canyon | mesas | a mesa | buttes | monument valley | badlands | valleys | a valley | dales | glens | a
    glen | a vale | boulders | rocks | stones | granite | limestone | sandstone | slate | scree | a volcano crater | a
    caldera | dunes | a desert | deserts | an oasis | camels | a caravan | cowboys | the wild west | a western movie |
    mountain goats | goats | chamois | ibex | yaks | sherpas | llamas | condors | an eagle's nest | a shepherd | a
    monastery | monks | a cable car | a chairlift | a gondola lift | backpackers | trekking | a trek | hiking |
    yodelling | heidi | an alphorn | a chalet | terrain | altitude | elevation | high altitude | thin air | a plateau
    | tableland | wilderness | great outdoors | a horizon of hills | geology | bob ross landscape | a chinese ink
    landscape | middle earth | mordor | mount doom | a continental divide | silhouettes of hills | a national park
rain: rain | rains | a raindrop | a shower | showers | a squall | squalls | a gale | gales | a tempest | a tropical
    storm | storms | a storm | thunder | thunderbolts | thunderclap | lightning | a lightning bolt | hurricanes | a
    cyclone season | typhoons | monsoons | a flood | floods | flooding | noah's ark | a deluge | the deluge | puddles
    | a puddle | wet asphalt | wet glass | a wet window | windowpanes | a windshield | windshield wipers | wipers | a
    raincoat | raincoats | rubber boots | umbrellas | an umbrella | parasols | gutters | a gutter | drainpipes | drops
    | droplets on glass | drips | dripping | dribbling | trickling | trickles | pouring | drizzling | sprinkling |
    spitting | splashing | splashes | soaking | drenched | soaked | dampness | damp | moisture | humidity |
    precipitation | rain gauge | bad weather | april weather | autumn weather | a cold front | a wet season |
    rainforest showers | thor | weeping sky | tears | melancholy | gene kelly | film noir rain | cosy reading weather
    | rain sounds | water on the pane | falling drops | falling water | cats and dogs | a bucket of water from the sky
    | bad day for a picnic | matrix | the matrix | falling code | green code | binary code | source code | computer
    code
fireworks: a firework | firecrackers | bangers | a banger | squibs | catherine wheels | fountains of sparks | a
    sparkler | sparklers | bengal fire | flares | a flare | rockets | missiles | shells | cannonades | a salute |
    artillery | bombs | a bomb | dynamite | grenades | gunpowder | explosives | explosions | an explosion | blasts | a
    blast | detonation | a bang | bangs | booms | crackle | a burst | bursts | starburst | an outburst of sparks | a
    barrage | a volley | supernova party | celebrations | a celebration | festivities | a festival | a carnival | a
    fiesta | a feast | a jubilee | a party | party | parties | a birthday | a birthday party | a wedding | an
    anniversary | new year | new year's day | new year's eve | hogmanay | auld lang syne | chinese new year | lunar
    new year | diwali | guy fawkes night | bonfire night | independence day | the fourth of july | bastille day |
    national day | silvester | mardi gras | opening ceremony | closing ceremony | olympic ceremony | the olympics |
    the finale | a victory parade | victory | champions | champagne corks | cheering crowds | oohs and aahs | hooray |
    hurrah | congratulations | a countdown | midnight kisses | ten nine eight | confetti | glitter | sparkle |
    sparkles | tinsel | spangles | golden rain | peony shells | chrysanthemum shells | palm shells | pyro |
    pyrotechnician | pyromania | disneyland show | theme park show
jellyfish: sea creatures | fish | fishes | tropical fish | clownfish | angelfish | goldfish | koi carp | eels | a
    moray | seahorses | rays | a stingray | manta rays | sharks | a shark | whales | a whale | a humpback | orcas |
    dolphins | porpoises | seals | turtles | sea turtles | octopus | an octopus | octopuses | squid | squids |
    cuttlefish | a nautilus | the kraken | a sea monster | leviathan | shrimp | shrimps | prawns | crabs | lobsters |
    krill | plankton | larvae | polyps | sea slugs | sea urchins | starfish | sponges | anemones | corals | coral |
    reefs | a reef | the great barrier reef | kelp | seaweed forest | algae | the seabed | the sea floor | the ocean
    bed | the mariana trench | a trench | the abyss | abyssal creatures | deep water | fathoms | marine life | marine
    biology | a biologist's dive | an aquarium | aquariums | a fishbowl | a sea world | an oceanarium | divers | a
    diver | diving | scuba | scuba divers | snorkelling | snorkels | a diving bell | a submarine | submarines | a
    submersible | captain nemo | twenty thousand leagues | the titanic wreck | a shipwreck | sunken treasure |
    mermaids | a mermaid | neptune's kingdom | poseidon | sirens of the deep | the little mermaid | spongebob | david
    attenborough | blue planet | invertebrates | stinging cells | tentacles | feelers | gelatinous animals | moon
    jellies | jellies | medusas | box jellies | lion's mane | aliens of the deep | underwater | undersea | beneath the
    waves | below the surface | drifting swimmers
grass: crops | a crop | corn | maize | wheat | barley | rye | oats | millet | rice | a rice paddy | paddies | sugar
    cane | cotton field | soya | grain | grains | ears of corn | stubble | straw | hay | haystacks | hay bales | a
    harvest | harvesting | a combine harvester | a tractor | a plough | ploughing | a farmer | farmers | farms | a
    farmhouse | a barn | a ranch | a cowherd | agriculture | farming | an acre | acres | farmland | pastureland |
    grazing land | a meadow | meadows | grazing cows | cows | cattle | bulls | buffalo | bison | sheep | lambs |
    horses | ponies | deer | rabbits | hares | zebras | antelopes | lions on the savannah | giraffes | crickets |
    grasshoppers | bees | butterflies | ladybirds | a picnic | a lawn | lawns | a lawnmower | a golf green | a
    football pitch | a cricket ground | turf | sod | blades | stems | stalks | seedlings | sprouts | herbs | weeds |
    thistles | nettles | clover | moss | ferns | bracken | heather | heath | bushes | hedges | shrubs | reeds | rushes
    | bulrushes | sedge | marsh grass | a marsh | swamp | wetlands | bamboo | a garden | gardens | gardeners |
    gardening | an orchard | orchards | vineyards | plantation | greenery | flora | botany | foliage | leaves |
    flowers | a flower | blossom | petals | poppies | daisies | buttercups | dandelions | bluebells | tulips |
    daffodils | lilies | orchids in a garden | roses | violets | sunflowers | lavender | cornflowers | wildflowers |
    primroses | a bouquet of meadow flowers | spring | hippies in a meadow | van gogh's wheat | the shire | little
    house on the prairie | a grass skirt | prairies | savannah | steppe | plains | a plain | countryside | a village
    green | grassland | soil | earth
kaleidoscope: kaleidoscopes | mandalas | a mandala | mirrors | a mirror | reflections | a mirror cabinet | hall of
    mirrors | prisms | a prism | facets | a diamond | diamonds | rubies | emeralds and rubies | jewels | jewellery | a
    jewel | gems | gemstones | a brooch | a crown | crystals | crystal | quartz | glass beads | beads | broken glass |
    shards | mosaics | a mosaic | tiles | tiled floor | tiling | tessellations | parquet | marquetry | inlay |
    ceramics | azulejos | moorish ornament | moroccan tiles | a mosque ceiling | islamic art | a cathedral window |
    church windows | rose window | a dome | ceilings | stained glass | a gothic church | a carpet | carpets | a
    persian rug | rugs | paisley | doily | lacework | crochet | quilting | patchwork | wallpaper ornament | arabesques
    | filigree | rosettes | a rosette | a medallion | emblem | an ornament | ornaments | a snow crystal | snowflake
    symmetry | symmetry | symmetries | bilateral symmetry | a pattern | patterns | a geometric pattern | geometry | a
    hexagon | hexagons | octagons | pentagon | pentagons | triangles | a triangle | squares and triangles | polygon |
    polygons | polyhedra | a tetrahedron | a cube | a dodecahedron | pyramids mirrored | stars and polygons | fractals
    | a fractal | mandelbrot | a julia set | sierpinski | recursion | self-similar shapes | penrose tiles | escher | a
    spirograph | a compass rose | a chakra wheel | chakras | a lotus | yoga mandala | buddhist art | hindu ornament |
    tibetan art | a yantra | a zodiac | tarot | sacred geometry | a magic lantern toy | a child's toy tube | folding
    paper | origami | a mirrorball | a disco ball | busby berkeley | dancers from the ceiling | mathematics | a
    multiplied image | repetition | radial symmetry | a wheel of colour | a peacock tail | pinwheel | pinwheels
""")
