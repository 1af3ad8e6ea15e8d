import { singularOf, withArticle } from './plurals.ts';
import { isCount } from './stems.ts';

/** Things that are told apart one by one; "sky", "sand" and "food" are not, and many tags are no things at all. */
const COUNTABLE = new Set(
  `acorn airplane alley anchor antler apartment apple apron arch archway arm armchair arrow awning axe backpack bag
  balcony ball balloon banana bandage banner bar barn barrel basin basket bat bathtub beach beam bean bear beard bed
  beetle bell belt bench bicycle bike billboard bird blanket blender blouse board boat bonfire book bookcase bookshelf
  boot bottle bouquet bow bowl box boy bracelet branch bridge briefcase broom brush bubble bucket building
  bumper bunny bus bush butterfly button cabin cabinet cable cactus cage cake calendar calf camel camera candle
  candlestick cannon canoe canopy canyon cap car card carpet carriage carrot cart castle cat cave center chain chair
  chandelier chef child chimney church cliff cloak clock closet clown coat cocktail coin collar column compass
  computer cone container cookie cooler corridor costume cottage couch counter courtyard cow cradle crane crater crib
  cross crowd crown cub cup cupboard curtain cushion cyclist dam dancer deck deer desert desk dice dinosaur dish dock
  dog doll dolphin donkey door doorway dragon drawer dress drone drum duck eagle ear earring egg elephant elevator
  emblem engine envelope escalator eye eyeglass face factory fan farm feather fence ferry field figure finger
  fireplace firework fish fisherman flag flame flower flute foot footpath forest fork fort fountain fox frame fridge
  frog garage garden garland gate giraffe girl glacier globe glove goat goose grave grill guitar guitarist gull gun
  hallway hammer hammock hand handbag handle harbor harbour harp hat headphone headset hedge helicopter helmet hen
  highway hill hippo hook horn horse hose hotel hourglass house hut iceberg instrument island jacket jar jeep jet jug
  kayak kettle keyboard kimono kitchen kite kitten knife knight ladder lake lamp lantern laptop lawn leaf leash lemon
  lens lid lighthouse lion lizard lobby locomotive log logo machine magazine mailbox man mane mannequin map market
  mask mast mat meadow medal menu microphone microscope microwave mill mirror monitor moon mosque motorboat motorcycle
  mountain mug mural mushroom musician nail napkin necklace nest net newspaper nose notebook oar obelisk ocean octopus
  office onion orange orchard ornament oven owl pagoda paintbrush painting palace palm pan panda parachute parade
  parasol park parrot path pattern pavilion peach pear pedestal pen pencil penguin pepper person petal phone
  photographer piano pickup pier pig pigeon pill pillar pillow pin pipe pirate pitcher pizza planet plant plate
  platform player playground plaza plum pocket podium pond pool porch poster pot potato pottery printer projector
  propeller pumpkin puppet puppy purse pylon pyramid quilt rabbit racket radio raft railing railway ramp ranch
  recorder reef refrigerator reptile restaurant ribbon rifle ring river road robe robot rock rocket rod roof rooster
  rope rose rowboat rug ruin runway saddle sail sailboat salad sandwich satellite saucer saw saxophone scaffold scale
  scarecrow scarf school scooter scorpion screen screw sculpture seat seed shadow shark shed sheep shelf shell shield
  ship shirt shoe shop shore shovel shower shrine shutter sidewalk sign silhouette singer sink skateboard skateboarder
  skeleton skier skirt skull skyscraper sled slide slipper smartwatch snail snake snowboard snowman sofa soldier
  spider sponge spoon squirrel stadium stage stair staircase stall stamen stand star station statue stem stick stone
  stool stove strap straw stream street streetcar stroller submarine subway suit suitcase sundial sunflower sunset
  surfboard surfer swan sweater swing switch sword syringe table tablet tail tailgate tank tap tapestry target taxi
  teapot telescope television temple tent terrace throne ticket tie tiger tile toaster toe toilet tomato tongue
  toolbox tooth torch tornado tortoise towel tower toy tractor trail trailer train tram tray tree trench tripod trophy
  truck trumpet trunk tub tunnel turbine turkey turtle tuxedo typewriter umbrella underpass uniform valley van vase
  vegetable vest viaduct village vine vineyard violin volcano wagon waiter walkway wallet warehouse watch waterfall
  wave web well whale wheel wheelchair whip whistle whiteboard windmill window windshield wing wolf woman workshop
  wreath wrench yacht yard zebra zipper`.split(/\s+/),
);

/** Stuff that is not counted. */
const UNCOUNTED = new Set(
  `asphalt bread brick cardboard cash cheese chocolate clay coffee concrete confetti cutlery dust fabric fire foam
  foliage food frost fruit furniture garlic glass glitter gold graffiti grass gravel hair hay ice ivory ivy jewelry
  juice lace lavender leather lightning linen luggage mahogany makeup marble meat metal milk money moss mud neon paint
  paper pasta pollen porcelain rice rust salad sand scenery seaweed silk smoke snow soil soup sportswear steam steel
  stubble sugar sushi tea tinsel traffic velvet wallpaper water wheat wine wood wool yarn`.split(/\s+/),
);

/** There is one of each, or more than one can count. */
const OTHERS: ReadonlyMap<string, string> = new Map([
  ...['sky', 'sea', 'ground', 'horizon', 'moon', 'sun', 'ceiling', 'floor'].map((noun): [string, string] => [
    noun,
    `the ${noun}`,
  ]),
  ['cloud', 'clouds'],
  ['reflection', 'reflections'],
  ['star', 'stars'],
]);

/** A tag as it is said in a sentence: "a road", "the sky", "grass"; what is unknown, or in another language, stays as it is. */
export function inSentence(tag: string): string {
  const last = tag.slice(tag.lastIndexOf(' ') + 1);
  const other = OTHERS.get(tag);
  if (other !== undefined) return other;
  const [first = ''] = tag.split(' ', 1);
  const bare = tag.split(' ').length <= 2 && !isCount(first) && !/^(?:an?|the)$/i.test(first);
  return bare && COUNTABLE.has(last) ? withArticle(tag) : tag;
}

/**
 * Whether a tag is surely a thing, so that a sentence can list it: taggers also name topics ("floristry", "air travel"). A
 * capital or a letter beyond ASCII makes it a name, or a noun of another language.
 */
export function isThing(tag: string): boolean {
  if (/^\p{Lu}|[^\p{ASCII}]/u.test(tag)) return true;
  const last = tag.slice(tag.lastIndexOf(' ') + 1);
  return [last, singularOf(last)].some(
    (noun) => COUNTABLE.has(noun) || UNCOUNTED.has(noun) || OTHERS.has(noun),
  );
}
