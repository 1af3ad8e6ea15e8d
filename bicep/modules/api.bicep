/** The command serve: the API, with as many replicas as are asked for at once, down to none. */

import { placeholder, shared as Shared } from 'shared.bicep'

param shared Shared
param environmentName string
param environment string
param imageEventsQueue string
param minReplicas int
param maxReplicas int

@description('Empty for none.')
param customDomain string

@description('Second run, once the app has the host name.')
param customDomainCertificate bool

var isPlaceholder = empty(shared.image)
var port = isPlaceholder ? 80 : 8000

module identity 'identity.bicep' = {
  params: { location: shared.location, tags: shared.tags, name: 'id-api-${shared.token}' }
}

// Before the app, which else could not pull its image: with an identity of the app's own there would be no before.
module access 'access.bicep' = {
  params: {
    principalId: identity.outputs.principalId
    containers: shared.containers
    consumes: []
    sendsTo: [imageEventsQueue]
    measures: [imageEventsQueue]
    signsUploads: true
    describes: true
    storageAccount: shared.storageAccount
    vault: shared.vault
    visionAccount: shared.visionAccount
    insights: shared.insights
    registry: shared.registry
  }
}

resource apps 'Microsoft.App/managedEnvironments@2026-01-01' existing = {
  name: environment
}

// A certificate is made for a host name that an app has, and an app binds a host name with a certificate that is there: hence two
// runs. Before the first one: a CNAME to the app's own host name, and a TXT record asuid.<host name>.
resource certificate 'Microsoft.App/managedEnvironments/managedCertificates@2026-01-01' = if (!empty(customDomain) && customDomainCertificate) {
  parent: apps
  name: 'certificate-${uniqueString(customDomain)}'
  location: shared.location
  tags: shared.tags
  properties: { subjectName: customDomain, domainControlValidation: 'CNAME' }
}

var probes = [
  {
    // Ten failures are the most that can be asked for: twenty seconds.
    type: 'Startup'
    httpGet: { path: '/api/live', port: port }
    initialDelaySeconds: 1
    periodSeconds: 2
    failureThreshold: 10
  }
  {
    type: 'Liveness'
    httpGet: { path: '/api/live', port: port }
    periodSeconds: 10
    failureThreshold: 3
  }
  {
    // Asks storage and queue, too: a replica that cannot work gets no requests, and is not restarted for it.
    type: 'Readiness'
    httpGet: { path: '/api/health', port: port }
    periodSeconds: 10
    timeoutSeconds: 5
    failureThreshold: 3
  }
]

var env = union(shared.settings, {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
  AZURE_CLIENT_ID: identity.outputs.clientId
  HOST: '0.0.0.0'
  PORT: string(port)
  STORAGE__clientId: identity.outputs.clientId
  // The ingress: the last address of X-Forwarded-For is the client's.
  TRUSTED_PROXIES: '1'
})

resource app 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api-${environmentName}'
  location: shared.location
  tags: union(shared.tags, { 'azd-service-name': 'api' })
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.outputs.id}': {} } }
  properties: {
    environmentId: shared.environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: port
        transport: 'auto'
        allowInsecure: false
        customDomains: empty(customDomain)
          ? []
          : customDomainCertificate
              ? [{ name: customDomain, bindingType: 'SniEnabled', certificateId: certificate.id }]
              : [{ name: customDomain, bindingType: 'Disabled' }]
      }
      registries: [{ server: shared.registryServer, identity: identity.outputs.id }]
    }
    template: {
      containers: [
        {
          name: 'api'
          image: isPlaceholder ? placeholder : shared.image
          args: isPlaceholder ? [] : ['serve']
          env: map(items(env), setting => { name: setting.key, value: string(setting.value) })
          resources: { cpu: json('0.5'), memory: '1Gi' }
          probes: isPlaceholder ? [] : probes
        }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: [{ name: 'requests', http: { metadata: { concurrentRequests: '20' } } }]
      }
    }
  }
  dependsOn: [access]
}

output name string = app.name
output host string = app.properties.configuration.ingress.fqdn
