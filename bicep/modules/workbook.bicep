/** What there is to see of an environment, on one page. */

param location string
param tags object
param environmentName string
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // Azure takes only a GUID, and the same one each time is the same workbook.
  name: guid(resourceGroup().id, 'prompt-generator')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Prompt Generator, ${environmentName}'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../monitoring/workbook.json')
  }
}
