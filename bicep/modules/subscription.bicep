/**
 * The one subscription to what is dropped. It has one name, whatever it delivers to: changing ingest replaces it, where two names
 * would leave two, and every image would be announced twice.
 */

param topic string

@allowed(['blobTrigger', 'queue'])
param ingest string

@description('Empty where there is none; needed for blobTrigger.')
param functionApp string

param storageAccount string
param deadLetterContainer string
param imageEventsQueue string
param imagesContainer string
param imagesPrefix string
param maxImageBytes int

// The names that core/store/names.ts takes for images; Event Grid compares without regard to case. An image without an extension is
// found by housekeeping. A suffix here also keeps our own prompts from being announced, each of which ends in .json.
var suffixes = [
  '.jpg'
  '.jpeg'
  '.jpe'
  '.jfif'
  '.png'
  '.webp'
  '.gif'
  '.tif'
  '.tiff'
  '.avif'
  '.bmp'
  '.heic'
  '.heif'
  '.jxl'
  '.svg'
  '.ico'
  '.psd'
]

// The calls that end a blob. Without this, an upload in blocks is announced for each of its steps.
var apis = ['PutBlob', 'PutBlockList', 'CopyBlob', 'FlushWithClose']

// A subscription has at most 25 values in all its filters: 17, 4 and 1.
var imagesOnly = {
  includedEventTypes: ['Microsoft.Storage.BlobCreated']
  // With the slash: images-old begins with images, too.
  subjectBeginsWith: '/blobServices/default/containers/${imagesContainer}/blobs/${imagesPrefix}'
  isSubjectCaseSensitive: true
  enableAdvancedFilteringOnArrays: true
  advancedFilters: [
    { operatorType: 'StringEndsWith', key: 'subject', values: suffixes }
    { operatorType: 'StringIn', key: 'data.api', values: apis }
    // The Functions host loads the whole blob before it asks us. What is bigger gets its error from housekeeping.
    { operatorType: 'NumberLessThanOrEquals', key: 'data.contentLength', value: maxImageBytes }
  ]
}

var retryPolicy = { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccount
}

resource systemTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topic
}

var deadLetters = {
  identity: { type: 'SystemAssigned' }
  deadLetterDestination: {
    endpointType: 'StorageBlob'
    properties: { resourceId: account.id, blobContainerName: deadLetterContainer }
  }
}

resource toQueue 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (ingest == 'queue') {
  parent: systemTopic
  name: 'images'
  properties: {
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        // As long as storage keeps anything undescribed: seven days, then housekeeping finds the image.
        properties: {
          resourceId: account.id
          queueName: imageEventsQueue
          queueMessageTimeToLiveInSeconds: 604800
        }
      }
    }
    deadLetterWithResourceIdentity: deadLetters
    eventDeliverySchema: 'EventGridSchema'
    filter: imagesOnly
    retryPolicy: retryPolicy
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = if (ingest == 'blobTrigger') {
  name: functionApp
}

// The host makes the key when it first finds a blob trigger in the code: on an app without code there is none, and this fails.
resource toTrigger 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (ingest == 'blobTrigger') {
  parent: systemTopic
  name: 'images'
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        // Host.Functions. is the host's own prefix: without it the answer is 404.
        endpointUrl: 'https://${app!.properties.defaultHostName}/runtime/webhooks/blobs?functionName=Host.Functions.describe-image&code=${listKeys('${app.id}/host/default', '2023-12-01').systemKeys.blobs_extension}'
        // The trigger takes one event at a time.
        maxEventsPerBatch: 1
        preferredBatchSizeInKilobytes: 64
      }
    }
    deadLetterWithResourceIdentity: deadLetters
    eventDeliverySchema: 'EventGridSchema'
    filter: imagesOnly
    retryPolicy: retryPolicy
  }
}
