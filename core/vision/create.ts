import type { TokenCredential } from '@azure/core-auth';
import { ambientIdentity } from '../identity.ts';
import { type Authorize, anonymous, byIdentity, byKey, isAzure } from './authorize.ts';
import { azureVision } from './azure-vision/azure-vision.ts';
import { byResourceKey } from './azure-vision/client.ts';
import { localVision } from './local.ts';
import { openaiVision } from './openai/openai.ts';
import type { Vision } from './vision.ts';

export type VisionSettings =
  | { readonly provider: 'local' }
  | {
      readonly provider: 'azure-vision';
      /** Address of the resource; plain http is meant for a server on the same machine. */
      readonly endpoint: string;
      /** Without a key the identity of the host is used, or of whoever is signed in with the Azure CLI. */
      readonly key: string | undefined;
      readonly modelVersion?: string | undefined;
    }
  | {
      readonly provider: 'openai';
      /** Base URL of the server; plain http is meant for one on the same machine. */
      readonly endpoint: string;
      /** Without a key Azure is asked with an identity, as above, and other servers are asked by nobody in particular. */
      readonly key: string | undefined;
      /** The model, or on Azure the deployment. */
      readonly model: string;
    };

/** What is used where the settings have no key. */
export interface VisionAccess {
  /** A key that lies elsewhere and may change, null where there is none; asked for before every request. */
  readonly key?: (() => Promise<string | null>) | undefined;
  readonly identity?: TokenCredential;
}

/** The provider that the settings name. Nothing is loaded or called before its first analysis. */
export function createVision(settings: VisionSettings, access: VisionAccess = {}): Vision {
  switch (settings.provider) {
    case 'local':
      return localVision();
    case 'azure-vision':
      return azureVision({
        endpoint: new URL(settings.endpoint),
        authorize: authorizeBy(settings.key, access, {
          key: byResourceKey,
          isAzure: true,
        }),
        modelVersion: settings.modelVersion,
      });
    case 'openai': {
      const endpoint = new URL(settings.endpoint);
      return openaiVision({
        endpoint,
        authorize: authorizeBy(settings.key, access, {
          key: (key) => byKey(key, endpoint),
          isAzure: isAzure(endpoint),
        }),
        model: settings.model,
      });
    }
  }
}

interface Service {
  readonly key: (key: string) => Authorize;
  readonly isAzure: boolean;
}

/** By the key of the settings, or the one that lies elsewhere, or the identity. */
function authorizeBy(
  key: string | undefined,
  { key: other = async () => null, identity = ambientIdentity() }: VisionAccess,
  service: Service,
): Authorize {
  if (key !== undefined) return service.key(key);
  // A token of ours is nobody else's business.
  const withoutKey = service.isAzure ? byIdentity(identity) : anonymous;
  return async (signal) => {
    const known = await other();
    return (known === null ? withoutKey : service.key(known))(signal);
  };
}
