/** Where the environment's own images lie, by digest. */

param location string
param tags object
param name string

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_139: a private address needs Premium, at ten times the price; who pulls is said by roles
  // checkov:skip=CKV_AZURE_163: images are scanned before they come here, and a finding stops the release
  // checkov:skip=CKV_AZURE_166: Premium only; an image is checked before it comes here
  // checkov:skip=CKV_AZURE_233: Premium only; running replicas have their image
  name: name
  location: location
  tags: tags
  sku: { name: 'Basic' }
  properties: {
    // Pulled by identity: no password.
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: 'Enabled'
  }
}

output name string = registry.name
output server string = registry.properties.loginServer
