/** Where all logs and measurements of an environment lie. */

param location string
param tags object
param token string
param logQuotaGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    // Thirty days are free.
    retentionInDays: 30
    // A loop that logs costs more than all else together: after this much the rest of the day is not kept.
    workspaceCapping: { dailyQuotaGb: logQuotaGb }
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'insights-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // The connection string alone, which is no secret, must not be enough to write here: see the role of each identity.
    DisableLocalAuth: true
  }
}

output workspaceId string = workspace.id
output insightsName string = insights.name
