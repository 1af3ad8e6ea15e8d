/** Azure OpenAI with one model that sees images. */

param location string
param tags object
param name string

@description('capacity: thousands of tokens a minute.')
param model { name: string, version: string, sku: string, capacity: int }

param workspaceId string

resource account 'Microsoft.CognitiveServices/accounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_134: it is asked from outside of any network, by identity only
  name: name
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: { name: 'S0' }
  identity: { type: 'SystemAssigned' }
  properties: {
    customSubDomainName: name
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
  }
}

resource deployment 'Microsoft.CognitiveServices/accounts/deployments@2025-06-01' = {
  parent: account
  // The program names the deployment, and Azure the model: the same name means the same in both.
  name: model.name
  sku: { name: model.sku, capacity: model.capacity }
  properties: {
    model: { format: 'OpenAI', name: model.name, version: model.version }
    // A newer model describes otherwise: it comes when the parameter says so.
    versionUpgradeOption: 'NoAutoUpgrade'
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

output endpoint string = '${account.properties.endpoint}openai/v1'
