import * as z from 'zod';
import { isLoopback } from './loopback.ts';
import { signingKey } from './notify/sign.ts';
import { isSchedule } from './schedule.ts';
import { connectionFault } from './store/connection-string.ts';

/** How the values of settings are parsed: each fault is a phrase that follows the setting's name. */

/** An empty value is a fault, not a default: `VISION_KEY=` in a settings file is more often a slip than a wish. */
export const text = z
  .string()
  .trim()
  .min(1, { error: 'is empty: give it a value or remove it', abort: true });

export const whole = (min: number, max: number) =>
  text
    .regex(/^-?\d+$/, { error: 'is not a whole number', abort: true })
    .transform(Number)
    .pipe(z.number().min(min, `is less than ${min}`).max(max, `is more than ${max}`));

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  text.pipe(z.enum(values, `is none of ${values.join(', ')}`));

export const listOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  text
    .transform((list) => [...new Set(list.split(',').map((item) => item.trim()))])
    .pipe(z.array(z.enum(values, `has an entry that is none of ${values.join(', ')}`)).min(1));

/** Plain http only where nobody can listen. */
function isSecure(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  const isEncrypted = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return isEncrypted && username === '' && password === '';
}

export const serviceUrl = text.refine((value) => isSecure(value) && new URL(value).search === '', {
  error:
    'is not an https address without user name, password and query (http only for this machine itself: localhost, 127.0.0.1 or [::1])',
  abort: true,
});

/** Power Automate and others sign the addresses of their triggers in the query. */
export const webhookUrl = text.refine(isSecure, 'is not an https address without user name and password');

export const webhookSecret = text.refine(
  (value) => signingKey(value) !== null,
  'is shorter than 16 bytes, or has no base64 after whsec_',
);

export const connectionString = text.superRefine((value, context) => {
  const fault = connectionFault(value);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

/**
 * Of Application Insights. The SDK takes no more than it knows, and sends to nobody what it does not understand:
 * https://learn.microsoft.com/azure/azure-monitor/app/connection-strings#schema
 */
export const insightsConnection = text
  .transform((value) => value.replace(/[;\s]+$/, '').split(';'))
  .refine((parts) => parts.every((part) => /^[^=]+=[^=]*$/.test(part)), {
    error: 'has a part that is not name=value',
    abort: true,
  })
  .transform((parts) => {
    const pairs = parts.map((part) => part.split('='));
    return new Map(pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]));
  })
  .refine(
    (parts) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(parts.get('instrumentationkey') ?? ''),
    'has no InstrumentationKey that is a UUID in lower case',
  )
  .refine(
    (parts) => /^https?:\/\//.test(URL.parse(parts.get('ingestionendpoint') ?? 'https://a')?.href ?? ''),
    'has an IngestionEndpoint that is not an address',
  );

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
export const containerName = storageName('container', 63);

/** The poison queue's name, longer by seven, has storage's own limit. */
export const queueName = storageName('queue', 56);

function storageName(of: string, max: number) {
  return text.regex(
    new RegExp(`^(?=.{3,${max}}$)[a-z0-9]+(-[a-z0-9]+)*$`),
    `is not a ${of} name (3 to ${max} lower-case letters, digits and single hyphens)`,
  );
}

export const schedule = text.refine(
  isSchedule,
  'is not a schedule of six fields: seconds, minutes, hours, day, month, weekday',
);

export const namePrefix = text.refine(
  (value) => !value.startsWith('/') && !value.split('/').some((part) => part === '.' || part === '..'),
  'is not a prefix of blob names (no leading slash, no . or .. in it)',
);

/** SHA-256 hashes in hex, separated by commas: of API_KEYS, and of the secret that may stand for it. */
export const keyHashes = text
  .transform((list) => list.split(',').map((hash) => hash.trim().toLowerCase()))
  .pipe(
    z.array(
      z.string().regex(/^[0-9a-f]{64}$/, 'has an entry that is no SHA-256 in hex (npm run key makes one)'),
    ),
  );

export const hostNames = text
  .transform((list) => [...new Set(list.split(',').map((host) => host.trim().toLowerCase()))])
  .pipe(
    z.array(
      z
        .string()
        .regex(
          /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/,
          'has an entry that is neither a host such as example.com nor *.example.com',
        ),
    ),
  );

export const origins = text
  .transform((list) => [...new Set(list.split(',').map((origin) => origin.trim()))])
  .pipe(
    z.array(
      z
        .string()
        .refine(
          (origin) => /^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin,
          'has an entry that is not an origin as browsers send it, such as https://app.example.com',
        ),
    ),
  );

const UNITS_MS = { s: 1_000, min: 60_000, h: 3_600_000 } as const;

export const rateLimit = text
  .regex(
    /^(off|[1-9]\d{0,5}\/(s|min|h))$/,
    'is neither off nor a number of requests per s, min or h, such as 60/min',
  )
  .transform((value) => {
    const [requests, unit] = value.split('/');
    const windowMs = Object.entries(UNITS_MS).find(([known]) => known === unit)?.[1];
    return windowMs === undefined ? null : { requests: Number(requests), windowMs };
  });

/** 0 is any that is free. */
export const port = whole(0, 65_535);

/** Whose address is printed before it is there. */
export const emulatorPort = whole(1, 65_535);
