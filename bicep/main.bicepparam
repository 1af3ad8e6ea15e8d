using 'main.bicep'

// What azd passes: `azd env set <NAME> <value>` for each. See docs/deploy.md.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param hosting = readEnvironmentVariable('HOSTING', 'functions')
param blobTriggerKeyReady = bool(readEnvironmentVariable('BLOB_TRIGGER_KEY_READY', 'false'))
param visionProvider = readEnvironmentVariable('VISION_PROVIDER', 'azure-vision')
param visionLocation = readEnvironmentVariable('VISION_LOCATION', 'westeurope')
param visionSku = readEnvironmentVariable('VISION_SKU', 'S1')
param visionDailyLimit = int(readEnvironmentVariable('VISION_DAILY_LIMIT', '1000'))
param alertEmails = empty(readEnvironmentVariable('ALERT_EMAIL', '')) ? [] : [readEnvironmentVariable('ALERT_EMAIL', '')]
param apiKeys = readEnvironmentVariable('API_KEYS', '')

// azd sets it when it has pushed the image, and would go back to the placeholder without it.
param apiImage = readEnvironmentVariable('SERVICE_API_IMAGE_NAME', '')

// A vault that cannot be purged would keep its name after `azd down`.
param purgeProtection = false
