"""Proper names: places that belong to one scene, and lands that any scene may lie in."""

from __future__ import annotations

from fifo_live.training.table_parser import parse_row, parse_table

PLACES: dict[str, tuple[str, ...]] = parse_table("""
sea: atlantic | pacific | the indian ocean | the arctic ocean | the southern ocean | the north sea | the baltic sea |
    the black sea | the caspian sea | the dead sea | the red sea | the yellow sea | the china sea | the sea of japan |
    the coral sea | the tasman sea | the irish sea | the celtic sea | the barents sea | the bering sea | the ionian
    sea | the aegean | the adriatic | the mediterranean | the caribbean | the bay of bengal | hudson bay | the bay of
    biscay | tampa bay | the persian gulf | the gulf of mexico | the english channel | the channel | the bosphorus |
    gibraltar | the strait of malacca | bering strait | the dardanelles | cape horn | the cape of good hope | the
    bahamas | bermuda | barbados | jamaica | cuba | tahiti | fiji | samoa | hawaii | honolulu | waikiki | maui | oahu
    | bali | phuket | malibu | santa monica beach | venice beach | long beach | miami beach | copacabana | ipanema |
    bondi | brighton beach | cornwall | dover | plymouth | the hebrides | the isle of wight | the canary islands | the
    azores | madeira | majorca | ibiza | sicily | sardinia | corsica | crete | malta | the riviera | the algarve |
    galapagos | zanzibar | madagascar | mauritius | the seychelles | the maldives | sri lanka's coast | lake superior
    | lake michigan | lake erie | lake ontario | lake huron | lake victoria | lake geneva | lake como | loch ness |
    lake baikal | lake tahoe | the great lakes | the amazon | the mississippi | the missouri | the danube | the rhine
    | the thames | the seine | the volga | the ganges | the mekong | the yangtze | the congo | the zambezi | the nile
    | niagara falls | victoria falls
mountains: everest | mount everest | k2 | annapurna | lhotse | nanga parbat | kangchenjunga | kilimanjaro | mount
    kenya | mont blanc | the matterhorn | the eiger | the jungfrau | zugspitze | elbrus | mount olympus | vesuvius
    slopes | mount etna | mount fuji | mount rainier | mount hood | mount mckinley | denali | mount whitney | mount
    washington | pikes peak | el capitan | half dome | yosemite | yellowstone | zion | bryce canyon | the grand canyon
    | the grand teton | the cascades | the rockies | rocky mountains | the sierra nevada | the appalachians | the
    adirondacks | the catskills | the ozarks | the smoky mountains | blue ridge | aconcagua | the andes | machu picchu
    | patagonia | cotopaxi | table mountain | the drakensberg | the atlas | sinai | mount ararat | the caucasus | the
    urals | the altai | the pamirs | the hindu kush | the karakoram | the himalaya | kashmir | ladakh | bhutan | nepal
    | tibet | mongolia | the tian shan | the carpathians | transylvania | the tatras | the balkans | the dolomites |
    the alps | the tyrol | tyrol | the black forest | the vosges | the jura | the pyrenees | the apennines | ben nevis
    | snowdonia | snowdon | the scottish highlands | the lake district | the pennines | the peak district |
    switzerland | austria | andorra | liechtenstein | colorado | wyoming | montana | utah | nevada | arizona | death
    valley | the mojave | the gobi | the sahara | the kalahari | the atacama | the outback | uluru | arabia | the
    cairngorms | the ardennes | zermatt | chamonix | aspen
city: london | paris | berlin | rome | madrid | barcelona | lisbon | vienna | prague | budapest | warsaw | krakow |
    moscow | saint petersburg | kiev | athens | istanbul | brussels | amsterdam | rotterdam | copenhagen | stockholm |
    oslo | helsinki | dublin | belfast | edinburgh | glasgow | manchester | liverpool | birmingham | bristol | leeds |
    munich | hamburg | cologne | frankfurt | dresden | zurich | geneva | milan | naples | turin | florence | venice |
    marseille | lyon | new york | manhattan | brooklyn | queens | the bronx | harlem | soho | greenwich village | wall
    street | times square | broadway | fifth avenue | madison avenue | park avenue | chicago | boston | philadelphia |
    washington | baltimore | detroit | cleveland | pittsburgh | atlanta | miami | new orleans | houston | dallas |
    austin | denver | phoenix city | las vegas | los angeles | hollywood | beverly hills | sunset boulevard | san
    francisco | oakland | seattle | portland | anchorage | toronto | montreal | vancouver | ottawa | mexico city |
    havana | bogota | lima | santiago | buenos aires | rio de janeiro | sao paulo | montevideo | caracas | tokyo |
    osaka | kyoto | yokohama | shibuya | shinjuku | akihabara | seoul | busan | beijing | shanghai | guangzhou |
    shenzhen | taipei | hong kong | kowloon | macau | bangkok | hanoi | saigon | manila | jakarta | kuala lumpur |
    singapore | mumbai | bombay | delhi | calcutta | karachi | lahore | dhaka | kabul | tehran | baghdad | beirut |
    damascus | jerusalem | tel aviv | cairo | alexandria | casablanca | lagos | nairobi | johannesburg | cape town |
    sydney | melbourne | brisbane | auckland | dubai | doha | abu dhabi | riyadh | piccadilly | oxford street |
    trafalgar square | leicester square | covent garden | camden | westminster | whitechapel | baker street | big ben
    | the eiffel tower | montmartre | champs elysees | notre dame's towers | alexanderplatz | kreuzberg | the kremlin
    | red square | the empire state building | the chrysler building | rockefeller center | union square | central
    station | the shard | the burj khalifa | gotham | reykjavik | tromso town | juneau | yellowknife town | murmansk
    town
grass: kansas | iowa | nebraska | oklahoma | ohio farmland | the midwest | the great plains | the corn belt | the
    serengeti | the masai mara | the pampas | the puszta | the camargue | provence | tuscany | burgundy vineyards |
    kent | sussex | dorset | normandy | the cotswolds | wimbledon's lawn | kentucky | the ukraine's wheat | the fens |
    holland's tulips | saskatchewan | manitoba
aurora: tromso | svalbard | spitsbergen | lapland | finnmark | kiruna | abisko | hammerfest | the yukon | fairbanks |
    yellowknife | alaska | iceland | greenland | nunavut | murmansk | the north pole | the arctic circle
""")

# Scenes without names of their own are anywhere.
LANDS: tuple[str, ...] = parse_row("""
norway | sweden | finland | denmark | iceland | scotland | ireland | england | wales | britain | germany | france |
spain | portugal | italy | greece | turkey | poland | hungary | romania | bulgaria | russia | ukraine | georgia |
canada | alaska | america | the states | texas | california | oregon | florida | kansas | virginia | maine | mexico |
brazil | peru | chile | argentina | bolivia | egypt | morocco | kenya | tanzania | namibia | south africa | india |
pakistan | china | japan | korea | vietnam | thailand | indonesia | australia | new zealand | the philippines |
lapland | scandinavia | europe | asia | africa | the orient | the tropics | the north | the south | the east | the
west | the far east | the middle east | the deep south | the west coast | the east coast | upstate | up north | down
south | down under
""")
