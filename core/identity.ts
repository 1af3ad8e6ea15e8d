import type { TokenCredential } from '@azure/core-auth';

/**
 * The identity of the host, or of whoever is signed in with the Azure CLI. Loaded with the first token only: its package
 * is the slowest of all to load.
 * @param clientId of a user-assigned identity; without one the SDK takes AZURE_CLIENT_ID where that is set
 */
export function ambientIdentity(clientId?: string): TokenCredential {
  let loaded: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes, options) {
      loaded ??= load(clientId);
      return (await loaded).getToken(scopes, options);
    },
  };
}

async function load(clientId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}
