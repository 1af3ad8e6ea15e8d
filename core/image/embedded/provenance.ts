import type { ImageFormat } from '../image.ts';
import type { Part } from './parts.ts';
import type { Provenance } from './recovered.ts';
import type { Xmp } from './xmp.ts';

const MAX_NAME = 128;

/** ISO/IEC 14496-12 boxes of their own kind carry its id first (C2PA 2.1, section A.5). */
const C2PA_BOX = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');

/** Far more than the assertions of one image. */
const MAX_MANIFEST = 256 * 1024;

/** What a file says of its origin; null where it says nothing. */
export function readProvenance(parts: readonly Part[], format: ImageFormat, xmp: Xmp): Provenance | null {
  const manifest = parts.find((part) => isManifest(part, format))?.data;
  const claimed = xmp.get('Iptc4xmpExt:DigitalSourceType') ?? sourceTypeIn(manifest);
  const digitalSourceType = claimed === null ? null : sourceTypeName(claimed);
  const aiSystem = plainName(
    [xmp.get('Iptc4xmpExt:AISystemUsed'), xmp.get('Iptc4xmpExt:AISystemVersionUsed')]
      .filter((name) => name !== null)
      .join(' '),
  );
  if (!manifest && digitalSourceType === null && aiSystem === null) return null;
  return { digitalSourceType, aiSystem, c2pa: manifest ? 'present-unverified' : null };
}

/** Where each format keeps content credentials (C2PA 2.1, appendix A). */
function isManifest({ type, data }: Part, format: ImageFormat): boolean {
  if (format === 'png') return type === 'caBX';
  if (format === 'webp') return type === 'C2PA';
  if (format === 'avif') return type === 'uuid' && data.subarray(0, 16).equals(C2PA_BOX);
  // APP11 is JPEG's place for boxes; those of a manifest are labelled.
  return type === 'eb' && data.toString('latin1', 0, 2) === 'JP' && data.subarray(0, 128).includes('c2pa');
}

/** The address as it stands in an assertion, without reading the assertion. */
function sourceTypeIn(manifest: Buffer | undefined): string | null {
  const text = manifest?.toString('latin1', 0, MAX_MANIFEST) ?? '';
  return /https?:\/\/cv\.iptc\.org\/newscodes\/digitalsourcetype\/[A-Za-z]{1,64}/.exec(text)?.[0] ?? null;
}

/** IPTC wants the full address; some write the last part of it alone. */
function sourceTypeName(claimed: string): string | null {
  return (
    /^\s*(?:https?:\/\/cv\.iptc\.org\/newscodes\/digitalsourcetype\/)?([A-Za-z]{1,64})\/?\s*$/.exec(
      claimed,
    )?.[1] ?? null
  );
}

function plainName(name: string): string | null {
  const plain = name
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME)
    .toWellFormed();
  return plain === '' ? null : plain;
}
