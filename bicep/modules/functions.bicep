/** The program on Azure Functions, Flex Consumption: nothing runs, and nothing is paid, while no image comes. */

param location string
param tags object
param token string
param environmentName string
param nodeVersion string
param instanceMemory int
param maxInstances int
param alwaysReadyInstances int

@allowed(['blobTrigger', 'queue'])
param ingest string

@description('Of the program, by their names in README.md.')
param settings object

param containers string[]

@description('The queue of images to describe, and the one of those that could not be.')
param queues string[]

param storageAccount string
param vault string
param visionAccount string
param insights string

module identity 'identity.bicep' = {
  params: { location: location, tags: tags, name: 'id-functions-${token}' }
}

module access 'access.bicep' = {
  params: {
    principalId: identity.outputs.principalId
    containers: containers
    // The last one is where the host itself puts what its blob trigger gives up.
    consumes: concat(queues, ['webjobs-blobtrigger-poison'])
    sendsTo: []
    measures: []
    signsUploads: true
    describes: true
    storageAccount: storageAccount
    vault: vault
    visionAccount: visionAccount
    insights: insights
    registry: ''
  }
}

module hostStorage 'host-storage.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'host${token}'
    principalId: identity.outputs.principalId
  }
}

resource measurements 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insights
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  // checkov:skip=CKV_AZURE_225: zones need instances that always wait, and are always paid
  name: 'plan-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  // One app to a plan: a second one would be refused.
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17: the API knows its callers by their keys; a certificate would shut out Event Grid
  // checkov:skip=CKV_AZURE_212: Flex Consumption has instances when there is work; alwaysReadyInstances keeps some
  // checkov:skip=CKV_AZURE_213: Flex Consumption supports no health check by the platform; alerts watch instead
  // checkov:skip=CKV_AZURE_222: Event Grid and the users of the API come from outside
  name: 'func-${environmentName}-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.outputs.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: { minTlsVersion: '1.2', ftpsState: 'Disabled', http20Enabled: true }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: hostStorage.outputs.packages
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.outputs.id
          }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maxInstances
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [{ name: ingest == 'queue' ? 'function:describe-queued' : 'blob', instanceCount: alwaysReadyInstances }]
      }
    }
  }
}

// Deploying is by identity, too: no password that a portal shows.
resource noPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = [
  for name in ['ftp', 'scm']: {
    parent: app
    name: name
    properties: { allow: false }
  }
]

// All of them, each time: what is not here is removed. FUNCTIONS_WORKER_RUNTIME, FUNCTIONS_EXTENSION_VERSION and
// WEBSITE_RUN_FROM_PACKAGE are refused or ignored on Flex Consumption, which has them in functionAppConfig.
resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  // checkov:skip=CKV_AZURE_13: these are app settings, not the web configuration that this rule is of; the API checks keys itself
  // checkov:skip=CKV_AZURE_63: as above; requests are in Application Insights
  // checkov:skip=CKV_AZURE_65: as above; errors are in Application Insights
  // checkov:skip=CKV_AZURE_66: as above
  // checkov:skip=CKV_AZURE_80: as above; there is no .NET
  // checkov:skip=CKV_AZURE_88: as above; nothing is mounted
  // checkov:skip=CKV_AZURE_222: as above; see the app
  parent: app
  name: 'appsettings'
  properties: union(settings, {
    // Queue and table, too: without the queue's address the blob trigger fails at its first event, and says nothing before.
    AzureWebJobsStorage__blobServiceUri: hostStorage.outputs.blobEndpoint
    AzureWebJobsStorage__queueServiceUri: hostStorage.outputs.queueEndpoint
    AzureWebJobsStorage__tableServiceUri: hostStorage.outputs.tableEndpoint
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.outputs.clientId
    // Where the worker tells of itself, the host speaks OpenTelemetry, too: so both tell of one trace.
    AzureFunctionsJobHost__telemetryMode: settings.TELEMETRY == 'worker' ? 'OpenTelemetry' : 'ApplicationInsights'
    APPLICATIONINSIGHTS_CONNECTION_STRING: measurements.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
    AZURE_CLIENT_ID: identity.outputs.clientId
    BLOB_TRIGGER_SOURCE: 'EventGrid'
    // What an image took is given back to the system: see scripts/run.mjs.
    MALLOC_ARENA_MAX: '2'
    STORAGE__credential: 'managedidentity'
    STORAGE__clientId: identity.outputs.clientId
  })
  dependsOn: [access]
}

output id string = app.id
output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
