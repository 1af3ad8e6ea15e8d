import type { TokenCredential } from '@azure/core-auth';
import { BlobServiceClient } from '@azure/storage-blob';
import { describe, expect, test } from '@jest/globals';
import { FailedError, RefusedError } from '../../../core/errors.ts';
import { AzureBlobs } from '../../../core/store/azure-blobs.ts';
import { UploadSigner } from '../../../core/store/upload-signer.ts';

const ACCOUNT = 'https://photos.blob.core.windows.net';
const START = Date.parse('2030-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;

/** The SDK over a transport that answers as storage does when an identity asks for a key. */
function service(answers: () => { readonly status: number; readonly body: string }) {
  let asked = 0;
  const credential: TokenCredential = {
    getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + HOUR_MS }),
  };
  const client = new BlobServiceClient(ACCOUNT, credential, {
    retryOptions: { maxTries: 1 },
    httpClient: {
      async sendRequest(request) {
        asked++;
        const { status, body } = answers();
        return { request, status, bodyAsText: body, headers: request.headers };
      },
    },
  });
  return { client, asked: () => asked };
}

const KEY = `<?xml version="1.0"?><UserDelegationKey><SignedOid>oid</SignedOid><SignedTid>tid</SignedTid>
<SignedStart>2029-12-31T23:55:00Z</SignedStart><SignedExpiry>2030-01-01T01:00:00Z</SignedExpiry>
<SignedService>b</SignedService><SignedVersion>2020-02-10</SignedVersion><Value>a2V5</Value></UserDelegationKey>`;

function signer(client: BlobServiceClient, now = () => START): UploadSigner {
  return new UploadSigner(client, new AzureBlobs(client.getContainerClient('images')), now);
}

describe('with an identity', () => {
  test('signs with a key of storage, over https only, for ten minutes', async () => {
    const { url, expiresAt } = await signer(service(() => ({ status: 200, body: KEY })).client).sign(
      'a b.jpg',
    );
    expect(url.startsWith(`${ACCOUNT}/images/a%20b.jpg?`)).toBe(true);
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      ...{ sp: 'c', sr: 'b', spr: 'https', skoid: 'oid', se: '2030-01-01T00:10:00Z' },
    });
    expect(expiresAt).toEqual(new Date('2030-01-01T00:10:00Z'));
  });

  test('asks for the key once while it outlives what is signed, then for another', async () => {
    const { client, asked } = service(() => ({ status: 200, body: KEY }));
    let now = START;
    const uploads = signer(client, () => now);
    await Promise.all(['a.jpg', 'b.jpg', 'c.jpg'].map((name) => uploads.sign(name)));
    now = START + HOUR_MS - 11 * 60_000;
    await uploads.sign('d.jpg');
    expect(asked()).toBe(1);
    now += 1;
    await uploads.sign('e.jpg');
    expect(asked()).toBe(2);
  });

  test('says so when storage gives no key, and asks again the next time', async () => {
    let status = 403;
    const { client } = service(() => ({ status, body: status === 200 ? KEY : '' }));
    const uploads = signer(client);
    const failure = await uploads.sign('a.jpg').catch((error) => error);
    expect(failure).toBeInstanceOf(FailedError);
    expect(failure.code).toBe('uploads-unavailable');
    status = 200;
    expect((await uploads.sign('a.jpg')).url).toContain('skoid=oid');
  });
});

test.each([
  ['http://azurite:10000', 'https,http'],
  ['http://127.0.0.1:10000', 'https,http'],
  ['https://azurite:10000', 'https'],
])('an upload to %s may come by the protocol that we use ourselves', async (endpoint, protocols) => {
  const client = BlobServiceClient.fromConnectionString(
    `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=${endpoint}/a`,
  );
  expect(new URL((await signer(client).sign('a.jpg')).url).searchParams.get('spr')).toBe(protocols);
});

test('a connection string without a key cannot sign', async () => {
  const client = BlobServiceClient.fromConnectionString(
    `BlobEndpoint=${ACCOUNT};SharedAccessSignature=sv=2020-02-10&sig=c2ln`,
  );
  const refusal = await signer(client)
    .sign('a.jpg')
    .catch((error) => error);
  expect(refusal).toBeInstanceOf(RefusedError);
  expect(refusal.code).toBe('uploads-not-supported');
});

test("a name is never signed for another place than the address's", async () => {
  const { client, asked } = service(() => ({ status: 200, body: KEY }));
  await expect(signer(client).sign('../other/a.jpg')).rejects.toMatchObject({ code: 'invalid-name' });
  expect(asked()).toBe(0);
});
