/** Who is told when something is wrong, and what counts as wrong: the queries lie in monitoring/alerts.json. */

param location string
param tags object
param workspaceId string

@description('Of the Event Grid topic.')
param topicId string

param emails string[]

@description('Empty for none.')
@secure()
param webhookUrl string

param heartbeatWindow string
param visionCallsAlert int

var rules = loadJsonContent('../monitoring/alerts.json')

// What an environment decides for itself.
var windows = { 'heartbeat-absent': heartbeatWindow }
var thresholds = { 'vision-calls-of-the-day': visionCallsAlert }

resource receivers 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'prompt-generator'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    // Twelve characters at most.
    groupShortName: 'prompts'
    emailReceivers: [
      for (email, index) in emails: {
        name: 'email-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
    webhookReceivers: empty(webhookUrl)
      ? []
      : [{ name: 'webhook', serviceUri: webhookUrl, useCommonAlertSchema: true }]
  }
}

resource queries 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: rule.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: windows[?rule.name] ?? rule.window
      criteria: {
        allOf: [
          {
            query: join(rule.query, '\n')
            // Every query gives one row, with 0 where nothing was measured: no row would never be below a threshold.
            timeAggregation: 'Maximum'
            metricMeasureColumn: rule.column
            operator: rule.operator
            threshold: thresholds[?rule.name] ?? rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      // Tells when it is over, too.
      autoMitigate: true
      // The tables come with the first telemetry: on an empty workspace a query that names them would be refused.
      skipQueryValidation: true
      actions: { actionGroups: [receivers.id] }
    }
  }
]

// Event Grid says this of itself, so that no query has to wait for a log.
resource deadLetters 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for metric in ['DeadLetteredCount', 'DroppedEventCount']: {
    name: 'events-${metric}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Event Grid gave up events of images. Housekeeping finds these images at its next run; why they were not taken stands in ${metric == 'DeadLetteredCount' ? 'the container eventgrid-deadletter' : 'AegDeliveryFailureLogs'}.'
      severity: 2
      enabled: true
      scopes: [topicId]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT1H'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: metric
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: 'Microsoft.EventGrid/systemTopics'
            metricName: metric
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      autoMitigate: true
      actions: [{ actionGroupId: receivers.id }]
    }
  }
]

output actionGroupId string = receivers.id
