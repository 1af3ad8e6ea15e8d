/** What Event Grid sends of blobs, in the shape that its documents give, with what a test wants to differ. */

interface BlobEvent {
  readonly type?: string;
  readonly container?: string;
  readonly name?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export const ETAG = '0x8DE1F2A3B4C5D6E';

/** In Event Grid's own schema. */
export function eventGrid(event: BlobEvent = {}) {
  const { type = 'Microsoft.Storage.BlobCreated', subject, data } = parts(event);
  return {
    topic:
      '/subscriptions/0/resourceGroups/pictures/providers/Microsoft.Storage/storageAccounts/pictureaccount',
    subject,
    eventType: type,
    eventTime: '2026-03-01T09:30:00.1234567Z',
    id: '5a2f0c3e-701e-0042-1b6d-0c5f5e000000',
    data,
    dataVersion: '',
    metadataVersion: '1',
  };
}

/** In the schema of CloudEvents 1.0. */
export function cloudEvent(event: BlobEvent = {}) {
  const { type = 'Microsoft.Storage.BlobCreated', subject, data } = parts(event);
  return {
    specversion: '1.0',
    type,
    source:
      '/subscriptions/0/resourceGroups/pictures/providers/Microsoft.Storage/storageAccounts/pictureaccount',
    id: '5a2f0c3e-701e-0042-1b6d-0c5f5e000000',
    time: '2026-03-01T09:30:00.1234567Z',
    subject,
    data,
  };
}

function parts({ type, container = 'images', name = 'a.jpg', data = {} }: BlobEvent) {
  return {
    type,
    subject: `/blobServices/default/containers/${container}/blobs/${name}`,
    data: {
      api: 'PutBlob',
      requestId: '5a2f0c3e-701e-0042-1b6d-0c5f5e000000',
      eTag: `"${ETAG}"`,
      contentType: 'image/jpeg',
      contentLength: 48_213,
      blobType: 'BlockBlob',
      url: `https://pictureaccount.blob.core.windows.net/${container}/${name}`,
      sequencer: '000000000000000000000000000189A4000000000018d6ea',
      ...data,
    },
  };
}

export function base64(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
}
