/** What is told to the process that renders, and what it answers. */

export const QR_FORMATS = ['png', 'svg'] as const;

export interface QrRequest {
  readonly text: string;
  readonly format: (typeof QR_FORMATS)[number];
  /** Pixels of a side; as many as the code has modules where these are more. */
  readonly size: number;
}

/** Said once, before anything is answered: the process has started. */
export interface QrReady {
  readonly ready: true;
}

/** Base64 of a PNG, or the text of an SVG. */
export type QrAnswer = { readonly image: string } | { readonly error: string };

/** Bytes that a QR code of version 40 holds at error correction M: ISO/IEC 18004, table 7. */
export const MAX_QR_BYTES = 2_331;
