/** The command housekeep: a job, one run at a time. */

import { placeholder, shared as Shared } from 'shared.bicep'

param shared Shared
param environmentName string
param imageEventsQueue string
param poisonQueue string

@description('Six fields; a job has no seconds.')
param schedule string

var isPlaceholder = empty(shared.image)

module identity 'identity.bicep' = {
  params: { location: shared.location, tags: shared.tags, name: 'id-housekeeping-${shared.token}' }
}

// It asks no Vision and reads no secret.
module access 'access.bicep' = {
  params: {
    principalId: identity.outputs.principalId
    containers: shared.containers
    consumes: []
    sendsTo: [imageEventsQueue]
    measures: [imageEventsQueue, poisonQueue]
    signsUploads: false
    describes: false
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

resource job 'Microsoft.App/jobs@2026-01-01' = {
  name: 'housekeeping-${environmentName}'
  location: shared.location
  tags: shared.tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.outputs.id}': {} } }
  properties: {
    environmentId: shared.environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      triggerType: 'Schedule'
      scheduleTriggerConfig: {
        cronExpression: join(skip(split(schedule, ' '), 1), ' ')
        parallelism: 1
        replicaCompletionCount: 1
      }
      // A run that is killed goes on from where it was the next time.
      replicaTimeout: 1800
      replicaRetryLimit: 0
      registries: [{ server: shared.registryServer, identity: identity.outputs.id }]
    }
    template: {
      containers: [
        {
          name: 'housekeeping'
          image: isPlaceholder ? placeholder : shared.image
          args: isPlaceholder ? [] : ['housekeep']
          env: map(items(env), setting => { name: setting.key, value: string(setting.value) })
          resources: { cpu: json('0.5'), memory: '1Gi' }
        }
      ]
    }
  }
  dependsOn: [access]
}

output name string = job.name
