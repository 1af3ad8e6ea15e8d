/** Which words say the same, and which say another without saying it: captions, taggers and detectors overlap. */

export const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ...meaning('bicycle', 'bike'),
  ...meaning('motorcycle', 'motorbike'),
  ...meaning('car', 'automobile sedan'),
  ...meaning('airplane', 'plane aeroplane aircraft airliner'),
  ...meaning('outdoor', 'outside outdoors'),
  ...meaning('indoor', 'inside indoors'),
  ...meaning('gray', 'grey'),
  ...meaning('color', 'colour'),
  ...meaning('cat', 'feline kitty'),
  ...meaning('dog', 'canine hound'),
  ...meaning('child', 'kid toddler'),
  ...meaning('man', 'guy gentleman'),
  ...meaning('woman', 'lady'),
  ...meaning('sofa', 'couch'),
  ...meaning('sea', 'ocean'),
  ...meaning('harbor', 'harbour port dock'),
  ...meaning('beach', 'shore seashore coast'),
  ...meaning('phone', 'smartphone cellphone telephone'),
  ...meaning('laptop', 'notebook'),
  ...meaning('screen', 'monitor display'),
  ...meaning('snow', 'snowy snowcapped snow-covered'),
  ...meaning('fog', 'foggy mist misty haze hazy'),
  ...meaning('rain', 'rainy'),
  ...meaning('cloud', 'cloudy'),
  ...meaning('star', 'starry'),
  ...meaning('wood', 'wooden'),
  ...meaning('forest', 'woods woodland'),
  ...meaning('sunrise', 'dawn'),
  ...meaning('mug', 'cup'),
  ...meaning('painting', 'artwork'),
  ...meaning('sidewalk', 'pavement'),
  ...meaning('skyscraper', 'high-rise'),
]);

const LAND = 'vehicle land transport transportation motor wheel tire automotive';
const BIRD = 'animal wildlife bird beak feather wing';
const PERSON = 'person human face people clothing';
const ROOM = 'indoor room furniture interior wall floor ceiling house';

/** Who says the first has said the second: taggers list both. */
export const IMPLIED: ReadonlyMap<string, readonly string[]> = implications([
  ['man woman boy girl child baby player crowd family couple bride groom group', PERSON],
  [
    'snowboarder skier surfer skater cyclist runner dancer musician singer chef waiter soldier worker hiker climber swimmer athlete',
    PERSON,
  ],
  ['person', 'human face people clothing'],
  ['man groom', 'male boy man'],
  ['woman bride', 'female girl woman'],
  ['baby', 'child infant toddler'],
  ['beard moustache mustache stubble', 'facial hair'],
  ['child', 'boy girl play youth'],
  ['dog cat puppy kitten', 'animal mammal pet breed whisker snout collar fur'],
  ['dog puppy', 'dog puppy'],
  ['cat kitten', 'cat kitten'],
  [
    'horse cow sheep goat pig elephant zebra giraffe bear lion tiger fox wolf deer rabbit squirrel monkey',
    'animal mammal wildlife',
  ],
  ['bird', 'animal wildlife beak feather wing'],
  ['owl eagle hawk falcon vulture', `${BIRD} prey raptor`],
  ['duck goose swan pelican', `${BIRD} waterfowl waterbird seabird`],
  ['gull seagull penguin', `${BIRD} seabird`],
  ['parrot chicken rooster', `${BIRD} pet poultry`],
  ['sparrow robin pigeon crow raven flamingo peacock stork heron hummingbird', BIRD],
  ['fish', 'animal'],
  ['butterfly bee', 'animal insect invertebrate pollinator arthropod honeybee pollen nectar'],
  ['painting drawing sketch illustration', 'art artwork visual drawing'],
  ['car bus truck van motorcycle train taxi', LAND],
  ['taxi', 'car cab'],
  ['bicycle', `${LAND} frame handlebar fork pedal saddle`],
  ['motorcycle', 'motorcycling'],
  [
    'boat ship ferry sailboat canoe kayak yacht',
    'watercraft boat vehicle water transport transportation boating vessel',
  ],
  ['airplane', 'vehicle aviation transport flight jet'],
  ['street road sidewalk intersection crosswalk', 'road street lane highway asphalt outdoor infrastructure'],
  ['city', 'urban cityscape building outdoor metropolis downtown'],
  ['skyline', 'city skyscraper cityscape building tower outdoor'],
  ['skyscraper house church tower castle cathedral bridge temple barn', 'building architecture outdoor'],
  ['beach', 'sand sea water coast outdoor'],
  ['sea lake river harbor waterfall pond', 'water outdoor'],
  ['harbor pier', 'outdoor'],
  ['mountain hill valley cliff canyon desert', 'outdoor landscape highland'],
  ['forest', 'tree outdoor plant wood'],
  ['field meadow pasture', 'grass outdoor plant'],
  ['park garden yard', 'outdoor plant'],
  ['snow', 'winter'],
  ['sunset sunrise', 'sky evening afterglow sunlight sun outdoor horizon'],
  ['sky cloud', 'outdoor'],
  ['room kitchen bedroom bathroom office classroom library restaurant lounge', ROOM],
  ['sofa bed desk bookcase bathtub nightstand fireplace', 'indoor furniture'],
  ['table chair bench stool shelf', 'furniture'],
  ['laptop', 'computer keyboard screen netbook'],
  ['computer', 'screen'],
  ['flower rose tulip daisy sunflower orchid', 'plant petal flower pollen nectar'],
  ['plant', 'houseplant flora vegetation flowerpot'],
  ['tree cactus palm bush', 'plant branch'],
  ['pizza cake burger salad sandwich soup pasta steak sushi bread dessert', 'food dish meal cuisine'],
  ['ramen pho', 'soup noodle bowl food dish meal broth'],
  ['pizza', 'baked good flatbread'],
  ['cake pie cupcake', 'dessert baked good'],
  ['apple banana strawberry lemon pear grape', 'fruit food produce'],
  ['fruit vegetable', 'food produce'],
  ['coffee', 'latte cappuccino espresso'],
  ['coffee tea wine beer', 'drink beverage'],
  ['glass mug bottle', 'drinkware stemware'],
  ['sandal boot sneaker heel shoe', 'shoe footwear sneaker'],
  ['watch', 'clock analog'],
  ['perfume', 'cosmetic toiletry fragrance'],
  ['star galaxy', 'galaxy space astronomy'],
  ['soccer football basketball baseball tennis', 'sport ball player athlete'],
  ['invoice receipt letter contract form newspaper document', 'document paper text letter receipt page'],
  ['screenshot', 'web page website software'],
  ['sign', 'signage'],
  ['night', 'evening darkness midnight'],
]);

function meaning(word: string, others: string): [string, string][] {
  return others.split(' ').map((other) => [other, word]);
}

function implications(rows: readonly (readonly [words: string, implied: string])[]): Map<string, string[]> {
  const table = new Map<string, string[]>();
  for (const [words, implied] of rows) {
    for (const word of words.split(' ')) table.set(word, [...(table.get(word) ?? []), ...implied.split(' ')]);
  }
  return table;
}
