/**
 * All that one workload may do. Every role stands on the smallest thing that can bear it: a container, a queue, else an account.
 * docs/security.md says why each is needed.
 */

@description('Known before this module begins, so that names can be made of it: an identity that is made anew under its old name needs new assignments, since Azure does not let one change hands.')
param principalId string

@description('Containers that it reads, writes and deletes blobs in.')
param containers string[]

@description('Queues that it takes messages from, hides, removes, and puts messages into.')
param consumes string[]

@description('Queues that it puts messages into.')
param sendsTo string[]

@description('Queues whose length it asks for, which a sender may not.')
param measures string[]

@description('Whether it signs addresses that images are stored at.')
param signsUploads bool

@description('Whether it reads the secrets of the vault, and asks Vision.')
param describes bool

param storageAccount string
param vault string

@description('Empty where Vision is no account of ours.')
param visionAccount string

param insights string

@description('Empty where no image is pulled.')
param registry string

var roles = {
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  blobDelegator: 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a'
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  queueReader: '19e7f393-937e-4f77-808e-94535e297925'
  queueSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  cognitiveUser: 'a97b65f3-24c7-4388-baec-2e87135dc908'
  openAiUser: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  registryPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccount
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: account
  name: 'default'
}

resource written 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = [
  for container in containers: {
    parent: blobs
    name: container
  }
]

resource writesBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (container, index) in containers: {
    scope: written[index]
    name: guid(account.id, container, principalId, roles.blobContributor)
    properties: {
      principalId: principalId
      // Without the type Azure looks a new identity up in a directory that may not know it yet, and fails.
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
    }
  }
]

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' existing = {
  parent: account
  name: 'default'
}

resource consumed 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' existing = [
  for queue in consumes: {
    parent: queues
    name: queue
  }
]

// Message Processor would not do: a message is hidden again for later, which is to write it.
resource consumesQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in consumes: {
    scope: consumed[index]
    name: guid(account.id, queue, principalId, roles.queueContributor)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueContributor)
    }
  }
]

resource sent 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' existing = [
  for queue in sendsTo: {
    parent: queues
    name: queue
  }
]

resource sendsMessages 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in sendsTo: {
    scope: sent[index]
    name: guid(account.id, queue, principalId, roles.queueSender)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueSender)
    }
  }
]

resource measured 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' existing = [
  for queue in measures: {
    parent: queues
    name: queue
  }
]

resource readsLength 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in measures: {
    scope: measured[index]
    name: guid(account.id, queue, principalId, roles.queueReader)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueReader)
    }
  }
]

// The key that addresses are signed with belongs to the account: a role on a container does not give it.
resource signs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (signsUploads) {
  scope: account
  name: guid(account.id, principalId, roles.blobDelegator)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDelegator)
  }
}

resource secrets 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vault
}

resource readsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (describes) {
  scope: secrets
  name: guid(secrets.id, principalId, roles.secretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
  }
}

resource vision 'Microsoft.CognitiveServices/accounts@2025-06-01' existing = if (describes && !empty(visionAccount)) {
  name: visionAccount
}

var visionRole = startsWith(visionAccount, 'openai-') ? roles.openAiUser : roles.cognitiveUser

resource asksVision 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (describes && !empty(visionAccount)) {
  scope: vision
  name: guid(resourceGroup().id, visionAccount, principalId, visionRole)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', visionRole)
  }
}

resource measurements 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insights
}

resource sendsMeasurements 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: measurements
  name: guid(measurements.id, principalId, roles.metricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
  }
}

resource images 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = if (!empty(registry)) {
  name: registry
}

resource pullsImages 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(registry)) {
  scope: images
  name: guid(resourceGroup().id, registry, principalId, roles.registryPull)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.registryPull)
  }
}
