/** The command work: as many replicas as images wait for, from none. */

import { placeholder, shared as Shared } from 'shared.bicep'

param shared Shared
param environmentName string
param imageEventsQueue string
param poisonQueue string
param maxReplicas int

var isPlaceholder = empty(shared.image)

module identity 'identity.bicep' = {
  params: { location: shared.location, tags: shared.tags, name: 'id-worker-${shared.token}' }
}

module access 'access.bicep' = {
  params: {
    principalId: identity.outputs.principalId
    containers: shared.containers
    consumes: [imageEventsQueue]
    sendsTo: [poisonQueue]
    measures: []
    signsUploads: false
    describes: true
    storageAccount: shared.storageAccount
    vault: shared.vault
    visionAccount: shared.visionAccount
    insights: shared.insights
    registry: shared.registry
  }
}

var env = union(shared.settings, {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
  AZURE_CLIENT_ID: identity.outputs.clientId
  STORAGE__clientId: identity.outputs.clientId
})

resource app 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'worker-${environmentName}'
  location: shared.location
  tags: union(shared.tags, { 'azd-service-name': 'worker' })
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.outputs.id}': {} } }
  properties: {
    environmentId: shared.environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [{ server: shared.registryServer, identity: identity.outputs.id }]
    }
    template: {
      // What was begun is finished or given back in 20 s; then it is killed.
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'worker'
          image: isPlaceholder ? placeholder : shared.image
          args: isPlaceholder ? [] : ['work']
          env: map(items(env), setting => { name: setting.key, value: string(setting.value) })
          resources: { cpu: json('0.5'), memory: '1Gi' }
        }
      ]
      scale: {
        minReplicas: 0
        maxReplicas: maxReplicas
        pollingInterval: 15
        // Longer than a description takes, so that none is cut short.
        cooldownPeriod: 300
        rules: [
          {
            name: 'waiting-images'
            custom: {
              type: 'azure-queue'
              identity: identity.outputs.id
              metadata: {
                accountName: shared.storageAccount
                queueName: imageEventsQueue
                // What a replica works on at once, twice.
                queueLength: '8'
                // Images that are put off are hidden, some until midnight: counting them would keep a replica running for nothing.
                queueLengthStrategy: 'visibleonly'
              }
            }
          }
        ]
      }
    }
  }
  dependsOn: [access]
}

output name string = app.name
