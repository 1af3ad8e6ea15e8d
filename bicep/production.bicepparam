using 'main.bicep'

param environmentName = 'production'
param hosting = readEnvironmentVariable('HOSTING', 'functions')
param blobTriggerKeyReady = bool(readEnvironmentVariable('BLOB_TRIGGER_KEY_READY', 'false'))
param visionLocation = readEnvironmentVariable('VISION_LOCATION', 'westeurope')
param visionSku = 'S1'
param visionDailyLimit = int(readEnvironmentVariable('VISION_DAILY_LIMIT', '5000'))

// An instance that waits costs about as much as all the rest of a small environment: docs/cost.md. Set it where the first image
// after a pause must not wait for a cold start.
param alwaysReadyInstances = int(readEnvironmentVariable('ALWAYS_READY_INSTANCES', '0'))
param apiMinReplicas = int(readEnvironmentVariable('API_MIN_REPLICAS', '0'))
param storageSku = 'Standard_ZRS'
param softDeleteDays = 30
param apiImage = readEnvironmentVariable('API_IMAGE', '')
param customDomain = readEnvironmentVariable('CUSTOM_DOMAIN', '')
param customDomainCertificate = bool(readEnvironmentVariable('CUSTOM_DOMAIN_CERTIFICATE', 'false'))
param apiKeys = readEnvironmentVariable('API_KEYS', '')
param webhookSecret = readEnvironmentVariable('WEBHOOK_SECRET', '')
param alertEmails = empty(readEnvironmentVariable('ALERT_EMAIL', '')) ? [] : [readEnvironmentVariable('ALERT_EMAIL', '')]
param alertWebhookUrl = readEnvironmentVariable('ALERT_WEBHOOK_URL', '')
param monthlyBudget = int(readEnvironmentVariable('MONTHLY_BUDGET', '50'))

// Of a budget that is there; a new one begins this month.
param budgetStart = readEnvironmentVariable('BUDGET_START', '')
