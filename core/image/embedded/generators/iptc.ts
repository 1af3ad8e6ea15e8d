import { type Recovered, toRecovered } from '../recovered.ts';
import type { Texts } from '../texts.ts';
import type { Xmp } from '../xmp.ts';

/** IPTC Photo Metadata 2025.1: any program may say in XMP what it was told, and name itself. */
export function readIptc(_texts: Texts, xmp: Xmp): Recovered | null {
  const system = xmp.get('Iptc4xmpExt:AISystemUsed');
  const version = xmp.get('Iptc4xmpExt:AISystemVersionUsed');
  return toRecovered({
    generator: (system ?? '').trim().slice(0, 128) || 'IPTC',
    prompt: xmp.get('Iptc4xmpExt:AIPromptInformation') ?? '',
    parameters: version === null ? [] : [['version', version]],
  });
}
