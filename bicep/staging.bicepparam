using 'main.bicep'

// Near to nothing while it stands idle: no instance waits, and the free tier of Vision describes.
param environmentName = 'staging'
param hosting = readEnvironmentVariable('HOSTING', 'functions')
param blobTriggerKeyReady = bool(readEnvironmentVariable('BLOB_TRIGGER_KEY_READY', 'false'))
param visionLocation = readEnvironmentVariable('VISION_LOCATION', 'westeurope')
param visionSku = 'F0'
// Four features each, so that the free tier lasts for the month.
param visionDailyLimit = 40
param apiImage = readEnvironmentVariable('API_IMAGE', '')
param customDomain = readEnvironmentVariable('CUSTOM_DOMAIN', '')
param customDomainCertificate = bool(readEnvironmentVariable('CUSTOM_DOMAIN_CERTIFICATE', 'false'))
param apiKeys = readEnvironmentVariable('API_KEYS', '')
param webhookSecret = readEnvironmentVariable('WEBHOOK_SECRET', '')
param alertEmails = empty(readEnvironmentVariable('ALERT_EMAIL', '')) ? [] : [readEnvironmentVariable('ALERT_EMAIL', '')]
param alertWebhookUrl = readEnvironmentVariable('ALERT_WEBHOOK_URL', '')
param purgeProtection = false
param settings = {
  // Staging is for trying out: what fails is said in full.
  LOG_LEVEL: 'debug'
}
