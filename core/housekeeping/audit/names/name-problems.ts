import { nameFault } from '../../../store/names.ts';

/** What is wrong with a name: of the name alone, then of the name beside others or beside what the blob holds. */
export const NAME_PROBLEMS = [
  /** No prompt can be written beside it. */
  'unusable',
  /** Characters that are not seen, or turn the direction of what is: two names may look the same. */
  'unsafe-characters',
  /** Characters that Windows has in no file name, or that addresses and shells read as something else. */
  'non-portable-characters',
  /** A device's name on Windows, or one that ends with a dot, which Windows drops. */
  'reserved-name',
  'spaces-at-ends',
  /** `a//b.jpg`: file systems make one slash of two. */
  'empty-segment',
  /** Not in Unicode's composed form (NFC): others will write the same name with other characters. */
  'not-composed',
  /** Another image's name differs only in the case of letters. */
  'case-collision',
  /** Another image's name looks the same, and is written with other characters. */
  'composition-collision',
  /** Another image has the same stem, so that this one gets no `<stem>.txt`. */
  'shared-stem',
  /** It says that it is an image, and its name says something else: it is not described. */
  'other-extension',
] as const;
export type NameProblem = (typeof NAME_PROBLEMS)[number];

/** Controls, what has no width, what sets the direction of text, and what stands for nothing. */
export const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\uFFFE\uFFFF]/u;

/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file, and what has a meaning in addresses. */
export const NON_PORTABLE = /[<>:"|?*\\#%]/;

const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

export function isReserved(segment: string): boolean {
  return DEVICE.test(segment) || segment.endsWith('.');
}

/** What is wrong with a name by itself. */
export function problemsOf(name: string): NameProblem[] {
  const segments = name.split('/');
  const found: readonly [NameProblem, boolean][] = [
    ['unusable', nameFault(name) !== null],
    ['unsafe-characters', UNSAFE.test(name)],
    ['non-portable-characters', NON_PORTABLE.test(name)],
    ['reserved-name', segments.some(isReserved)],
    ['spaces-at-ends', segments.some((segment) => segment !== segment.trim())],
    ['empty-segment', segments.some((segment) => segment === '')],
    ['not-composed', name !== name.normalize('NFC')],
  ];
  return found.filter(([, isThere]) => isThere).map(([problem]) => problem);
}

/** The same for names that are taken for the same where case or composition does not count. */
export function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
