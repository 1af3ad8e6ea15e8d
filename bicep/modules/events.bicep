/** What storage tells of its blobs, and where goes what nobody took. */

param location string
param tags object
param storageAccount string
param deadLetterContainer string
param imageEventsQueue string
param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccount
}

// An account has one system topic. Its identity is a system-assigned one: a user-assigned one never gets past a firewall that is
// set on the account later.
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'events-${storageAccount}'
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: { source: account.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}

module access 'topic-access.bicep' = {
  params: {
    principalId: topic.identity.principalId
    storageAccount: storageAccount
    deadLetterContainer: deadLetterContainer
    imageEventsQueue: imageEventsQueue
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: topic
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'DeliveryFailures', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output topicName string = topic.name
output topicId string = topic.id
