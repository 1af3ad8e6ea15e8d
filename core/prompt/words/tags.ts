/** What taggers say that is not a thing in the picture. */

/** Names of media, classes and parts of anatomy: true, and no help to anyone who draws. */
const GENERAL = new Set(
  `text, font, image, images, picture, photo, photograph, photography, stock photography, still life photography,
  snapshot, mammal, carnivore, vertebrate, invertebrate, land vehicle, felidae, canidae, canis, terrestrial animal,
  domestic animal, small to medium-sized cats, dog breed, cat breed, companion dog, multimedia, operating system, number,
  clothing, footwear, fashion, fashion accessory, accessory, human, human face, human body, human leg, human arm, skin,
  joint, organ, chin, forehead, jaw, lip, nose, cheek, eyebrow, eyelash, neck, material, material property, design,
  graphic design, graphics, rectangle, parallel, line, circle, technology, electronic device, electronics, gadget,
  output device, display device, peripheral, input device, software, computer program, ingredient, recipe, cuisine, produce,
  natural foods, food group, superfood, staple food, nature, natural environment, natural landscape, landscape, scenery,
  atmosphere, atmospheric phenomenon, meteorological phenomenon, landform, mountainous landforms, terrain, geology,
  water resources, body of water, travel, tourism, leisure, recreation, vacation, fun, sports equipment, automotive design,
  automotive exterior, automotive tire, automotive lighting, motor vehicle, mode of transport, auto part, rim, bumper, hood,
  art, visual arts, outdoor object, beauty, plant, flora, vegetation, tableware, serveware, dishware, kitchenware, event,
  people in nature, play, tropics, entertainment, performance, music, modern art, cookware and bakeware, kitchen appliance,
  astronomy, space, outer space, science, fitness, health, product, equipment, brand, colorful, vibrant, vivid, interior design, sportswear, black, white, grey, gray, color, colour, colorfulness, darkness, light, lighting, angle, tints and shades`
    .split(',')
    .map((tag) => tag.trim()),
);

export function isGeneral(tag: string): boolean {
  return GENERAL.has(tag.toLowerCase());
}

export interface Setting {
  readonly text: string;
  /** Settings of one group exclude each other. */
  readonly group: 'place' | 'venue' | 'time' | 'season' | 'weather';
}

const SETTINGS: ReadonlyMap<string, Setting> = new Map([
  ...group('place', { outdoor: 'outdoors', outdoors: 'outdoors', indoor: 'indoors', indoors: 'indoors' }),
  ...group('venue', {
    museum: 'in a museum',
    'art gallery': 'in a gallery',
    restaurant: 'in a restaurant',
    cafe: 'in a café',
    office: 'in an office',
    classroom: 'in a classroom',
    library: 'in a library',
    kitchen: 'in a kitchen',
    bedroom: 'in a bedroom',
    bathroom: 'in a bathroom',
    gym: 'in a gym',
    airport: 'at an airport',
    supermarket: 'in a supermarket',
    stadium: 'in a stadium',
  }),
  ...group('time', {
    night: 'at night',
    nighttime: 'at night',
    daytime: 'in daylight',
    daylight: 'in daylight',
    sunrise: 'at sunrise',
    morning: 'in the morning',
    sunset: 'at sunset',
    evening: 'in the evening',
    dusk: 'at dusk',
    twilight: 'at dusk',
    dawn: 'at dawn',
    sunny: 'in sunlight',
    sunlight: 'in sunlight',
  }),
  ...group('season', {
    winter: 'in winter',
    summer: 'in summer',
    autumn: 'in autumn',
    fall: 'in autumn',
    spring: 'in spring',
  }),
  ...group('weather', {
    rain: 'in the rain',
    rainy: 'in the rain',
    fog: 'in fog',
    foggy: 'in fog',
    mist: 'in mist',
    misty: 'in mist',
    snowing: 'in falling snow',
  }),
]);

function group(name: Setting['group'], table: Readonly<Record<string, string>>): [string, Setting][] {
  return Object.entries(table).map(([tag, text]) => [tag, { text, group: name }]);
}

/** "outdoors", "at night", "in winter": what a tag says of where and when; undefined where it says something else. */
export function settingOf(tag: string): Setting | undefined {
  return SETTINGS.get(tag.toLowerCase());
}

/** "in a museum", but not "in winter" */
export function isVenue(setting: string): boolean {
  return /^(?:in|at) an? /.test(setting);
}

/** What a text says of where and when, in its own words. */
export function settingsSaid(text: string): Setting[] {
  return (text.toLowerCase().match(/\p{L}+/gu) ?? []).flatMap((word) => SETTINGS.get(word) ?? []);
}

const BACKDROPS = new Set(
  `sky cloud clouds ground floor wall ceiling grass water horizon sunlight shadow sand snow soil asphalt building room
  furniture tree trees road street indoor outdoor`.split(/\s+/),
);

/** What a picture is seldom about. */
export function isBackdrop(text: string): boolean {
  return BACKDROPS.has(text.toLowerCase());
}
