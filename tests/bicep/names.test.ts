import { describe, expect, test } from '@jest/globals';
import { GET_HEALTH, GET_LIVE } from '../../core/api/routes/health.ts';
import { nextRun } from '../../core/schedule.ts';
import { SETTINGS } from '../../core/settings.ts';
import { errorName, isCandidate, promptName, sidecarNames } from '../../core/store/names.ts';
import { STATE_PREFIXES } from '../../core/store/state-prefixes.ts';
import { bicep, declared, expression, FILES, source, texts } from './read-bicep.ts';

const all = FILES.map(bicep).join('\n');
const resources = declared('resource');
const named = (type: string) =>
  resources
    .filter(({ of }) => of === type)
    .flatMap(({ body }) => texts(/^ {2,4}name: (.*)$/m.exec(body)?.[1] ?? ''));

describe('what Bicep names is there in the code', () => {
  test('containers and queues are those of the settings, and those that Azure itself writes to', () => {
    expect(source('core/program.ts')).toMatch(/\$\{config\.IMAGE_EVENTS_QUEUE\}-poison/);
    expect(expression('main.bicep', 'poisonQueue')).toMatch(/^'\$\{imageEventsQueue\}-poison'$/);
    expect(expression('main.bicep', 'containers')).toBe(
      'union([imagesContainer, stateContainer], empty(feedContainer) ? [] : [feedContainer])',
    );
    expect(named('Microsoft.Storage/storageAccounts/blobServices/containers')).toEqual([
      'packages',
      'eventgrid-deadletter',
    ]);
    expect(named('Microsoft.Storage/storageAccounts/queueServices/queues')).toEqual([
      'webjobs-blobtrigger-poison',
    ]);
  });

  test('the folders that lifecycle rules empty are those that the program writes', () => {
    const folders = [...bicep('modules/storage.bicep').matchAll(/\$\{stateContainer\}\/(\w+)\//g)].map(
      ([, name = '']) => name,
    );
    const { analyses, ...brief } = STATE_PREFIXES;
    expect(Object.values(brief)).toEqual(expect.arrayContaining(folders.map((name) => `${name}/`)));
    expect(folders).toEqual(expect.arrayContaining(['idempotency', 'counters']));
    // What is paid for is never on a rule that knows only ages.
    expect(folders.map((name) => `${name}/`)).not.toContain(analyses);
  });

  test('secrets are those that the program reads, and each of these can be given', () => {
    const read = [...source('core/secrets.ts').matchAll(/(?:vault\.read|aged)\('([\w-]+)'\)/g)].map(
      ([, name = '']) => name,
    );
    const given = named('Microsoft.KeyVault/vaults/secrets');
    expect(given).toEqual(expect.arrayContaining(read));
    expect(given.filter((name) => !read.includes(name))).toEqual([]);
  });

  test('probes ask routes that are open, and the API has', () => {
    const probed = new Set(texts([...bicep('modules/api.bicep').matchAll(/path: ('[^']*')/g)].join('\n')));
    expect([...probed].sort()).toEqual([GET_HEALTH.path, GET_LIVE.path].sort());
  });

  test('containers are started with commands of the program', () => {
    const commands = [...all.matchAll(/args: isPlaceholder \? \[\] : \['(\w+)'\]/g)].map(
      ([, name = '']) => name,
    );
    expect(commands.sort()).toEqual(['housekeep', 'serve', 'work']);
    const main = source('containerapp/commands.ts');
    for (const command of commands) expect(main).toMatch(new RegExp(`^  ${command}: \\{`, 'm'));
  });

  test('functions that Azure is told of are registered', () => {
    const functions = [...all.matchAll(/Host\.Functions\.([\w-]+)|'function:([\w-]+)'/g)].map(
      ([, a, b]) => a ?? b ?? '',
    );
    expect(functions.sort()).toEqual(['describe-image', 'describe-queued']);
    for (const name of functions) expect(source(`functions/${name}.ts`)).toContain(`('${name}',`);
  });

  test('the port that is asked is the one that is listened on', () => {
    expect(expression('modules/api.bicep', 'port')).toBe(
      `isPlaceholder ? 80 : ${SETTINGS.PORT.schema.parse(undefined)}`,
    );
  });
});

describe('names are no longer than Azure takes them', () => {
  const environment = expression('main.bicep', 'environment');
  const [, most = ''] =
    /^length\(environmentName\) > (\d+) \? token : toLower\(environmentName\)$/.exec(environment) ?? [];
  // uniqueString() gives 13.
  const longest = 'e'.repeat(Math.max(Number(most), 13));

  test.each([
    ['Microsoft.App/jobs', 32],
    ['Microsoft.App/containerApps', 32],
    ['Microsoft.Web/sites', 60],
  ])('%s: %i', (type, limit) => {
    const names = named(type);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const whole = name.replace(/\$\{(\w+)\}/g, (_all, part) =>
        part === 'environmentName' ? longest : 'u'.repeat(13),
      );
      expect(whole.length).toBeLessThanOrEqual(limit);
    }
  });

  test('whatever azd proposes, which is the name of the folder and -dev, is taken', () => {
    expect(bicep('main.bicep')).toMatch(/@maxLength\(64\)\s+param environmentName string/);
  });
});

describe('the job runs when the setting says', () => {
  test('its five fields are the last five of the six', () => {
    expect(bicep('modules/housekeeping.bicep')).toContain("join(skip(split(schedule, ' '), 1), ' ')");
    const six = '0 15 3 * * *';
    const five = six.split(' ').slice(1).join(' ');
    const now = new Date('2026-01-01T00:00:00Z');
    expect(nextRun(`0 ${five}`, now)).toEqual(nextRun(six, now));
  });
});

describe('the filter of events', () => {
  const suffixes = texts(expression('modules/subscription.bicep', 'suffixes'));
  const known = /new Set\(\s*'([a-z ]+)'/.exec(source('core/store/names.ts'))?.[1]?.split(' ') ?? [];

  test('lets through the extensions of images, all of them and no others', () => {
    expect(known.length).toBeGreaterThan(10);
    expect([...suffixes].sort()).toEqual(known.map((extension) => `.${extension}`).sort());
    for (const suffix of suffixes) expect(isCandidate(`a${suffix}`, null)).toBe(true);
  });

  test('lets through nothing that the program writes beside an image', () => {
    const { txt, xmp } = sidecarNames('a.jpg');
    for (const name of [promptName('a.jpg'), errorName('a.jpg'), txt, xmp, 'metadata.jsonl']) {
      expect(suffixes.filter((suffix) => name.endsWith(suffix))).toEqual([]);
    }
  });

  test('has at most 25 values, which is what a subscription can have', () => {
    const apis = texts(expression('modules/subscription.bicep', 'apis'));
    const lists = [...expression('modules/subscription.bicep', 'imagesOnly').matchAll(/values?: (\w+)/g)].map(
      ([, name]) => name,
    );
    expect(lists).toEqual(['suffixes', 'apis', 'maxImageBytes']);
    expect(suffixes.length + apis.length + 1).toBeLessThanOrEqual(25);
  });

  test('and the setting have one size from one parameter', () => {
    const main = bicep('main.bicep');
    expect(main).toContain('MAX_IMAGE_BYTES: string(maxImageBytes)');
    expect(main).toContain('maxImageBytes: maxImageBytes');
  });
});

describe('one ingest', () => {
  const subscriptions = resources.filter(
    ({ of }) => of === 'Microsoft.EventGrid/systemTopics/eventSubscriptions',
  );

  test('there are two ways to be told, under one name, and never both', () => {
    expect(subscriptions.map(({ body }) => texts(/name: (.*)/.exec(body)?.[1] ?? ''))).toEqual([
      ['images'],
      ['images'],
    ]);
    const conditions = [
      ...bicep('modules/subscription.bicep').matchAll(/eventSubscriptions@[^=]*= if \(ingest == '(\w+)'\)/g),
    ];
    expect(conditions.map(([, ingest]) => ingest)).toEqual(['queue', 'blobTrigger']);
    expect(declared('module').filter(({ of }) => of.endsWith('subscription.bicep'))).toHaveLength(1);
  });

  test('what cannot be delivered is kept, whichever way', () => {
    for (const { body } of subscriptions)
      expect(body).toContain('deadLetterWithResourceIdentity: deadLetters');
  });

  test('images are described by Functions or by Container Apps', () => {
    expect(expression('main.bicep', 'worksOnContainers')).toBe("hosting == 'containerapp'");
    expect(expression('main.bicep', 'onFunctions')).toBe("hosting != 'containerapp'");
  });
});
