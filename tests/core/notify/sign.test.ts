import { describe, expect, test } from '@jest/globals';
import { signedHeaders, signingKey } from '../../../core/notify/sign.ts';

describe('The signature of an event', () => {
  // The example that the standard's own libraries are tested with.
  test('is the one of the standard', () => {
    const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    if (key === null) throw new Error('this is a secret');
    const event = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: 1_614_265_330_999,
      body: '{"test": 2432232314}',
    };
    expect(signedHeaders(key, event)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

describe('A secret', () => {
  test('is base64 after whsec_, and else the text itself', () => {
    expect(signingKey(`whsec_${Buffer.alloc(24, 7).toString('base64')}`)).toEqual(Buffer.alloc(24, 7));
    expect(signingKey('a text of sixteen')?.toString()).toBe('a text of sixteen');
  });

  test.each(['', 'too short', 'whsec_', 'whsec_c2hvcnQ=', 'whsec_no base64 at all, but long'])(
    'is none where it is %j',
    (secret) => expect(signingKey(secret)).toBeNull(),
  );
});
