import QRCode from 'qrcode';
import type { QrAnswer, QrReady, QrRequest } from './qr.ts';
import { endAfter } from './watchdog.ts';

/** The body of a process that renders one QR code: told over its IPC channel what, it answers and is then killed. */

/** The code is read with 15 % of it damaged. */
const LEVEL = { errorCorrectionLevel: 'M' } as const;

/** Modules: ISO/IEC 18004 asks for as many on each side. */
const MARGIN = 4;

/** Longer than the parent waits, in milliseconds. */
const LIFE_MS = 4_000;

endAfter(LIFE_MS);
process.once('message', (request: QrRequest) => {
  render(request).then(
    (image) => process.send?.({ image } satisfies QrAnswer),
    (error) => process.send?.({ error: String(error) } satisfies QrAnswer),
  );
});
process.once('disconnect', () => process.exit());
process.send?.({ ready: true } satisfies QrReady);

async function render({ text, format, size }: QrRequest): Promise<string> {
  const modules = QRCode.create(text, LEVEL).modules.size + 2 * MARGIN;
  const options = { ...LEVEL, margin: MARGIN, ...(size < modules ? { scale: 1 } : { width: size }) };
  if (format === 'svg') return QRCode.toString(text, { ...options, type: 'svg' });
  return (await QRCode.toBuffer(text, { ...options, type: 'png' })).toString('base64');
}
