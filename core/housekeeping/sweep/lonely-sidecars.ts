import { labelOf } from '../../describe/sidecars.ts';
import type { ListedBlob } from '../../store/blobs.ts';
import { IMAGE_EXTENSIONS, nameFault, sidecarNames } from '../../store/names.ts';
import { isOurs } from '../../store/prompts.ts';
import type { Step } from './steps.ts';

const TXT = '.txt';
const XMP = '.xmp';

/**
 * Sidecars of ours on a page, whose image went together with its prompt, so that nothing else tells of them. An image that
 * is on another page is looked for again before anything is removed.
 * @param images names of those that are known to be there, or are looked after otherwise
 */
export function stepsForSidecars(
  blobs: readonly ListedBlob[],
  images: Iterable<string>,
  prefix: string,
): readonly Step[] {
  const sidecars = blobs.filter((blob) => blob.metadata.image !== undefined && isOurs(blob));
  if (sidecars.length === 0) return [];
  const known = new Set(images);
  const byText = Map.groupBy(known, (image) => sidecarNames(image).txt);
  const gone = new Map<string, Step>();
  for (const { name, metadata } of sidecars) {
    const isItsImage = (image: string) => labelOf(image) === metadata.image;
    if (byText.get(name)?.some(isItsImage)) continue;
    const image = namesOf(name).find(isItsImage);
    if (image === undefined || known.has(image) || !image.startsWith(prefix)) continue;
    // A step looks after all sidecars of its image.
    if (nameFault(image) === null) gone.set(image, { kind: 'sidecars', name, image });
  }
  return [...gone.values()];
}

/** What the image of a sidecar may be called: the metadata has its hash only. */
function namesOf(sidecar: string): readonly string[] {
  if (sidecar.endsWith(XMP)) return [sidecar.slice(0, -XMP.length)];
  if (!sidecar.endsWith(TXT)) return [];
  const stem = sidecar.slice(0, -TXT.length);
  return [stem, ...[...IMAGE_EXTENSIONS].flatMap(spellings).map((extension) => `${stem}.${extension}`)];
}

/** Any letter of an extension may be a capital. */
function spellings(extension: string): readonly string[] {
  return [...extension].reduce<readonly string[]>(
    (begun, letter) =>
      begun.flatMap((text) => [...new Set([letter, letter.toUpperCase()])].map((each) => text + each)),
    [''],
  );
}
