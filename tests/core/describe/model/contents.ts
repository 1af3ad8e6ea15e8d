import { createHash } from 'node:crypto';
import type { Look } from '../../../../core/describe/look.ts';
import { RefusedError } from '../../../../core/errors.ts';
import { image, measurements } from '../../prompt/samples.ts';

/** What the images of the model contain: a few short words, so that the same content has several names. */

export const CONTENTS = ['red', 'blue', 'filtered', 'damaged', 'empty', 'large'] as const;
export type Content = (typeof CONTENTS)[number];

export const MAX_BYTES = 32;

const BYTES = {
  red: Buffer.from('red'),
  blue: Buffer.from('blue'),
  filtered: Buffer.from('filtered'),
  damaged: Buffer.from('damaged'),
  empty: Buffer.alloc(0),
  large: Buffer.alloc(MAX_BYTES + 1),
} satisfies Record<Content, Buffer>;

/** With which error each content ends that is never described. */
export const REFUSED_AS: Readonly<Partial<Record<Content, string>>> = {
  filtered: 'content-filtered',
  damaged: 'image-corrupt',
  empty: 'empty-image',
  large: 'image-too-large',
};

export function bytesOf(content: Content): Buffer {
  return BYTES[content];
}

export function sha256Of(content: Content): string {
  return createHash('sha256').update(BYTES[content]).digest('hex');
}

/** Sees in the bytes what they are, without a picture in them. */
export const lookAtContent: Look = async (bytes) => {
  if (BYTES.damaged.equals(bytes)) throw new RefusedError('image-corrupt');
  return {
    image: { ...image(), bytes: bytes.byteLength },
    measurements: measurements(),
    picture: { width: 64, height: 64, jpeg: async () => bytes },
  };
};
