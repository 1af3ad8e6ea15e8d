/** The account of images, prompts and the program's state. Nobody has its keys: not even we. */

param location string
param tags object

@maxLength(24)
param name string

param sku string
param containers string[]
param stateContainer string
param imageEventsQueue string
param poisonQueue string
param softDeleteDays int

@description('Web pages that may store images with an address that POST /api/uploads signed.')
param corsOrigins string[]

param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_59: Event Grid does not deliver to an account without public access, and people drop images from anywhere; there are no keys and no anonymous reads
  // checkov:skip=CKV_AZURE_35: as above; who may read or write is said by roles, not by addresses
  // checkov:skip=CKV_AZURE_206: one region is the cheap default; storageSku chooses another
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    // Keys cannot be told apart, and never end. An address that is signed for an upload is signed by an identity.
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
    // Without the bypass Event Grid cannot even make its subscription.
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    cors: {
      corsRules: empty(corsOrigins)
        ? []
        : [
            {
              allowedOrigins: corsOrigins
              allowedMethods: ['PUT']
              allowedHeaders: ['content-type', 'x-ms-blob-type']
              exposedHeaders: ['etag']
              maxAgeInSeconds: 600
            }
          ]
    }
  }
}

resource ownContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for container in containers: {
    parent: blobs
    name: container
    properties: { publicAccess: 'None' }
  }
]

resource deadLetters 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: 'eventgrid-deadletter'
  properties: { publicAccess: 'None' }
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource events 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = {
  parent: queues
  name: imageEventsQueue
}

// A scaler that finds no queue keeps every replica running, and a role can only be given on a queue that is there.
resource poison 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = {
  parent: queues
  name: poisonQueue
}

// The host's own for the blob trigger: made here, so that its identity needs no right to make queues.
resource triggerPoison 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = {
  parent: queues
  name: 'webjobs-blobtrigger-poison'
}

// Housekeeping removes all of this earlier; these rules are for when it does not run. Storage counts days from the last write.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'state-for-a-day'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              // The slash keeps it to this folder: temporary/ begins with temp, too.
              prefixMatch: ['${stateContainer}/temp/', '${stateContainer}/idempotency/']
            }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 2 } } }
          }
        }
        {
          name: 'counters-for-two-months'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${stateContainer}/counters/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 62 } } }
          }
        }
        {
          name: 'dead-letters-for-a-quarter'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: ['${deadLetters.name}/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } } }
          }
        }
      ]
    }
  }
}

// Who deleted what, and the queue's failures. Reads and writes of every image would cost more to log than to make.
resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageDelete', enabled: true }]
  }
}

resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: queues
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output deadLetterContainer string = deadLetters.name
