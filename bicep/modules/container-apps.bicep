/** The program on Container Apps: the API and, where Functions do not do it, the worker and housekeeping. All can be zero. */

param location string
param tags object
param token string
param environmentName string

@description('By its digest; empty for a placeholder.')
param image string

@description('Of the program, by their names in README.md.')
param settings object

param containers string[]
param imageEventsQueue string
param poisonQueue string

@description('Whether images are described and house is kept here, and not by Functions.')
param works bool

param apiMinReplicas int
param apiMaxReplicas int
param workerMaxReplicas int
param housekeepingSchedule string
param customDomain string
param customDomainCertificate bool
param storageAccount string
param vault string
param visionAccount string
param insights string
param workspaceId string

resource environment 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: 'apps-${token}'
  location: location
  tags: tags
  properties: {
    // By diagnostic settings: the other way needs the key of the workspace.
    appLogsConfiguration: { destination: 'azure-monitor' }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
    zoneRedundant: false
    publicNetworkAccess: 'Enabled'
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: environment
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'ContainerAppConsoleLogs', enabled: true }
      { category: 'ContainerAppSystemLogs', enabled: true }
    ]
  }
}

module registry 'registry.bicep' = {
  params: { location: location, tags: tags, name: 'cr${token}' }
}

resource measurements 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insights
}

// The same for all three: what differs is each one's own identity, which its module adds.
var shared = {
  location: location
  tags: tags
  token: token
  environmentId: environment.id
  image: image
  registry: registry.outputs.name
  registryServer: registry.outputs.server
  containers: containers
  storageAccount: storageAccount
  vault: vault
  visionAccount: visionAccount
  insights: insights
  settings: union(settings, {
    APPLICATIONINSIGHTS_CONNECTION_STRING: measurements.properties.ConnectionString
    MALLOC_ARENA_MAX: '2'
    STORAGE__credential: 'managedidentity'
  })
}

module api 'api.bicep' = {
  params: {
    shared: shared
    environmentName: environmentName
    environment: environment.name
    imageEventsQueue: imageEventsQueue
    minReplicas: apiMinReplicas
    maxReplicas: apiMaxReplicas
    customDomain: customDomain
    customDomainCertificate: customDomainCertificate
  }
}

module worker 'worker.bicep' = if (works) {
  params: {
    shared: shared
    environmentName: environmentName
    imageEventsQueue: imageEventsQueue
    poisonQueue: poisonQueue
    maxReplicas: workerMaxReplicas
  }
}

module housekeeping 'housekeeping.bicep' = if (works) {
  params: {
    shared: shared
    environmentName: environmentName
    imageEventsQueue: imageEventsQueue
    poisonQueue: poisonQueue
    schedule: housekeepingSchedule
  }
}

output api string = api.outputs.name
output apiHost string = api.outputs.host
output apiUrl string = 'https://${empty(customDomain) || !customDomainCertificate ? api.outputs.host : customDomain}'
output worker string = works ? worker!.outputs.name : ''
output housekeeping string = works ? housekeeping!.outputs.name : ''
output registry string = registry.outputs.name
output registryServer string = registry.outputs.server

@description('Value of the TXT record asuid.<host name>.')
output domainProof string = environment.properties.customDomainConfiguration.customDomainVerificationId
