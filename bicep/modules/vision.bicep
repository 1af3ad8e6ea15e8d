/** Azure AI Vision. It retires on 2028-09-25: visionProvider=openai is the way on. */

param location string
param tags object
param name string
param sku string
param workspaceId string

resource account 'Microsoft.CognitiveServices/accounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_134: it is asked from outside of any network, by identity only
  name: name
  location: location
  tags: tags
  kind: 'ComputerVision'
  sku: { name: sku }
  // Vision needs none; it is how Azure tells this account from others in its own logs.
  identity: { type: 'SystemAssigned' }
  properties: {
    // Without a name of its own the account knows no identities, only keys.
    customSubDomainName: name
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'Audit', enabled: true }]
  }
}

output endpoint string = account.properties.endpoint
