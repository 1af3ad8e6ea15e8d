/** The secrets that no identity can stand for. The program reads them by name, with its identity, and reads them anew by itself. */

param location string
param tags object

@maxLength(24)
param name string

param purgeProtection bool

@secure()
param apiKeys string

@secure()
param visionKey string

@secure()
param webhookSecret string

param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  // checkov:skip=CKV_AZURE_109: neither hosting form has a network of its own by default, and a network costs more than all the rest; who reads is said by roles
  // checkov:skip=CKV_AZURE_189: as above
  // checkov:skip=CKV_AZURE_110: purgeProtection is on unless an environment that is thrown away turns it off
  // checkov:skip=CKV_AZURE_42: as above; soft delete is on
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    // Roles, as everywhere else; access policies would let whoever can write the vault give himself its secrets.
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 30
    // Azure refuses false where it was true once; null leaves it as it is.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' }
  }
}

// Each only where it is given: a deployment without it must not overwrite what was rotated since.
resource apiKeysSecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(apiKeys)) {
  // checkov:skip=CKV_AZURE_114: the type is set; the rule does not look into a resource that has a condition
  // checkov:skip=CKV_AZURE_41: a hash that ends would shut everyone out on a day that nobody remembers
  parent: vault
  name: 'api-keys'
  properties: {
    value: apiKeys
    contentType: 'text/plain'
  }
}

resource visionKeySecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(visionKey)) {
  // checkov:skip=CKV_AZURE_114: the type is set; the rule does not look into a resource that has a condition
  // checkov:skip=CKV_AZURE_41: whoever gave the key says when it ends
  parent: vault
  name: 'vision-key'
  properties: {
    value: visionKey
    contentType: 'text/plain'
  }
}

resource webhookSecretValue 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(webhookSecret)) {
  // checkov:skip=CKV_AZURE_114: the type is set; the rule does not look into a resource that has a condition
  // checkov:skip=CKV_AZURE_41: it ends when both sides change it
  parent: vault
  name: 'webhook-secret'
  properties: {
    value: webhookSecret
    contentType: 'text/plain'
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // Who read which secret.
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

output name string = vault.name
output uri string = vault.properties.vaultUri
