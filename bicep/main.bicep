/**
 * All of one environment, in one resource group: whoever deploys needs rights in this group and nowhere else. Deploying it
 * again changes nothing that is as it should be. What has to be there before something else (the code before the key that Event
 * Grid needs; a host name before its certificate) is a second run with one more parameter, never a step by hand.
 */
targetScope = 'resourceGroup'

import { settings as Settings } from 'settings.bicep'

// What runs, and where.

@description('Name of the environment: staging, production, or the one that azd was told. Part of the names of resources.')
@minLength(1)
@maxLength(64)
param environmentName string

param location string = resourceGroup().location

@description('functions: Flex Consumption. containerapp: Container Apps. both: Functions describe and keep house, Container Apps serve the API.')
@allowed(['functions', 'containerapp', 'both'])
param hosting string = 'functions'

@description('How Functions are told of images: straight by Event Grid, or through the queue, which needs no second run. There is only the queue for containerapp.')
@allowed(['blobTrigger', 'queue'])
param ingest string = hosting == 'containerapp' ? 'queue' : 'blobTrigger'

@description('Second run for blobTrigger: true once the code is deployed and the host has made its key blobs_extension.')
param blobTriggerKeyReady bool = false

// Images and storage.

param imagesContainer string = 'images'
param stateContainer string = 'prompt-state'

@description('Container that every prompt is mirrored to, without folders; none by default.')
param feedContainer string = ''

param imageEventsQueue string = 'image-events'

@description('Only images whose names begin with this: of all others nobody is told, and nothing is paid.')
param imagesPrefix string = ''

@description('Feeds the setting and the filter of Event Grid, so that no event comes of an image that would be refused. 20 MiB is the ceiling.')
@minValue(1)
@maxValue(20971520)
param maxImageBytes int = 20971520

@description('Days for which deleted blobs and containers can be brought back.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 7

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

// Vision.

@allowed(['azure-vision', 'openai', 'local'])
param visionProvider string = 'azure-vision'

@description('Captions exist in some regions only: eastus, westus, francecentral, northeurope, westeurope, southeastasia, eastasia, koreacentral. Elsewhere prompts are made of tags and objects.')
param visionLocation string = location

@description('F0 is free: 20 calls a minute and 5,000 a month, one account of a kind in each subscription. For azure-vision.')
@allowed(['F0', 'S1'])
param visionSku string = 'S1'

@description('An OpenAI-compatible service of yours, such as https://example.com/v1. Without one, openai gets an Azure OpenAI account of its own.')
param visionEndpoint string = ''

@description('Model, pinned for answers that stay the same; for an endpoint of yours the name of the model.')
param visionModel string = ''

@description('The model of the Azure OpenAI account. capacity: thousands of tokens a minute.')
param openAiModel { name: string, version: string, sku: string, capacity: int } = {
  name: 'gpt-4.1-mini'
  version: '2025-04-14'
  sku: 'GlobalStandard'
  capacity: 50
}

@description('What the account allows in a minute; 0 for what is known of its tier. VISION_TPS is computed from it.')
@minValue(0)
param visionCallsPerMinute int = 0

@description('Paid calls a UTC day over all instances; 0 for no limit.')
@minValue(0)
param visionDailyLimit int = 0

// The program.

@description('Settings that are passed on as they are.')
param settings Settings = {}

@description('Six fields, in UTC: seconds, minutes, hours, day, month, weekday. The Container Apps job gets the last five.')
param housekeepingSchedule string = '0 0 * * * *'

@description('worker: the program sends its own spans and metrics, which most alerts and the workbook are made of. host: only what the Functions host sees.')
@allowed(['worker', 'host'])
param telemetry string = 'worker'

@description('SHA-256 hex hashes of the API keys, comma-separated: npm run key makes a pair. Kept in the vault; empty leaves what is there.')
@secure()
param apiKeys string = ''

@description('Key of a vision service that knows no identity of Azure. Kept in the vault; empty leaves what is there.')
@secure()
param visionKey string = ''

@description('Signs what is told to WEBHOOK_URL. Kept in the vault; empty leaves what is there.')
@secure()
param webhookSecret string = ''

@description('Forbids for good that the vault, once deleted, is emptied before its time.')
param purgeProtection bool = true

// Functions.

@allowed(['24', '22'])
param nodeVersion string = '24'

@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@description('40 is the least that Flex Consumption takes.')
@minValue(40)
@maxValue(1000)
param functionsMaxInstances int = 40

@description('Instances that wait for images day and night, and are paid day and night. 0: the first image after a pause waits for a cold start.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

// Container Apps.

@description('Image by its digest, such as <registry>.azurecr.io/prompt-generator@sha256:…. Without one a placeholder runs, which describes nothing.')
param apiImage string = ''

@minValue(0)
@maxValue(10)
param apiMinReplicas int = 0

@minValue(1)
@maxValue(30)
param apiMaxReplicas int = 3

@minValue(1)
@maxValue(30)
param workerMaxReplicas int = 5

@description('Host name for the API. First run: with this alone, once its CNAME and its asuid TXT record are there.')
param customDomain string = ''

@description('Second run: the certificate can only be made for a host name that the app has already.')
param customDomainCertificate bool = false

// Who is told, and what it may cost.

@description('Who is written to. Without anyone here or at alertWebhookUrl there are no alerts and no budget.')
param alertEmails string[] = []

@description('Address that alerts are posted to in the common alert schema. It is a secret where it has a signature.')
@secure()
param alertWebhookUrl string = ''

@description('How far back an hour without housekeeping is looked for: three times its interval.')
param heartbeatWindow string = 'PT3H'

@description('Paid calls a day above which an alert comes; by default 80 % of the limit, or 5,000.')
param visionCallsAlert int = visionDailyLimit > 0 ? visionDailyLimit * 8 / 10 : 5000

@description('What the resource group may cost in a month, in the currency of the subscription; 0 for no budget. It tells, and stops nothing.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month in which the budget was made: Azure refuses to move it. Empty for one that is not there yet.')
param budgetStart string = ''

@description('This month, in which a new budget begins: before it Azure makes none.')
param month string = utcNow('yyyy-MM')

@description('Gigabytes of logs a day, after which the rest of the day is not logged.')
@minValue(1)
param logQuotaGb int = 1

var onFunctions = hosting != 'containerapp'
var onContainers = hosting != 'functions'
var worksOnContainers = hosting == 'containerapp'
var ingestUsed = worksOnContainers ? 'queue' : ingest

// By the group, not by chance: the next run finds the same names.
var token = uniqueString(resourceGroup().id, environmentName)
// Container Apps take no capitals, and a job no more than 32 characters: housekeeping- is 13 of them.
var environment = length(environmentName) > 19 ? token : toLower(environmentName)
var tags = { 'azd-env-name': environmentName, application: 'prompt-generator' }
var containers = union([imagesContainer, stateContainer], empty(feedContainer) ? [] : [feedContainer])
var poisonQueue = '${imageEventsQueue}-poison'

var ownsOpenAi = visionProvider == 'openai' && empty(visionEndpoint)

// Bicep counts in whole numbers: the rate of each instance is computed in thousandths and written as a fraction. What it allows
// is never more than the account does, however many instances there are.
var tierCallsPerMinute = visionProvider == 'azure-vision' ? (visionSku == 'F0' ? 20 : 600) : openAiModel.capacity * 6
var callsPerMinute = visionCallsPerMinute > 0 ? visionCallsPerMinute : tierCallsPerMinute
var mostInstances = (onFunctions ? functionsMaxInstances : workerMaxReplicas) + (onContainers ? apiMaxReplicas : 0)
var milliCalls = max(callsPerMinute * 1000 / 60 / mostInstances, 1)
var visionTps = '${milliCalls / 1000}.${padLeft(milliCalls % 1000, 3, '0')}'

module monitoring 'modules/monitoring.bicep' = {
  params: { location: location, tags: tags, token: token, logQuotaGb: logQuotaGb }
}

module storage 'modules/storage.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'img${token}'
    sku: storageSku
    containers: containers
    stateContainer: stateContainer
    imageEventsQueue: imageEventsQueue
    poisonQueue: poisonQueue
    softDeleteDays: softDeleteDays
    corsOrigins: empty(settings.?CORS_ORIGINS) ? [] : split(settings.?CORS_ORIGINS ?? '', ',')
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'kv-${token}'
    purgeProtection: purgeProtection
    apiKeys: apiKeys
    visionKey: visionKey
    webhookSecret: webhookSecret
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vision 'modules/vision.bicep' = if (visionProvider == 'azure-vision') {
  params: {
    location: visionLocation
    tags: tags
    name: 'vision-${token}'
    sku: visionSku
    workspaceId: monitoring.outputs.workspaceId
  }
}

module openAi 'modules/openai.bicep' = if (ownsOpenAi) {
  params: {
    location: visionLocation
    tags: tags
    name: 'openai-${token}'
    model: openAiModel
    workspaceId: monitoring.outputs.workspaceId
  }
}

// An account of ours is asked with an identity; of another service only the vault can have the key.
var visionAccount = visionProvider == 'azure-vision' ? 'vision-${token}' : ownsOpenAi ? 'openai-${token}' : ''

var visionSettings = visionProvider == 'local'
  ? {}
  : {
      VISION_ENDPOINT: visionProvider == 'azure-vision' ? vision!.outputs.endpoint : ownsOpenAi ? openAi!.outputs.endpoint : visionEndpoint
      VISION_TPS: visionTps
    }

var programSettings = union(
  settings,
  visionSettings,
  visionProvider == 'openai' ? { VISION_MODEL: ownsOpenAi ? openAiModel.name : visionModel } : {},
  visionProvider == 'azure-vision' && !empty(visionModel) ? { VISION_MODEL: visionModel } : {},
  visionDailyLimit > 0 ? { VISION_DAILY_LIMIT: string(visionDailyLimit) } : {},
  empty(imagesPrefix) ? {} : { IMAGES_PREFIX: imagesPrefix },
  empty(feedContainer) ? {} : { FEED_CONTAINER: feedContainer },
  {
    HOUSEKEEPING_SCHEDULE: housekeepingSchedule
    IMAGES_CONTAINER: imagesContainer
    IMAGE_EVENTS_QUEUE: imageEventsQueue
    KEY_VAULT_URI: vault.outputs.uri
    MAX_IMAGE_BYTES: string(maxImageBytes)
    STATE_CONTAINER: stateContainer
    STORAGE__blobServiceUri: storage.outputs.blobEndpoint
    STORAGE__queueServiceUri: storage.outputs.queueEndpoint
    TELEMETRY: telemetry
    VISION_PROVIDER: visionProvider
  }
)

module functions 'modules/functions.bicep' = if (onFunctions) {
  params: {
    location: location
    tags: tags
    token: token
    environmentName: environment
    nodeVersion: nodeVersion
    instanceMemory: instanceMemory
    maxInstances: functionsMaxInstances
    alwaysReadyInstances: alwaysReadyInstances
    ingest: ingestUsed
    settings: programSettings
    containers: containers
    queues: [imageEventsQueue, poisonQueue]
    storageAccount: storage.outputs.name
    vault: vault.outputs.name
    visionAccount: visionAccount
    insights: monitoring.outputs.insightsName
  }
}

module containerApps 'modules/container-apps.bicep' = if (onContainers) {
  params: {
    location: location
    tags: tags
    token: token
    environmentName: environment
    image: apiImage
    settings: programSettings
    containers: containers
    imageEventsQueue: imageEventsQueue
    poisonQueue: poisonQueue
    works: worksOnContainers
    apiMinReplicas: apiMinReplicas
    apiMaxReplicas: apiMaxReplicas
    workerMaxReplicas: workerMaxReplicas
    housekeepingSchedule: housekeepingSchedule
    customDomain: customDomain
    customDomainCertificate: customDomainCertificate
    storageAccount: storage.outputs.name
    vault: vault.outputs.name
    visionAccount: visionAccount
    insights: monitoring.outputs.insightsName
    workspaceId: monitoring.outputs.workspaceId
  }
}

module events 'modules/events.bicep' = {
  params: {
    location: location
    tags: tags
    storageAccount: storage.outputs.name
    deadLetterContainer: storage.outputs.deadLetterContainer
    imageEventsQueue: imageEventsQueue
    workspaceId: monitoring.outputs.workspaceId
  }
}

module subscription 'modules/subscription.bicep' = if (ingestUsed == 'queue' || blobTriggerKeyReady) {
  params: {
    topic: events.outputs.topicName
    ingest: ingestUsed
    functionApp: onFunctions ? functions!.outputs.name : ''
    storageAccount: storage.outputs.name
    deadLetterContainer: storage.outputs.deadLetterContainer
    imageEventsQueue: imageEventsQueue
    imagesContainer: imagesContainer
    imagesPrefix: imagesPrefix
    maxImageBytes: maxImageBytes
  }
}

// An alert that tells nobody costs as much as one that does.
var isWatched = !empty(alertEmails) || !empty(alertWebhookUrl)

module alerts 'modules/alerts.bicep' = if (isWatched) {
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    topicId: events.outputs.topicId
    emails: alertEmails
    webhookUrl: alertWebhookUrl
    heartbeatWindow: heartbeatWindow
    visionCallsAlert: visionCallsAlert
  }
}

module workbook 'modules/workbook.bicep' = {
  params: {
    location: location
    tags: tags
    environmentName: environmentName
    workspaceId: monitoring.outputs.workspaceId
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0 && isWatched) {
  params: {
    amount: monthlyBudget
    start: empty(budgetStart) ? '${month}-01' : budgetStart
    emails: alertEmails
    actionGroupId: alerts!.outputs.actionGroupId
  }
}

// azd keeps these as variables of its environment, and scripts read them under these names.
output AZURE_LOCATION string = location
output HOSTING string = hosting
output INGEST string = ingestUsed
output IMAGES_CONTAINER string = imagesContainer
output IMAGES_PREFIX string = imagesPrefix
output STORAGE_ACCOUNT string = storage.outputs.name
output STORAGE_BLOB_ENDPOINT string = storage.outputs.blobEndpoint
output STORAGE_QUEUE_ENDPOINT string = storage.outputs.queueEndpoint
output KEY_VAULT string = vault.outputs.name
output VISION_TPS string = visionTps
output FUNCTION_APP string = onFunctions ? functions!.outputs.name : ''
output FUNCTION_APP_ID string = onFunctions ? functions!.outputs.id : ''
output API_URL string = onContainers ? containerApps!.outputs.apiUrl : functions!.outputs.url
output REGISTRY string = onContainers ? containerApps!.outputs.registry : ''
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = onContainers ? containerApps!.outputs.registryServer : ''
output API_APP string = onContainers ? containerApps!.outputs.api : ''
output WORKER_APP string = worksOnContainers ? containerApps!.outputs.worker : ''
output HOUSEKEEPING_JOB string = worksOnContainers ? containerApps!.outputs.housekeeping : ''
output CUSTOM_DOMAIN_TARGET string = onContainers ? containerApps!.outputs.apiHost : ''
output CUSTOM_DOMAIN_PROOF string = onContainers ? containerApps!.outputs.domainProof : ''
