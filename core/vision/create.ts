import type { TokenCredential } from '@azure/core-auth';
import { azureVision } from './azure-vision.ts';
import { localVision } from './local.ts';
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
    };

/** The provider that the settings name. Nothing is loaded or called before its first analysis. */
export function createVision(settings: VisionSettings): Vision {
  switch (settings.provider) {
    case 'local':
      return localVision();
    case 'azure-vision':
      return azureVision({
        endpoint: new URL(settings.endpoint),
        credential: settings.key === undefined ? ambientIdentity() : { key: settings.key },
        modelVersion: settings.modelVersion,
      });
  }
}

/** Loaded with the first token only: this package is the slowest of all to load. */
function ambientIdentity(): TokenCredential {
  let loaded: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes, options) {
      loaded ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential());
      return (await loaded).getToken(scopes, options);
    },
  };
}
