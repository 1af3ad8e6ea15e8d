import { readFileSync } from 'node:fs';
import { resourceUsage } from 'node:process';
import { decodeImage } from '../../../core/image/decode.ts';
import { sharp } from '../../../core/image/sharp.ts';

/**
 * A process that decodes the image in a file so many times at once, and prints the bytes of memory that this took more
 * than it had. Usage: `decode-process.ts <file> <times>`.
 */

/** What a host of 512 MiB has for decodes. */
const OPTIONS = { maxSide: 512, maxPixels: 50_000_000, maxBytes: 320e6 };

const [file = '', times = '1'] = process.argv.slice(2);
const bytes = readFileSync(file);
const { data: small } = await sharp({ create: { width: 600, height: 600, channels: 3, background: 'teal' } })
  .png()
  .toBuffer({ resolveWithObject: true });
await decodeImage(small, OPTIONS);
const before = process.memoryUsage.rss();
await Promise.all(Array.from({ length: Number(times) }, () => decodeImage(bytes, OPTIONS)));
process.stdout.write(`${peak() - before}`);

/** Linux counts what the parent had before this program was started to its resource usage. */
function peak(): number {
  const kilobytes =
    process.platform === 'linux'
      ? /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
      : resourceUsage().maxRSS;
  return Number(kilobytes) * 1_024;
}
