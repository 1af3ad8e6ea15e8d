import { describe, expect, test } from '@jest/globals';
import { connectionFault } from '../../../core/store/connection-string.ts';

const ACCOUNT =
  'DefaultEndpointsProtocol=https;AccountName=photos;AccountKey=a2V5;EndpointSuffix=core.windows.net';
const SAS =
  'BlobEndpoint=https://a.blob.core.windows.net/;QueueEndpoint=https://a.queue.core.windows.net/;SharedAccessSignature=sv=1&sig=x%3D';

describe('A connection string', () => {
  test.each([
    ACCOUNT,
    `${ACCOUNT};`,
    'UseDevelopmentStorage=true',
    'UseDevelopmentStorage=true;',
    SAS,
    'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/devstoreaccount1;QueueEndpoint=http://127.0.0.1:2/devstoreaccount1;',
  ])('that reaches an account has no fault: %s', (value) => {
    expect(connectionFault(value)).toBeNull();
  });

  test.each([
    [ACCOUNT.replace('a2V5', ''), /AccountKey/],
    [ACCOUNT.replace('a2V5', 'no key'), /AccountKey that is not base64/],
    [ACCOUNT.replace('AccountKey=a2V5;', ''), /AccountKey/],
    [ACCOUNT.replace('AccountName=photos;', ''), /AccountName/],
    [ACCOUNT.replace('https', 'ftp'), /DefaultEndpointsProtocol/],
    [ACCOUNT.replace(/;Endpoint.*/, ''), /EndpointSuffix/],
    [`${ACCOUNT};BlobEndpoint=photos`, /BlobEndpoint/],
    [`${ACCOUNT};BlobEndpoint=ftp://photos`, /BlobEndpoint/],
    [`${ACCOUNT};QueueEndpoint=photos`, /QueueEndpoint/],
    [SAS.replace(/QueueEndpoint=[^;]*;/, 'AccountName=a;'), /QueueEndpoint/],
    [SAS.replace(/SharedAccessSignature.*/, ''), /SharedAccessSignature/],
    [`"${ACCOUNT}"`, /quote/],
    [`'${ACCOUNT}'`, /quote/],
    ['AccountName=photos', /is not a storage connection string/],
  ])('that reaches none says what is amiss, and nothing of itself: %s', (value, fault) => {
    expect(connectionFault(value)).toMatch(fault);
    expect(connectionFault(value)).not.toContain('photos');
  });
});
