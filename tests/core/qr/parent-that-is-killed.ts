import { qrRenderer } from '../../../core/qr/render-qr.ts';

/** The body of a process that asks for a QR code, which will not come, and is killed meanwhile. */
await qrRenderer()({ text: 'hello', format: 'svg', size: 64 }, new AbortController().signal);
